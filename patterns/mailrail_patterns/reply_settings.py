"""The settings of whoever asks and waits for an answer, and of whoever keeps it for him."""

from __future__ import annotations

import enum
from typing import Annotated

from .queue_settings import Knob, QueueSettings


class Replies(enum.Enum):
    """Whether what replies come to outlives the requester.

    At most once: it lives as long as the requester's connection, as the direct reply-to of
    RabbitMQ and the inbox of core NATS do; what comes later reaches nobody.
    """

    DURABLE = "durable"
    AT_MOST_ONCE = "at-most-once"


class ReplySettings(QueueSettings, frozen=True, kw_only=True):
    """How clients and requesters ask and wait."""

    durable: Annotated[
        bool, Knob("requesters keep tickets and correlation ids in a table, not in memory")
    ] = True
    persist_errors: Annotated[
        bool, Knob("what fails for good says so, in its status or a reply; off = nothing does")
    ] = True
    heed_retry_after: Annotated[
        bool, Knob("clients poll no sooner than Retry-After; off = every naive_poll")
    ] = True
    retry_after: Annotated[float, Knob("what Retry-After asks a client to wait", "s", 0.001)] = 3.0
    naive_poll: Annotated[float, Knob("pause of an impatient client's polls", "s", 0.001)] = 0.5
    timeout: Annotated[float, Knob("how long a client waits for one answer", "s", 0.001)] = 3.0
    attempts: Annotated[int, Knob("how often a request is sent; 0 = no end", "", 0, 1000)] = 0
    patience: Annotated[
        float, Knob("after so long a client cancels what it asked for; 0 = never", "s")
    ] = 0.0
    retention: Annotated[
        float, Knob("how long status and result are kept after the end; 0 = for ever", "s")
    ] = 300.0
    reply_timeout: Annotated[
        float, Knob("how long a requester waits for its reply", "s", 0.001)
    ] = 4.0
    replies: Annotated[
        Replies,
        Knob(
            "reply queues outlive their requesters, or go with the connection; calls always do",
            instead="restart the requester",
        ),
    ] = Replies.DURABLE
    no_responders: Annotated[
        bool, Knob("503 at once for what nobody would work on; off = it waits in silence")
    ] = False
    invalid_every: Annotated[
        int, Knob("every so many requests one is invalid: 400 at once; 0 = none", "", 0, 1000)
    ] = 0
    fail_every: Annotated[
        int,
        Knob("every so many requests one turns out impossible: it fails; 0 = none", "", 0, 1000),
    ] = 0


__all__ = ["Replies", "ReplySettings"]
