"""The one style sheet. Widgets say what they are by their class or by the dynamic property ``role``."""

from collections.abc import Mapping
from string import Template


def sheet(colours: Mapping[str, str], icons: str) -> str:
    """The style sheet of one theme.

    Args:
        colours: The fields of a ``theme.Theme``, its name among them.
        icons: The folder of the small pictures, with forward slashes.
    """
    derived = {
        "hover": mix(colours["card"], colours["text"], 0.05),
        "pressed": mix(colours["card"], colours["text"], 0.10),
        "accent_hover": mix(colours["accent"], colours["text"], 0.15),
        "accent_pressed": mix(colours["accent"], colours["text"], 0.30),
        "handle": mix(colours["line"], colours["secondary"], 0.30),
        "icons": icons,
    }
    return Template(_LABELS + _BUTTONS + _FIELDS + _FRAMES + _VIEWS + _BARS).substitute(colours, **derived)


def mix(first: str, second: str, share: float) -> str:
    """A colour between two others.

    Args:
        first: ``"#rrggbb"``; ``second``: likewise.
        second: What is mixed in.
        share: 0 gives the first, 1 the second.
    """
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


_LABELS = """
QLabel { background: transparent; }
QLabel[role="head"] { color: $secondary; font-size: 11px; font-weight: 600; letter-spacing: 1px;
                      text-transform: uppercase; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="small"] { color: $secondary; font-size: 12px; }
QLabel[role="big"] { font-size: 44px; font-weight: 600; }
QLabel[role="problem"] { color: $wrong; font-size: 12px; }
QLabel[role="mark"] { font-size: 16px; }
QLabel[role="markBold"] { font-size: 16px; font-weight: 700; }
QLabel[role="noticeMark"] { color: $amber; font-size: 15px; font-weight: 700; }
"""

_BUTTONS = """
QPushButton { border: 1px solid $line; border-radius: 6px; background: $card; color: $text;
              padding: 6px 12px; min-height: 20px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:disabled { color: $faint; background: $card; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[role="primary"]:disabled { background: $line; border-color: $line; color: $secondary; }
QPushButton[role="link"] { border: 2px solid transparent; background: transparent; color: $accent; padding: 2px 0; }
QPushButton[role="link"]:hover { color: $accent_hover; }
QPushButton[role="link"]:disabled { color: $faint; }
QPushButton[role="quiet"] { border: 2px solid transparent; background: transparent; color: $secondary;
                            padding: 0 6px; }
QPushButton[role="quiet"]:hover { color: $text; background: $hover; }
QPushButton[role="quiet"]:checked { color: $text; }
QPushButton[role="quiet"]:disabled { color: $faint; background: transparent; }
QPushButton[role="chip"] { border: 1px solid transparent; background: $accent_soft; color: $text; padding: 2px 8px; }
QPushButton[role="chip"]:disabled { color: $faint; }
QPushButton[role="chip"]:hover { border-color: $accent; }
QPushButton[role="tab"], QPushButton[role="page"] { border: none; border-bottom: 2px solid transparent;
    border-radius: 0; color: $secondary; background: transparent; min-height: 16px; }
QPushButton[role="tab"] { padding: 3px 6px 2px 6px; font-size: 12px; }
QPushButton[role="page"] { padding: 2px 14px 0 14px; }
QPushButton[role="tab"]:hover, QPushButton[role="page"]:hover { color: $text; }
QPushButton[role="tab"]:checked, QPushButton[role="page"]:checked { color: $text; border-bottom-color: $accent;
    font-weight: 600; }
QPushButton[role="tab"]:disabled { color: $faint; }
QPushButton[ring="true"], QDialogButtonBox QPushButton:focus { border: 2px solid $accent; padding: 5px 11px; }
QPushButton[role="primary"][ring="true"] { border-color: $text; }
QPushButton[role="link"][ring="true"] { padding: 2px 0; border-color: transparent; border-radius: 0;
                                        border-bottom-color: $accent; }
QPushButton[role="quiet"][ring="true"] { padding: 0 6px; }
QPushButton[role="chip"][ring="true"] { padding: 1px 7px; }
QPushButton[role="tab"][ring="true"] { border-radius: 4px; padding: 1px 4px 2px 4px; }
QPushButton[role="page"][ring="true"] { border-radius: 4px; padding: 0 12px; }
QToolButton { border: 2px solid transparent; border-radius: 6px; background: transparent; color: $secondary;
              padding: 3px; }
QToolButton:hover { background: $hover; color: $text; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }
"""

