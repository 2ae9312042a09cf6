from __future__ import annotations

from rich.cells import cell_len

from mailrail.tui.widgets.paper import Paper, columns, cut, whole


def name_at(paper: Paper, x: int, y: int, kind: str = "") -> str:
    zone = paper.zone_at(x, y, kind)
    assert zone is not None
    return zone.name


def test_later_strokes_cover_earlier_ones_and_runs_keep_their_inks() -> None:
    paper = Paper(8, 1)
    paper.put(0, 0, "abcdefgh", "ready")
    paper.put(2, 0, "XY", "dead")
    assert paper.lines() == [(("ab", "ready"), ("XY", "dead"), ("efgh", "ready"))]


def test_what_lies_outside_is_not_drawn() -> None:
    paper = Paper(4, 2)
    assert paper.put(-2, 0, "abcdefgh") == 6
    paper.put(0, 5, "below")
    paper.put(9, 1, "right")
    paper.put(-2, 1, "↯†●○✗")
    assert paper.text() == "cdef\n●○✗"


def test_a_wide_character_takes_two_cells_and_never_half_of_one() -> None:
    paper = Paper(5, 1)
    paper.put(0, 0, "邮件列车")
    (row,) = paper.lines()
    text = "".join(part for part, _ in row)
    assert text == "邮件 "
    assert cell_len(text) == 5


def test_control_characters_never_reach_the_terminal() -> None:
    paper = Paper(12, 1)
    paper.put(0, 0, "a\x1b[31mb\u200bc")
    assert paper.text() == "a [31mb c"


def test_cut_keeps_within_the_room() -> None:
    assert cut("consumer-1", 10) == "consumer-1"
    assert cut("consumer-12", 10) == "consumer-…"
    assert cell_len(cut("邮件列车", 5)) == 5
    assert cut("x", 0) == ""


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
HEART = "\u2764\ufe0f"
THUMB = "\U0001f44d\U0001f3fd"


def test_what_terminals_measure_differently_is_drawn_as_wide_as_it_is_measured() -> None:
    for text in (
        FAMILY,
        HEART,
        THUMB,
        "e\u0301",
        "\U0001f1e9\U0001f1ea",
        "a\x1bb",
        "क\u094d\u200dष",
    ):
        paper = Paper(12, 1)
        end = paper.put(0, 0, text)
        assert end == columns(text)
        ((drawn, _),) = paper.line(0)
        assert cell_len(drawn) == 12
        assert paper.right(12, 0, text) == 12 - end
        for room in range(1, end):
            assert columns(cut(text, room)) <= room
        assert cut(text, end) == text
    assert whole(columns(FAMILY), FAMILY, "x") == FAMILY
    assert whole(columns(FAMILY) - 1, FAMILY, "x") == "x"


def test_even_the_longest_text_is_cut_at_once() -> None:
    assert cut("邮" * 100_000, 10) == "邮邮邮邮…"
    assert cut("x" * 100_000, 10) == "xxxxxxxxx…"


def test_the_topmost_place_answers_a_click() -> None:
    paper = Paper(10, 2)
    paper.zone(1, 0, 10, "actor", "c1")
    paper.zone(1, 2, 4, "message", "m1")
    assert name_at(paper, 3, 1) == "m1"
    assert name_at(paper, 3, 1, "actor") == "c1"
    assert paper.zone_at(3, 0) is None


def test_changes_are_told_by_row_and_column() -> None:
    before, after = Paper(8, 3), Paper(8, 3)
    before.put(0, 1, "abcdef", "ready")
    after.put(0, 1, "abXdef", "ready")
    after.put(5, 1, "f", "dead")
    after.put(0, 2, "列")
    assert after.changes(before) == [(1, 2, 6), (2, 0, 2)]
    assert after.changes(after) == []


def test_pasting_moves_cells_and_places() -> None:
    small, large = Paper(3, 1), Paper(6, 3)
    small.put(0, 0, "abc", "ready")
    small.zone(0, 0, 3, "actor", "c1")
    large.paste(2, 1, small)
    assert large.text() == "\n  abc\n"
    assert name_at(large, 2, 1) == "c1"


def test_what_ends_a_word_is_not_free() -> None:
    paper = Paper(8, 1)
    paper.put(0, 0, "ab", "text")
    paper.put(4, 0, "m1", "on-ready")
    assert [x for x in range(8) if paper.free(x, 0)] == [3, 6, 7]


def test_a_row_that_is_wiped_answers_no_click() -> None:
    paper = Paper(4, 2)
    for y in (0, 1):
        paper.put(0, y, "abcd")
        paper.zone(y, 0, 4, "actor", f"{y}")
    paper.wipe(1)
    assert paper.text() == "abcd\n"
    assert [zone.name for zone in paper.zones] == ["0"]
