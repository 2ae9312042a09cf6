"""For somebody who meets a pattern for the first time: its words, and what to try.

The words are the field's. One is explained once, and told with every pattern that needs it, those
of the pattern itself first. What to try is a question, and the settings and commands that answer
it; nothing is asked that the run does not show.
"""

from __future__ import annotations

from typing import Final

import msgspec


class Term(msgspec.Struct, frozen=True):
    """A word of the field.

    Attributes:
        name: The word, and what else it is called.
        about: What it means, in one or two sentences.
    """

    name: str
    about: str


class Experiment(msgspec.Struct, frozen=True):
    """Something to try with a pattern by itself.

    Attributes:
        question: What it answers.
        sets: Settings, as for ``--set``.
        commands: What is done, as for ``--do``.
    """

    question: str
    sets: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def flags(self) -> str:
        """What is typed after the pattern's name."""
        words = [f"--set {each}" for each in self.sets]
        return " ".join([*words, *(f"--do '{each}'" for each in self.commands)])


class Primer(msgspec.Struct, frozen=True):
    """What a beginner needs of a pattern.

    Attributes:
        terms: Its words.
        experiments: What to try.
    """

    terms: tuple[Term, ...] = ()
    experiments: tuple[Experiment, ...] = ()


_WORDS: Final = {
    # Of a message.
    "lock, lease": "The right to work on a message, for a limited time. Whoever dies keeps it "
    "until it runs out; whoever is slower than it loses it and is not told.",
    "delivery count": "How often a message has been handed out, shown as #1, #2. At the limit it "
    "is dead-lettered.",
    "dead letter": "A message that is delivered no more. It lies in the dead-letter queue with "
    "the reason, until somebody looks at it and redrives it, or not.",
    "poison": "A message whose handling fails every time, whoever tries.",
    "to settle": "To end a delivery: complete the message, abandon it (give it back), defer it "
    "(set it aside) or reject it. With a lock that has run out it changes nothing.",
    "effect": "What a handler changes in the world outside: money charged, a row written.",
    "idempotent receiver, inbox": "Keeps the id of each message it has done, in one transaction "
    "with the effect; a message that comes again then changes nothing.",
    "prefetch": "Messages a consumer takes ahead of its work. Their locks run while they wait.",
    "zombie": "A process that was frozen, runs on, and does not know that its lock is gone.",
    "fencing": "Who keeps the data refuses a write whose number is older than one it has seen: "
    "the writer's lock is gone, and somebody else has it.",
    "outbox": "What has to be told is committed together with the change, and sent from there: "
    "never one without the other.",
    "zombie record": "A change that was made, and of which nobody is ever told.",
    "ghost message": "Word of a change that was never made.",
    "K1 to K6": "Points of a handler at which it can die: before it receives (K1), after (K2), "
    "after the effect (K3), after sending and before the effect (K4), before the "
    "acknowledgement (K5), after it (K6).",
    "backpressure": "A full queue makes its senders wait, who make theirs wait.",
    "correlation id": "What all messages of one conversation carry, so that they can be found, "
    "and an answer be matched with its question.",
    # Of load and turns.
    "capacity": "Work that can be done a second: workers divided by the time each takes.",
    "age of the oldest": "How long the first in line has waited. It tells of trouble sooner than "
    "the length of the line.",
    "wasted work": "Work for somebody who has stopped waiting.",
    "starvation": "Somebody waits for ever because others are always preferred.",
    "aging": "Who has waited long enough counts as urgent.",
    "share": "So many of the urgent, then one of the others.",
    "pool": "Workers that serve one class only.",
    "priority inversion": "The urgent waits behind what was taken before it came: by a worker, or "
    "into its prefetch.",
    "group, session": "Messages that belong together, such as the steps of one order: a message "
    "group or session id, in Kafka a key.",
    "lane": "The messages of one group, in order. Its lock covers all of them.",
    "head-of-line blocking": "The first in a lane cannot be done, and all behind it wait.",
    "hot group": "A group with so many messages that one worker cannot keep up; more workers do "
    "not help.",
    "resequencer": "Puts back in order, by their numbers, what came out of order.",
    "rebalance": "Lanes are handed out anew because a worker has come or gone.",
    "filter": "One step that takes a message from a pipe and puts its result into the next.",
    "pipe": "The queue between two filters. It carries, and decides nothing.",
    "bottleneck": "The step with the least capacity: it sets the pace of all. Scale it, and it is "
    "another one.",
    "topic": "Where publishers send to. It keeps nothing: each subscription gets a copy.",
    "subscription": "A queue of its own with a filter: what matches is copied into it.",
    "durable": "Kept while its subscriber is away. Not durable: what comes meanwhile is missed.",
    "wildcard": "A sign in a filter that stands for one or more words of a subject.",
    # Of payloads and answers.
    "ticket, claim check": "The small message that travels instead of the payload, and says where "
    "that lies.",
    "payload store": "Where payloads lie until their tickets are used up.",
    "orphan": "A payload to which no ticket leads: its sender died in between.",
    "dangling ticket": "A ticket whose payload is gone.",
    "sweeper": "Looks through the store from time to time and deletes what nobody needs.",
    "reference count": "How many readers still need a payload; the last one deletes it.",
    "202 Accepted": "The answer of an API that has the work on record and will do it later.",
    "status resource": "The address at which a client asks how far its work is.",
    "303 See Other": "The answer once the work is done: the result is over there.",
    "Retry-After": "How long a client is asked to wait before it asks again.",
    "idempotency key": "A name the client gives its request: the same key, the same work.",
    "late reply": "A reply to somebody who has stopped waiting. It changes nothing any more.",
    # Of workflows.
    "event": "A fact in the past tense, addressed to nobody.",
    "causation id": "The event that a message answers. Together they make a tree.",
    "hop": "A step from an event to the one it led to. A limit on hops ends a loop.",
    "observer": "Reads along and finds what does not end; it decides nothing.",
    "join": "A step that waits for two events, in either order.",
    "local transaction": "A change in one service's own database.",
    "compensation": "A step that makes up for one that was done: a refund. It is no undo, and it "
    "must not fail.",
    "pivot": "The point of no return. Before it a saga goes back, after it only forward.",
    "retryable": "A step that is repeated until it succeeds.",
    "orchestrator": "Sends the commands of a saga and writes down what it is about to do.",
    "durable log": "Where an orchestrator writes its intents, so that another one can go on.",
    "tombstone": "A mark that something has been undone: a command that comes after it is refused.",
    "semantic lock": "A mark on a row that may still be undone: others wait for it.",
    "dirty read": "A decision on a value that is undone later.",
    "state store": "The table with a row for each piece of work; nobody talks to anybody but "
    "through it.",
    "claim": "A row is somebody's (LockedBy) until a time (CompleteBy). A claim is a lease.",
    "supervisor": "Looks through the store for claims that are over. Nobody reports to it.",
    "attempt id": "The number of a claim. A reply to an older one is refused: that is fencing.",
    "leader election": "One of several supervisors scans, for as long as it renews its lease.",
    "early steal": "A claim is taken from somebody who is still in time, by a clock that is ahead.",
}  # fmt: skip

