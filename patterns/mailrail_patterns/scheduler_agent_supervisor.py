"""Scheduler Agent Supervisor: work that survives whoever is working on it.

All that is known of an order is one row of a state store: who has claimed it, until when, and how
often that came to nothing. A scheduler claims a row and lets an agent call the remote service. If
no reply has been accepted by the complete-by of the claim, the claim is over, whatever the reason,
and nobody tells the supervisor: it finds the row when it scans the store, and gives it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from msgspec.structs import replace

from .pattern import (
    BadInput,
    Fault,
    Knob,
    Order,
    Pattern,
    Remedy,
    Role,
    Safeguard,
    Story,
    Supervising,
    assignment,
    call_until,
    constant,
    holds_lease,
    kinds,
    mend_orders,
    next_of,
    orders,
    produce,
    scan,
    serve_calls,
    settle,
    supervising_rules,
    time_of,
)
from .port import CrashPoint, Distribution, Message, Outcome, Port, QueueSpec, Receiver

K3, K6 = CrashPoint.K3, CrashPoint.K6
WAKE, TASKS, CALLS, PAGER = "wake-ups", "tasks", "calls", "pager"


class Settings(assignment.AssignmentSettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    supervisor: Annotated[bool, Knob("someone watches the store; off = expired rows rot")] = True
    submitters: Annotated[int, Knob("submitters at the start", "", 0, 100, "spawn submitter")] = 1
    schedulers: Annotated[int, Knob("schedulers at the start", "", 0, 100, "spawn scheduler")] = 2
    agents: Annotated[int, Knob("agents at the start", "", 0, 1000, "spawn agent")] = 2
    supervisors: Annotated[int, Knob("supervisors; one leads", "", 0, 100, "spawn supervisor")] = 2
    operators: Annotated[int, Knob("people on the pager", "", 0, 100, "spawn operator")] = 0
    every: Annotated[Distribution, Knob("time between two orders", "s", 1e-6)] = constant(2.5)
    count: Annotated[int, Knob("orders of a submitter; 0 = no end", "", 0, 10_000_000)] = 0
    complete_in: Annotated[float, Knob("complete-by: how long a claim lasts", "s", 0.001)] = 4.0
    scan_every: Annotated[float, Knob("time between two scans of the store", "s", 0.001)] = 6.0
    max_failures: Annotated[int, Knob("failures until Error and an alert", "", 1, 1000)] = 3
    remedy: Annotated[Remedy, Knob("what to do about a claim that failed")] = Remedy.RETRY
    retry_after: Annotated[float, Knob("how soon it may be claimed again", "s")] = 1.0
    long_wait: Annotated[float, Knob("the same, with remedy = wait", "s")] = 15.0
    poll: Annotated[float, Knob("a scheduler looks unasked after so long", "s", 0.001)] = 5.0
    batch: Annotated[int, Knob("rows a scheduler claims at a time", "rows", 1, 1000)] = 1
    service: Annotated[
        Distribution, Knob("time of a call: half to authorise, half to capture", "s")
    ] = constant(1.5)
    concurrency: Annotated[int, Knob("calls the remote serves at once", "calls", 2, 1000)] = 8
    call_timeout: Annotated[
        float, Knob("an agent calls again after so long; 0 = it waits until complete-by", "s")
    ] = 2.0
    call_pause: Annotated[float, Knob("the same, where the remote is unavailable", "s")] = 0.5
    operator_time: Annotated[float, Knob("how long a person takes to mend", "s")] = 10.0
    lease: Annotated[float, Knob("how long leadership lasts unrenewed", "s", 0.001)] = 9.0
    skew: Annotated[
        float, Knob("how far ahead a skewed clock is; below 0: behind", "s", -1000, 1000)
    ] = 5.0
    compare_and_set: Annotated[bool, Knob("write a row only as it was read")] = True
    fencing: Annotated[bool, Knob("only the current attempt's reply counts, in time")] = True
    leader_election: Annotated[bool, Knob("only the leading supervisor scans")] = True
    idempotent: Annotated[bool, Knob("the remote charges an order once, by its key")] = True


async def submitter(port: Port[Settings]) -> None:
    """Submit orders: first the row, which is the order; then a wake-up, which may get lost."""

    async def submit(port: Port[Settings], message: Message) -> Outcome:
        work = message.work if message.work >= 0 else orders.ANY_TIME
        order = Order(message.id, work=work, poison=message.poison)
        await port.store.write(orders.TABLE, message.id, order, state=orders.PENDING, expected=0)
        await port.at(K3)
        return await port.broker.send(WAKE, Message(message.id))

    await produce(port, WAKE, send=submit)


async def scheduler(port: Port[Settings]) -> None:
    """Claim rows, hand them to agents, and write down what they reply.

    A scheduler keeps nothing in its head: after a restart it waits for the replies to what the
    store says it has claimed. A wake-up is only a hint; a row is found without one as well.
    """
    await port.broker.declare(port.settings.queue(port.name))
    wake_ups = port.broker.receiver(WAKE)
    replies = port.broker.receiver(port.name)
    rows = await port.store.rows(orders.TABLE)
    claimed = [row.fields(Order) for row in rows if row.state == orders.PROCESSING]
    await collect(port, replies, [o.complete_by for o in claimed if o.locked_by == port.name])
    while True:
        wake_up = await next_of(port, partial(wake_ups.next, port.settings.poll, routine=True))
        if wake_up is not None:
            await wake_up.complete()
            await port.at(K6)
        elif port.stopping:
            return
        while mine := await claim(port):
            await collect(port, replies, mine)


async def claim(port: Port[Settings]) -> list[float]:
    """Claim the first rows that are due, one write each; return when the claims end."""
    ends: list[float] = []
    for row in [row for row in await port.store.rows(orders.TABLE) if row.state == orders.PENDING]:
        settings, now = port.settings, time_of(port)
        if len(ends) == settings.batch:
            break
        if (order := row.fields(Order)).due > now + orders.LATE:
            continue
        port.goes_on(row)
        await assignment.bench(port, row.key, order)
        if (given := await assignment.assign(port, order)) is None:
            break  # nobody has signed in
        cut_short = port.strikes("expire-claim", row.key)
        order = replace(
            given, locked_by=port.name, attempt=order.attempt + 1,
            complete_by=now if cut_short else now + settings.complete_in,
        )  # fmt: skip
        version = row.version if settings.compare_and_set else None
        state = orders.PROCESSING
        if await port.store.write(orders.TABLE, row.key, order, state=state, expected=version):
            await port.at(K3)
            await hand_over(port, row.key, order)
            ends.append(order.complete_by)
    return ends


async def hand_over(port: Port[Settings], key: str, order: Order) -> None:
    """Let an agent do it: the one it was given to, or whichever is free."""
    name = orders.attempt_id(key, order.attempt)
    if port.suffers("cut-off"):
        port.note(kinds.NOTED, name, f"cut-off: is cut off: {name} reaches no agent")
        return
    task = Message(
        name, order.work, order.poison, order.order, name, reply_to=port.name, correlation=name,
        headers=(("order", order.order), ("task", order.task),
                 ("complete-by", str(order.complete_by))),
        ttl=order.complete_by - time_of(port) if order.agent else 0.0,  # its turn may never come
    )  # fmt: skip
    await port.broker.send(assignment.task_queue(TASKS, order.agent), task)


async def collect(port: Port[Settings], replies: Receiver, ends: Sequence[float]) -> None:
    """Wait for one reply to each claim, until the last of the claims is over."""
    missing, end = len(ends), max(ends, default=0.0)
    while missing and (left := end - time_of(port)) > orders.LATE:
        reply = await next_of(port, partial(replies.next, left))
        if reply is None:
            return
        if port.suffers("cut-off"):
            told = f"cut-off: is cut off and does not see {reply.message.id}"
            port.note(kinds.NOTED, reply.message.correlation, told)
        elif await accept(port, reply.message):
            missing -= 1
        await settle(port, reply)


async def accept(port: Port[Settings], reply: Message) -> bool:
    """Write down what an agent replied; False for the reply to a claim that is over.

    The number of the attempt is a fencing token: whoever was given up for dead and comes back
    carries an old one.
    """
    key, attempt = orders.attempt_of(reply.correlation)
    row = await port.store.read(orders.TABLE, key)
    order, settings = row.fields(Order), port.settings
    current = (
        row.state == orders.PROCESSING
        and (order.locked_by, order.attempt) == (port.name, attempt)
        and time_of(port) <= order.complete_by + orders.LATE
    )
    if row.state == orders.PROCESSED or (settings.fencing and not current):
        told = f"stale: rejects a reply to {reply.correlation}: its claim is over"
        port.note(kinds.NOTED, reply.correlation, told)
        return False
    state = orders.ERROR if reply.header(orders.OUTCOME) == orders.DECLINED else orders.PROCESSED
    settled = replace(order, locked_by="", complete_by=orders.NO_TIME, attempt=attempt)
    version = row.version if settings.compare_and_set else None
    written = await port.store.write(orders.TABLE, key, settled, state=state, expected=version)
    await port.at(K3)
    return written


async def agent(port: Port[Settings]) -> None:
    """Call the remote service for a scheduler, and reply if that succeeds in time.

    Past the complete-by an agent goes silent, with neither a reply nor an error: somebody else
    may be at it already.
    """
    await port.broker.declare(port.settings.queue(port.name))
    tasks = await assignment.take_part(port, TASKS)
    answers = port.broker.receiver(port.name)
    while (task := await next_of(port, tasks.next)) is not None:
        message = task.message
        complete_by = float(message.header("complete-by"))
        outcome = await call_until(port, CALLS, answers, task, complete_by)
        if port.stopping and not outcome:
            await task.abandon()  # whoever takes it next may still be in time
            continue
        if outcome and port.clock.now <= complete_by + orders.LATE:
            await port.at(K3)
            reply = Message(
                f"{message.id}-reply", conversation=message.conversation, group=message.id,
                correlation=message.id, headers=((orders.OUTCOME, outcome),),
            )  # fmt: skip
            await port.broker.send(message.reply_to, reply)
        else:
            port.note(kinds.NOTED, message.id, f"silent: goes silent on {message.id}: too late")
        await settle(port, task)
    await assignment.leave(port)


async def remote(port: Port[Settings]) -> None:
    """The service behind the agents: somebody else's, and never to be trusted."""
    await serve_calls(port, CALLS)


