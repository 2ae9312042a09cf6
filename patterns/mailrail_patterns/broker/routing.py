"""Who gets a copy: a subscription with its filter compiled, and what it makes of a message."""

from __future__ import annotations

import enum
from typing import Final

from ..conditions import Unfit, compile_content
from ..port import Grammar, Message, OnError, Subscription
from ..subjects import Matcher, compile_filter
from .queue import Queue


class Verdict(enum.Enum):
    """What a subscription makes of a message."""

    COPY = "copy"
    FILTERED = "filtered"
    SKIPPED = "skipped"
    BURIED = "buried"


COPY: Final = Verdict.COPY
FILTERED: Final = Verdict.FILTERED
ON_ERROR: Final = {
    OnError.SKIP: Verdict.SKIPPED,
    OnError.TAKE: Verdict.COPY,
    OnError.DEAD_LETTER: Verdict.BURIED,
}
FILTER_ERROR: Final = "FilterError"
"""Why a message was dead-lettered, or no copy was made: its filter could not be applied."""


class Route:
    """One subscription as its topic keeps it.

    Attributes:
        subscription: What was asked for.
        queue: Where its copies go.
        looks_at: The headers its filter looks at.
    """

    def __init__(self, subscription: Subscription, queue: Queue, grammar: Grammar) -> None:
        """Compile the filter.

        Raises:
            BadInput: If the filter cannot be read; names the column.
        """
        self.subscription = subscription
        self.queue = queue
        self._matches: Matcher = compile_filter(subscription.filter, grammar)
        content = compile_content(subscription.content)
        self.looks_at, self._holds = content.names, content.holds

    def judge(self, message: Message) -> Verdict:
        """Say what becomes of a message here."""
        if not self._matches(message.subject):
            return FILTERED
        if not self.looks_at:
            return COPY
        try:
            return COPY if self._holds(dict(message.headers)) else FILTERED
        except Unfit:
            return ON_ERROR[self.subscription.on_error]


__all__ = ["COPY", "FILTERED", "FILTER_ERROR", "Route", "Verdict", "compile_filter"]
