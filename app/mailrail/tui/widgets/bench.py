"""What becomes of the work behind a request: who does it, how far it is, who holds it in vain."""

from __future__ import annotations

from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.projections.errands import ErrandView, JobView, RepliesView
from mailrail_patterns.views import ActorView

from . import figures, glyphs
from .hands import HOLDING, POST, Hands
from .work import left_over

ENDS: Final = {
    "Accepted": ("◌", "ready"),
    "Running": ("●", "working"),
    "Succeeded": ("✓", "done"),
    "Failed": ("✗", "broken"),
    "Cancelled": ("□", "stopped"),
}
"""Sign and ink of each state of a status resource."""

AT_WORK: Final = "at work"
"""What is said of a request that has no status resource while somebody works on it."""

GIVEN_UP: Final = ("TimedOut", "Cancelled")
"""The states of a request that nobody waits for any more."""


class Bench(NamedTuple):
    """The work on one request.

    Attributes:
        job: The name of the message that asks for the work; empty: there is none yet.
        sign: Sign of the state, as the client could learn it.
        state: Its word.
        ink: Its ink.
        share: How much of the work is done, 0 to 1; below 0: nothing is known.
        told: How long it has been worked on, of how long, in words.
        actor: Who works on it or holds it; empty: nobody.
        doing: What they are doing, in words.
        tone: The ink of that.
        left: Seconds the lease has left; 0: none.
        lease: How much of it is left, 0 to 1.
        made: When the job was made, in seconds; below 0: there is none.
        over: When it came to its end, in seconds; below 0: it has not.
    """

    job: str
    sign: str
    state: str
    ink: str
    share: float
    told: str
    actor: str
    doing: str
    tone: str
    left: float
    lease: float
    made: float = -1.0
    over: float = -1.0

    @property
    def forsaken(self) -> bool:
        """Whether the work lies under a lease whose holder does nothing with it."""
        return self.left > 0 and self.share < 0


def scene_of(frame: LabFrame) -> RepliesView:
    """Return the requests and jobs of a frame."""
    scene = frame.view.scene
    return scene if isinstance(scene, RepliesView) else RepliesView((), (), 0)


def bench_of(hands: Hands, errand: ErrandView, jobs: dict[str, JobView]) -> Bench:
    """Work out what is being done for a request."""
    job = jobs.get(errand.ticket) or _issued(errand, jobs)
    blank = Bench("", "", "", "faint", -1.0, "", "", "", "faint", 0.0, 0.0)
    if job is None:
        bench = _work(hands, (errand.request, f"{errand.request}{POST}"), blank)
        vain = bench.state == AT_WORK and errand.state in GIVEN_UP
        return bench._replace(state="for nobody", ink="warn") if vain else bench
    sign, ink = ENDS.get(job.state, ("·", "faint"))
    bench = blank._replace(
        job=f"{job.ticket}-job", sign=sign, state=job.state, ink=ink, made=job.made
    )
    if job.state in ("Accepted", "Running"):
        return _work(hands, (bench.job,), bench._replace(doing="waits in line", tone="ready"))
    paid = "done" if job.charge == "Charged" else "faint"
    share = 1.0 if job.state == "Succeeded" else -1.0
    return bench._replace(share=share, doing=job.charge.lower(), tone=paid, over=job.since)


def _work(hands: Hands, names: tuple[str, ...], bench: Bench) -> Bench:
    """Add who works on one of these messages, or holds it in vain."""
    now = hands.now
    held, lock = hands.held(names)
    left = max(0.0, held.until - now) if held is not None else 0.0
    working = hands.at_work(names)
    if working is not None:
        name, actor = working
        mine = held is not None and held.owner == actor.name
        return _at_work(actor, bench._replace(job=bench.job or name), mine, left, lock, now)
    if held is None:
        later = hands.later(names)
        if later is None:
            return bench
        doing = f"{glyphs.LATER} again in {figures.left(max(0.0, later.until - now))}"
        return bench._replace(doing=doing, tone="age")
    holder = hands.actor(held.owner)
    word = holder.state if holder is not None else "gone"
    if word not in HOLDING and not (holder is not None and left_over(holder, held)):
        return bench._replace(actor=held.owner, doing=f"{glyphs.state(word)} {word}", tone=word)
    return bench._replace(
        actor=held.owner, doing=f"{glyphs.state(word)} {word}", tone=word, left=left,
        lease=left / lock if lock else 0.0,
    )  # fmt: skip


def _issued(errand: ErrandView, jobs: dict[str, JobView]) -> JobView | None:
    """Return the latest job made for a request whose client has not been told of it."""
    made = [job for job in jobs.values() if job.request == errand.request]
    return made[-1] if made else None


def _at_work(
    actor: ActorView, bench: Bench, mine: bool, left: float, lock: float, now: float
) -> Bench:
    elapsed = min(max(0.0, now - actor.began), actor.takes)
    doing = f"{glyphs.state(actor.state)} #{actor.delivery}"
    return bench._replace(
        sign=bench.sign or "●", state=bench.state or AT_WORK,
        ink=bench.ink if bench.state else "working", share=elapsed / actor.takes,
        told=f"{figures.clock(elapsed)}/{figures.clock(actor.takes)}s", actor=actor.name,
        doing=doing if mine else f"{doing} lease lost", tone=actor.state if mine else "warn",
        left=left if mine else 0.0, lease=left / lock if mine and lock else 0.0,
    )  # fmt: skip
