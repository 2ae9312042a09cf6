"""One thing is selected; the keys of actors act on the actor selected last."""

from __future__ import annotations

import pytest

from mailrail.selection import NOTHING, PAST, Kind, Selection, selection_of
from mailrail.session import Session
from mailrail_patterns.scenario import find

MESSAGE = Selection(Kind.MESSAGE, "m01")


def session() -> Session:
    return Session(find("competing-consumers"), clock=lambda: 0.0)


def test_whoever_looks_at_a_message_still_has_an_actor_to_act_on() -> None:
    made = session()
    assert made.selection == Selection(Kind.ACTOR, "consumer-1")
    made.look_at(MESSAGE)
    assert made.selection == MESSAGE
    assert made.selected == "consumer-1"
    made.select_next(1)
    assert made.selection == Selection(Kind.ACTOR, "consumer-2")
    assert made.frame().selected == "consumer-2"
    assert made.frame().selection == made.selection


def test_the_way_back_leads_through_everything_that_was_selected() -> None:
    made = session()
    assert not made.look_back()
    made.look_at(MESSAGE)
    made.look_at(MESSAGE)
    made.select("consumer-3")
    made.look_at(Selection(Kind.QUEUE, "work"))
    assert made.look_back()
    assert made.selected == "consumer-3"
    assert made.look_back()
    assert (made.selection, made.selected) == (MESSAGE, "consumer-1")
    assert made.look_back()
    assert made.selection == Selection(Kind.ACTOR, "consumer-1")
    assert not made.look_back()
    for number in range(2 * PAST):
        made.look_at(Selection(Kind.EVENT, str(number)))
    steps = 0
    while made.look_back():
        steps += 1
    assert steps == PAST


def test_what_is_selected_survives_another_run() -> None:
    made = session()
    made.look_at(MESSAGE)
    made.rerun()
    assert made.selection == MESSAGE
    assert made.selected in made.actors()


@pytest.mark.parametrize(
    "chosen",
    [
        Selection(Kind.ACTOR, "consumer-1"),
        Selection(Kind.ROW, "m01", "orders"),
        Selection(Kind.MESSAGE, "m01~eu", "eu-1"),
        Selection(Kind.EVENT, "12"),
    ],
)
def test_a_key_names_one_thing(chosen: Selection) -> None:
    assert selection_of(chosen.kind.value, chosen.key) == chosen


def test_what_cannot_be_selected_is_nothing() -> None:
    assert selection_of("guarantee", "effect-once") is None
    assert NOTHING.name == ""


def test_what_no_pane_in_sight_shows_is_not_worked_out() -> None:
    made = session()
    frame = made.frame({"picture", "ledger"})
    assert (frame.sheet, frame.code, frame.story) == (None, None, None)
    frame = made.frame({"inspector"})
    assert frame.sheet is not None
    assert (frame.code, frame.story) == (None, None)
    assert made.frame({"inspector"}).sheet is frame.sheet
    assert made.frame({"story"}).story is made.run.pattern.story
    assert made.frame({"code"}).code is not None
