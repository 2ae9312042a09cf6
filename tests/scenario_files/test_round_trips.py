"""What is written is read back as the same value."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.histories import overloaded, troubled
from tests.support.scenarios import as_file, ran, scenario

from mailrail_patterns import catalog
from mailrail_patterns.commands import (
    Command,
    Crash,
    CrashPoint,
    Heal,
    Inject,
    Pause,
    Redrive,
    Restart,
    Resume,
    Say,
    Set,
    Spawn,
    Stop,
    Timed,
    Wait,
    format_command,
    format_timed,
    parse_command,
    parse_timed,
)
from mailrail_patterns.names import BadInput
from mailrail_patterns.quantities import (
    GRID,
    Distribution,
    format_duration,
    on_grid,
    parse_distribution,
    parse_duration,
)
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import build, parse
from mailrail_patterns.settings import change_all, describe, written

settings.register_profile("mailrail", derandomize=True, database=None, deadline=None)
settings.load_profile("mailrail")

NAME = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WORDS = TEXT.map(str.strip)
AMOUNT = st.sampled_from(["", "1", "3", "2.5", "on"])
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Spawn, NAME, st.integers(1, 100_000), st.lists(st.tuples(NAME, TEXT)).map(tuple)),
    st.builds(Crash, NAME, st.none() | st.sampled_from(CrashPoint)),
    st.builds(Stop, NAME), st.builds(Pause, NAME), st.builds(Resume, NAME),
    st.builds(Restart, NAME), st.builds(Redrive, NAME), st.builds(Set, NAME, TEXT),
    st.builds(Inject, NAME, st.just("") | NAME, AMOUNT),
    st.builds(Inject, NAME, st.just("") | NAME, st.sampled_from(["", "3"]),
              st.sampled_from(CrashPoint),
              st.just("") | NAME),
    st.builds(Heal, NAME, st.just("") | NAME, st.none() | st.sampled_from(CrashPoint)),
    st.builds(Say, WORDS.filter(bool)), st.builds(Wait, WORDS),
)  # fmt: skip
SECONDS = st.integers(0, 1_000_000 * GRID).map(lambda n: n / GRID)
SHORT = st.integers(0, 10**9).map(lambda n: n / GRID)


@given(command=COMMANDS)
def test_a_command(command: Command) -> None:
    assert parse_command(format_command(command)) == command


@given(at=SECONDS, command=COMMANDS)
def test_a_timed_command(at: float, command: Command) -> None:
    timed = Timed(on_grid(at), command)
    assert parse_timed(format_timed(timed)) == timed


@given(seconds=SECONDS)
def test_a_duration(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@given(
    drawn=st.one_of(
        st.builds(Distribution, st.just("constant"), SHORT),
        st.builds(Distribution, st.just("exponential"), SHORT),
        st.tuples(SHORT, SHORT).map(lambda ends: Distribution("uniform", min(ends), max(ends))),
    )
)
def test_a_distribution(drawn: Distribution) -> None:
    assert parse_distribution(str(drawn)) == drawn


@given(text=TEXT)
def test_any_text_is_read_or_refused_but_never_crashes(text: str) -> None:
    complaints: list[str] = []
    for read in (parse_command, parse_timed, parse_duration, parse_distribution):
        try:
            read(text)
        except BadInput as problem:
            complaints.append(problem.problem)
    assert all(complaints)


@given(verb=st.sampled_from(["spawn", "crash", "set", "inject", "heal", "say", "stop"]), rest=TEXT)
def test_any_words_after_a_verb_are_read_or_refused(verb: str, rest: str) -> None:
    try:
        command = parse_command(f"{verb} {rest}")
    except BadInput:
        return
    assert parse_command(format_command(command)) == command


def test_settings_are_written_as_they_are_read() -> None:
    for name in catalog.MODULES:
        pattern = catalog.pattern(name)
        changed = {
            "lock": "7.25s", "capacity": "12", "overflow": "block", "idempotent": "on",
            "loss": "0.25", "retry_delay": "1ms",
        }  # fmt: skip
        drawn = [each.name for each in describe(pattern) if each.kind == "distribution"]
        changed |= dict.fromkeys(drawn, "uniform(1s, 2.5s)")
        made = change_all(pattern, pattern.settings(), changed)
        assert change_all(pattern, pattern.settings(), written(pattern, made)) == made
        assert len(describe(pattern)) == len(pattern.settings.__struct_fields__)


def test_a_history_written_as_a_file_is_the_same_run() -> None:
    for made in (troubled(), overloaded()):
        steps = as_file(made, made.steps, made.duration)
        again = build(parse(steps), "written")
        assert ran(again).digest() == ran(made).digest()


def test_a_scenario_object_can_be_run_twice() -> None:
    made = scenario()
    assert ran(made).digest() == ran(made).digest()
    assert Run(made).events[0].kind == "declared"
