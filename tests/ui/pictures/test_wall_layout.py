from itertools import pairwise

import pytest

from fmstudio.ui.pictures.wall_layout import WallLayout

PLAIN = WallLayout(count=23, columns=5, room=503, line=40)
GROUPED = WallLayout(count=23, columns=5, room=503, line=40, starts=(0, 7, 8), heading=20)
"""Seven, one and fifteen pictures: two lines, one line, three lines."""


@pytest.mark.parametrize(("layout", "height"), [(PLAIN, 200), (GROUPED, 300), (WallLayout(0, 5, 503, 40), 0)])
def test_height(layout: WallLayout, height: int) -> None:
    assert layout.height == height


@pytest.mark.parametrize("layout", [PLAIN, GROUPED])
def test_each_place_belongs_to_one_picture(layout: WallLayout) -> None:
    found = {row: layout.place(row) for row in range(layout.count)}
    for x in range(0, layout.room, 7):
        for y in range(0, layout.height, 3):
            row = layout.row_at(x, y)
            there = [
                number
                for number, (left, top, width) in found.items()
                if left <= x < left + width and top <= y < top + layout.line
            ]
            assert there == ([row] if row >= 0 else [])


def test_groups_begin_new_lines_below_their_heading() -> None:
    assert [GROUPED.place(row)[:2] for row in (0, 6, 7, 8, 22)] == [(0, 20), (100, 60), (0, 120), (0, 180), (402, 260)]
    assert list(GROUPED.headings(0, 300)) == [(0, 0), (1, 100), (2, 160)]
    assert list(PLAIN.headings(0, 300)) == []


def test_outside_there_is_nothing() -> None:
    assert [GROUPED.row_at(x, y) for x, y in ((-1, 30), (503, 30), (5, -1), (5, 300), (5, 110), (300, 130))] == [-1] * 6
    assert WallLayout(0, 5, 503, 40).row_at(3, 3) == -1
    assert WallLayout(3, 1, 0, 40).row_at(0, 0) == -1


@pytest.mark.parametrize("layout", [PLAIN, GROUPED])
def test_rows_between_two_heights(layout: WallLayout) -> None:
    for top in range(0, layout.height, 13):
        for bottom in (top, top + 30, top + 170):
            expected = [
                row
                for row in range(layout.count)
                if layout.place(row)[1] <= bottom and layout.place(row)[1] + layout.line > top
            ]
            assert list(layout.rows(top, bottom)) == expected


def test_a_step_down_and_up_stays_in_its_column_across_groups() -> None:
    assert [GROUPED.stepped(row, 1) for row in (0, 3, 5, 6, 7, 8, 17, 18, 22)] == [5, 6, 7, 7, 8, 13, 22, 22, 22]
    assert [GROUPED.stepped(row, -1) for row in (0, 3, 5, 6, 7, 8, 12, 13)] == [0, 0, 0, 1, 5, 7, 7, 8]
    assert GROUPED.stepped(1, 3) == 8
    assert GROUPED.stepped(22, -3) == 7


def test_groups_beyond_the_last_picture_are_left_out() -> None:
    layout = WallLayout(count=6, columns=5, room=503, line=40, starts=(0, 7, 8), heading=20)
    assert layout.height == 100
    assert layout.place(5) == (0, 60, 100)


def test_neighbours_fill_the_room() -> None:
    places = [PLAIN.place(row) for row in range(5)]
    assert all(left + width == following for (left, _, width), (following, _, _) in pairwise(places))
    assert places[-1][0] + places[-1][2] == 503
