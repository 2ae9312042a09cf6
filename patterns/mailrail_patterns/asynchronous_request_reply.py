"""Asynchronous Request-Reply: whoever asks gets a ticket at once and the result later.

A call takes the request, puts a job on a queue and answers 202 with the address of a status
resource: a cloakroom ticket. The client comes back for the result when the API tells it to. The
idempotency key is what makes losing the ticket safe. Where both sides speak messages, the answer
comes to a queue of the requester's own instead, matched by a correlation id.
"""

from __future__ import annotations

import enum
from functools import partial
from typing import Annotated, Final

from msgspec.structs import replace

from .pattern import (
    FIXED,
    Awaiting,
    BadInput,
    Change,
    Fault,
    Hooks,
    Knob,
    Pattern,
    Polling,
    Replies,
    Replying,
    ReplySettings,
    Role,
    Safeguard,
    Story,
    Work,
    constant,
    gets_lost,
    handle_each,
    has_outbox,
    jobs,
    next_of,
    oddities,
    replies,
    replying_rules,
    request_each,
    respond,
    tickets,
)
from .port import (
    CrashPoint,
    Delivery,
    Distribution,
    Message,
    Outcome,
    Outgoing,
    Port,
    QueueSpec,
    Reaction,
    Reader,
    Subscription,
    Write,
)

API, JOBS, REQUESTS, ASKED = "api", "jobs", "requests", "asked"
K3, K5, K6 = CrashPoint.K3, CrashPoint.K5, CrashPoint.K6


class Style(enum.Enum):
    """How the answer finds its way back."""

    HTTP_POLL = "http-poll"
    REPLY_QUEUE = "reply-queue"


class Settings(ReplySettings, frozen=True, kw_only=True):
    """What can be changed about the pattern, before and during a run."""

    style: Annotated[
        Style,
        Knob("poll a status resource, or wait on a reply queue", instead="spawn requester"),
    ] = Style.HTTP_POLL
    asynchronous: Annotated[
        bool, Knob("202 and a job queue; off = the call is held until the work is done")
    ] = True
    idempotency_key: Annotated[
        bool, Knob("a key with the request: the same key, the same status resource")
    ] = True
    idempotent: Annotated[
        bool, Knob("idempotent receiver: look in the inbox first, mark it with the effect")
    ] = True
    outbox: Annotated[
        bool, Knob("commit what follows with the change, send it from there until it is taken")
    ] = True
    everybody: Annotated[
        bool, Knob("every replier gets every request, first reply wins", instead="start anew")
    ] = False
    clients: Annotated[int, Knob("clients at the start", "actors", 0, 1000, "spawn client")] = 1
    apis: Annotated[int, Knob("API instances at the start", "actors", 0, 1000, "spawn api")] = 1
    workers: Annotated[int, Knob("workers at the start", "actors", 0, 1000, "spawn worker")] = 1
    requesters: Annotated[
        int, Knob("requesters at the start", "actors", 0, 1000, "spawn requester")
    ] = 1
    repliers: Annotated[int, Knob("repliers at the start", "actors", 0, 1000, "spawn replier")] = 1
    every: Annotated[Distribution, Knob("time between two requests of a client", "s", 1e-6)] = (
        constant(5.0)
    )
    count: Annotated[int, Knob("requests a client makes; 0 = no end", "", 0, 10_000_000)] = 0
    reply_time: Annotated[Distribution, Knob("time a replier takes", "s")] = constant(1.0)
    service: Annotated[Distribution, Knob("time the work on a request takes", "s")] = constant(4.0)
    api_time: Annotated[Distribution, Knob("time the API takes for one call", "s")] = constant(0.0)
    lock: Annotated[float, Knob("how long a lock (lease) lasts", "s", 0.001)] = 10.0


async def client(port: Port[Settings]) -> None:
    """Ask; keep the ticket; poll when told to; fetch the result. An answer goes with its line."""
    await request_each(port, lambda port, inbox: Polling(port, API, inbox),
                       lambda settings: Replies.AT_MOST_ONCE)  # fmt: skip


