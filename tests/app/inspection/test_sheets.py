"""What is told of whatever is selected, and that looking at it changes nothing."""

from __future__ import annotations

import pytest
from tests.support.scenarios import ran

from mailrail.inspection.inspector import Inspector
from mailrail.narration import narrate
from mailrail.selection import Kind, Selection, selection_of
from mailrail.sheet import Entry, Sheet
from mailrail.waiting import Waiting
from mailrail_patterns.commands import parse_command
from mailrail_patterns.kernel import events as kind
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

LEASE = "competing-consumers/the-lock-is-a-lease"


def sheet_of(run: Run, kind: str, key: str) -> Sheet:
    chosen = selection_of(kind, key)
    assert chosen is not None
    code = Waiting(run).view(chosen.name) if chosen.kind is Kind.ACTOR else None
    return Inspector(run, narrate).sheet(chosen, code)


def section(sheet: Sheet, title: str) -> tuple[Entry, ...]:
    return next(each.entries for each in sheet.sections if each.title.startswith(title))


def fact(sheet: Sheet, label: str) -> Entry:
    return next(each for each in sheet.sections[0].entries if each.label == label)


def test_an_actor_tells_what_it_holds_what_it_was_given_and_where_it_waits() -> None:
    run = ran(find(LEASE), 12.5)
    sheet = sheet_of(run, "actor", "consumer-1")
    assert fact(sheet, "state").text == "working for 3.5 s"
    assert fact(sheet, "works on").target == Selection(Kind.MESSAGE, "m10")
    (held,) = section(sheet, "holds (1)")
    assert (held.label, held.text) == ("m10", "#1, lock 1.5 s left")
    assert held.target == Selection(Kind.MESSAGE, "m10", "work")
    assert held.left == pytest.approx(0.3)
    assert "service" in {each.label for each in section(sheet, "was given")}
    inmost = section(sheet, "waits at")[-1].text
    assert inmost.startswith("handler.py:")
    assert "sleep" in inmost
    assert section(sheet, "lately")[-1].text == "consumer-1 works on m10: 8 s to do"


def test_an_actor_leads_on_to_the_queues_it_reads() -> None:
    def queues(scenario: str, t: float, actor: str) -> list[tuple[str, str]]:
        listed = section(sheet_of(ran(find(scenario), t), "actor", actor), "queues")
        assert all(e.target == Selection(Kind.QUEUE, e.text.partition(":")[0]) for e in listed)
        return [(each.label, each.text) for each in listed]

    assert queues(LEASE, 12.5, "consumer-1") == [("reads", "work: 3 ready, 2 locked")]
    assert queues(LEASE, 12.5, "producer-1") == [("sends to", "work: 3 ready, 2 locked")]
    twice = "scheduler-agent-supervisor/everything-twice"
    assert queues(twice, 6.8, "scheduler-1") == [
        ("reads", "wake-ups: 0 ready, 0 locked"), ("reads", "scheduler-1: 1 ready, 0 locked"),
    ]  # fmt: skip
    receipt = "asynchronous-request-reply/lost-receipt"
    assert queues(receipt, 5.0, "client-1") == [
        ("sends to", "api: 0 ready, 0 locked"), ("reads", "client-1-inbox-1: 0 ready, 0 locked"),
    ]  # fmt: skip


def test_a_message_tells_of_its_payload_who_still_needs_it_and_when_it_lapses() -> None:
    run = ran(find("claim-check/lost-luggage"), 40.0)
    told = {e.label: e.text for e in section(sheet_of(run, "message", "m21"), "payload")}
    assert told == {
        "locker": "16, 5 MB",
        "state": "live: somebody is to read it",
        "refs": "2: subscriptions that are to read it",
        "stored": "by sender-1, 0 s ago",
        "read last": "by archivist-1",
        "lapses": "in 10 s, at 50 s",
    }
    assert not [s for s in sheet_of(run, "message", "m01").sections if s.title == "payload"]


