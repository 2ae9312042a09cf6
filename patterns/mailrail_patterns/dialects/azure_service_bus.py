"""Azure Service Bus."""

from __future__ import annotations

from ..broker_rules import AtLimit, Counts, Dialect, Rules
from .preset import Bound, Preset, Sheet

PRESET = Preset(
    dialect=Dialect.AZURE_SERVICE_BUS,
    title="Azure Service Bus",
    rules=Rules(counts=Counts.RETURNS),
    settings={
        "lock": "60s",
        "max_deliveries": "10",
        "at_limit": "dead-letter",
        "redelivery": "head",
        "longest_renewal": "300s",
    },
    bounds=(
        Bound("lock", 0, 300, "Service Bus locks for 5 minutes at the most; renew it instead"),
        Bound(
            "max_deliveries", 1, 2000, "Service Bus cannot switch the limit off; allow 1 or more"
        ),
    ),
    ends=(AtLimit.DEAD_LETTER,),
    sheet=Sheet(
        about="Peek-lock queues with a dead-letter queue built in; what the ordinary rules of "
        "mailrail are closest to.",
        calls=(
            ("lock", "message lock"),
            ("max_deliveries", "MaxDeliveryCount"),
            ("abandon", "Abandon"),
            ("reject", "DeadLetter"),
            ("session", "session"),
            ("longest_renewal", "MaxAutoLockRenewalDuration of the client"),
        ),
        lock="60 s unless set, 5 minutes at the most; renewable, and client libraries renew it "
        "for 5 minutes by themselves.",
        counts="Giving the message back, or letting its lock run out.",
        at_limit="10: it goes to the dead-letter queue as MaxDeliveryCountExceeded; this cannot "
        "be switched off.",
        returned="To the front of the queue, or near it.",
        late="Refused: the lock is lost, and the message goes to somebody else.",
        order="A session.",
        priorities="None: a queue for each, or a topic whose subscriptions filter by a property.",
        modelled=(
            "A crash releases nothing: the message waits until its lock runs out.",
            "With renewal=on the client stops renewing 5 minutes after it took a message or a "
            "session (longest_renewal): the lock it has by then is the last.",
            "A message that is deferred and fetched again has not used up a delivery.",
            "Duplicate detection is off unless the queue is created with it; then it remembers "
            "for 10 minutes unless set, from 20 s to 7 days: duplicate_detection.",
            "Time to live is not observed in the dead-letter queue.",
        ),
        left_out=(
            "That a returned message may land near the front rather than at it.",
            "Renewal by the client library: it is off until renewal=on, except of sessions.",
            "Transactions, forwarding, and the size of anything.",
            "That the server may lose a lock before its time.",
        ),
        sources=(
            "learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement",
            "learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues",
            "learn.microsoft.com/dotnet/api/azure.messaging.servicebus.administration"
            ".createqueueoptions.lockduration",
        ),
    ),
)
