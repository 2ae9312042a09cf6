"""Amazon SQS, FIFO queues."""

from __future__ import annotations

from ..broker_rules import AtLimit, Dialect, Rules
from . import amazon_sqs
from .preset import Bound, Preset, Sheet

PRESET = Preset(
    dialect=Dialect.AMAZON_SQS_FIFO,
    title="Amazon SQS FIFO",
    rules=Rules(defers=False, close_returns=False),
    settings={
        "lock": "30s",
        "max_deliveries": "0",
        "at_limit": "dead-letter",
        "redelivery": "head",
        "sessions": "on",
        "scan_limit": "20000",
        "duplicate_detection": "300s",
        "longest_renewal": "43200s",
    },
    bounds=(
        *amazon_sqs.BOUNDS,
        Bound("duplicate_detection", 300, 300, "a FIFO queue remembers ids for 5 minutes, always"),
    ),
    ends=(AtLimit.DEAD_LETTER,),
    sheet=Sheet(
        about="SQS with order inside a message group, and without second copies of what is sent "
        "twice.",
        calls=(*amazon_sqs.PRESET.sheet.calls, ("session", "message group, by MessageGroupId")),
        lock="30 s unless set, from 0 to 12 hours; it can be extended, to 12 hours in all.",
        counts="Every receipt, even one by somebody who only looks.",
        at_limit="None, unless a redrive policy is set. AWS advises against one where the order "
        "must not be broken.",
        returned="It stays at the head of its group, and while it is in flight the whole group "
        "waits.",
        late="Refused: the receipt handle has expired.",
        order="A message group; only the first 20,000 messages are looked at, so one huge group "
        "hides the others.",
        priorities="None: a queue for each, and consumers that ask the urgent one first.",
        modelled=(
            "Message groups are the sessions of a pattern that has them: sessions=on there.",
            "Where it has them, scan_limit messages are looked through for a group that is free.",
            "What is sent again under its id within 5 minutes is dropped: duplicate_detection.",
            "No message can be set aside; what comes too early (inject early) is hidden for "
            "defer_for instead, and the receipt has counted. So resequence=on is refused.",
            "dead_letter_ttl counts anew when a message dies.",
            "A crash releases nothing: the message stays hidden until its timeout. Nor does a "
            "consumer that goes on to another group: there is no session to close, and what is in "
            "flight blocks its group until it is deleted or its timeout is over.",
        ),
        left_out=(
            "That an extension beyond 12 hours is refused: here the last is made by then, "
            "and lasts for one timeout more.",
            "Throughput quotas, batches, retention (4 days unless set).",
            "That several messages of a group come in one receive: here they come one by one.",
        ),
        sources=(
            "docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues.html",
            "…/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html",
            "…/SQSDeveloperGuide/sqs-dead-letter-queues.html",
            "repost.aws/knowledge-center/sqs-receipt-handle-error",
        ),
    ),
)