def test_each_consumer_tells_how_busy_it_has_been() -> None:
    """Consumer 2 has worked from 1 s on and died at 8.5 s; a fourth is there from 3 s on."""
    run = ran(find(LEASE), 12.5)
    assert fact(sheet_of(run, "actor", "consumer-2"), "busy").text == "7.5 of 8.5 s, 88%"
    assert "busy" not in {e.label for e in sheet_of(run, "actor", "producer-1").sections[0].entries}
    late = ran(find(LEASE), 3.0)
    late.do(parse_command("spawn consumer"))
    late.advance(5.0)
    assert fact(sheet_of(late, "actor", "consumer-4"), "busy").text == "1.0 of 2.0 s, 50%"


@pytest.mark.parametrize(("dialect", "told"), [("amazon-sqs", True), ("azure-service-bus", False)])
def test_a_queue_says_so_where_nothing_can_be_set_aside(dialect: str, told: bool) -> None:
    run = ran(find("competing-consumers"), 1.0, overrides={"dialect": dialect})
    labels = {each.label for each in sheet_of(run, "queue", "work").sections[0].entries}
    assert ("deferral" in labels) is told


def test_an_actor_spawned_with_more_says_so() -> None:
    run = ran(find("competing-consumers"), 1)
    run.do(parse_command("spawn producer rate=2/s count=4"))
    run.do(parse_command("spawn consumer service=uniform(1s,2s)"))
    told = {e.label: e.text for e in section(sheet_of(run, "actor", "producer-2"), "was given")}
    assert told == {"every": "0.5s", "count": "4"}
    told = {e.label: e.text for e in section(sheet_of(run, "actor", "consumer-4"), "was given")}
    assert told["service"] == "uniform(1s, 2s)"


@pytest.mark.parametrize(("name", "commands", "actor", "told"), [
    ("asynchronous-request-reply", (), "api-1", "0s"),
    ("asynchronous-request-reply", (), "worker-1", "4s"),
    ("asynchronous-request-reply", ("spawn replier",), "replier-1", "1s"),
    ("scheduler-agent-supervisor", ("spawn operator",), "operator-1", "10s"),
    ("scheduler-agent-supervisor", (), "remote-1", "1.5s"),
    ("scheduler-agent-supervisor", (), "supervisor-1", ""),
    ("publisher-subscriber", ("spawn search",), "search-1", "2s"),
    ("saga", (), "credit-1", "2s"),
    ("saga", (), "orchestrator-1", ""),
])  # fmt: skip
def test_an_actor_tells_the_service_time_of_its_own_role(
    name: str, commands: tuple[str, ...], actor: str, told: str
) -> None:
    run = ran(find(name), 1)
    for command in commands:
        run.do(parse_command(command))
    given = [each for each in sheet_of(run, "actor", actor).sections if each.title == "was given"]
    found = {e.label: e.text for each in given for e in each.entries}
    assert found.get("service", "") == (f"{told}, as the settings say" if told else "")


def test_a_message_tells_its_life_so_far_why_and_what_came_of_it() -> None:
    run = ran(find("pipes-and-filters/moving-bottleneck"), 20)
    sheet = sheet_of(run, "message", "m01")
    times = [float(each.label) for each in section(sheet, "what happened to it")]
    assert times == sorted(times)
    assert section(sheet, "because")[-1].text == "source-1 starts"
    follows = [each.text for each in section(sheet, "and so")]
    assert any("m01-decode" in text for text in follows)
    run.seek(0.0)
    early = section(sheet_of(run, "message", "m01"), "what happened to it")
    assert len(early) < len(times)


def test_copies_of_a_message_are_told_together_and_each_by_itself() -> None:
    run = ran(find("publisher-subscriber"), 20)
    copies = section(sheet_of(run, "message", "m41"), "copies")
    assert [each.label for each in copies] == ["audit-1", "eu-1", "dash-1"]
    sheet = sheet_of(run, "message", "eu-1/m41")
    assert fact(sheet, "state").text.startswith("locked by eu-1")
    lines = [each.text for each in section(sheet, "what happened to it")]
    assert any(text.startswith("eu-1 receives m41") for text in lines)
    assert not any("audit-1" in text for text in lines)


