"""The themes a person has added, read from the data folder."""

from __future__ import annotations

from mailrail_themes import BadTheme, Palette, read

from . import places


def own_themes() -> tuple[list[Palette], list[str]]:
    """Return the themes in the data folder, and what is wrong with those that cannot be used."""
    found: list[Palette] = []
    problems: list[str] = []
    folder = places.data() / "themes"
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        try:
            found.append(read(path))
        except BadTheme as problem:
            problems.append(str(problem))
        except OSError as problem:
            problems.append(f"{path.name}: {problem.strerror or problem}")
    return found, problems
