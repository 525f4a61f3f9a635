import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.score_card import BigText, CardText, ScoreCard, asleep

RUNNING = CardText(
    big="87 % right",
    below="of 1,000 test pictures so far · epoch 2 of 2",
    references=(("guessing", "10 %"), ("people", "83.5 %")),
    heading="Mixed up most",
    sentence="**Shirt** taken for **T-shirt** 21 times",
    button="See those pictures",
)


@pytest.fixture
def card(qapp: QApplication, qtbot: QtBot) -> ScoreCard:
    theme.apply(qapp, "light")
    made = ScoreCard()
    qtbot.addWidget(made)
    made.resize(404, 250)
    made.show()
    return made


def part(card: ScoreCard, name: str) -> QWidget:
    found = card.findChild(QWidget, name)
    assert found is not None
    return found


def big(card: ScoreCard) -> str:
    return part(card, "scoreBig").accessibleName()


def read(card: ScoreCard, name: str) -> str:
    text = part(card, name)
    assert isinstance(text, QLabel)
    return re.sub("<[^>]+>", "", text.text()).replace("&nbsp;", " ").strip()


def test_before_the_first_run_it_sleeps(card: ScoreCard) -> None:
    assert big(card) == "–"
    assert read(card, "scoreBelow") == "Press Train"
    assert not part(card, "scoreButton").isVisible()


def test_it_says_how_many_are_right_and_what_to_compare_with(card: ScoreCard) -> None:
    card.show_card(RUNNING)
    assert big(card) == "87 % right"
    assert read(card, "scoreBelow") == "of 1,000 test pictures so far · epoch 2 of 2"
    assert read(card, "scoreReferences").split() == ["guessing", "10", "%", "people", "83.5", "%"]
    assert read(card, "scoreHeading") == "Mixed up most"
    assert read(card, "scoreSentence") == "Shirt taken for T-shirt 21 times"


def test_the_names_in_a_sentence_are_strong(card: ScoreCard) -> None:
    card.show_card(RUNNING)
    sentence = part(card, "scoreSentence")
    assert isinstance(sentence, QLabel)
    assert re.findall(r"600\">([^<]+)<", sentence.text()) == ["Shirt", "T-shirt"]


def test_names_that_look_like_html_are_only_names(card: ScoreCard) -> None:
    card.show_card(CardText("1 % right", "of <i>2</i>", sentence="**<b>A** & B", note="1 < 2"))
    sentence, below = part(card, "scoreSentence"), part(card, "scoreBelow")
    assert isinstance(sentence, QLabel)
    assert isinstance(below, QLabel)
    assert "&lt;b&gt;A" in sentence.text()
    assert below.text() == "of &lt;i&gt;2&lt;/i&gt;"


def test_its_button_is_pressed(qtbot: QtBot, card: ScoreCard) -> None:
    card.show_card(RUNNING)
    made = part(card, "scoreButton")
    assert isinstance(made, QPushButton)
    assert made.text() == "See those pictures"
    assert made.property("role") != "primary", "the one filled button of the window is another"
    with qtbot.waitSignal(card.pressed):
        qtbot.mouseClick(made, Qt.MouseButton.LeftButton)


def test_nothing_jumps_whatever_it_says(card: ScoreCard) -> None:
    long = CardText(
        "100 % right",
        "of 10,000 test pictures",
        RUNNING.references,
        "Mixed up most",
        "**Shirt** taken for **T-shirt/top**, a sentence that is rather long and wraps to the next line 221 times",
        "See",
        "**Better than people** on these small pictures, and far better than guessing, which is what one hopes for.",
    )
    chinese = CardText(
        "正确 87 %", "目前 1,000 张测试图片", (("猜", "10 %"),), "最常混淆", "**衬衫**被当成**T恤** 21 次", "看"
    )
    places = set()
    for text in (asleep(), RUNNING, long, chinese):
        card.show_card(text)
        QApplication.processEvents()
        places.add(tuple(child.geometry().getRect() for child in card.findChildren(QWidget)))
    assert len(places) == 1


def test_a_long_number_is_smaller_but_whole(card: ScoreCard) -> None:
    card.show_card(CardText("R² 0.999, off by 0.08 on average", "of 1,000"))
    shown = part(card, "scoreBig")
    assert isinstance(shown, BigText)
    image = shown.grab().toImage()
    paper = image.pixelColor(image.width() - 1, 0)
    used = [x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) != paper]
    assert max(used) < image.width() - 1
    assert max(used) > image.width() * 0.8


def test_it_fits_into_the_card_of_the_smallest_window(card: ScoreCard) -> None:
    assert card.minimumSizeHint().height() <= 240
    assert card.minimumSizeHint().width() <= 380


def test_in_a_window_that_is_too_low_the_number_gives_way_and_lies_over_nothing(card: ScoreCard) -> None:
    whole = card.minimumSizeHint().height()
    card.setFixedSize(278, whole - 13)
    card.layout().activate()
    assert part(card, "scoreBig").geometry().bottom() < part(card, "scoreBelow").geometry().top()
    assert part(card, "scoreBig").height() >= 40