def test_a_message_that_is_done_says_what_it_came_to() -> None:
    run = ran(find(LEASE), 40)
    ends = {fact(sheet_of(run, "message", f"m{n:02}"), "state").text for n in (1, 7, 12)}
    assert ends == {"completed", "dead: MaxDeliveryCountExceeded"}


def test_a_message_that_is_not_there_yet_says_so() -> None:
    run = ran(find(LEASE), 1)
    assert "nothing has happened" in sheet_of(run, "message", "m19").sections[0].entries[0].text
    assert "no such queue" in sheet_of(run, "queue", "nowhere").sections[0].entries[0].text
    assert "not been written" in sheet_of(run, "row", "log/m99").sections[0].entries[0].text
    assert "no such actor" in sheet_of(run, "actor", "nobody").sections[0].entries[0].text
    assert "not happened" in sheet_of(run, "event", "99999").sections[0].entries[0].text


def test_a_queue_is_peeked_in_order_without_an_event() -> None:
    run = ran(find(LEASE), 12.5)
    before = run.digest()
    sheet = sheet_of(run, "queue", "work")
    assert fact(sheet, "ready").text == "3"
    assert [each.label for each in section(sheet, "ready, next first (3)")] == ["m08", "m12", "m13"]
    assert [each.label for each in section(sheet, "locked (2)")] == ["m10", "m11"]
    (dead,) = section(sheet, "dead (1)")
    assert dead.target == Selection(Kind.MESSAGE, "m07", "work")
    assert "MaxDeliveryCountExceeded" in dead.text
    assert run.digest() == before
    view = run.view().queues[0]
    assert [each.delivery for each in view.locked] == [1, 1]


@pytest.mark.parametrize(
    ("name", "t", "names"),
    [
        ("ten-priorities", 4.7, ["m21", "m15", "m16", "m13"]),
        ("shortest-first", 4.7, ["m03", "m02"]),
    ],
)
def test_a_queue_with_priorities_is_peeked_in_its_own_order(
    name: str, t: float, names: list[str]
) -> None:
    run = ran(find(f"priority-queue/{name}"), t)
    sheet = sheet_of(run, "queue", "work")
    (ready,) = (each for each in sheet.sections if each.title.startswith("ready, next first"))
    assert [each.label for each in ready.entries][:4] == names


def test_an_event_tells_its_causes_to_the_root_and_its_consequences() -> None:
    run = ran(find(LEASE), 30)
    lost = next(event for event in run.events if event.kind == "lock_lost")
    sheet = sheet_of(run, "event", str(lost.n))
    chain = section(sheet, "because")
    numbers = [int(each.target.name) for each in chain if each.target]
    assert run.events[numbers[0] - 1].cause == 0
    assert [run.events[n - 1].cause for n in numbers[1:]] == numbers[:-1]
    assert lost.cause == numbers[-1]
    received = run.events[numbers[-1] - 1]
    effects = [each.text for each in section(sheet_of(run, "event", str(received.n)), "and so")]
    assert any("m10" in text for text in effects)


def test_what_has_not_happened_yet_is_told_as_later() -> None:
    run = ran(find(LEASE), 30)
    sent = next(event for event in run.events if event.message == "m10")
    run.seek_event(sent.n)
    lines = section(sheet_of(run, "event", str(sent.n)), "and so")
    assert lines
    assert all(each.tone == "faint" and each.text.endswith("(later)") for each in lines)


def test_a_saga_tells_steps_ledgers_and_its_durable_log() -> None:
    run = ran(find("saga"), 13)
    sheet = sheet_of(run, "row", "log/m02")
    assert sheet.title == "saga m02"
    assert [each.label for each in section(sheet, "steps")] == [
        "stock", "credit", "card", "shipping", "notification",
    ]  # fmt: skip
    assert {each.label for each in section(sheet, "ledgers")} >= {"stock", "card"}
    log = [each.text for each in section(sheet, "durable log")]
    assert log[0].startswith("Running · start, intent stock#1")
    assert log[-1].startswith("Completed · done notification#5")


