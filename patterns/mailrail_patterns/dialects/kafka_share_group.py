"""Apache Kafka, share groups (KIP-932)."""

from __future__ import annotations

from ..broker_rules import AtLimit, Dialect, Rules
from .preset import Preset, Sheet

PRESET = Preset(
    dialect=Dialect.KAFKA_SHARE_GROUP,
    title="Kafka share group",
    rules=Rules(at_limit=AtLimit.ARCHIVE, defers=False),
    settings={
        "lock": "30s",
        "max_deliveries": "5",
        "at_limit": "archive",
        "redelivery": "returns",
    },
    ends=(AtLimit.ARCHIVE, AtLimit.DEAD_LETTER),
    sheet=Sheet(
        about="Queue-like consumption of a log: records are acquired and acknowledged one by one, "
        "by more consumers than there are partitions.",
        calls=(
            ("lock", "acquisition lock"),
            ("max_deliveries", "share.delivery.count.limit"),
            ("complete", "ACCEPT"),
            ("abandon", "RELEASE"),
            ("reject", "REJECT"),
            ("renew", "RENEW"),
            ("queue", "share group on a topic"),
        ),
        lock="An acquisition lock of 30 s unless set; explicit mode can renew it (KIP-1222).",
        counts="Every acquisition.",
        at_limit="5: the record is Archived. Newer configurations can also copy it to a "
        "dead-letter topic (at_limit=dead-letter).",
        returned="It is available again, ahead of what has not been acquired yet.",
        late="Refused: the state of the record is no longer Acquired.",
        order="None.",
        priorities="None: a log is read in order. A topic for each.",
        modelled=(
            "Archived records stay in the log, are delivered no more, and are counted as shelved.",
            "REJECT archives at once.",
            "No record can be set aside; what comes too early (inject early) is released, and the "
            "delivery has counted.",
        ),
        left_out=(
            "Partitions, batches, offsets: among the returned, the order is that of return.",
            "That a closed share session releases what it had acquired: here a crash releases "
            "nothing until the lock runs out.",
            "Consumer groups: one owner a partition, nothing counted, a poison record blocks it.",
            "The retry_delay of RELEASE, and its defer_for: Kafka has neither.",
        ),
        sources=(
            "cwiki.apache.org/confluence/display/KAFKA/KIP-932",
            "cwiki.apache.org/confluence/display/KAFKA/KIP-1222",
            "github.com/spring-projects/spring-kafka/pull/4103",
            "kafka.apache.org/44/configuration/group-configs",
        ),
    ),
)