async def supervisor(port: Port[Settings]) -> None:
    """Look at every row now and then; call nobody, restart nothing, know nothing of the work."""
    while not port.stopping:
        await port.clock.sleep(port.settings.scan_every, routine=True)
        settings = port.settings
        if port.stopping or not settings.supervisor:
            continue
        now, lease = time_of(port), settings.lease
        if not settings.leader_election or await holds_lease(port, orders.LEADER, now, lease):
            await scan(port, WAKE, PAGER)


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """Hints, tasks, calls and alerts; replies and answers go to queues of the actors' own."""
    pager = replace(settings.queue(PAGER), duplicate_detection=float("inf"))
    return (settings.queue(WAKE), settings.queue(TASKS), settings.queue(CALLS), pager)


def cast(settings: Settings) -> dict[str, int]:
    """As many of each as the settings say; one remote service."""
    watched = {"supervisor": settings.supervisors} if settings.supervisor else {}
    return {
        "remote": 1, "agent": settings.agents, "scheduler": settings.schedulers, **watched,
        "operator": settings.operators, "submitter": settings.submitters,
    }  # fmt: skip


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if min(settings.locks()) <= settings.complete_in:
        raise BadInput("lock: shorter than a claim, so two agents get one task; raise lock")
    if settings.complete_in < settings.service.mean:
        raise BadInput(
            "complete_in: shorter than a call takes, so every claim is over before its reply; "
            "raise complete_in, or inject slow to see that"
        )
    if settings.leader_election and settings.lease <= settings.scan_every:
        raise BadInput("lease: runs out between two scans of the leader; raise lease")


