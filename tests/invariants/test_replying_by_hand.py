"""Each guarantee of requests that are answered later breaks on events that break it."""

from __future__ import annotations

from typing import Any

import pytest

from mailrail_patterns.asynchronous_request_reply import Settings
from mailrail_patterns.invariants.judge import Judge
from mailrail_patterns.invariants.replying import replying_rules
from mailrail_patterns.kernel.journal import Journal

Told = dict[str, Any]


def status(ticket: str, state: str, t: float = 0.0, *, key: str = "k", version: int = 2) -> Told:
    text = f'{{"request":"m01","key":"{key}"}}'
    return {"t": t, "kind": "state", "actor": "api-1", "queue": "status", "message": ticket,
            "group": state, "text": text, "token": version}  # fmt: skip


def charge(ticket: str, state: str, key: str = "k") -> Told:
    return {"kind": "state", "actor": "worker-1", "queue": "charges", "message": f"{ticket}-job",
            "group": state, "text": f'{{"request":"m01","key":"{key}"}}'}  # fmt: skip


def entry(state: str, request: str = "m01") -> Told:
    return {"kind": "state", "actor": "client-1", "queue": "correlations", "message": request,
            "group": state, "text": "{}"}  # fmt: skip


def sent(name: str, queue: str, group: str = "", t: float = 0.0, who: str = "client-1") -> Told:
    return {"t": t, "kind": "sent", "actor": who, "queue": queue, "message": name,
            "group": group, "conversation": "m01"}  # fmt: skip


def got(name: str, queue: str = "api", t: float = 0.0) -> Told:
    return {"t": t, "kind": "delivered", "queue": queue, "message": name, "delivery": 1}


def work(name: str, seconds: float = 3.0) -> Told:
    return {"kind": "working", "actor": "worker-1", "message": name, "value": seconds}


RESULT: Told = {"kind": "state", "queue": "results", "message": "k", "text": "{}"}
ISSUED = status("k", "Accepted", version=1)
JOB = sent("k-job", "jobs", "k", who="api-1")
HOME = "client-1-inbox"


def broken(*told: Told, **chosen: Any) -> dict[str, int]:
    """Return the guarantees that broke, each with the number of the event that broke it."""
    journal, settings = Journal(), Settings(**chosen)
    judge = Judge(journal, tuple(replying_rules(lambda: settings)))
    numbers: dict[int, int] = {}
    for index, each in enumerate(told, 1):
        fields = dict(each)
        journal.now = max(journal.now, fields.pop("t", 0.0))
        fields.setdefault("actor", "")
        numbers[len(journal.events) + 1] = index
        journal.emit(fields.pop("kind"), fields.pop("actor"), **fields)
    found: dict[str, int] = {}
    for finding in judge.findings(journal.now, False):
        if finding.first is not None:
            found[finding.guarantee.name] = numbers[finding.first.event]
    return found


CASES: list[tuple[str, list[Told], dict[str, Any]]] = [
    ("one-job-per-key", [ISSUED, status("m01-post2", "Accepted", version=1)], {}),
    ("status-moves-forward", [ISSUED, status("k", "Succeeded")], {}),
    ("status-moves-forward",
     [ISSUED, status("k", "Running"), status("k", "Failed"), status("k", "Running")], {}),
    ("charged-once", [charge("a", "Charged"), charge("b", "Charged")], {}),
    ("cancelled-or-charged", [ISSUED, status("k", "Cancelled"), charge("k", "Charged")], {}),
    ("cancelled-or-charged",
     [ISSUED, charge("k", "Reserved"), status("k", "Cancelled"),
      {"kind": "completed", "actor": "worker-1", "queue": "jobs", "message": "k-job"}], {}),
    ("accepted-is-enqueued",
     [sent("m01-post", "api"), ISSUED, sent("m01-post-202", HOME, "k", who="api-1")], {}),
    ("errors-are-told",
     [ISSUED, status("k", "Running"),
      {"kind": "abandoned", "actor": "worker-1", "queue": "jobs", "message": "k-job"},
      {"kind": "dead_lettered", "queue": "jobs", "message": "k-job", "text": "Max"}], {}),
    ("result-behind-303",
     [ISSUED, sent("m01-poll1", "api"), sent("m01-poll1-303", HOME, "k", who="api-1")], {}),
    ("result-behind-303",
     [ISSUED, JOB, RESULT, sent("m01-poll1", "api"), got("m01-poll1"),
      sent("m01-poll1-200", HOME, "k", who="api-1")], {}),
    ("only-issued-tickets",
     [sent("m01-poll1", "api"), sent("m01-poll1-200", HOME, "k", who="api-1")], {}),
    ("refused-at-once",
     [sent("m01-post", "api"), sent("m01-post-400", HOME, who="api-1"), JOB], {}),
    ("reply-to-honoured",
     [sent("n01", "requests"), sent("n01-reply", "client-2-inbox", who="replier-1")], {}),
    ("retry-after-heeded",
     [sent("m01-poll1", "api", t=3.0), sent("m01-poll2", "api", t=5.0)], {}),
    ("retry-after-heeded", [got("m01-post-202", HOME, 1.0), sent("m01-poll1", "api", t=2.0)], {}),
    ("answered-in-time", [{"kind": "resent", "actor": "client-1", "message": "m01-post"}], {}),
    ("answered-in-time", [entry("Open"), entry("TimedOut")], {}),
    ("every-request-ends", [entry("Open"), entry("TimedOut"), entry("Replied")], {}),
    ("every-request-ends",
     [{"kind": "noted", "actor": "client-1", "message": "m01", "text": "Open: remembers m01"},
      {"kind": "crashed", "actor": "client-1"}, {"kind": "restarted", "actor": "client-1"}], {}),
    ("begun-for-somebody", [entry("Open"), entry("TimedOut"), work("m01")], {}),
    ("begun-for-somebody", [JOB, entry("Open"), entry("Cancelled"), work("k-job")], {}),
    ("late-changes-nothing", [entry("Open"), entry("Replied"), entry("Open")], {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "told", "chosen"), CASES, ids=[case[0] for case in CASES])
def test_it_breaks_at_the_last_event(name: str, told: list[Told], chosen: dict[str, Any]) -> None:
    assert broken(*told, **chosen).get(name) == len(told)
    assert name not in broken(*told[:-1], **chosen)


def test_every_guarantee_has_a_case() -> None:
    rules = replying_rules(Settings)
    assert {case[0] for case in CASES} == {g.name for rule in rules for g in rule.guarantees}


def test_a_job_in_the_outbox_of_a_dead_api_is_on_its_way_and_without_one_it_is_not() -> None:
    told = [ISSUED, {"kind": "crashed", "actor": "api-1"}, sent("m01-post2", "api"),
            sent("m01-post2-202", HOME, "k", who="api-2")]  # fmt: skip
    assert "accepted-is-enqueued" not in broken(*told)
    assert "accepted-is-enqueued" in broken(*told, outbox=False)


def test_a_copy_of_a_poll_is_not_a_second_poll() -> None:
    told = [sent("m01-poll1", "api", t=3.0), sent("m01-poll1~2", "api", t=3.0)]
    assert "retry-after-heeded" not in broken(*told)
