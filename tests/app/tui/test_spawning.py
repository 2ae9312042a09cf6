"""Actors of every role come and go while the run goes on, in every pattern."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Opened
from tests.support.broker_state import assert_folds_match
from textual.widgets import Input, OptionList

from mailrail.session import Session
from mailrail_patterns import catalog
from mailrail_patterns.commands import Crash, Spawn, Stop
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import build, find, parse

ROLES = [(name, role.name) for name in catalog.MODULES for role in catalog.pattern(name).roles]
IDLE = {
    ("choreography", "orchestrator"), ("claim-check", "notifier"),
    ("pipes-and-filters", "watermark"), ("priority-queue", "high-worker"),
    ("priority-queue", "low-worker"), ("priority-queue", "shared-worker"),
    ("sequential-convoy", "ledger-processor"),
}  # fmt: skip
"""Roles that play in another variant of their pattern: here there is no queue for them."""


@pytest.mark.parametrize(("name", "role"), [each for each in ROLES if each not in IDLE])
def test_two_more_of_every_role_come_one_leaves_and_one_is_killed(name: str, role: str) -> None:
    session = Session(find(name))
    session.seek(3.0)
    before = set(session.actors())
    session.do(Spawn(role, 2))
    first, second = [each for each in session.actors() if each not in before]
    session.seek(6.0)
    session.do(Stop(first))
    session.do(Crash(second))
    session.seek(40.0)
    run = session.run
    assert_folds_match(run)
    states = {actor.name: actor.state for actor in run.view().actors}
    assert (states[first], states[second]) == ("stopped", "crashed")
    assert not [e for e in run.events if e.actor == first and e.kind in ("crashed", "lock_lost")]
    gone = next(e.n for e in run.events if e.actor == first and e.kind == "stopped")
    after = {e.kind for e in run.events if e.actor == first and e.n > gone}
    assert after <= {"unsubscribed"}  # the broker hears that its connection is closed


@pytest.mark.parametrize(("name", "role"), sorted(IDLE))
def test_a_role_without_a_queue_is_refused_and_nothing_dies_of_it(name: str, role: str) -> None:
    session = Session(find(name))
    with pytest.raises(BadInput, match=f"{role} takes no part as the settings stand"):
        session.do(Spawn(role))
    assert not any(e.kind == "crashed" for e in session.run.events)


IN_PLAY = [
    (name, role) for name in catalog.MODULES for role in catalog.pattern(name).roles
    if role.kind == "consumer" and (name, role.name) not in IDLE
]  # fmt: skip
UNASKED = {
    ("asynchronous-request-reply", "replier"), ("claim-check", "archivist"),
    ("scheduler-agent-supervisor", "operator"),
}  # fmt: skip
"""Consumers that nobody asks for anything in the free play of their pattern."""


@pytest.mark.parametrize(("name", "role"), [
    (name, role.name) for name, role in IN_PLAY if role.timed and (name, role.name) not in UNASKED
])  # fmt: skip
def test_who_is_given_a_service_time_works_that_long(name: str, role: str) -> None:
    session = Session(find(name))
    before = set(session.actors())
    session.do(Spawn(role, 2, (("service", "7.77s"),)))
    new = set(session.actors()) - before
    session.seek(30.0)
    works = {e.value for e in session.run.events if e.kind == "working" and e.actor in new}
    assert works - {0.0} == {7.77}  # what is known already takes no time


async def test_who_spends_no_time_of_its_own_is_offered_none_and_takes_none(
    opened: Opened,
) -> None:
    untimed = {(name, role.name) for name, role in IN_PLAY if not role.timed}
    sas = "scheduler-agent-supervisor"
    assert untimed == {
        ("claim-check", "sweeper"), ("pipes-and-filters", "sweeper"),
        (sas, "agent"), (sas, "scheduler"), (sas, "supervisor"),
    }  # fmt: skip
    for name, role in untimed:
        with pytest.raises(BadInput, match=f"service: a {role} takes no such thing"):
            Session(find(name)).do(Spawn(role, 1, (("service", "1s"),)))
        table = f"pattern = '{name}'\n[[consumers]]\nrole = '{role}'\nservice = '1s'\n"
        with pytest.raises(BadInput, match=r"consumers\[0\].service: a .* of its own"):
            build(parse(table), "")
    async with opened(sas) as d:
        await d.press("s")
        options = d.app.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("agent")
        await d.press("enter")
        await d.until(lambda: d.showing("Form"))
        assert len(d.app.screen.query(Input)) == 1


@pytest.mark.parametrize(("name", "key", "kind"), [
    ("competing-consumers", "s", "consumer"), ("choreography", "s", "consumer"),
    ("asynchronous-request-reply", "S", "producer"),
])  # fmt: skip
async def test_the_form_starts_several_of_every_role_with_what_it_is_given(
    opened: Opened, name: str, key: str, kind: str
) -> None:
    roles = [r.name for r in catalog.pattern(name).roles if r.kind == kind]
    async with opened(name) as d:
        for role in roles:
            await d.press(key)
            if len(roles) > 1:
                options = d.app.screen.query_one(OptionList)
                options.highlighted = options.get_option_index(role)
                await d.press("enter")
                await d.until(lambda: d.showing("Form"))
            fields = list(d.app.screen.query(Input))
            fields[0].value = "2"
            fields[1].value = "2/s" if kind == "producer" else "500ms"
            await d.press("enter")
            if (name, role) in IDLE:
                assert any("takes no part" in row for row in d.text())
                await d.press("escape")
                continue
            await d.until(lambda: d.showing("Lab"))
            done = d.session.run.commands[-1].command
            option = ("rate", "2/s") if kind == "producer" else ("service", "500ms")
            assert done == Spawn(role, 2, (option,))