FAULTS = (
    Fault("slow", "The remote takes so many times as long: replies come after the complete-by.",
          "remote", "factor", "5", lasts=True),
    Fault("unavailable", "The remote turns a call away; the agent tries again.", "message", "calls",
          "1"),
    Fault("poison", "The next order (or the one named) is declined every time: Error.", "message",
          lasts=True, after="What is not declined yet is charged; Error stays Error."),
    Fault("expire-claim", "The next claim (or that of the row named) is over as soon as it is "
          "made.", "message", "claims", "1"),
    Fault("clock-skew", "A clock is off by skew. Supervisor ahead or scheduler behind: claims are "
          "over early, replies come for nothing. The reverse: what expired is noticed late.",
          "supervisor or scheduler", lasts=True,
          after="The clock is right again; a claim keeps the complete-by it was given."),
    Fault("cut-off", "A scheduler is cut off from the agents; the state store it still reaches.",
          "scheduler", lasts=True),
    Fault("store-down", "Nobody reaches the state store; claims go on running out.", lasts=True),
    Fault("duplicate", "The next message comes twice: two wake-ups, one row.", "", "messages", "1"),
    Fault("lose-send", "The next message is lost: a wake-up, a task, a call or a reply.", "",
          "messages", "1"),
    Fault("lose-ack", "The next settlement is lost: its message comes back after the lock.", "",
          "settlements", "1"),
)  # fmt: skip

