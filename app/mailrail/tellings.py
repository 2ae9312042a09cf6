"""What is said of each kind of event: a tone and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mailrail_patterns.kernel import events as kind
from mailrail_patterns.kernel.events import Event
from mailrail_patterns.sizes import write_size

from .wording import columns, seconds

Told = tuple[str, str]
"""A tone and a text."""


# --- messages -------------------------------------------------------------------------------


def _sent(e: Event) -> Told:
    group = f" ({e.group})" if e.group else ""
    if e.until:
        return "plain", f"{e.actor} sends {e.message}{group}, scheduled for {seconds(e.until)}"
    ahead = ", ahead of everything that waits" if e.token else ""
    if e.text and not e.until:
        log = "" if e.actor else " from the log"
        return "plain", f"{e.queue} gets a copy of {e.message}{group}{log}{ahead}"
    return "plain", f"{e.actor} sends {e.message}{group}{ahead}"


def _delivered(e: Event) -> Told:
    lock = f"lock until {seconds(e.until)}" if e.until else "deleted on receipt"
    tone = "warn" if e.delivery > 1 else "plain"
    group = f"{e.group}, " if e.group else ""
    return tone, f"{e.actor} receives {e.message} ({group}#{e.delivery}), {lock}"


def _working(e: Event) -> Told:
    group = f" ({e.group})" if e.group else ""
    return "plain", f"{e.actor} works on {e.message}{group}: {seconds(e.value)} to do"


def _completed(e: Event) -> Told:
    if e.text == kind.READY_AGAIN:
        where = "it was ready again, and the broker lets that count"
    elif e.text:
        where = f"{e.text.removeprefix(kind.HELD_BY)} works on it, and the broker lets that count"
    else:
        return "good", f"{e.actor} completes {e.message}"
    return "warn", f"{e.actor} completes {e.message} too late: {where}"


def _abandoned(e: Event) -> Told:
    if e.text == "session closed":
        return "warn", f"{e.message} goes back, unsettled and uncounted: {e.actor} lets its lane go"
    again = f", ready again at {seconds(e.until)}" if e.until else ""
    if e.text == kind.UNCOUNTED:
        again += "; this does not count"
    return "warn", f"{e.actor} gives {e.message} back (#{e.delivery}), not done{again}"


def _renewed(e: Event) -> Told:
    return "plain", f"{e.actor} renews its lock on {e.message}, now until {seconds(e.until)}"


def _lock_expired(e: Event) -> Told:
    if e.value == kind.NEVER_HIDDEN:
        return "warn", f"{e.message} was not hidden: others get it besides {e.text} (#{e.delivery})"
    if e.value:
        return "warn", f"{e.text}'s connection is gone: {e.message} comes back (#{e.delivery})"
    holder = f": {e.text} did not settle it in time" if e.text else ""
    return "warn", f"lock on {e.message} runs out{holder} (#{e.delivery})"


def _session_expired(e: Event) -> Told:
    return "warn", f"the lock on lane {e.group} runs out: {e.text} has lost it"


def _session_closed(e: Event) -> Told:
    if not e.actor:
        return "warn", f"the session on lane {e.group} ends: {e.text}"
    return "plain", f"{e.actor} closes its session on lane {e.group}"


def _lock_lost(e: Event) -> Told:
    what = f"{e.actor} settles {e.message} (#{e.delivery}) too late"
    return "bad", f"{what}: {e.text or 'lock lost'}, nothing changes"


def _dead_lettered(e: Event) -> Told:
    after = ""
    if e.text == "MaxDeliveryCountExceeded":
        after = f" after {e.delivery} {'delivery' if e.delivery == 1 else 'deliveries'}"
    if e.actor:
        return "bad", f"{e.actor} rejects {e.message}: dead-letter queue, {e.text}"
    return "bad", f"{e.message} goes to the dead-letter queue: {e.text}{after}"


def _shelved(e: Event) -> Told:
    code, _, why = e.text.partition(": ")
    if not e.actor:
        why = f"after {e.delivery} {'delivery' if e.delivery == 1 else 'deliveries'}"
    else:
        why = f"{e.actor} rejects it ({why})"
    if code == "Archived":
        return "bad", f"{e.message} is archived, {why}: it is delivered no more"
    return "bad", f"{e.message} stays in the stream and is delivered no more, {why}: {code}"


def _redriven(e: Event) -> Told:
    return "note", f"{e.message} is redriven: back in {e.queue}, delivery count 0"


def _ranked(e: Event) -> Told:
    if e.text == "deadline":
        return "plain", f"{e.message} has to be begun by {seconds(e.value)}"
    return "plain", f"{e.message} says that it takes {e.value:g} s"


def _peeked(e: Event) -> Told:
    if not e.message:
        return "note", f"a look at {e.queue}: nothing is ready"
    return "note", f"a look at {e.queue}: {e.message} would be next; it stays where it is"


def _dropped(e: Event) -> Told:
    if e.text == "send lost":
        return "bad", f"{e.message} from {e.actor} is lost on its way to {e.queue}"
    if e.text == "acknowledgement lost":
        return "bad", f"{e.actor}'s word on {e.message} is lost on its way to the broker"
    if e.text == "duplicate":
        return "good", f"{e.queue} has had {e.message} before and drops {e.actor}'s second copy"
    if e.text == kind.QUEUE_FULL:
        return "bad", f"{e.queue} is full and drops what is at its head, {e.message}"
    if e.text == kind.LIMIT:
        return (
            "bad",
            f"{e.queue} drops {e.message} (#{e.delivery}): delivery limit, no dead letters",
        )
    if e.text == kind.RETENTION:
        return "bad", f"dead letter {e.message} is forgotten: it was kept long enough"
    if e.text == kind.TURNED_DOWN:
        who = e.actor or e.queue
        return "bad", f"{who} rejects {e.message}, and {e.queue} drops it: no dead letters"
    if e.text == kind.SUBSCRIPTION_ENDED:
        return "bad", f"{e.message} is lost with the subscription {e.queue}"
    return "bad", f"{e.message} is lost: {e.text}"


def _rejected(e: Event) -> Told:
    return "bad", f"{e.queue} refuses {e.message} from {e.actor}: {_reason(e.text)}"


def _reason(text: str) -> str:
    told = {
        kind.QUEUE_FULL: "the queue is full",
        "MessageTooLarge": "it is too large",
        kind.INPUT_GONE: "what it was made from has outlived its time to live",
        "NoResponders": "nobody has a receiver open",
        "slow consumer": "it is full, and its subscriber is cut off",
        "FilterError": "its filter cannot be applied to that",
        "NoGroup": "it has no group, so no lane",
    }
    return told.get(text, text)


def _effect_skipped(e: Event) -> Told:
    if e.text == "fenced":
        return "good", f"{e.message} by {e.actor} is refused: a later session has been here"
    return "good", f"{e.actor} skips the effect of {e.message}: it is in the inbox"


def _late(e: Event) -> Told:
    return "bad", f"{e.actor} finishes {e.message} after {seconds(e.value)}: its client has left"


def _state(e: Event) -> Told:
    state = f": {e.group}" if e.group else ""
    told = ", ".join(f"{name} {value}" for name, value in columns(e.text))
    return "plain", f"{e.actor} writes {e.queue} {e.message}{state}" + (
        f" ({told})" if told else ""
    )


def _unsubscribed(e: Event) -> Told:
    if not e.text:
        return "note", f"{e.message} no longer subscribes to {e.queue}"
    if e.message == e.queue:
        return "bad", f"{e.queue} is gone, and what was in it: {e.text}"
    return "bad", f"the subscription {e.message} to {e.queue} ends: {e.text}"


def _noted(e: Event) -> Told:
    _, _, sentence = e.text.partition(": ")
    return "warn", f"{e.actor} {sentence}" if sentence else f"{e.actor}: {e.text} {e.message}"


def _subscribed(e: Event) -> Told:
    if e.message == e.queue:
        return "note", f"{e.actor} opens {e.queue}: it goes with the connection"
    return "note", f"{e.message} subscribes to {e.queue}: {e.text}"


def _unrouted(e: Event) -> Told:
    if not e.text:
        return "bad", f"{e.actor} sends {e.message} to {e.queue}: nobody is there, it is lost"
    return "bad", f"{e.actor} publishes {e.message} ({e.text}): nobody subscribes to that"


def _published(e: Event) -> Told:
    copies = "1 copy" if e.value == 1 else f"{e.value:g} copies"
    about = f" ({e.text})" if e.text else ""
    return "plain", f"{e.actor} publishes {e.message}{about} to {e.queue}: {copies}"


def _stored(e: Event) -> Told:
    lapses = f", for {seconds(e.until - e.t)}" if e.until else ""
    what = f"{write_size(e.value)} of {e.message}"
    return "plain", f"{e.actor} puts {what} into locker {e.token}{lapses}"


def _removed(e: Event) -> Told:
    if e.text == "swept":
        return "note", f"{e.actor} sweeps locker {e.token} ({e.message}): no ticket points to it"
    why = {"read": ": deleted as it was read", "released by all": ": nobody needs it any more"}
    return "plain", f"locker {e.token} ({e.message}) is emptied{why.get(e.text, f': {e.text}')}"


def _released(e: Event) -> Told:
    left = f"{e.value:g} still {'does' if e.value == 1 else 'do'}" if e.value else "the last one"
    return "plain", f"{e.text} needs locker {e.token} ({e.message}) no longer: {left}"


def _refused(e: Event) -> Told:
    call, _, reason = e.text.partition(": ")
    what = f" {call} {e.message}".rstrip()
    return "bad", f"{e.actor} cannot{what}: {reason or e.text}"


# --- actors, faults, presenters -------------------------------------------------------------


def _crashed(e: Event) -> Told:
    if e.text.startswith("bug: "):
        return "bad", f"{e.actor} dies of a {e.text}"
    where = f" at {e.text}" if e.text else ""
    return "bad", f"{e.actor} crashes{where}: no cleanup, no lock released"


def _armed(e: Event) -> Told:
    if not e.message:
        who = f"{e.actor} will crash" if e.actor else "whoever passes first will crash"
        return "note", f"{who} at {e.text}"
    on = f" on {e.group}" if e.group not in ("", "any", e.actor) else ""
    point, _, amount = e.text.partition(", ")
    what = f"{e.message}{on}" + (f", {amount}," if amount else "")
    return "note", f"armed: {e.actor or 'whoever passes first'} meets {what} at {point}"


def _disarmed(e: Event) -> Told:
    who = f" for {e.actor}" if e.actor else ""
    return "good", f"taken back: {e.message}{who} at {e.text}"


def _struck(e: Event) -> Told:
    if e.text:
        return "bad", f"{e.actor} passes {e.text}, and meets {e.message}"
    by = f" ({e.actor})" if e.group not in ("", e.actor) else ""
    more = f"; {e.value:g} more to come" if e.value else ""
    return "bad", f"{e.message} strikes {e.group or e.actor}{by}{more}"


def _injected(e: Event) -> Told:
    target = e.actor or e.group
    on = f" on {target}" if target else ""
    if e.token == kind.PENDING:
        when = "the next time" if e.value == 1 else f"the next {e.value:g} times"
        return "bad", f"fault injected: {e.message}{on}, {when}"
    for_whom = e.group and e.token == kind.LASTING  # a fault on a message has no amount
    amount = (f" for every {e.text}" if for_whom else f", {e.text}") if e.text else ""
    lasts = ", until healed" if e.token == kind.LASTING else ""
    return "bad", f"fault injected: {e.message}{on}{amount}{lasts}"


def _healed(e: Event) -> Told:
    target = e.actor or e.group
    return "good", f"fault healed: {e.message}" + (f" on {target}" if target else "")


def _violated(e: Event) -> Told:
    guarantee, _, what = e.text.partition(": ")
    return "bad", f"{guarantee} breaks: {what}"


def _line(tone: str, text: str) -> Callable[[Event], Told]:
    """Return a teller for a kind whose sentence needs no case distinction."""
    return lambda e: (
        tone,
        text.format(actor=e.actor, queue=e.queue, message=e.message, text=e.text),
    )


TELLERS: Final[dict[str, Callable[[Event], Told] | None]] = {
    kind.SENT: _sent,
    kind.DELIVERED: _delivered,
    kind.CONTENDED: _line("warn", "{actor} holds {message} and waits for the shared database"),
    kind.WORKING: _working,
    kind.COMPLETED: _completed,
    kind.ABANDONED: _abandoned,
    kind.RENEWED: _renewed,
    kind.DEFERRED: _line("plain", "{actor} sets {message} aside, to be fetched by name"),
    kind.DUE: _line("plain", "{message} is due: ready in {queue}"),
    kind.LOCK_EXPIRED: _lock_expired,
    kind.LOCK_LOST: _lock_lost,
    kind.DEAD_LETTERED: _dead_lettered,
    kind.SHELVED: _shelved,
    kind.REDRIVEN: _redriven,
    kind.EXPIRED: _line("bad", "{message} has outlived its time to live"),
    kind.REJECTED: _rejected,
    kind.RANKED: _ranked,
    kind.PEEKED: _peeked,
    kind.BLOCKED: _line("warn", "{actor} has to wait with {message}: {queue} is full"),
    kind.DROPPED: _dropped,
    kind.DUPLICATED: _line("warn", "{message} reaches {queue} a second time"),
    kind.EFFECT: _line("plain", "{actor} applies the effect of {message}"),
    kind.EFFECT_SKIPPED: _effect_skipped,
    kind.SESSION_ACCEPTED: lambda e: (
        "plain",
        f"{e.actor} locks lane {e.group} until {seconds(e.until)}",
    ),
    kind.SESSION_RENEWED: lambda e: (
        "plain",
        f"{e.actor} renews its lock on lane {e.group}, now until {seconds(e.until)}",
    ),
    kind.SESSION_EXPIRED: _session_expired,
    kind.SESSION_CLOSED: _session_closed,
    kind.REBALANCING: lambda e: ("warn", f"{e.queue} assigns its lanes anew, {e.text}"),
    kind.REBALANCED: lambda e: (
        "good",
        f"{e.queue} hands lanes out again, after {seconds(e.value)}",
    ),
    kind.RESENT: _line("warn", "{actor} has no answer to {message} and asks again"),
    kind.LATE: _late,
    kind.STATE: _state,
    kind.NOTED: _noted,
    kind.PUBLISHED: _published,
    kind.UNROUTED: _unrouted,
    kind.SUBSCRIBED: _subscribed,
    kind.STORED: _stored,
    kind.FETCHED: lambda e: ("plain", f"{e.actor} reads {e.message} from locker {e.token}"),
    kind.RELEASED: _released,
    kind.REMOVED: _removed,
    kind.LAPSED: lambda e: ("warn", f"locker {e.token} ({e.message}) lapses: its time is over"),
    kind.ALTERED: lambda e: (
        "bad",
        f"somebody alters what is in locker {e.token} ({e.message}): it no longer matches its "
        "digest",
    ),
    kind.REFUSED: _refused,
    kind.UNSUBSCRIBED: _unsubscribed,
    kind.DECLARED: None,  # how a queue is set up is told by the settings
    kind.CHANGED: _line("note", "setting {message} is now {text}"),
    kind.SPAWNED: _line("note", "{actor} starts"),
    kind.CRASHED: _crashed,
    kind.PAUSED: _line("bad", "{actor} freezes; its locks go on ageing"),
    kind.RESUMED: _line("good", "{actor} runs on, unaware of the time that has passed"),
    kind.RESTARTED: _line("good", "{actor} starts again, from durable state only"),
    kind.IGNORED: _line("warn", "command ignored: {text}"),
    kind.STOPPING: _line("note", "{actor} is asked to finish what it holds and leave"),
    kind.STOPPED: _line("note", "{actor} leaves"),
    kind.HALTED: _line("bad", "{actor} halts and takes nothing more: {message} {text}"),
    kind.ARMED: _armed,
    kind.DISARMED: _disarmed,
    kind.STRUCK: _struck,
    kind.INJECTED: _injected,
    kind.HEALED: _healed,
    kind.SAID: _line("note", "{text}"),
    kind.WAITED: lambda e: ("note", e.text or "a pause for the presenter"),
    kind.STALLED: _line("bad", "the run stops: {text}"),
    kind.VIOLATED: _violated,
}