_AT_LEAST_ONCE: Final = (
    "lock, lease", "delivery count", "dead letter", "idempotent receiver, inbox", "K1 to K6",
)  # fmt: skip
"""What every pattern stands on."""

_OF: Final[dict[str, tuple[tuple[str, ...], tuple[Experiment, ...]]]] = {
    "competing-consumers": (
        (*_AT_LEAST_ONCE, "to settle", "poison", "effect", "prefetch", "zombie", "outbox"),
        (
            Experiment("A consumer dies with a message in its hands. Who gets that, and when?",
                       commands=("12s crash consumer-2",)),
            Experiment("The work takes longer than the lock. How often is it done?",
                       sets=("service=8s",)),
            Experiment("The same, with locks that are renewed.", sets=("service=8s", "renewal=on")),
            Experiment("Nothing is locked, and a consumer dies. What is lost?",
                       sets=("mode=receive-and-delete",), commands=("12s crash consumer-2",)),
        ),
    ),
    "queue-based-load-leveling": (
        ("capacity", "age of the oldest", "wasted work", "backpressure"),
        (
            Experiment("A burst comes to a service without a queue. Who is turned away?",
                       sets=("queue_between=off",), commands=("10s inject burst 40",)),
            Experiment("The same burst, and a queue. Who is served, and how late?",
                       commands=("10s inject burst 40",)),
            Experiment("A queue with a bound: few wait long, and some are refused.",
                       sets=("capacity=10",), commands=("10s inject burst 40",)),
        ),
    ),
    "priority-queue": (
        ("starvation", "aging", "share", "pool", "priority inversion"),
        (
            Experiment("High comes as fast as it can be served. When is low?",
                       sets=("high_every=0.5s",)),
            Experiment("The same, with aging. What does it cost high?",
                       sets=("high_every=0.5s", "policy=aging")),
            Experiment("Workers take ten messages ahead. Does high still go first?",
                       sets=("prefetch=10", "consumers=1", "high_every=10s")),
        ),
    ),
    "sequential-convoy": (
        ("group, session", "lane", "head-of-line blocking", "hot group", "fencing", "resequencer",
         "rebalance", "zombie"),
        (
            Experiment("No lanes: what overtakes what?", sets=("sessions=off", "groups=1"),
                       commands=("0s inject slow on worker-1 3",)),
            Experiment("A worker dies with a lane in its hands. Who else waits?",
                       commands=("12s crash worker-1",)),
            Experiment("A poison message blocks its lane. And the other lanes?",
                       sets=("poison_policy=block",), commands=("10s inject poison",)),
        ),
    ),
    "pipes-and-filters": (
        ("filter", "pipe", "bottleneck", "backpressure", "resequencer"),
        (
            Experiment("Three of the slowest filter. Where is the bottleneck now?",
                       sets=("resizers=3", "every=1s")),
            Experiment("Pipes with room for three. Who stands still?",
                       sets=("capacity=3", "every=1s")),
            Experiment("A filter dies between its output and its acknowledgement.",
                       sets=("idempotent=off", "restart_after=1s"),
                       commands=("10s crash resize-1 at K5",)),
        ),
    ),
    "publisher-subscriber": (
        ("topic", "subscription", "durable", "wildcard"),
        (
            Experiment("Two subscribers die and come back. Who gets what was said meanwhile?",
                       commands=("10s crash audit-1", "10s crash dash-1", "15s restart audit-1",
                                 "15s restart dash-1")),
            Experiment("All of them share one queue. Who gets a message?", sets=("copies=off",)),
            Experiment("A subscriber comes in the middle. What does it know of what was before?",
                       commands=("20s spawn search",)),
        ),
    ),
    "claim-check": (
        ("ticket, claim check", "payload store", "orphan", "dangling ticket", "sweeper",
         "reference count"),
        (
            Experiment("Everything travels inside the message. What does the bus say?",
                       sets=("claim_check=off",)),
            Experiment("The sender dies between payload and ticket. Who finds the payload?",
                       commands=("10s crash sender-1 at K3",)),
            Experiment("Two read, and the first one deletes. What does the second one find?",
                       sets=("subscribers=2", "cleanup=delete-after-read")),
        ),
    ),
    "asynchronous-request-reply": (
        ("202 Accepted", "status resource", "303 See Other", "Retry-After", "idempotency key",
         "correlation id", "late reply"),
        (
            Experiment("The 202 is lost and the client asks again. How often is the work done?",
                       commands=("9s inject lose-response",)),
            Experiment("The same, without a key.", sets=("idempotency_key=off",),
                       commands=("9s inject lose-response",)),
            Experiment("The worker dies. What does the status say?",
                       sets=("restart_after=5s",), commands=("12s crash worker-1",)),
        ),
    ),
    "choreography": (
        ("event", "correlation id", "causation id", "hop", "observer", "join", "outbox",
         "zombie record", "ghost message"),
        (
            Experiment("Stock dies. Who notices?", commands=("20s crash stock-1",)),
            Experiment("Payment saves, dies, and has not published. Who hears of it?",
                       sets=("outbox=off", "restart_after=5s"),
                       commands=("9s crash payment-1 at K3",)),
            Experiment("A loop in the wiring. What ends it?",
                       sets=("refuses=stock", "miswired=on")),
        ),
    ),
    "saga": (
        ("local transaction", "compensation", "pivot", "retryable", "orchestrator", "durable log",
         "tombstone", "semantic lock", "dirty read"),
        (
            Experiment("The card is declined. What is undone, and in which order?",
                       commands=("4s inject decline on m02-card",)),
            Experiment("The payment step dies at work and comes back. Is anything charged twice?",
                       sets=("restart_after=5s",), commands=("9s crash card-1",)),
            Experiment("The orchestrator dies, and remembered everything in memory only.",
                       sets=("durable_log=off", "restart_after=5s"),
                       commands=("9s crash orchestrator-1",)),
        ),
    ),
    "scheduler-agent-supervisor": (
        ("state store", "claim", "supervisor", "attempt id", "leader election", "early steal",
         "fencing"),
        (
            Experiment("An agent dies with a claim. Who finds out, and when?",
                       commands=("10.5s crash agent-1",)),
            Experiment("The same, and nobody supervises.", sets=("supervisor=off",),
                       commands=("10.5s crash agent-1",)),
            Experiment("The leading supervisor dies as well. How long until another one scans?",
                       commands=("10.5s crash agent-1", "17s crash supervisor-1")),
        ),
    ),
}  # fmt: skip


def primer(pattern: str) -> Primer:
    """Return what a beginner needs of a pattern; nothing where there is none of that name."""
    own, experiments = _OF.get(pattern, ((), ()))
    words = dict.fromkeys((*own, *_AT_LEAST_ONCE)) if own else {}
    return Primer(tuple(Term(name, _WORDS[name]) for name in words), experiments)
