"""Every guarantee of a topic breaks when events say so, at the event that does it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.telling import Told, told_to

from mailrail_patterns.invariants.hearing import publishing_rules
from mailrail_patterns.topics import Grammar

SETTINGS: Any = SimpleNamespace(grammar=Grammar.AMQP)


def said(*told: Told) -> list[tuple[str, int]]:
    """Feed events to the rules and return which guarantees broke at which of them."""
    rules = publishing_rules(lambda: SETTINGS, ("audit", "billing"))
    found = told_to(rules, told)
    for rule in rules:
        found += [(breach.guarantee, breach.event) for breach in rule.closing(99.0, True)]
    return found


def subscribes(name: str, actor: str = "audit-1", wants: str = "a.#", way: str = "durable") -> Told:
    return "subscribed", {"actor": actor, "queue": "t", "message": name, "text": wants,
                          "group": way}  # fmt: skip


def publishes(message: str, copies: int = 1, about: str = "a.b") -> Told:
    kind = "published" if copies else "unrouted"
    return kind, {"actor": "p", "queue": "t", "message": message, "value": copies, "text": about}


def sends(queue: str, message: str, cause: int, **more: Any) -> Told:
    return "sent", {"actor": "p", "queue": queue, "message": message, "cause": cause, **more}


def delivers(queue: str, message: str, actor: str = "audit-1") -> Told:
    return "delivered", {"actor": actor, "queue": queue, "message": message, "delivery": 1}


def handles(message: str, queue: str = "q") -> Told:
    return "effect", {"actor": "audit-1", "queue": queue, "message": message}


GOOD = (subscribes("q"), publishes("m1"), sends("q", "m1", 2), delivers("q", "m1"))


def test_a_good_history_breaks_nothing() -> None:
    assert said(*GOOD) == []


@pytest.mark.parametrize(
    ("told", "broke"),
    [
        ((subscribes("q"), publishes("m1", 0)), ("one-copy-each", 2)),
        ((subscribes("q", wants="b.#"), publishes("m1")), ("one-copy-each", 2)),
        ((*GOOD, sends("q", "m1~2", 2)), ("one-copy-each", 5)),
        ((subscribes("q"), publishes("m1"), publishes("m2")), ("one-copy-each", 3)),
        ((subscribes("q"), publishes("m1")), ("one-copy-each", 2)),
        ((subscribes("q"), sends("q", "m1", 0)), ("one-copy-each", 2)),
        (
            (subscribes("q"), ("unsubscribed", {"message": "q"}), sends("q", "m1", 0)),
            ("none-after-the-end", 3),
        ),
        ((*GOOD[:3], delivers("q", "m1", "eu-1")), ("own-copies", 4)),
        (
            (*GOOD, ("completed", {"actor": "eu-1", "queue": "q", "message": "m1"})),
            ("own-copies", 5),
        ),
        (
            (
                subscribes("q", way="non-durable"),
                ("crashed", {"actor": "audit-1"}),
                publishes("m1"),
                sends("q", "m1", 3),
            ),
            ("lives-while-connected", 3),
        ),
        (
            (
                subscribes("q"), publishes("m1"), sends("q", "m1", 2), publishes("m2"),
                sends("q", "m2", 4), delivers("q", "m2"), delivers("q", "m1"),
            ),
            ("order-kept", 7),
        ),
        ((subscribes("q"), ("blocked", {"actor": "p", "queue": "q"})), ("only-block-waits", 2)),
        ((publishes("m1", 0),), ("somebody-listens", 1)),
        (
            (
                subscribes("q", way="non-durable"),
                ("unsubscribed", {"message": "q", "text": "connection lost"}),
                publishes("m1", 0),
            ),
            ("nothing-missed", 3),
        ),
        ((*GOOD[:2], ("rejected", {"queue": "q", "message": "m1", "cause": 2})),
         ("nothing-missed", 3)),
        ((*GOOD[:3], ("dropped", {"queue": "q", "message": "m1", "text": "QueueFull"})),
         ("nothing-missed", 4)),
        ((*GOOD[:3], ("expired", {"queue": "q", "message": "m1"})), ("nothing-missed", 4)),
        (
            (
                ("spawned", {"actor": "billing-1", "text": "billing consumer"}),
                ("spawned", {"actor": "billing-2", "text": "billing consumer"}),
                ("effect", {"actor": "billing-1", "queue": "b1", "message": "m1"}),
                ("effect", {"actor": "billing-2", "queue": "b2", "message": "m1"}),
            ),
            ("once-per-role", 4),
        ),
        ((subscribes("q"), ("blocked", {"actor": "p", "queue": "q"})), ("publisher-free", 2)),
        ((publishes("m1"), publishes("m2"), handles("m2"), handles("m1")),
         ("handled-in-order", 4)),
    ],
)  # fmt: skip
def test_a_breach_is_found_at_its_event(told: tuple[Told, ...], broke: tuple[str, int]) -> None:
    assert broke in said(*told)


def test_reordered_scheduled_and_redriven_copies_may_come_out_of_order() -> None:
    for more in ({"token": 1}, {"until": 9.0}):
        told = (
            subscribes("q"), publishes("m1"), sends("q", "m1", 2, **more), publishes("m2"),
            sends("q", "m2", 4), delivers("q", "m2"), delivers("q", "m1"),
        )  # fmt: skip
        assert said(*told) == []


def test_what_is_handled_once_more_or_elsewhere_or_of_another_publisher_has_its_own_order() -> None:
    other = ("published", {"actor": "o", "queue": "t", "message": "n1", "value": 0, "text": "a"})
    told = (
        publishes("m1"), publishes("m2"), other, handles("n1"), handles("m1"), handles("m2"),
        handles("m1"), handles("m1~2"), handles("m2", "r"), handles("n1", "r"),
    )  # fmt: skip
    found = {name for name, _ in said(*told)}
    assert "handled-in-order" not in found


def test_copies_of_the_log_are_owed_to_nobody_and_allowed() -> None:
    assert said(subscribes("q"), sends("q", "m1", 1), delivers("q", "m1")) == []
