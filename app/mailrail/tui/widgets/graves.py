"""What messages came to that were never handled: dead letters, or what a broker has instead."""

from __future__ import annotations

from collections.abc import Sequence

from mailrail_patterns.views import MessageView, QueueView

from . import figures, glyphs

NONE = "no dead-letter queue"


def ended(queue: QueueView) -> int:
    """Return how many messages have ended unhandled."""
    return _put_away(queue) + queue.expired


def _put_away(queue: QueueView) -> int:
    return queue.dead_count + queue.shelved_count + queue.dropped_count


def buried(queue: QueueView) -> Sequence[MessageView]:
    """Return the latest of those that are kept somewhere, newest last."""
    return (*queue.dead, *queue.shelved)


def listed(queue: QueueView) -> Sequence[MessageView]:
    """Return the latest of all of them, newest last."""
    if not queue.shelved and not queue.dropped:
        return queue.dead
    return sorted((*queue.dead, *queue.shelved, *queue.dropped), key=_moved)


def _moved(message: MessageView) -> float:
    return message.moved


def title(queue: QueueView) -> str:
    """Say what there is of them, and what there is no queue for."""
    counts = [
        (queue.dead_count, "dead letters"),
        (queue.dropped_count, "dropped"),
        (queue.shelved_count, "archived" if queue.at_limit == "archive" else "delivered no more"),
        (queue.expired, "expired"),
    ]
    told = [f"{word} {figures.count(number)}" for number, word in counts if number]
    if queue.at_limit == "dead-letter":
        told = told if queue.dead_count else ["dead letters 0", *told]
    elif not queue.dead_count:
        told = [NONE, *told]
    return f"{glyphs.DEAD} {' · '.join(told)}"


def short(queue: QueueView) -> str:
    """Say it in a word or two."""
    word = {"dead-letter": "dead", "drop": "dropped", "stay": "shelved", "archive": "archived"}
    away, told = _put_away(queue), []
    if away or not queue.expired:
        told.append(f"{word[queue.at_limit]} {figures.count(away)}")
    if queue.expired:
        told.append(f"expired {figures.count(queue.expired)}")
    return f"{glyphs.DEAD} {' · '.join(told)}"
