"""Where things are kept on this platform: what is remembered, what a person configures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

NAME: Final = "mailrail"


def state() -> Path:
    """Return the folder for what is remembered from one time to the next; it may not exist."""
    return PlatformDirs(NAME, appauthor=False).user_state_path


def config() -> Path:
    """Return the folder of what a person configures; it may not exist."""
    return PlatformDirs(NAME, appauthor=False).user_config_path


def data() -> Path:
    """Return the folder of what a person adds, such as themes; it may not exist."""
    return PlatformDirs(NAME, appauthor=False).user_data_path