async def api(port: Port[Settings]) -> None:
    """Answer every call at once: write down what was asked, put a job on the queue, issue a ticket.

    A call comes back if this process dies with it; its ticket is in the table by then or not,
    and the job in the outbox with it.
    """
    calls = port.broker.receiver(API, port.settings.prefetch)
    while (delivery := await next_of(port, calls.next)) is not None:
        seconds = await time_for(port, delivery.message)
        port.begins(delivery, seconds)
        if seconds > 0:
            await port.clock.sleep(seconds)
        kept = port.settings.outbox
        staffed = not port.settings.no_responders or await port.broker.declare(
            job_queue(port.settings)
        )
        decide = partial(accept, port, bool(staffed))
        decided = await port.transact(delivery, decide, once=False, outbox=kept)
        await port.at(K3)
        if await follow_up(port, delivery, decided):
            await port.at(K5)
            await answer(port, delivery.message)
            await delivery.complete()
        else:
            await delivery.abandon(port.settings.retry_delay)
        await port.at(K6)


async def time_for(port: Port[Settings], call: Message) -> float:
    """Return how long a call keeps the API busy; without the pattern, as long as the work takes."""
    settings = port.settings
    seconds = (port.options.service or settings.api_time).sample(port.chance)
    held = not settings.asynchronous and call.header("method") == "POST"
    if held and not (await port.store.read(tickets.RESULTS, resource(settings, call))).version:
        seconds += call.work if call.work >= 0 else settings.service.sample(port.chance)
    return seconds * port.pace


def resource(settings: Settings, call: Message) -> str:
    """Return the ticket a call is about: the key says which it is, if there is one."""
    if call.header("method") != "POST":
        return call.group
    return call.header("key") if settings.idempotency_key and call.header("key") else call.id


def accept(port: Port[Settings], staffed: bool, call: Message, own: Reader) -> Reaction:
    """Decide on a call: a POST makes a ticket and a job, unless its key has made them before.

    ``staffed`` is off if nobody would do the job and that is to be told: 503 instead of a ticket.
    """
    ticket, method = resource(port.settings, call), call.header("method")
    status = own.row(tickets.STATUS, ticket)
    if method == "DELETE" and status.state in (tickets.ACCEPTED, tickets.RUNNING):
        ended = replace(status.fields(tickets.Ticket), ended=port.clock.now)
        undo = Write(tickets.STATUS, ticket, ended, tickets.CANCELLED, status.version)
        return Reaction((undo,), effect=False)
    if method != "POST" or call.header(oddities.INVALID):
        return Reaction(effect=False)
    if not port.settings.asynchronous:
        return jobs.done_at_once(ticket, call, own)
    if status.version:
        same = status.fields(tickets.Ticket).post == call.id  # delivered again, not sent again
        note = f"absorbed: has had {call.header('key')} before: the same ticket, no second job"
        return Reaction(effect=False, note="" if same else note)
    if not staffed:
        return Reaction(effect=False)
    made = tickets.Ticket(call.conversation, call.header("for"), call.id)
    job = replace(call, id=tickets.job_name(ticket), group=ticket, reply_to="")
    issue = Write(tickets.STATUS, ticket, made, tickets.ACCEPTED, 0)
    return Reaction((issue,), (Outgoing(JOBS, job),), effect=False)


async def follow_up(port: Port[Settings], delivery: Delivery, decided: Reaction | None) -> bool:
    """Send the job and wait until the broker has it: before that there is nothing to promise."""
    for each in port.outgoing(delivery) or (decided.sends if decided else ()):
        if await port.broker.send(each.to, each.message) is not Outcome.ACCEPTED:
            return False
    port.dispatched(delivery)
    return True


async def answer(port: Port[Settings], call: Message) -> None:
    """Answer a call; whether the answer arrives, nobody here will know."""
    settings, ticket = port.settings, resource(port.settings, call)
    status = await port.store.read(tickets.STATUS, ticket)
    result = await port.store.read(tickets.RESULTS, ticket)
    response = respond(
        call, status, result, now=port.clock.now, retention=settings.retention,
        retry_after=settings.retry_after,
    )  # fmt: skip
    if not gets_lost(port, response):
        await port.broker.send(call.reply_to, response)


async def worker(port: Port[Settings]) -> None:
    """Do the jobs, each under a lease, and write down what became of them."""
    await handle_each(port, JOBS, FINISH, hooks=JOB)


