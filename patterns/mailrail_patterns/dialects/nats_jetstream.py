"""NATS JetStream, a pull consumer with explicit acknowledgement."""

from __future__ import annotations

from ..broker_rules import AtLimit, Dialect, Late, Rules
from .preset import Preset, Sheet

PRESET = Preset(
    dialect=Dialect.NATS_JETSTREAM,
    title="NATS JetStream",
    rules=Rules(at_limit=AtLimit.STAY, late=Late.HONOURED, defers=False),
    settings={
        "lock": "30s",
        "max_deliveries": "0",
        "at_limit": "stay",
        "redelivery": "returns",
        "replies": "at-most-once",
        "duplicate_detection": "120s",
    },
    own=("lock_steps",),
    ends=(AtLimit.STAY,),
    sheet=Sheet(
        about="A stream with a consumer on it that remembers what has been acknowledged; nothing "
        "like a dead-letter queue.",
        calls=(
            ("lock", "AckWait"),
            ("lock_steps", "BackOff"),
            ("max_deliveries", "MaxDeliver"),
            ("complete", "ack"),
            ("abandon", "nak, with a delay if there is one"),
            ("renew", "in progress, +WPI"),
            ("reject", "term"),
            ("queue", "durable pull consumer on a stream"),
        ),
        lock="AckWait, 30 s unless set (a BackOff list overrides it); +WPI starts it anew.",
        counts="Every delivery.",
        at_limit="MaxDeliver, for ever unless set: then an advisory is published, and the message "
        "stays in the stream and is delivered no more.",
        returned="It is redelivered before anything new.",
        late="Honoured: the acknowledgement of a consumer whose time was up settles the message, "
        "whoever holds it by then.",
        order="A subject.",
        priorities="None of messages: a stream or a subject for each. The priority groups of a "
        "pull consumer rank the clients that ask it: overflow and pinned_client since 2.11, "
        "prioritized (0 comes first, 9 last) since 2.12.",
        modelled=(
            "A crash releases nothing: AckWait has to run out.",
            "lock_steps is the BackOff list: one AckWait for the first delivery, one for the "
            "second, the last for all that follow; lock is not looked at then. It says nothing of "
            "what is given back by a nak.",
            "single-lease allows for a late acknowledgement, and the journal marks it as late.",
            "What is published again under the same Nats-Msg-Id within 2 minutes is dropped "
            "(duplicate_detection); every message here has such an id.",
            "No message can be set aside; what comes too early (inject early) is answered by a nak "
            "with a delay of defer_for, and the delivery has counted.",
            "What is delivered no more is counted as shelved; there is nothing to redrive.",
            "Replies come to an inbox of core NATS, not to the stream: at most once, and only "
            "while the requester's connection lives (replies=at-most-once).",
        ),
        left_out=(
            "Late nak, term and +WPI: the server honours those as well, here they come too late.",
            "What listens for the advisory and fetches the message by its sequence number.",
            "MaxAckPending, push consumers, limits and interest retention.",
            "No responders: a stream takes a request nobody listens for; core NATS answers 503 at "
            "once, which is no_responders=on.",
        ),
        sources=(
            "docs.nats.io/nats-concepts/jetstream/consumers",
            "docs.nats.io/reference/jetstream/advisory/max-deliver",
            "docs.nats.io/learn/jetstream/priority-groups",
            "github.com/nats-io/nats-server/issues/4786",
            "github.com/nats-io/nats-server/issues/5564",
        ),
    ),
)
