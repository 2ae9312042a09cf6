"""Commands: the one way anybody changes a run, and the one grammar they are written in.

A key, a ``--do`` flag and a step of a scenario file are all read into the same frozen
value, so whatever was done by hand can be saved, replayed, recorded and run in CI.
"""

from __future__ import annotations

import enum
import shlex

import msgspec

from .names import BadInput, suggest
from .quantities import format_duration, parse_count, parse_duration


class CrashPoint(enum.Enum):
    """Where in a message handler a process can die: around receive, effect, publish, ack."""

    K1 = "before-receive"
    K2 = "after-receive"
    K3 = "after-effect"
    K4 = "after-publish"
    K5 = "before-ack"
    K6 = "after-ack"


ANYBODY = "any"
"""Stands for "whichever actor passes the crash point first"."""


class Spawn(msgspec.Struct, frozen=True, tag="spawn"):
    """Start ``count`` more actors of a role, optionally with parameters (``every=2s``)."""

    role: str
    count: int = 1
    options: tuple[tuple[str, str], ...] = ()


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Let an actor finish what it holds, then leave (a drain)."""

    actor: str


class Crash(msgspec.Struct, frozen=True, tag="crash"):
    """Kill an actor now, or the next time it (or anybody) passes a crash point."""

    actor: str
    at: CrashPoint | None = None


class Pause(msgspec.Struct, frozen=True, tag="pause"):
    """Freeze a process, as a long garbage collection would; its locks go on ageing."""

    actor: str


class Resume(msgspec.Struct, frozen=True, tag="resume"):
    """Let a paused process run on, unaware of the time that has passed."""

    actor: str


class Restart(msgspec.Struct, frozen=True, tag="restart"):
    """Start a crashed or stopped actor again, from durable state only."""

    actor: str


class Set(msgspec.Struct, frozen=True, tag="set"):
    """Change one setting while the run goes on."""

    key: str
    value: str


class Inject(msgspec.Struct, frozen=True, tag="inject"):
    """Switch a fault of the pattern on, for one actor or message or for all.

    Attributes:
        fault: The fault.
        target: What it is for; empty: all, or the next one; with ``at``, :data:`ANYBODY`: who
            passes, or the message in his hand.
        amount: How much of it; empty: its default.
        at: The crash point at whose next passage it strikes; None: now.
        of: Whose passage; empty: the target's, or of whoever passes first.
    """

    fault: str
    target: str = ""
    amount: str = ""
    at: CrashPoint | None = None
    of: str = ""


class Heal(msgspec.Struct, frozen=True, tag="heal"):
    """Switch a fault off again, or take back what waits ``at`` a crash point.

    There a crash is called ``crash``.
    """

    fault: str
    target: str = ""
    at: CrashPoint | None = None


class Redrive(msgspec.Struct, frozen=True, tag="redrive"):
    """Return every dead letter of a queue to its tail, with the delivery count reset."""

    queue: str


class Peek(msgspec.Struct, frozen=True, tag="peek"):
    """Look at what a queue would deliver next, without taking it."""

    queue: str


class Say(msgspec.Struct, frozen=True, tag="say"):
    """Show a caption."""

    text: str


class Wait(msgspec.Struct, frozen=True, tag="wait"):
    """A presenter's break point: playback stops until a key is pressed; headless runs ignore it."""

    text: str = ""


Command = (
    Spawn | Stop | Crash | Pause | Resume | Restart | Set | Inject | Heal
    | Redrive | Peek | Say | Wait
)  # fmt: skip

SYNTAX: dict[str, str] = {
    "spawn": "spawn ROLE [COUNT] [key=value ...]",
    "stop": "stop ACTOR",
    "crash": "crash ACTOR|any [at K1..K6]",
    "pause": "pause ACTOR",
    "resume": "resume ACTOR",
    "restart": "restart ACTOR",
    "set": "set key=value (to the end of the line)",
    "inject": "inject FAULT [on TARGET|any] [AMOUNT] [at K1..K6 [of ACTOR]]",
    "heal": "heal FAULT|crash [on TARGET] [at K1..K6]",
    "redrive": "redrive QUEUE",
    "peek": "peek QUEUE",
    "say": "say TEXT [|| ANSWER] (a caption; presented, the answer waits for a key)",
    "wait": "wait [TEXT [|| ANSWER]] (playback stops until a key is pressed)",
}
"""The verbs and how each is written; help, completion and error messages all read it."""


class Timed(msgspec.Struct, frozen=True):
    """A command and the instant it takes effect: after everything else of that instant.

    Attributes:
        at: Seconds of virtual time since the start of the run.
        command: What is done.
    """

    at: float
    command: Command


def parse_command(text: str) -> Command:
    """Read one command.

    Raises:
        BadInput: If the verb is unknown or its words do not fit; names the nearest verb.
    """
    verb, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if verb not in SYNTAX:
        raise BadInput(f"unknown command {verb!r}; {suggest(verb, SYNTAX)}")
    if verb == "say":
        if not rest:
            raise BadInput(f"expected: {SYNTAX[verb]}")
        return Say(rest)
    if verb == "wait":
        return Wait(rest)
    try:
        words = shlex.split(rest)
    except ValueError as problem:
        raise BadInput(f"cannot read {text!r}: {problem}") from None
    command = _build(verb, words)
    if command is None:
        raise BadInput(f"cannot read {text!r}; expected: {SYNTAX[verb]}")
    return command