async def requester(port: Port[Settings]) -> None:
    """Ask with a return address and a correlation id; wait for the reply, but not for ever."""
    to = ASKED if port.settings.everybody else REQUESTS
    await request_each(
        port, lambda port, inbox: Awaiting(port, to, inbox), lambda settings: settings.replies
    )


async def replier(port: Port[Settings]) -> None:
    """Do what is asked for and reply to wherever the request says."""
    queue = REQUESTS
    if port.settings.everybody:
        queue = f"{port.name}-{REQUESTS}"
        await port.broker.subscribe(Subscription(ASKED, port.settings.queue(queue)))
    await handle_each(port, queue, REPLY, REPLY_TIME, REQUEST)


FINISH: Final = Change[Settings](jobs.finish)
JOB: Final = Hooks[Settings](begin=jobs.begin, failed=jobs.fail)
"""A job: its status says that it runs, what came of it, or that it has failed for good."""

REPLY: Final = Change[Settings](replies.reply, outbox=has_outbox)
REPLY_TIME: Final = Work[Settings]("reply_time")
REQUEST: Final = Hooks[Settings](glance=replies.refuse, failed=replies.fail)
"""A request: a reply comes of it in every case, once there is somebody to give one."""


def queues(settings: Settings) -> tuple[QueueSpec, ...]:
    """The API's own queue, the jobs, and the requests of the other style.

    A bound is for the front door: it turns away who calls, not what was promised already. Where
    errors are told, workers count deliveries: a broker that buries a job tells nobody.
    """
    requests = replace(settings.queue(REQUESTS), needs_receiver=settings.no_responders)
    return replace(settings.queue(API), ttl=0.0), job_queue(settings), requests


def job_queue(settings: Settings) -> QueueSpec:
    """Return the declaration of the queue of jobs."""
    limit = 0 if settings.persist_errors else settings.max_deliveries
    return replace(settings.queue(JOBS), capacity=None, ttl=0.0, max_deliveries=limit)


def cast(settings: Settings) -> dict[str, int]:
    """Who takes part in the style that is set."""
    if settings.style is Style.REPLY_QUEUE:
        return {"replier": settings.repliers, "requester": settings.requesters}
    return {"api": settings.apis, "worker": settings.workers, "client": settings.clients}


def check(settings: Settings) -> None:
    """Refuse settings that contradict each other."""
    if settings.timeout <= 2 * settings.latency:
        raise BadInput("timeout: no answer can be back by then; raise timeout")
    if 0 < settings.retention <= settings.retry_after:
        raise BadInput("retention: gone before a client may poll; raise it above retry_after")
    if settings.everybody and settings.no_responders:
        raise BadInput("no_responders: a topic takes what nobody listens for; set everybody=off")


FAULTS = (
    Fault("lose-response", "The next answer (or the next to the request named) is lost: its "
          "client cannot tell whether the call ever arrived.", "message", "responses", "1"),
    Fault("lose-send", "The next message is lost on its way, whatever it is.", "", "messages",
          "1"),
    Fault("lose-ack", "The next settlement is lost: the call or the job comes back.", "",
          "settlements", "1"),
    Fault("slow", "A worker takes so many times as long: it may outlive its lease, clients poll "
          "on.", "consumer", "factor", "3", lasts=True),
    Fault("poison", "The work on the next request (or the one named) fails every time.",
          "message", lasts=True, after=FIXED),
    Fault("invalid", "The next request (or the one named) makes no sense: it is answered 400 at "
          "once, and no work is done.", "message", "requests", "1"),
    Fault("fail", "The next work that is finished (or that on the request named) finds that it "
          "cannot be done: the status, or the reply, says so.", "message", "requests", "1"),
    Fault("duplicate", "The next message arrives twice.", "", "messages", "1"),
    Fault("reorder", "The next message overtakes everything in its queue.", "", "messages", "1"),
    Fault("expire-lock", "The lease of a job or call runs out now, its holder unaware.",
          "message"),
    Fault("broker-down", "No queue can be reached: calls hang, workers finish what they have.",
          lasts=True),
    Fault("store-down", "No table can be reached: nobody can accept, finish or look up anything.",
          lasts=True),
    Fault("cut-off", "A client is cut off: its calls go nowhere, and it hears no answer.",
          "producer", lasts=True),
    Fault("burst", "A further client makes so many requests within a second.", "", "messages",
          "20"),
)  # fmt: skip

