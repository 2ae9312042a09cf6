"""Scenario files written by the session: read back the same, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrail.files import Taken
from mailrail.saving import document_of, file_of, save, to_toml
from mailrail_patterns import catalog
from mailrail_patterns.commands import Crash, Say, Timed
from mailrail_patterns.names import BadInput
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import Document, build, find, load, parse

NASTY = 'say "q" \'a\' \\ back \t tab \x7f del \x1b esc é ☃ 🚂 # no comment = "" \n second line\r\n'


@pytest.mark.parametrize("name", [*catalog.MODULES, *catalog.bundled()])
def test_every_bundled_scenario_comes_back_the_same(name: str) -> None:
    run = Run(find(name))
    document = document_of(run)
    assert parse(to_toml(document)) == document
    again = Run(build(parse(to_toml(document)), "again"))
    run.advance(60)
    again.advance(60)
    assert run.digest() == again.digest()


def test_a_bare_pattern_is_saved_as_pattern_seed_settings_and_steps() -> None:
    run = Run(find("competing-consumers"), overrides={"max-deliveries": "5"})
    run.advance(3.25)
    run.do(Crash("consumer-1"))
    assert to_toml(document_of(run)) == (
        'pattern = "competing-consumers"\n'
        "seed = 1\n"
        "\n[settings]\n"
        'max_deliveries = "5"\n'
        "\n[[steps]]\n"
        'at = "3.25s"\n'
        'do = "crash consumer-1"\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        NASTY,
        'about = "x"',
        "'''",
        '"""',
        'ends with a quote"\nand """"',
        "\n\n  indented\n",
        "\\\nbackslash at the end of a line\\",
        "\u2028\u0085",
        "",
    ],
)
def test_any_text_survives(text: str) -> None:
    document = Document(
        pattern="competing-consumers", title=text, about=text, seed=-(2**63), expect=[text],
        settings={text or "k": text, "n": 1.5, "tiny": 1e-7, "big": 1e22, "yes": True},
    )  # fmt: skip
    again = parse(to_toml(document))
    assert again == document


def test_phases_messages_and_odd_names_survive() -> None:
    text = """
pattern = "competing-consumers"
[[producers]]
replicas = 2
start = "1s"
phases = [{ rate = "12/s", for = "5s" }, { every = "exponential(3s)" }]
[[consumers]]
service = "uniform(1s, 5s)"
[messages.m07]
poison = true
[messages."odd.name ☃"]
work = 1.5
group = "a\\"b"
"""
    document = document_of(Run(build(parse(text), "x")))
    assert parse(to_toml(document)) == document
    assert document.messages["odd.name ☃"].group == 'a"b'
    assert document.producers[0].phases[0].lasts == "5s"


def test_what_a_scenario_extends_is_merged_already(tmp_path: Path) -> None:
    name = "competing-consumers/the-lock-is-a-lease-renewal"
    path = tmp_path / "alone.toml"
    save(Run(find(name)), path)
    scenario = load(path)
    assert scenario.document.extends == ""
    assert dict(scenario.settings)["renewal"] is True
    assert scenario.cast == find(name).cast


def test_a_caption_of_several_lines_is_a_step_like_any_other(tmp_path: Path) -> None:
    run = Run(find("competing-consumers"))
    run.advance(1)
    run.do(Say('two\nlines, "quoted" – and ünïcode'))
    save(run, tmp_path / "a.toml")
    scenario = load(tmp_path / "a.toml")
    assert scenario.steps == (Timed(1.0, Say('two\nlines, "quoted" – and ünïcode')),)


def test_a_longer_duration_is_saved() -> None:
    run = Run(find("competing-consumers"))
    longer = run.fork()
    longer.scenario = type(run.scenario)(
        **{f: getattr(run.scenario, f) for f in run.scenario.__struct_fields__} | {"duration": 90.0}
    )
    assert document_of(longer).duration == "90s"


def test_a_file_is_not_replaced_unless_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("mine")
    run = Run(find("competing-consumers"))
    with pytest.raises(Taken):
        save(run, path)
    assert path.read_text() == "mine"
    save(run, path, overwrite=True)
    assert load(path).pattern == "competing-consumers"


def test_a_full_disk_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.toml"
    path.write_text("mine")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BadInput, match="No space left on device"):
        save(Run(find("competing-consumers")), path, overwrite=True)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["no/such/folder/a", "a\0b", "x" * 300])
def test_what_cannot_be_written_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        save(Run(find("competing-consumers")), file_of(str(tmp_path / name)))


def test_names_of_files_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert file_of("~/a") == tmp_path / "a.toml"
    assert file_of(" a.toml ").name == "a.toml"
    assert file_of("v1.2").name == "v1.2.toml"
    for bad in ("", "  ", str(tmp_path), "new/"):
        with pytest.raises(BadInput):
            file_of(bad)