SAFEGUARDS = (
    Safeguard("compare_and_set", "on", "off", "one-owner",
              "Two schedulers that saw the same row both claim it."),
    Safeguard("fencing", "on", "off", "fenced",
              "Whoever was given up for dead comes back and has the last word."),
    Safeguard("leader_election", "on", "off", "failures-counted-once",
              "Two supervisors count the same failure: orders die early."),
    Safeguard("idempotent", "on", "off", "effect-once",
              "An attempt that was given up had charged after all."),
    Safeguard("elsewhere", "on", "off", "tried-elsewhere",
              "An order meets the same dead agent again.", "assignment=least-loaded"),
)  # fmt: skip

STORY = Story(
    problem="Who works on a task can die, hang or be cut off, and nobody is left who knows of it.",
    brief="Who works on a task can die, and nobody is left who knows.",
    words="lost stuck crash hang recovery orphaned timeout",
    solution="Keep in a state store who has claimed a task and until when. A scheduler claims and "
    "hands over, an agent calls the remote service, and a supervisor that talks to neither looks "
    "for claims that have run out, and gives them back or gives them up.",
    when=(
        "Steps are carried out by remote services that fail, hang or answer too late.",
        "A task must end in a known state although any process may die at any moment.",
    ),
    when_not=(
        "The steps are local: then one transaction does.",
        "A broker's own lock and redelivery are enough (Competing Consumers).",
        "The steps have to be undone in some order when one fails (Saga).",
    ),
    mistaught=(
        '"The supervisor monitors the agents." It calls nobody; it reads rows. A claim that has '
        "run out looks the same whether the agent died, hung or was slow.",
        '"A failed agent\'s work is reassigned at once." Up to a whole scan period later; and '
        "where agents are picked, to the same dead one, unless somebody remembers (elsewhere).",
        '"The complete-by makes sure that nobody works on it any more." It does not reach into a '
        "hung call, which may succeed much later: hence fencing, and an idempotency key.",
        '"Give each agent the same number of tasks." They take different times, and the dead get '
        "their share too: of a queue that all share takes whoever is free.",
        '"Two supervisors are safer than one." Only if one of them leads.',
    ),
    brokers=(
        "Any store with a conditional write will do: a row version in SQL, an ETag in Azure "
        "Table Storage, a condition expression in DynamoDB.",
        "Schedulers that share a table of tasks had to learn it: Apache Airflow lets each "
        "scheduler look for zombies among its own tasks only since two counted the same failure.",
        "An idempotency key must not be the broker's deduplication id as well: SQS FIFO drops what "
        "is sent again under an id within 5 minutes, so that no second try reaches the service "
        "(dialect=amazon-sqs-fifo shows it: here the two are one).",
        "Workflow engines (Temporal, Netflix Conductor, Azure Durable Functions) have all three "
        "roles built in; what is called complete-by here is their activity timeout.",
    ),
)

mends = partial(mend_orders, pager=PAGER, wake_ups=WAKE)
PATTERN = Pattern(
    name="scheduler-agent-supervisor",
    title="Scheduler Agent Supervisor",
    settings=Settings,
    roles=(
        Role("remote", remote, "consumer", "the service that charges", CALLS),
        Role("agent", agent, "consumer", "calls the remote for a scheduler", TASKS,
             points=tuple(CrashPoint), serves=None),
        Role("scheduler", scheduler, "consumer", "claims rows, hands them on", WAKE, serves=None),
        Role("supervisor", supervisor, "consumer", "looks for claims that ran out",
             points=(K3, CrashPoint.K4), serves=None),
        Role("operator", mends, "consumer", "a person who mends what is left", PAGER),
        Role("submitter", submitter, "producer", "submits orders", WAKE, points=(K3,)),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=supervising_rules,
    meter=Supervising,
    story=STORY,
    check=check,
    switch="supervisor=off",
    demo="nobody-tells-the-supervisor",
    safeguards=SAFEGUARDS,
    ledgers=(orders.CHARGES,),
    survives=("scheduler", "supervisor"),
    promised=orders.last_deadline,
)  # fmt: skip