_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox { border: 1px solid $line; border-radius: 6px; background: $field;
    color: $text; padding: 4px 8px; min-height: 20px; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $handle; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; background: $ground; }
QLineEdit[problem="true"], QAbstractSpinBox[problem="true"], QComboBox[problem="true"] { border: 2px solid $wrong;
    padding: 3px 7px; }
QLineEdit { padding-left: 6px; }
QLineEdit:focus, QLineEdit[problem="true"] { padding-left: 5px; }
QAbstractSpinBox { min-height: 17px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit, QComboBox QLineEdit:focus {
    border: none; background: transparent; padding: 0; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 18px; border: none;
    background: transparent; image: none; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox:hover::up-button, QAbstractSpinBox:focus::up-button { image: url("$icons/up-$name.svg"); }
QAbstractSpinBox:hover::down-button, QAbstractSpinBox:focus::down-button { image: url("$icons/down-$name.svg"); }
QAbstractSpinBox:disabled::up-button, QAbstractSpinBox:disabled::down-button { image: none; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: none; }
QComboBox::down-arrow { image: url("$icons/down-$name.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { border: 1px solid $line; border-radius: 0; background: $card; color: $text; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text; outline: none; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover { background: $accent_soft;
    color: $text; }
QCheckBox, QRadioButton { spacing: 8px; border: 2px solid transparent; border-radius: 6px; padding: 2px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $handle;
    border-radius: 4px; background: $field; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { border-color: $accent; background: $accent; image: url("$icons/check-$name.svg"); }
QCheckBox::indicator:indeterminate { border-color: $accent; background: $accent_soft; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $ground; }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }
QSlider { min-height: 22px; border: 2px solid transparent; border-radius: 6px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider:focus { border-color: $accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $faint; }
"""

_FRAMES = """
QFrame[role="card"] { border: 1px solid $line; border-radius: 8px; background: $card; }
QWidget[role="topBar"] { background: $card; border: none; border-bottom: 1px solid $line; }
QWidget[role="statusBar"] { background: $card; border: none; border-top: 1px solid $line; }
QWidget[role="column"] { background: $card; border: none; border-right: 1px solid $line; }
QWidget[role="strip"] { background: $accent_soft; border: none; border-radius: 8px; }
QWidget[role="amber"] { background: $amber_soft; border: none; border-radius: 8px; }
QWidget[role="drawerFace"] { background: $card; border: none; border-left: 1px solid $line; }
QDialog { background: $card; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 5px 7px; font-size: 12px; }
QMenuBar { background: $card; color: $text; border: none; padding: 2px 8px; }
QMenuBar::item { padding: 4px 10px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $card; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; margin-left: 8px; }
QMenu::indicator:checked { image: url("$icons/tick-$name.svg"); }
QMenu::indicator:unchecked { image: none; }
QSplitter::handle { background: transparent; }
"""

_VIEWS = """
QAbstractScrollArea { border: none; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView, QTableView, QTreeView { background: transparent; color: $text; border: none; outline: none;
    selection-background-color: $accent_soft; selection-color: $text; gridline-color: $line;
    alternate-background-color: $empty_cell; }
QListView::item:selected, QTableView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $card; color: $secondary; border: none; border-bottom: 1px solid $line;
    padding: 5px 8px; font-size: 12px; font-weight: 500; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url("$icons/up-$name.svg"); width: 10px; height: 10px; }
QHeaderView::down-arrow { image: url("$icons/down-$name.svg"); width: 10px; height: 10px; }
QTableCornerButton::section { background: transparent; border: none; }
QTextEdit, QPlainTextEdit { background: transparent; color: $text; border: none;
    selection-background-color: $accent; selection-color: $on_accent; }
QTextEdit:focus, QPlainTextEdit:focus { border: none; }
"""

_BARS = """
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QProgressBar { border: none; border-radius: 3px; background: $line; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: $accent; }
QTabWidget::pane { border: none; }
QTabBar { border: none; background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { border: none; border-bottom: 2px solid transparent; background: transparent; color: $secondary;
    padding: 4px 6px 2px 6px; font-size: 12px; font-weight: 500; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border: 2px solid $accent; border-radius: 4px; padding: 2px 4px; }
"""
