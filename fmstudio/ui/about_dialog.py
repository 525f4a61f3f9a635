"""What this program is: its version and commit, and the licences of all that it consists of."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from fmstudio.machine.licences import Licence
from fmstudio.ui import theme
from fmstudio.ui.icons import application_icon
from fmstudio.ui.widgets import button, label
from fmstudio.version import about_build
from fmstudio.words import tr

_SIZE = QSize(940, 620)
_ICON = 56
_LIST_WIDTH = 230
_LICENCE = Qt.ItemDataRole.UserRole


class AboutDialog(QDialog):
    """The program, and its parts with their licences, which can be searched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About fmstudio"))
        self.resize(_SIZE)
        self._search = QLineEdit(placeholderText=tr("Search parts and licences"), clearButtonEnabled=True)
        self._search.setObjectName("licenceSearch")
        self._search.setAccessibleName(tr("Search parts and licences"))
        self._search.textChanged.connect(self._filter)
        self._list = QListWidget()
        self._list.setObjectName("licenceList")
        self._list.setAccessibleName(tr("Parts and their licences"))
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.currentItemChanged.connect(self._show_text)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setObjectName("licenceText")
        self._text.setAccessibleName(tr("The text of the licence"))
        self._text.setFont(theme.font(theme.SMALL))
        self._text.setPlainText(tr("Collecting the licences …"))
        self._lay_out()

    def show_licences(self, found: Sequence[Licence]) -> None:
        """Show the parts, the first of them with its text; nothing where the dialog is closed by now."""
        if not isValid(self):
            return
        self._list.clear()
        for licence in found:
            item = QListWidgetItem(f"{licence.name} {licence.version}".strip())
            item.setToolTip(licence.licence)
            item.setData(_LICENCE, licence)
            item.setSizeHint(QSize(0, 26))
            self._list.addItem(item)
        self._filter(self._search.text())

    def about_text(self) -> str:
        """Version, commit, and what Qt runs here: for a report."""
        build = about_build()
        kind = tr("installed program") if build.frozen else tr("Python package")
        lines = [f"fmstudio {build.version}", kind]
        lines += [tr("Commit {commit}", commit=build.commit)] if build.commit else []
        return "\n".join([*lines, f"Qt {qVersion()}"])

    def _filter(self, words: str) -> None:
        """Show what contains all words, in its name, its licence's name or the text."""
        wanted = words.lower().split()
        first = -1
        for row in range(self._list.count()):
            item = self._list.item(row)
            found: Licence = item.data(_LICENCE)
            whole = f"{found.name} {found.version} {found.licence} {found.text}".lower()
            item.setHidden(not all(word in whole for word in wanted))
            first = first if first >= 0 or item.isHidden() else row
        current = self._list.currentItem()
        if current is None or current.isHidden():
            self._list.setCurrentRow(first)

    def _show_text(self, item: QListWidgetItem | None) -> None:
        found: Licence | None = item.data(_LICENCE) if item else None
        self._text.setPlainText(f"{found.licence}\n\n{found.text}" if found else tr("Nothing here contains that."))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(_wrapped(_qt_notice()))
        column.addSpacing(4)
        column.addWidget(label(tr("Licences"), "head"))
        column.addLayout(self._licences(), 1)
        column.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))
        name = label("fmstudio")
        name.setFont(theme.font(22, weight=600))
        name.setStyleSheet("font-size: 22px; font-weight: 600;")
        version = label(tr("Version {version}", version=about_build().text))
        version.setObjectName("aboutVersion")
        version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(version)
        texts.addWidget(label(tr("Train neural networks by pointing and clicking."), "secondary"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        return row

    def _licences(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._search)
        left.addWidget(self._list, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        self._search.setFixedWidth(_LIST_WIDTH)
        self._list.setFixedWidth(_LIST_WIDTH)
        row.addLayout(left)
        row.addWidget(self._text, 1)
        return row

    def _buttons(self) -> QHBoxLayout:
        copy = button(tr("Copy version"), "", "aboutCopy")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(self.about_text()))
        close = button(tr("Close"), "", "aboutClose")
        close.clicked.connect(self.close)
        for made in (copy, close):
            made.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        return row


def _qt_notice() -> str:
    return tr(
        "This program uses Qt {qt} and Qt for Python under the GNU Lesser General Public License, version 3. They are "
        "separate, unchanged libraries in the program's folder, which you may replace by your own. The licence, how to "
        "replace them, and where their source is: below, under PySide6.",
        qt=qVersion(),
    )


def _wrapped(text: str) -> QLabel:
    made = label(text, "secondary")
    made.setWordWrap(True)
    return made