def test_a_row_tells_its_fields_and_what_each_version_changed() -> None:
    run = ran(find("saga"), 13)
    sheet = sheet_of(run, "row", "shelf/item")
    assert {each.label for each in section(sheet, "fields")} == {"free", "reserved", "sold"}
    first, second, *_ = section(sheet, "versions")
    assert first.text.startswith("free 9, reserved 1, sold 0")
    assert second.text == "free 8, reserved 2 (stock-1)"


@pytest.mark.parametrize("name", ["saga", "publisher-subscriber", "scheduler-agent-supervisor"])
def test_whatever_there_is_can_be_looked_at(name: str) -> None:
    run = ran(find(name), 20)
    before = run.digest()
    inspector = Inspector(run, narrate)
    waiting = Waiting(run)
    view = run.view()
    chosen = [Selection(Kind.EVENT, str(event.n)) for event in run.events]
    chosen += [Selection(Kind.MESSAGE, event.message) for event in run.events if event.message]
    chosen += [Selection(Kind.QUEUE, queue.name) for queue in view.queues]
    chosen += [Selection(Kind.ROW, r.key, table.name) for table in view.tables for r in table.rows]
    for each in chosen:
        assert inspector.sheet(each).sections
    for actor in view.actors:
        sheet = inspector.sheet(Selection(Kind.ACTOR, actor.name), waiting.view(actor.name))
        assert sheet.title == actor.name
    assert run.digest() == before


def test_a_subscription_tells_what_holds_for_its_copies_only() -> None:
    run = ran(find("publisher-subscriber/a-guarantee-each"), 9.0)
    board = sheet_of(run, "queue", "board")
    assert fact(board, "mode").text == "receive-and-delete"
    assert fact(board, "lock").text == "none: received is gone"
    audit = sheet_of(run, "queue", "audit-1")
    assert fact(audit, "its own").text == "2 deliveries, lock 2s"
    assert all(each.label != "its own" for each in sheet_of(run, "queue", "x").sections[0].entries)


def test_the_queue_of_a_service_tells_of_each_event_who_else_hears_it() -> None:
    sheet = sheet_of(ran(find("choreography"), 1.0), "queue", "stock")
    hears = next(each for each in sheet.sections if each.title.startswith("hears"))
    assert [each.text for each in hears.entries] == [
        "payment.authorised: heard by 2: stock, delivery",
        "shipment.failed: heard by 4: order, payment, stock, delivery",
    ]
    table = [each.text for each in section(sheet, "who hears whom (8)")]
    assert "order.placed: order ▸ 1: payment" in table
    assert "payment.authorised: payment ▸ 2: stock, delivery" in table
    assert "shipment.failed: nobody yet ▸ 4: order, payment, stock, delivery" in table
    twin = sheet_of(ran(find("choreography/who-noticed-orchestrated"), 1.0), "queue", "stock")
    assert not [each for each in twin.sections if "hear" in each.title]


def test_the_queue_of_a_convoy_tells_how_fast_each_group_is() -> None:
    sheet = sheet_of(ran(find("sequential-convoy/rebalance"), 10), "queue", "orders")
    groups = {each.label: each.text for each in section(sheet, "groups (5)")}
    assert list(groups) == ["A", "B", "C", "D", "E"]
    assert groups["B"] == "4 of 6 done, 0.40/s"
    assert groups["D"] == "3 of 6 done, 0.30/s"


def test_what_is_published_counts_once_however_many_get_a_copy() -> None:
    run = ran(find("publisher-subscriber"), 3.3)
    (publisher,) = (actor for actor in run.view().actors if actor.kind == "producer")
    published = sum(event.kind == kind.PUBLISHED for event in run.events)
    assert publisher.sent == published > 0
