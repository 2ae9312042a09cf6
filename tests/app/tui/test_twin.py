"""Two runs side by side: one thing different, one playhead, and where they part."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Driver, Opened

from mailrail.comparison import Comparison
from mailrail.offers import offers
from mailrail.session import Session
from mailrail.tui.screens.twin import Twin
from mailrail.tui.screens.twin_keys import idea
from mailrail.tui.widgets.differences import Differences, paint_differences
from mailrail.tui.widgets.header import parted
from mailrail.tui.widgets.paper import whole
from mailrail.tui.widgets.timeline import SharedTimeline
from mailrail.twins import forked_at, sets_anew, twin_of
from mailrail_patterns import catalog
from mailrail_patterns.commands import Crash
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find
from mailrail_patterns.settings import describe, written

STARVE = "priority-queue/starve-then-age"
SIZES = [(80, 24), (60, 14), (120, 36), (160, 48)]


def twins(name: str, until: float, **overrides: str) -> Comparison:
    left = Run(find(name))
    right = twin_of(left, overrides)
    left.advance(until)
    right.advance(until)
    return Comparison(left, right)


def test_where_two_runs_part_and_what_differs_then() -> None:
    compared = twins(STARVE, 20.0, policy="fifo")
    parting = compared.parting()
    assert parting is not None
    assert parting.time == 6.5
    assert "m08" in parting.left
    assert "m07" in parting.right
    differing = {row.name: row for row in compared.differences()}
    assert differing["high_wait_max"].better == -1
    assert "sent" not in differing


def test_before_they_part_they_are_the_same_and_where_they_will_stays_known() -> None:
    compared = twins(STARVE, 6.0, policy="fifo")
    assert compared.parting() is None
    compared.left.advance(20.0)
    compared.right.advance(20.0)
    assert compared.parting() is not None
    compared.left.seek(6.0)
    compared.right.seek(6.0)
    assert compared.differences() == []
    assert compared.parting() is not None


def test_where_they_part_is_looked_for_ahead_of_both_which_stay_where_they_are() -> None:
    compared = twins(STARVE, 0.0, policy="fifo")
    shares = []
    while compared.open:
        shares.append(compared.share)
        compared.go_on(20)
    assert len(shares) > 3
    assert shares == sorted(shares)
    parting, played = compared.parting(), twins(STARVE, 20.0, policy="fifo").parting()
    assert parting == played
    assert parting is not None
    assert compared.left.frontier == compared.right.frontier == 0.0
    same = twins(STARVE, 0.0, retry_delay="5s")
    while same.open:
        same.go_on(5000)
    assert same.parting() is None
    assert same.share == 1.0


@pytest.mark.parametrize(
    ("now", "room", "said"),
    [
        (2.5, 80, "≠ they part at 6.5 s, in 4.0 s"),
        (2.5, 25, "≠ part at 6.5 s, in 4.0 s"),
        (6.5, 80, "≠ they part here, at 6.5 s"),
        (9.0, 80, "≠ they parted at 6.5 s, 2.5 s ago"),
    ],
)
def test_the_header_says_where_they_part(now: float, room: int, said: str) -> None:
    assert whole(room, *parted(6.5, now)) == said


def test_where_one_run_forked_from_the_other() -> None:
    session = Session(find(STARVE))
    session.seek(10.0)
    session.seek(5.0)
    session.do(Crash("worker-1"))
    left, right = session.run, session.futures[0].run
    assert forked_at(left, right) == 5.0
    assert forked_at(left, left) is None
    assert forked_at(left, Run(left.scenario, seed=99)) is None
    assert forked_at(left, Run(left.scenario, overrides={"policy": "fifo"})) is None
    parting = Comparison(left, right).parting()
    assert parting is not None
    assert (parting.time, parting.right) == (5.0, "nothing at that instant")


@pytest.mark.parametrize("name", catalog.MODULES)
def test_what_is_offered_for_a_setting_can_be_run(name: str) -> None:
    pattern = catalog.pattern(name)
    run = Run(find(name))
    defaults = written(pattern, pattern.settings())
    offered = 0
    for setting in describe(pattern):
        now = run.started_with()[setting.name]
        found = offers(pattern, setting, now, defaults[setting.name], run.started_with())
        values = [each.value for each in found]
        assert now not in values
        assert len(values) == len(set(values))
        offered += bool(values)
        for value in values[:2]:
            twin_of(run, {setting.name: value})
    assert offered > len(defaults) * 0.7


def test_offers_say_what_they_are() -> None:
    pattern = catalog.pattern("competing-consumers")
    settings = {setting.name: setting for setting in describe(pattern)}
    start = Run(find("competing-consumers")).started_with()

    def told(name: str, now: str, default: str) -> dict[str, str]:
        found = offers(pattern, settings[name], now, default, start)
        return {each.value: each.about for each in found}

    lock = told("lock", "8s", "30s")
    assert (lock["30s"], lock["4s"], lock["16s"]) == ("the default", "half", "twice")
    assert told("consumers", "4", "4")["5"] == "one more"
    service = told("service", "2s", "1s")
    assert service["uniform(1s, 3s)"] == "as long on average"
    assert "memoryless" in service["exponential(2s)"]
    assert list(told("service", "exponential(2s)", "2s")) == ["2s"]
    assert told("renewal", "off", "off") == {"on": ""}


@pytest.mark.parametrize(("name", "said"), [
    ("claim-check/lost-luggage", ("claim_check=off", "without")),
    ("claim-check/ballooning-bus", ("claim_check=on", "with")),
])  # fmt: skip
def test_a_run_without_the_idea_is_compared_with_one_that_has_it(
    name: str, said: tuple[str, str]
) -> None:
    assert idea(Run(find(name))) == said


def test_a_change_that_makes_no_difference_is_none() -> None:
    compared = twins(STARVE, 75.0, retry_delay="5s")
    assert compared.parting() is None
    assert compared.differences() == []


def test_one_run_that_goes_on_alone() -> None:
    left = Run(find("competing-consumers/the-lock-is-a-lease"))
    right = twin_of(left, {"consumers": "3"})
    left.advance(9.0)
    right.advance(8.0)
    parting = Comparison(left, right).parting()
    assert parting is not None
    assert parting.right == "nothing more happens"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput):
        twin_of(Run(find(STARVE)), {"policy": "lottery"})


def test_what_is_different_stays_different_whatever_the_scenario_sets() -> None:
    compared = twins("claim-check/lost-luggage", 12.0, claim_check="off")
    assert sets_anew(compared.left, "claim-check")
    assert not sets_anew(compared.left, "bus_limit")
    assert dict(compared.left.view().settings)["claim_check"] == "on"
    assert dict(compared.right.view().settings)["claim_check"] == "off"
    parting = compared.parting()
    assert parting is not None
    assert parting.time == 7.5


@pytest.mark.parametrize("name", ["lost-luggage", "lost-luggage-refcount"])
def test_what_fits_only_the_other_settings_can_be_shown_beside_the_run(name: str) -> None:
    """Left without the step that sets it, the scenario alone would not be a run."""
    session = Session(find(f"claim-check/{name}"), clock=lambda: 0.0)
    key, _, value = idea(session.run)[0].partition("=")
    other = twin_of(session.run, {key: value})
    beside = session.beside(other)
    assert beside.run is other
    assert dict(beside.run.view().settings)[key] == value


def test_a_dialect_parts_where_something_goes_another_way_for_it() -> None:
    compared = twins("competing-consumers/the-lock-is-a-lease", 20.0, dialect="rabbitmq-quorum")
    parting = compared.parting()
    assert parting is not None
    assert parting.time == 7.0
    assert "does not count" in parting.right


def test_a_parting_names_its_subject_even_where_the_ledger_is_silent() -> None:
    parting = twins("publisher-subscriber/copies-not-shares", 1.0, copies="off").parting()
    assert parting is not None
    assert parting.left == "audit-1 declared"


def twin(d: Driver) -> Twin:
    screen = d.app.screen
    assert isinstance(screen, Twin)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_without_the_pattern_beside_it(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(STARVE, size) as d:
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        assert any("part at 6.5 s" in row for row in d.text())  # before anybody has asked
        assert size[0] == 60 or "part at 6.5 s, in 6.5 s" in d.text()[0]
        assert "parting" in {m.kind for m in d.app.screen.query_one(SharedTimeline).marks()}
        assert twin(d).session.run.frontier == 0.0
        await d.press("f")
        assert twin(d).session.run.now == 6.5
        assert twin(d).other.now == 6.5
        text = "\n".join(d.text())
        assert "policy=strict" in text
        assert "policy=fifo" in text
        await d.press("full_stop", "full_stop", "right", "left", "space")
        for _ in range(20):
            twin(d).pulse(0.05)
        await d.press("space")
        assert twin(d).other.now == twin(d).session.run.now
        await d.press("0", "q")
        await d.until(lambda: d.showing("Lab"))
        assert d.session.run.now == 0.0


async def test_a_setting_of_ones_own_and_a_future_left_behind(opened: Opened) -> None:
    async with opened(STARVE, (120, 36)) as d:
        d.session.seek(10.0)
        d.session.seek(5.0)
        await d.press("c")
        assert d.session.futures
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        timeline = d.app.screen.query_one(SharedTimeline)
        assert {mark.kind for mark in timeline.marks()} >= {"fork", "parting"}
        assert sum(row.count("◇") + row.count("≠") for row in d.text()[-5:]) == 2
        await d.press("0", "f")
        assert twin(d).session.run.now == 5.0
        await d.press("0", "F")
        assert twin(d).session.run.now == 5.0
        await d.press("T")  # another one instead, a value that no list offers
        await d.until(lambda: d.showing("Menu"))
        await d.press("c", "enter")
        await d.until(lambda: "one more" in "".join(d.text()))
        await d.press("G", "enter")
        await d.until(lambda: d.showing("Form"))
        await d.type("minus one")
        await d.press("enter")
        assert d.showing("Form")
        await d.type("4")
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        assert dict(twin(d).other.view().settings)["consumers"] == "4"


@pytest.mark.parametrize("size", SIZES)
async def test_what_differs_is_chosen_from_lists_and_read_by_keys(
    opened: Opened, size: tuple[int, int]
) -> None:
    async with opened(STARVE, size) as d:
        await d.press("T")
        await d.until(lambda: d.showing("Menu"))
        await d.press("p", "enter")
        await d.until(lambda: "aging" in "".join(d.text()))
        await d.press("enter")
        await d.until(lambda: d.showing("Twin"))
        assert dict(twin(d).other.view().settings)["policy"] == "fifo"
        await d.press("f", "full_stop", "z")
        assert twin(d).visible_panes() == {"differences"}
        differences = d.app.screen.query_one(Differences)
        assert any("they part at 6.5 s" in row for row in d.text())
        assert differences.first == 0
        assert any("wait p95" in row for row in d.text())
        await d.press("z", "j", "j", "k")
        hidden = max(0, differences.count - differences.room)
        assert differences.first == min(1, hidden)
        await d.press("pagedown", "ctrl+d", "ctrl+u")
        assert differences.first >= min(1, hidden)
        await d.press("1", "z")
        assert twin(d).visible_panes() != {"left"}
        await d.press("1", "z")
        assert twin(d).visible_panes() == {"left"}
        await d.press("3", "2", "3", "1", "1")
        assert twin(d).visible_panes() == {"left"}
        await d.press("escape")
        await d.until(lambda: d.showing("Lab"))


def test_metrics_that_differ_have_their_units() -> None:
    compared = twins(STARVE, 20.0, policy="fifo")
    differing = {row.name: row for row in compared.differences()}
    assert differing["high_wait_max"].left.endswith(" s")
    assert differing["high_wait_max"].right.endswith(" s")


def test_where_no_metric_differs_both_events_have_a_row_of_their_own() -> None:
    parting = twins(STARVE, 20.0, policy="fifo").parting()
    rows = paint_differences([], parting, 78, 5, now=20.0).text().splitlines()
    assert rows[1].split()[0] == "left"
    assert rows[2].split()[0] == "right"