SAFEGUARDS = (
    Safeguard("idempotency_key", "on", "off", "charged-once",
              "an answer that is lost looks like a call that was lost; the retry is a second "
              "job."),
    Safeguard("idempotent", "on", "off", "effect-once",
              "a worker that dies before it settles (K5), or outlives its lease, means a second "
              "delivery."),
    Safeguard("outbox", "on", "off", "accepted-is-enqueued",
              "an API that dies between table and queue (K3) has issued a ticket for no job."),
    Safeguard("durable", "on", "off", "every-request-ends",
              "a requester that starts anew has forgotten what it asked for."),
    Safeguard("persist_errors", "on", "off", "errors-are-told",
              "a job that failed for good and does not say so is polled for ever."),
    Safeguard("heed_retry_after", "on", "off", "retry-after-heeded",
              "clients that poll as they like add up to a storm."),
)  # fmt: skip

STORY = Story(
    problem="The work takes longer than a caller can hold the line: gateways time out, callers "
    "retry, and nobody knows whether it was done.",
    brief="The work takes longer than a caller can hold the line.",
    words="slow timeout lost answer retry twice polling callback",
    solution="Answer at once with a ticket (202 and the address of a status resource), do the "
    "work behind a queue; the caller comes back for the result, or gets it on a queue of its own.",
    when=(
        "The work may outlast a connection, or a caller's patience.",
        "Callers can only call, and cannot be called back.",
        "The work has to survive a crash of whoever does it.",
    ),
    when_not=(
        "The answer is there within a fraction of a second: a plain call is simpler.",
        "The result is wanted as a stream, or many want it (Publisher-Subscriber).",
        "Nobody waits for the answer: then it is a command, and no status is needed.",
    ),
    mistaught=(
        '"Retries make sure that it is done." They make sure that it is asked; only the key '
        "makes sure that it is done once.",
        '"No answer means that it failed." A lost answer and a lost call look the same.',
        '"202 means done." It means written down. What became of it, the status says: also that '
        "it failed, or callers poll for ever.",
        '"Poll faster to know sooner." Half of a pause sooner on average, for many more calls; '
        "Retry-After is a floor.",
        '"A request that times out costs nothing." It is worked on all the same, for nobody, while '
        "others wait: give it a time to live of the timeout less the work.",
        '"A correlation id makes it safe." It matches answers; it does not keep a request from '
        "being worked on twice.",
    ),
    brokers=(
        "HTTP: 202 with Location and Retry-After, 303 to the result; a 302 may repeat the POST; an "
        "answer goes with its connection. "
        "The Idempotency-Key header is a draft that large payment APIs have long used.",
        "RabbitMQ direct reply-to and core NATS deliver a reply at most once: to a requester "
        "that is gone, never.",
        "NATS answers at once that nobody listens; most queues take the request and keep silent.",
        "Azure Service Bus: a reply queue for each requester, or one with sessions, the session "
        "id being the return address.",
    ),
)

PATTERN = Pattern(
    name="asynchronous-request-reply",
    title="Asynchronous Request-Reply",
    settings=Settings,
    roles=(
        Role("api", api, "consumer", "takes calls, issues tickets, tells how far it is", API),
        Role("worker", worker, "consumer", "does the jobs, each under a lease", JOBS),
        Role(
            "replier",
            replier,
            "consumer",
            "does it, and replies",
            REQUESTS,
            serves=REPLY_TIME.service,
        ),
        Role("client", client, "producer", "asks, polls and fetches the result", API),
        Role("requester", requester, "producer", "asks and waits on a reply queue", REQUESTS),
    ),
    queues=queues,
    cast=cast,
    faults=FAULTS,
    rules=replying_rules,
    meter=Replying,
    story=STORY,
    check=check,
    switch="asynchronous=off",
    demo="lost-receipt",
    topics=lambda settings: (ASKED,) if settings.everybody else (),
    safeguards=SAFEGUARDS,
    ledgers=(tickets.CHARGES, tickets.RESULTS),
    survives=("api", "worker"),
)
