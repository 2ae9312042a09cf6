"""RabbitMQ, quorum queues, as of 4.3."""

from __future__ import annotations

from ..broker_rules import AtLimit, Counts, Dialect, Late, Rules
from .preset import Preset, Sheet

PRESET = Preset(
    dialect=Dialect.RABBITMQ_QUORUM,
    title="RabbitMQ 4.3 quorum queue",
    rules=Rules(
        counts=Counts.FAILURES,
        at_limit=AtLimit.DROP,
        late=Late.CHANNEL_ERROR,
        connection_bound=True,
        renewable=False,
        defers=False,
        looks_every=60.0,
    ),
    settings={
        "lock": "1800s",
        "max_deliveries": "20",
        "at_limit": "drop",
        "redelivery": "returns",
        "replies": "at-most-once",
        "default_priority": "4",
    },
    ends=(AtLimit.DROP, AtLimit.DEAD_LETTER),
    sheet=Sheet(
        about="A replicated queue without leases: a message belongs to a consumer for as long as "
        "its channel lives.",
        calls=(
            ("lock", "consumer timeout"),
            ("max_deliveries", "delivery-limit, which counts redeliveries"),
            ("delivery number", "acquired-count, plus 1"),
            ("what counts", "delivery-count"),
            ("abandon", "basic.nack with requeue, or released"),
            ("abandon that says it failed", "basic.reject with requeue, or modified(failed)"),
            ("reject", "basic.reject without requeue"),
            ("dead-letter queue", "a dead-letter exchange with a queue behind it"),
        ),
        lock="No lease: a consumer timeout of 30 minutes, looked at every 60 s; nothing to renew.",
        counts="The death of the consumer or its channel, basic.reject and modified(failed). Not "
        "a nack, not released, not a consumer timeout: those only raise acquired-count.",
        at_limit="20 redeliveries (none before 4.0): then it is dropped, or dead-lettered if there "
        "is a dead-letter exchange (at_limit=dead-letter).",
        returned="To a queue of returned messages that is served first, in order of return; its "
        "priority is lost.",
        late="A channel error: whatever else the consumer holds comes back, and counts.",
        order="The queue, with a single active consumer.",
        priorities="32 (0 to 31; what is above counts as 31), strict, always on: x-max-priority "
        "is for classic queues and ignored here. No cure for starvation; a message that names "
        "none has 4 (default_priority), in a classic queue 0. Before 4.3 there were two (up to 4, "
        "and from 5 on), served 2 to 1: policy=share share=2 in Priority Queue. A "
        "returned message loses its own.",
        modelled=(
            "Consumer timeouts are looked at every 60 s, here at the whole minutes of the run: a "
            "lock of 70 s lasts until the second look.",
            "A crash closes the channel: its messages are back at once, each with a failure more, "
            "those it had not begun included.",
            "A handler that nacks a poison message (gives_back=nack) goes in circles for ever; one "
            "that rejects it (gives_back=reject) comes to the limit.",
            "retry_delay and longest_delay are the delayed retry of 4.3: min(delay x "
            "delivery-count, max), by its formula; a nack never waits longer than once the delay.",
            "No message can be set aside; what comes too early (inject early) is nacked with a "
            "delay of defer_for, as the delayed retry of 4.3 would have it, and nothing counts.",
            "renewal=on does nothing: there is no lease.",
            "What replies come to (replies=at-most-once) goes with the requester's connection, "
            "be it direct reply-to or an exclusive queue; a named queue is replies=durable.",
        ),
        left_out=(
            "That a timeout cancels the consumer, and that a client which can be told so keeps its "
            "channel since 4.3; here it takes the next message, and settling late closes the "
            "channel, as for any other client.",
            "Heartbeats: the connection of a frozen process stays open.",
            "Replication, confirms, credit flow, single active consumer, classic queues.",
            "That an overdue message ends only when it is the next: here it ends where it stands, "
            "unless Priority Queue is told otherwise (ttl_at_head=on).",
            "max-length counts as elsewhere here; overflow=drop-oldest is drop-head.",
        ),
        sources=(
            "rabbitmq.com/docs/4.3/quorum-queues",
            "rabbitmq.com/docs/4.3/nack",
            "rabbitmq.com/docs/4.3/priority",
            "rabbitmq.com/docs/consumers",
            "github.com/rabbitmq/rabbitmq-server/blob/main/consumer_timeouts.md",
            "github.com/rabbitmq/rabbitmq-server/pull/15387",
        ),
    ),
)
