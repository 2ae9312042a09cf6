"""``mailrail run``: the report, the data, the files and the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Tree

import msgspec
import pytest
from tests.app.commandline import LATE, LEASE, Typed, scenario

from mailrail import json_report
from mailrail_patterns import catalog, handler
from mailrail_patterns.kernel.events import KINDS, Event

KEYS = [
    "schema", "version", "pattern", "scenario", "seed", "duration", "events", "digest",
    "settings", "metrics", "invariants", "expectations",
]  # fmt: skip
METRICS = {
    "sent", "delivered", "completed", "abandoned", "redelivered", "dead_lettered", "expired",
    "rejected", "lock_lost", "effects", "duplicate_effects", "depth_max", "wait_p50", "wait_p95",
    "wait_max", "age_max", "last_completed_at",
}  # fmt: skip


def test_the_report_of_a_scenario(typed: Typed) -> None:
    result = typed("run", LEASE)
    assert (result.code, result.err) == (0, "")
    for part in (
        "The lock is a lease\n",
        f"{LEASE}\nseed 1 · 60 s of virtual time · 140 events\n",
        "with lock=5s, max_deliveries=3, service=3s, consumers=3\n",
        "✓ as expected: effect-once, worked-on-by-one break; every other guarantee holds,\n",
        "   8.5 s ✗ consumer-2 crashes: no cleanup, no lock released\n",
        "  22.0 s ✗ consumer-3 settles m10 (#2) too late: lock lost, nothing changes\n",
        "  completed            18",
        "  ✗ effect-once breaks 2 times, as expected\n",
        "    First at 22 s: m10 was applied again by consumer-3, because:\n",
        "    14.0 s  #73 consumer-3 receives m10 (#2), lock until 19 s\n",
        " hold: conservation,",
        "  ✓ 22 of 22 met:\n",
        f"\n  mailrail run {LEASE} --seed 1\n",
    ):
        assert part in result.out


def test_the_report_of_a_choreography_tells_who_hears_whom(typed: Typed) -> None:
    out = typed("run", "choreography/paid-once-packed-twice").out
    table = out.partition("Who hears whom\n")[2].partition("\n\n")[0].splitlines()
    assert table[0] == "  courier.booked      delivery    ▸ order"
    assert "  order.completed     order       ▸ nobody" in table
    assert "  payment.authorised  payment     ▸ stock, delivery" in table
    assert "  shipment.failed     nobody yet  ▸ order, payment, stock, delivery" in table
    assert table[-1] == "  everything                      ▸ observer"
    assert "Who hears whom" not in typed("run", "choreography/who-noticed-orchestrated").out


def test_the_report_can_be_pasted(typed: Typed) -> None:
    for name in (LEASE, LATE, f"{LATE}-retries"):
        lines = typed("run", name).out.splitlines()
        assert "\x1b" not in "".join(lines)
        assert all(line == line.rstrip() for line in lines)
        assert all(len(line) <= 80 for line in lines if "mailrail run" not in line)
        assert len(lines) < 140


def test_the_report_is_the_same_every_time(typed: Typed) -> None:
    assert typed("run", f"{LATE}-retries").out == typed("run", f"{LATE}-retries").out


def test_the_repeating_command_is_one_line(typed: Typed) -> None:
    more = [word for n in range(8) for word in ("--do", f"{n}s say Step number {n} of many.")]
    last = typed("run", "competing-consumers", *more).out.splitlines()[-1]
    assert last.startswith("  mailrail run competing-consumers --seed 1 --do")
    assert last.endswith("'7s say Step number 7 of many.'")


def test_a_broken_guarantee_is_exit_code_1(typed: Typed) -> None:
    result = typed("run", LATE.partition("/")[0], "--set", "every=0.1s")
    assert result.code == 1
    assert "✗ answered-in-time breaks\n" in result.out


def test_an_unmet_expectation_is_exit_code_1(typed: Typed) -> None:
    result = typed("run", "competing-consumers", "--for", "10s", "--expect", "sent == 12")
    assert result.code == 1
    assert "✗ not met: sent == 12\n" in result.out
    assert "  ✗ sent == 12: measured 11 at 10 s\n" in result.out


def test_a_run_that_stalls_is_exit_code_1(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "ROUND_TRIP", 0.0)
    name = scenario(
        tmp_path,
        'pattern = "competing-consumers"\n[settings]\nmax_deliveries = 0\nservice = "0s"\n'
        "[messages.m03]\npoison = true\n",
    )
    result = typed("run", name)
    assert result.code == 1
    assert "stalled at 2 s" in result.out
    assert "stalled at 2 s" in result.err


def test_steps_beyond_a_shorter_run_are_never_reached(typed: Typed) -> None:
    result = typed("run", LEASE, "--for", "10s", "--events", "-")
    assert '"kind":"crashed"' in result.out
    assert '"kind":"restarted"' not in result.out


def test_a_fault_for_a_message_that_never_came_is_told_of(typed: Typed) -> None:
    slip = typed("run", "saga", "--for", "9s", "--do", "0s inject decline on m01-crad")
    assert slip.code == 0
    assert "! decline was for m01-crad, which never came; the nearest is 'm01-card'" in slip.out
    right = typed("run", "saga", "--for", "9s", "--do", "0s inject decline on m01-card")
    assert "never came" not in right.out
    later = typed("run", "saga", "--for", "3s", "--do", "9s inject decline on m09-card")
    assert "after the end" in later.err


def test_json_has_the_fixed_keys(typed: Typed) -> None:
    result = typed("run", LEASE, "--json")
    assert (result.code, result.err) == (0, "")
    found = json.loads(result.out)
    assert list(found) == KEYS
    assert (found["schema"], found["pattern"], found["scenario"]) == (
        json_report.SCHEMA,
        "competing-consumers",
        LEASE,
    )
    assert (found["seed"], found["duration"], found["events"]) == (1, 60.0, 140)
    assert found["settings"]["lock"] == 5.0
    assert set(found["metrics"]) >= METRICS
    assert found["metrics"]["completed"] == 18
    held = {each["name"]: each["holds"] for each in found["invariants"]}
    assert [name for name, holds in held.items() if not holds] == [
        "effect-once",
        "worked-on-by-one",
    ]
    broken = next(each for each in found["invariants"] if not each["holds"])
    assert list(broken) == ["name", "holds", "violations", "first"]
    assert list(broken["first"]) == ["event", "time", "because"]
    assert (broken["violations"], broken["first"]["event"], broken["first"]["time"]) == (2, 106, 22)
    assert [event["n"] for event in broken["first"]["because"]] == [5, 55, 58, 70, 73, 106]
    assert found["invariants"][0]["first"] is None
    assert found["expectations"][0] == {
        "expect": "sent == 20",
        "at": 60.0,
        "measured": 20,
        "holds": True,
    }


def test_the_causal_chain_is_made_of_events_as_they_are_written(typed: Typed) -> None:
    found = json.loads(typed("run", LEASE, "--json").out)
    chain = next(each["first"]["because"] for each in found["invariants"] if each["first"])
    lines = [json.loads(line) for line in typed("run", LEASE, "--events", "-").out.splitlines()]
    assert chain == [lines[event["n"] - 1] for event in chain]


def test_events_one_a_line(typed: Typed) -> None:
    lines = typed("run", LEASE, "--events", "-").out.splitlines()
    assert len(lines) == 140
    for number, line in enumerate(lines, 1):
        found = json.loads(line)
        assert list(found)[:3] == ["n", "t", "kind"]
        assert found["n"] == number
        assert found["kind"] in KINDS
        msgspec.json.decode(line, type=Event)


def test_files_of_events_and_verdict(typed: Typed, tmp_path: Path) -> None:
    events, verdict = tmp_path / "events.jsonl", tmp_path / "verdict.xml"
    result = typed("run", LEASE, "--events", str(events), "--junit", str(verdict))
    assert result.code == 0
    assert "What happened" in result.out
    assert events.read_text(encoding="utf-8") == typed("run", LEASE, "--events", "-").out
    suite = Tree.parse(verdict).getroot().find("testsuite")
    assert suite is not None
    found = json.loads(typed("run", LEASE, "--json").out)
    cases = len(found["invariants"]) + len(found["expectations"])
    assert (suite.get("tests"), suite.get("failures")) == (str(cases), "0")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.jsonl", "verdict.xml"]


def test_junit_tells_what_failed(typed: Typed, tmp_path: Path) -> None:
    name = scenario(
        tmp_path,
        'extends = "lease"\nexpect = ["completed == 19"]\n'
        'steps = [{ at = "1s", do = "say \\u001b[2J & <tags>" }]',
    )
    source = catalog.bundled()[LEASE].read_text(encoding="utf-8")
    scenario(tmp_path, source, "lease.toml")
    verdict = tmp_path / "verdict.xml"
    assert typed("run", name, "--junit", str(verdict)).code == 1
    failures = {
        case.get("name"): failure.get("message")
        for case in Tree.parse(verdict).getroot().iter("testcase")
        if (failure := case.find("failure")) is not None
    }
    assert failures["completed == 19"] == "completed == 19: measured 18 at 60 s"
    assert (failures["effect-once"] or "").startswith("breaks 2×, first at 22 s: m10")


@pytest.mark.parametrize("flag", ["--events", "--junit"])
def test_nothing_is_overwritten_without_being_asked(
    typed: Typed, tmp_path: Path, flag: str
) -> None:
    path = tmp_path / "mine"
    path.write_text("precious", encoding="utf-8")
    result = typed("run", LEASE, flag, str(path))
    assert (result.code, result.out) == (2, "")
    assert flag in result.err
    assert "--force" in result.err
    assert path.read_text(encoding="utf-8") == "precious"
    assert typed("run", LEASE, flag, str(path), "--force").code == 0
    assert path.read_text(encoding="utf-8") != "precious"


def test_two_outputs_do_not_share_a_file(typed: Typed, tmp_path: Path) -> None:
    path = str(tmp_path / "one")
    result = typed("run", LEASE, "--events", path, "--junit", path)
    assert result.code == 2
    assert "same file" in result.err
