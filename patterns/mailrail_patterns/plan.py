"""Checks what is going to be done before a run starts, so that a typo does not show at 58 s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .arming import CRASH
from .commands import (
    ANYBODY,
    Command,
    Crash,
    CrashPoint,
    Heal,
    Inject,
    Pause,
    Peek,
    Redrive,
    Restart,
    Resume,
    Set,
    Spawn,
    Stop,
    Timed,
)
from .declaration import AnyPattern, Fault
from .faults import amount_of, bursting, check_heals, check_target, declared, needs_point
from .mentions import check_mentions, subscribes, subscriptions_of
from .names import BadInput, suggest
from .port import Options
from .quantities import format_duration
from .scenario import Scenario
from .settings import change_live
from .spawning import options_of
from .unpassed import check_point


def check_plan(
    pattern: AnyPattern,
    settings: Any,
    scenario: Scenario,
    commands: Sequence[Timed],
    given: Mapping[str, object],
) -> None:
    """Check every step and command against what will exist by then.

    Args:
        pattern: The pattern.
        settings: The settings at the start.
        scenario: The scenario.
        commands: What is done besides its steps.
        given: What has been said of the settings.

    Raises:
        BadInput: Names the step, what is wrong with it and the nearest valid name.
    """
    plan = _Plan(pattern, settings, scenario, given)
    plan.changed = dict(given) != dict(scenario.settings)
    for index, timed in enumerate(scenario.steps):
        try:
            plan.check(timed)
        except BadInput as problem:
            raise problem.inside(f"{scenario.name}: steps[{index}]") from None
    plan.changed = False
    for timed in commands:
        plan.check(timed)
    check_mentions(pattern, settings, plan.subscribers)


class _Plan:
    def __init__(
        self, pattern: AnyPattern, settings: Any, scenario: Scenario, given: Mapping[str, object]
    ) -> None:
        self.given = dict(given)
        self.changed = False
        self.pattern = pattern
        self.settings = settings
        self.duration = scenario.duration
        self.queues: dict[str, None] = {}
        self._declares()
        self.roles = {role.name: role for role in pattern.roles}
        counts = pattern.cast(settings)
        for each in scenario.cast:
            if each.role not in self.roles:
                raise BadInput(f"{pattern.name} has no {each.role}; {suggest(each.role, counts)}")
        self.counts = dict.fromkeys(self.roles, 0)
        self.subscribers: list[str] = []
        for each in scenario.cast:
            self._comes(each.role, each.count, each.options)
            self.roles[each.role].check(settings, each.options)
        given_a_part = {each.role for each in scenario.cast}
        for role, count in counts.items():
            if role not in given_a_part:
                self._comes(role, count, Options())

    def _declares(self) -> None:
        """Take notice of the queues that follow from the settings; those of before stay."""
        self.queues |= dict.fromkeys(spec.name for spec in self.pattern.queues(self.settings))

    def _comes(self, role: str, count: int, options: Options) -> None:
        """Take notice of more actors of a role, and of what they subscribe under."""
        before, part = self.counts[role], self.roles[role]
        self.counts[role] += count
        if subscribes(part):
            for number in range(before + 1, before + count + 1):
                self.subscribers += subscriptions_of(part, f"{role}-{number}", options)

    @property
    def actors(self) -> list[str]:
        return [f"{role}-{n}" for role, count in self.counts.items() for n in range(1, count + 1)]

    def check(self, timed: Timed) -> None:
        if timed.at > self.duration:
            raise BadInput(
                f"{format_duration(timed.at)} is after the end ({format_duration(self.duration)})",
                "at",
            )
        try:
            self._command(timed.command)
        except BadInput as problem:
            raise problem.inside("do") from None

    def _command(self, command: Command) -> None:
        match command:
            case Spawn(role, count, pairs):
                if role not in self.roles:
                    raise BadInput(f"unknown role {role!r}; {suggest(role, self.roles)}")
                options = options_of(self.roles[role], pairs, 0.0)
                self.roles[role].check(self.settings, options)
                self._comes(role, count, options)
            case Set(key, value):
                before = self.pattern.cast(self.settings)
                self.settings = change_live(self.pattern, self.settings, key, value, self.given)
                self.given[key.replace("-", "_")] = value
                check_mentions(self.pattern, self.settings, self.subscribers)
                self._declares()
                for role, count in self.pattern.cast(self.settings).items():
                    if role not in before and not self.counts[role]:
                        self._comes(role, count, Options())
            case Redrive(queue) | Peek(queue):
                names = list(self.queues)
                own = self.pattern.topics(self.settings)  # then queues come with subscriptions
                if queue not in names and not own and not self._brings(queue):
                    raise BadInput(f"unknown queue {queue!r}; {suggest(queue, names)}")
            case Crash(actor, at):
                if actor == ANYBODY and at is None:
                    raise BadInput("crash any needs a crash point: 'crash any at K5'")
                if actor != ANYBODY:
                    self._actor(actor)
                self._point(actor, at)
            case Stop(actor) | Pause(actor) | Resume(actor) | Restart(actor):
                self._actor(actor)
            case Inject():
                self._inject(command)
            case Heal():
                self._heal(command)
            case _:
                pass

    def _inject(self, command: Inject) -> None:
        fault = declared(self.pattern, command.fault)
        amount_of(fault, command.amount)
        if command.target == ANYBODY and fault.target:
            needs_point(fault, command.at)
        else:
            self._target(fault, command.target)
        if command.of not in ("", ANYBODY):
            self._actor(command.of)
        self._point(command.of, command.at)
        if fault.name == "burst":
            self.counts[bursting(self.pattern, self.settings).name] += 1

    def _point(self, actor: str, at: CrashPoint | None) -> None:
        # With other settings than its own a scenario may have no use for a step: what waits for
        # a point that a safeguard takes away is ignored then, which the run tells.
        if at is not None and not self.changed:
            check_point(self.pattern, self.settings, actor, at)

    def _heal(self, command: Heal) -> None:
        name = command.fault
        if command.at is not None:
            if name != CRASH:
                declared(self.pattern, name)
            return
        fault = declared(self.pattern, name)
        check_heals(fault)
        if not fault.sticks:  # then it may be the message that it sticks to
            self._target(fault, command.target)

    def _brings(self, queue: str) -> bool:
        """Say whether an actor may declare the queue: it bears that actor's name then."""
        return any(queue == name or queue.startswith(f"{name}-") for name in self.actors)

    def _actor(self, name: str) -> None:
        if name not in self.actors:
            raise BadInput(f"unknown actor {name!r}; {suggest(name, self.actors)}")

    def _target(self, fault: Fault, target: str) -> None:
        if not target or fault.target == "message":
            return
        check_target(fault, target)
        self._actor(target)
