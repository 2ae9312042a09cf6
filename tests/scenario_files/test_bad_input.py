"""Bad scenario files: each is refused with its place, what was expected, the nearest name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.scenarios import with_steps

from mailrail_patterns.commands import Peek, Set
from mailrail_patterns.names import BadInput
from mailrail_patterns.reading import LARGEST
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, build, find, load, parse

HEAD = 'pattern = "competing-consumers"\n'

UNKNOWN = {
    'patern = "x"': ("patern", "'pattern'"),
    "[[producers]]\nratte = '1/s'": ("producers[0].ratte", "'rate'"),
    "[[producers]]\nphases = [{ rate = 1, fro = '3s' }]": ("producers[0].phases[0].fro", "'for'"),
    "[[consumers]]\nreplica = 3": ("consumers[0].replica", "'replicas'"),
    "[messages.m07]\npoisson = true": ("messages.m07.poisson", "'poison'"),
    "[[steps]]\nat = '1s'\ndoo = 'say x'": ("steps[0].doo", "'do'"),
}  # fmt: skip
WRONG = {
    "pattern = 3": "pattern: expected text in quotes, not 3",
    "duration = true": "duration: expected text in quotes or a number, not true",
    "duration = 1979-05-27": "not 1979-05-27",
    "seed = '1'": 'seed: expected a whole number, not "1"',
    "seed = 1.5": "seed: expected a whole number, not 1.5",
    "title = 7": "title: expected text in quotes, not 7",
    "expect = 'completed == 1'": "expect",
    "expect = [3]": "expect[0]: expected text in quotes, not 3",
    "settings = 3": "settings: expected a table, not 3",
    "steps = {}": "steps: expected a list in square brackets, not a table",
    "messages = []": "messages: expected a table, not a list",
    "[messages]\nm01 = {}\nm07 = true": "messages.m07: expected a table, not true",
    "[messages.m01]\npoison = true\n[messages.m07]\npoison = 'yes'": (
        'messages.m07.poison: expected true or false, not "yes"'
    ),
    "[[producers]]\noptions = { a = 'x', b = 3 }": "producers[0].options.b: expected text",
    "producers = [1]": "producers[0]: expected a table, not 1",
    "[[producers]]\nreplicas = '3'": "producers[0].replicas",
    "[[producers]]\ncount = 1.5": "producers[0].count: expected a whole number, not 1.5",
    "[[steps]]\nat = '1s'": "steps[0]: 'do' is missing",
}
ABSURD = {
    "duration = '0s'": "duration",
    "duration = '-3s'": "duration",
    "duration = '99999999s'": "duration",
    "duration = 1e999": "duration",
    "duration = nan": "duration",
    "duration = '3 fortnights'": "duration",
    f"duration = 1{'0' * 400}": "duration",
    f"seed = {2**64}": "seed",
    "[[producers]]\nreplicas = 0": "producers[0].replicas",
    "[[producers]]\nreplicas = 1000000": "producers[0].replicas",
    "[[producers]]\ncount = -1": "producers[0].count",
    "[[producers]]\nstart = '-1s'": "producers[0].start",
    "[[producers]]\nrate = '0/s'": "producers[0].rate",
    "[[producers]]\nrate = '-2/s'": "producers[0].rate",
    f"[[producers]]\nrate = 1{'0' * 400}": "producers[0].rate",
    "[[producers]]\nevery = '0s'": "producers[0].every",
    "[[producers]]\nevery = '1s'\nrate = '1/s'": "producers[0]",
    "[[producers]]\nrate = '1/s'\nphases = [{ rate = '1/s' }]": "producers[0]",
    "[[producers]]\nphases = [{ rate = '1/s' }, { rate = '2/s' }]": "producers[0].phases[0].for",
    "[[producers]]\nphases = [{ for = '3s' }]": "producers[0].phases[0]",
    "[[consumers]]\nreplicas = -1": "consumers[0].replicas",
    "[[consumers]]\nservice = 'normal(1s)'": "consumers[0].service",
    "[[consumers]]\nservice = 'uniform(5s, 1s)'": "consumers[0].service",
    "[[consumers]]\nservice = 'uniform(1s)'": "consumers[0].service",
    "[messages.m07]\nwork = '-1s'": "messages.m07.work",
    "[messages.m07]\nttl = 'soon'": "messages.m07.ttl",
    "[[steps]]\nat = '-1s'\ndo = 'say x'": "steps[0].at",
    "[[steps]]\nat = '1s'\ndo = 'crahs consumer-1'": "steps[0].do",
    "[[steps]]\nat = '1s'\ndo = ''": "steps[0].do",
    "[[steps]]\nat = '1s'\ndo = 'spawn consumer 0'": "steps[0].do",
    "[[steps]]\nat = '1s'\ndo = 'spawn consumer ²'": "steps[0].do",
    f"[[steps]]\nat = '1s'\ndo = 'spawn consumer {'9' * 5000}'": "steps[0].do",
    "[[steps]]\nat = '1s'\ndo = 'crash consumer-1 at K7'": "steps[0].do",
    "[[steps]]\nat='1s'\ndo='say x'\n[[steps]]\nat='1s'\ndo=\"stop 'a\"": "steps[1].do",
}
PLANNED = {
    "[[steps]]\nat = '61s'\ndo = 'say x'": "after the end",
    "[[steps]]\nat = '1s'\ndo = 'crash consumer-4'": "'consumer-3'",
    "[[steps]]\nat = '1s'\ndo = 'crash any'": "crash point",
    "[[steps]]\nat = '1s'\ndo = 'spawn consumr'": "'consumer'",
    "[[steps]]\nat = '1s'\ndo = 'spawn consumer rate=3/s'": "service",
    "[[steps]]\nat = '1s'\ndo = 'spawn producer every=0s'": "above 0s",
    "[[steps]]\nat = '1s'\ndo = 'spawn producer count=²'": "count: expected a whole number",
    f"[[steps]]\nat = '1s'\ndo = 'spawn producer count={'9' * 5000}'": "count: expected a whole",
    "[[steps]]\nat = '1s'\ndo = 'set lokc=3s'": "'lock'",
    "[[steps]]\nat = '1s'\ndo = 'set lock=0s'": "0.001",
    "[[steps]]\nat = '1s'\ndo = 'redrive wrok'": "'work'",
    "[[steps]]\nat = '1s'\ndo = 'inject posion'": "'poison'",
    "[[steps]]\nat = '1s'\ndo = 'inject slow on consumer-9'": "consumer-",
    "[[steps]]\nat = '1s'\ndo = 'inject burst many'": "number of messages",
    "[[steps]]\nat = '1s'\ndo = 'heal burst'": "happens once",
    "expect = ['completd == 1']": "'completed'",
    "expect = ['completed = 1']": "expected 'METRIC",
    "expect = ['completed == one']": "expected 'METRIC",
    "expect = ['effects-once holds']": "'effect-once'",
    "expect = ['m01.complete == 1']": "'completed'",
    "expect = ['wait_p50 < none']": "none",
    "expect = ['completed == 1 at soon']": "duration",
}
SETTINGS = {
    "lokc = '3s'": "'lock'",
    "lock = '0s'": "0.001",
    "lock = [1]": "expected text or a number",
    "lock = 1979-05-27": "expected text or a number",
    "prefetch = 0": "1 to 1000",
    "prefetch = 1.5": "whole number",
    "prefetch = true": "expected a number",
    "capacity = 'plenty'": "unbounded",
    "capacity = -1": "expected 0",
    "overflow = 'explode'": "drop-oldest",
    "idempotent = 'perhaps'": "on or off",
    "service = 'gamma(1s)'": "exponential",
    "loss = 1.5": "0 to 1",
    "loss = nan": "0 to 1",
    "capacity = 10000001": "expected 0 to 10000000 messages, not 10000001",
    "lock = true": "not true",
    f"max_deliveries = 1{'0' * 400}": "expected",
    f"lock = 1{'0' * 400}": "lock",
    "lock = '1s'\nlatency = '1s'": "raise lock",
    "ttl = '1s'\nlatency = '2s'\nlock = '9s'": "raise ttl",
}


def refusal(text: str, *, run: bool = False) -> str:
    """Return the complaint about a file of this text."""
    try:
        scenario = build(parse(text), "here")
        if run:
            Run(scenario)
    except BadInput as problem:
        return str(problem)
    pytest.fail(f"accepted: {text[:200]}")


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_key_names_its_place_and_the_nearest(text: str) -> None:
    place, nearest = UNKNOWN[text]
    complaint = refusal(HEAD + text)
    assert complaint.startswith(f"{place}: unknown key")
    assert nearest in complaint


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_type_names_its_place(text: str) -> None:
    head = "" if text.startswith("pattern") else HEAD
    assert WRONG[text] in refusal(head + text)


@pytest.mark.parametrize("text", ABSURD, ids=lambda text: text[:50])
def test_an_absurd_value_names_its_place(text: str) -> None:
    complaint = refusal(HEAD + text)
    assert complaint.startswith(f"{ABSURD[text]}:"), complaint


@pytest.mark.parametrize("text", PLANNED)
def test_what_cannot_be_done_is_said_before_the_run(text: str) -> None:
    assert PLANNED[text] in refusal(HEAD + text, run=True)


@pytest.mark.parametrize(
    ("pattern", "queue"),
    [
        ("asynchronous-request-reply", "client-1-inbox-1"),
        ("scheduler-agent-supervisor", "agent-1"),
        ("priority-queue", "work"),
    ],
)
def test_a_queue_that_is_there_may_be_named(pattern: str, queue: str) -> None:
    """An actor has declared it, or it has been there since other settings asked for it."""
    run = Run(build(Document(pattern=pattern), "here"))
    run.advance(10.0)
    if pattern == "priority-queue":
        run.do(Set("policy", "pools"))
    run.do(Peek(queue))
    saved = Run(with_steps(run.scenario, run.commands))
    saved.advance(10.0)
    assert saved.digest() == run.digest()


@pytest.mark.parametrize("text", SETTINGS, ids=lambda text: text[:30])
def test_a_bad_setting_says_what_would_be_good(text: str) -> None:
    complaint = refusal(f"{HEAD}[settings]\n{text}", run=True)
    assert SETTINGS[text] in complaint
    assert "settings" in complaint


def test_no_pattern_lists_them() -> None:
    assert "competing-consumers" in refusal("title = 'x'")
    assert "'competing-consumers'" in refusal("pattern = 'competing-consumer'")


@pytest.mark.parametrize(
    "text", ["pattern", "[[", "a = 1\na = 2", "pattern = 'x", f"seed = {'9' * 5000}", "\x00"]
)
def test_what_is_not_toml_says_so(text: str) -> None:
    assert "not TOML" in refusal(text)


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    refusal(f"{HEAD}a = {'[' * 5000}{']' * 5000}")
    refusal(f"{HEAD}[settings]\nlock = {'[' * 200}{']' * 200}", run=True)


def test_files_that_are_none(tmp_path: Path) -> None:
    binary = tmp_path / "latin.toml"
    binary.write_bytes(b"title = '\xe9'")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (LARGEST + 1))
    for path, complaint in {
        binary: "not UTF-8",
        large: "larger than",
        tmp_path: "directory",
        tmp_path / "none.toml": "No such file",
        tmp_path / ("x" * 300 + ".toml"): "too long",
    }.items():
        with pytest.raises(BadInput, match=complaint) as caught:
            load(path)
        assert str(path) in str(caught.value)


def test_a_name_too_long_for_any_file_is_refused() -> None:
    with pytest.raises(BadInput):
        find("x" * 5000)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(BadInput, match="device or a pipe"):
        load(Path("/dev/zero"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_one_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.toml"
    path.write_text(HEAD)
    path.chmod(0)
    with pytest.raises(BadInput, match="ermission"):
        load(path)


def write(folder: Path, **files: str) -> Path:
    """Write files and return the first."""
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return folder / f"{next(iter(files))}.toml"


def test_extending_in_a_circle(tmp_path: Path) -> None:
    first = write(tmp_path, a='extends = "b"', b='extends = "c"', c='extends = "a"')
    with pytest.raises(BadInput, match="circle"):
        load(first)
    with pytest.raises(BadInput, match="circle"):
        load(write(tmp_path, own='extends = "own"'))


def test_extending_what_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    first = write(tmp_path, child='extends = "parrent"', parent=HEAD)
    with pytest.raises(BadInput, match="the nearest is 'parent'"):
        load(first)


def test_extending_a_name_too_long_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        load(write(tmp_path, child=f'extends = "{"x" * 5000}"'))


def test_a_child_says_only_what_differs(tmp_path: Path) -> None:
    base = (
        HEAD + "seed = 9\nduration = '20s'\nexpect = ['sent == 1']\n"
        "[settings]\nlock = '7s'\nprefetch = 2\n[messages.m01]\npoison = true"
    )
    first = write(
        tmp_path, child='extends = "base"\n[settings]\nprefetch = 3\n[messages.m02]\nwork = "1s"',
        base=base,
    )  # fmt: skip
    found = load(first)
    assert (found.seed, found.duration, found.expect) == (9, 20.0, ("sent == 1",))
    assert dict(found.settings) == {"lock": "7s", "prefetch": 3}
    assert [name for name, _ in found.messages] == ["m01", "m02"]


def test_a_child_may_say_what_is_usual_where_its_base_does_not(tmp_path: Path) -> None:
    base = HEAD + "seed = 9\nduration = '20s'\nexpect = ['sent == 1']\n"
    child = 'extends = "base"\nseed = 1\nduration = "60s"\nexpect = []'
    found = load(write(tmp_path, child=child, base=base))
    assert (found.seed, found.duration, found.expect) == (1, 60.0, ())


def test_steps_are_sorted_by_time_and_ties_keep_their_order() -> None:
    text = "".join(
        f"[[steps]]\nat = '{at}s'\ndo = 'say {word}'\n"
        for at, word in ((3, "c"), (1, "a"), (3, "d"), (2, "b"))
    )
    steps = build(parse(HEAD + text), "here").steps
    assert [getattr(timed.command, "text", "") for timed in steps] == ["a", "b", "c", "d"]


def test_a_complaint_names_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, bad=HEAD + "sede = 3")
    with pytest.raises(BadInput) as caught:
        load(path)
    assert str(caught.value) == f"{path}: sede: unknown key; the nearest is 'seed'"