def _build(verb: str, words: list[str]) -> Command | None:
    simple: dict[str, type[Stop | Pause | Resume | Restart | Redrive | Peek]] = {
        "redrive": Redrive,
        "peek": Peek,
        "stop": Stop,
        "pause": Pause,
        "resume": Resume,
        "restart": Restart,
    }
    match verb, words:
        case (("stop" | "pause" | "resume" | "restart" | "redrive" | "peek"), [name]):
            return simple[verb](name)
        case "crash", [actor]:
            return Crash(actor)
        case "crash", [actor, "at", point]:
            return Crash(actor, _point(point))
        case "spawn", [role, *more]:
            return _spawn(role, more)
        case "set", [_, *_]:
            return _set(" ".join(words))
        case "inject", [fault, *more]:
            target, more = _target(more)
            more, at, of = _passage(more)
            if len(more) <= 1:
                return Inject(fault, target, more[0] if more else "", at, of)
        case "heal", [fault, *more]:
            target, more = _target(more)
            more, at, of = _passage(more)
            if not more and not of:
                return Heal(fault, target, at)
    return None


def _target(words: list[str]) -> tuple[str, list[str]]:
    if len(words) >= 2 and words[0] == "on":
        return words[1], words[2:]
    return "", words


def _passage(words: list[str]) -> tuple[list[str], CrashPoint | None, str]:
    """Take ``at POINT [of ACTOR]`` off the end."""
    of = ""
    if len(words) >= 4 and words[-2] == "of" and words[-4] == "at":
        words, of = words[:-2], words[-1]
    if len(words) >= 2 and words[-2] == "at":
        return words[:-2], _point(words[-1]), of
    return words, None, ""


def _set(pair: str) -> Set | None:
    """Read one setting: its value goes on to the end of the line, blanks and all."""
    key, equals, value = pair.partition("=")
    key = key.rstrip()
    if not equals or not key or " " in key:
        return None
    return Set(key, value.lstrip())


def _spawn(role: str, words: list[str]) -> Spawn | None:
    count = 1
    if words and "=" not in words[0]:
        count = parse_count(words[0]) if words[0].isdecimal() else 0
        if not 1 <= count <= 100_000:
            raise BadInput(f"spawn takes a count from 1 to 100000, not {words[0]!r}")
        words = words[1:]
    if any("=" not in word for word in words):
        return None
    pairs = [word.partition("=") for word in words]
    return Spawn(role, count, tuple((key, value) for key, _, value in pairs))


def _point(text: str) -> CrashPoint:
    for point in CrashPoint:
        if text.upper() == point.name or text.lower() == point.value:
            return point
    names = [p.name for p in CrashPoint] + [p.value for p in CrashPoint]
    raise BadInput(f"unknown crash point {text!r}; {suggest(text, names)}")


def format_command(command: Command) -> str:
    """Write a command so that :func:`parse_command` reads the same value back."""
    match command:
        case Spawn(role, count, options):
            words = ["spawn", role] + ([str(count)] if count != 1 else [])
            return " ".join(words + [shlex.quote(f"{k}={v}") for k, v in options])
        case Crash(actor, at):
            return f"crash {shlex.quote(actor)}" + (f" at {at.name}" if at else "")
        case Set(key, value):
            return f"set {_plain(f'{key}={value}')}"
        case Inject(fault, target, amount, at, of):
            words = ["inject", fault] + (["on", target] if target else [])
            words += ([amount] if amount else []) + (["at", at.name] if at else [])
            return shlex.join(words + (["of", of] if of else []))
        case Heal(fault, target, at):
            words = ["heal", fault] + (["on", target] if target else [])
            return shlex.join(words + (["at", at.name] if at else []))
        case Redrive(queue) | Peek(queue):
            return f"{type(command).__name__.lower()} {shlex.quote(queue)}"
        case Say(text):
            return f"say {text}"
        case Wait(text):
            return f"wait {text}".strip()
        case Stop(actor) | Pause(actor) | Resume(actor) | Restart(actor):
            return f"{type(command).__name__.lower()} {shlex.quote(actor)}"


def _plain(pair: str) -> str:
    """Write a setting as it is said, or quoted where it would not be read back so."""
    try:
        plain = " ".join(shlex.split(pair)) == pair
    except ValueError:
        plain = False
    return pair if plain else shlex.quote(pair)


def parse_timed(text: str) -> Timed:
    """Read a command with its time in front, as ``--do`` takes it: ``"12s crash consumer-2"``.

    Raises:
        BadInput: If the time or the command cannot be read.
    """
    when, _, rest = text.strip().partition(" ")
    if not rest.strip() or when in SYNTAX:
        raise BadInput(
            f"cannot read {text!r}; expected a time and a command: '12s crash consumer-2'"
        )
    return Timed(parse_duration(when), parse_command(rest))


def format_timed(timed: Timed) -> str:
    """Write a timed command so that :func:`parse_timed` reads the same value back."""
    return f"{format_duration(timed.at)} {format_command(timed.command)}"
