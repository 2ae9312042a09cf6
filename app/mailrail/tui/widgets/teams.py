"""Which workers serve which class, and the rows each of them has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from mailrail.frames import LabFrame
from mailrail_patterns.ranks import HIGH, LOW
from mailrail_patterns.views import ActorView

from .classes import policy_of
from .consuming import choose
from .crew import block_rows

ROLES: Final = (
    ("high-worker", (HIGH,), (HIGH,)),
    ("worker", ("work",), (HIGH, LOW)),
    ("shared-worker", (HIGH, LOW), (HIGH, LOW)),
    ("low-worker", (LOW,), (LOW,)),
)
"""Each role, the queues it takes from and the classes it serves, from the top of the picture."""

QUEUES: Final = {"pools": {HIGH, LOW}, "drain": {HIGH, LOW}}
"""The queues of a policy that has one for each class; the others have one for all."""


class Team(NamedTuple):
    """Workers that serve the same classes, and the rows they have.

    Attributes:
        serves: The classes.
        shown: Those that have rows of their own.
        rest: The others.
        first: The row of the first of them.
        each: Rows of one worker.
    """

    serves: tuple[str, ...]
    shown: Sequence[ActorView]
    rest: Sequence[ActorView]
    first: int
    each: int

    @property
    def rows(self) -> dict[str, int]:
        """The first row of each worker that is shown."""
        return {actor.name: self.first + self.each * i for i, actor in enumerate(self.shown)}

    @property
    def rest_row(self) -> int:
        """The row of those that are not shown."""
        return self.first + self.each * len(self.shown)


def teams_of(frame: LabFrame, first: int, end: int) -> list[Team]:
    """Give the rows from ``first`` to ``end`` to the workers, pool by pool.

    After a change of policy, workers whose queue is not used any more are left out once
    nothing is left on it.
    """
    policy = policy_of(frame)[0]
    used = QUEUES.get(policy, {"work"})
    busy = {queue.name for queue in frame.view.queues if queue.depth or queue.locked}
    found = []
    for role, queues, serves in ROLES:
        workers = [actor for actor in frame.view.actors if actor.role == role]
        if workers and (used.issuperset(queues) or not busy.isdisjoint(queues)):
            found.append((serves, workers))
    teams = []
    for index, (serves, workers) in enumerate(found):
        begin = first + (end - first) * index // len(found)
        rows = first + (end - first) * (index + 1) // len(found) - begin
        shown, rest = choose(workers, frame.selected, rows)
        each = max(1, block_rows(len(shown) + bool(rest), rows))
        slack = rows - each * len(shown) - bool(rest)
        teams.append(Team(serves, shown, rest, begin + max(0, slack) // 2, each))
    return teams
