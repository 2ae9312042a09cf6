"""Amazon SQS, standard queues."""

from __future__ import annotations

from ..broker_rules import AtLimit, Dialect, Late, Rules
from .preset import Bound, Preset, Sheet

BOUNDS = (
    Bound("lock", 0, 43_200, "SQS hides a message for 12 hours at the most"),
    Bound(
        "longest_renewal",
        0.001,
        43_200,
        "SQS hides a message for 12 hours in all, from its receipt",
    ),
    Bound("max_deliveries", 0, 1000, "maxReceiveCount is 1 to 1000, or 0 for no redrive policy"),
)

PRESET = Preset(
    dialect=Dialect.AMAZON_SQS,
    title="Amazon SQS standard",
    rules=Rules(late=Late.LATEST_RECEIPT, defers=False, original_clock=True),
    settings={
        "lock": "30s",
        "max_deliveries": "0",
        "at_limit": "dead-letter",
        "redelivery": "tail",
        "longest_renewal": "43200s",
    },
    own=("unhidden",),
    bounds=BOUNDS,
    ends=(AtLimit.DEAD_LETTER,),
    sheet=Sheet(
        about="A queue that hides a received message for a while, and promises neither order nor "
        "that it delivers once.",
        calls=(
            ("lock", "visibility timeout"),
            ("max_deliveries", "maxReceiveCount of the redrive policy"),
            ("lock token", "receipt handle"),
            ("abandon", "ChangeMessageVisibility to 0, or to the delay"),
            ("renew", "ChangeMessageVisibility"),
            ("complete", "DeleteMessage"),
        ),
        lock="30 s unless set, from 0 to 12 hours; it can be extended, to 12 hours in all.",
        counts="Every receipt, even one by somebody who only looks, in the console for instance.",
        at_limit="None, unless a redrive policy is set: then beyond maxReceiveCount it goes to the "
        "dead-letter queue. AWS advises against a maximum of 1.",
        returned="It is visible again, in no promised order; here at the tail.",
        late="The latest receipt still deletes it. An older one is answered as if it did, and "
        "deletes nothing.",
        order="None.",
        priorities="None: a queue for each, and consumers that ask the urgent one first. Fair "
        "queues (a MessageGroupId in a standard queue) let quiet tenants go before a noisy one, "
        "not urgent messages before others.",
        modelled=(
            "max_deliveries=3 is a redrive policy with that maxReceiveCount.",
            "dead_letter_ttl counts from when a message was first sent, so a dead-letter queue "
            "that keeps no longer than its source loses the evidence without a word.",
            "No message can be set aside; what comes too early (inject early) is hidden for "
            "defer_for instead, and the receipt has counted.",
            "A crash releases nothing: the message stays hidden until its timeout.",
            "A message may be received again inside its visibility timeout: so often as unhidden "
            "says, which is never unless set. The later receipt is then the one that counts.",
        ),
        left_out=(
            "That an extension beyond 12 hours is refused: here the last is made by then, "
            "and lasts for one timeout more.",
            "Disorder: what was not returned comes first in, first out.",
            "A copy that comes back after it was deleted; inject duplicate to see one.",
            "That the move to the dead-letter queue is made by the receipt after the last one; "
            "here it is made as soon as the message would be visible.",
            "The console's own receipts; a consumer that crashes shows what they cost.",
            "Retention (4 days unless set): set ttl. Long polling, batches, 120,000 in flight.",
            "reject: SQS has no such call; whoever calls it here moves the message by itself.",
        ),
        sources=(
            "docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
            "sqs-visibility-timeout.html",
            "…/SQSDeveloperGuide/sqs-dead-letter-queues.html",
            "…/SQSDeveloperGuide/sqs-fair-queues.html",
            "…/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html",
            "…/SQSDeveloperGuide/avoiding-inconsistent-message-processing.html",
            "docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html",
        ),
    ),
)
