"""The application: its themes, its command palette, and which screen comes first."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from mailrail import config as configuration
from mailrail import memory
from mailrail.config import Config
from mailrail.notices import Way
from mailrail.session import Session
from mailrail.wardrobe import Wardrobe
from mailrail_patterns.names import BadInput
from mailrail_patterns.scenario import find
from mailrail_themes import DEFAULT, Palette, bundled

from .inner_keys import inner, runner
from .keymap import keymap
from .pairs import paired
from .plain import PlainSigns
from .screens.commands import Commands
from .screens.gallery import Gallery
from .screens.lab import Lab
from .screens.shelf import Shelf
from .screens.sized import Sized
from .screens.theme_menu import ThemeMenu, short
from .theming import textual_theme
from .typeahead import TypeAhead

DEFAULTS: Final = Config()

INTERRUPTED: Final = 128 + 2
"""What the application returns when it was left by Ctrl-C or SIGINT."""

TERMINATED: Final = 128 + 15
"""What it returns when it was left by SIGTERM or because its terminal went away."""


class Explorer(TypeAhead):
    """The terminal explorer."""

    TITLE = "mailrail"
    # Before any dialog or field may take it: it leaves from everywhere.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "help_quit", show=False, system=True, priority=True)
    ]
    ENABLE_COMMAND_PALETTE = True
    CSS = """
    ToastRack { margin-bottom: 0; }
    Toast { padding: 0 1; width: auto; max-width: 100%; margin-top: 0; }
    CommandPalette SearchIcon { display: none; }
    .-plain-signs Card, .-plain-signs Scenarios { border: ascii $panel; }
    .-plain-signs Card.-here { border: ascii $primary; }
    .-plain-signs Dialog > .window { border: ascii $primary; }
    .-plain-signs .pane { border-top: ascii $panel; }
    """

    def __init__(
        self,
        opening: Session | None = None,
        *,
        speed: float = 1.0,
        paused: bool = False,
        config: Config = DEFAULTS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Prepare the application.

        Args:
            opening: What to open; None: the gallery.
            speed: Playback speed of what is opened from the gallery.
            paused: Whether it waits for a key before it plays.
            config: What a person has configured.
            clock: Wall-clock seconds; a test gives its own.
        """
        super().__init__()
        self._opening = opening
        self._speed = speed
        self._paused = paused
        self._clock = clock
        self._opened: dict[str, Session] = {}
        self._wardrobe = Wardrobe()
        self._palettes: dict[str, Palette] = {}
        self._own: set[str] = set()
        own, self._problems = self._wardrobe.look()
        self._hang(bundled().values())
        self._others = frozenset(self.available_themes)
        self._own.update(self._hang(own))
        self.theme = DEFAULT
        self.chosen_keys = config.keys
        self.set_keymap(keymap(config.keys))
        self.plain_signs = config.ascii
        self._signs = PlainSigns()
        if config.animation == "none":
            self.animation_level = "none"

    def get_css_variables(self) -> dict[str, str]:
        """Return the variables of the theme, with what can be read on Textual's own grounds."""
        variables = super().get_css_variables()
        self.theme_variables = {**variables, **paired(variables)}
        return self.theme_variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every drawn line goes through."""
        filters = super().get_line_filters()
        return [*filters, self._signs] if self.plain_signs else filters

    def on_mount(self) -> None:
        """Show the first screen."""
        self.set_class(self.plain_signs, "-plain-signs")
        self._tell_of_themes(self._problems)
        self._tell_of_replaced(self._own)
        if self._opening is None:
            self.push_screen(Gallery())
        else:
            self._enter(self._opening)

    async def run_async(self, **how: Any) -> int | None:
        """Run in this terminal; signals are heeded before anything in it is changed."""
        self._heed_signals()
        return await super().run_async(**how)

    def _heed_signals(self) -> None:
        """Leave in good order when a signal says so: the terminal is not ours to spoil."""
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        codes = {"SIGINT": INTERRUPTED, "SIGTERM": TERMINATED, "SIGHUP": TERMINATED}
        for name, code in codes.items():
            loop.add_signal_handler(getattr(signal, name), self.call_later, self._leave, code)

    async def _leave(self, code: int) -> None:
        """Leave once the screen that is coming up has come: half of one cannot be taken down."""
        await self.settled()
        self.exit(code)

    def _enter(self, session: Session) -> None:
        if not self._paused:
            session.play()
        self.push_screen(Lab(session))

    def on_gallery_picked(self, message: Gallery.Picked) -> None:
        """Show the scenarios of the pattern that was picked, or one of them at once."""
        self.push_screen(Shelf(message.pattern, message.scenario))
        if message.opens:
            self._open(message.scenario)

    def on_shelf_chosen(self, message: Shelf.Chosen) -> None:
        """Open what was chosen from the shelf."""
        self._open(message.name)

    def _open(self, name: str) -> None:
        """Open a scenario; something half done is found as it was left."""
        memory.opened(name)
        left = self._opened.get(name)
        if left is not None and left.run.commands:
            left.tell("As you left it.", ways=(Way("rerun", "runs it anew"),))
            self.push_screen(Lab(left))
            return
        try:
            session = Session(find(name), speed=self._speed, clock=self._clock)
        except BadInput as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        self._opened = {each: old for each, old in self._opened.items() if old.run.commands}
        self._opened[name] = session
        self._enter(session)

    # --- themes ---------------------------------------------------------------------------

    def _hang(self, palettes: Iterable[Palette]) -> list[str]:
        """Offer themes; return their names."""
        names = []
        for palette in palettes:
            self.register_theme(textual_theme(palette))
            self._palettes[palette.name] = palette
            names.append(palette.name)
        return names

    def _tell_of_themes(self, problems: Iterable[str]) -> None:
        for problem in problems:
            self.notify(f"theme {problem}", severity="error", markup=False, timeout=12)

    def _tell_of_replaced(self, own: Iterable[str]) -> None:
        for name in sorted(self._others.intersection(own)):
            text = f"Your own theme {short(name)} is worn instead of the one of that name here."
            self.notify(text, markup=False, timeout=8)

    def look_at_themes(self) -> None:
        """Wear anew what has been changed in its file; what cannot be used is told, once."""
        palettes, problems = self._wardrobe.look()
        names = self._hang(palettes)
        self._tell_of_replaced(name for name in names if name not in self._own)
        self._own.update(names)
        if self.theme in names:
            self.mutate_reactive(App.theme)
        self._tell_of_themes(problems)

    def on_app_focus(self) -> None:
        """Whoever comes back from an editor may have changed a theme in it."""
        self.look_at_themes()

    def action_change_theme(self) -> None:
        """Choose a theme, each seen at once; the one that was worn comes back on Escape."""
        before = self.theme

        def decide(name: str | None) -> None:
            self.theme = before if name is None else name
            if name is not None and name != before:
                keep = f'theme = "{short(name)}" in {configuration.path()}'
                self.notify(f"To keep it: {keep}", title=short(name), markup=False, timeout=8)

        self.push_screen(ThemeMenu(self._palettes, self._own, before), decide)

    # --- the palette ----------------------------------------------------------------------

    def action_command_palette(self) -> None:
        """Show everything that can be done here, to be found by name."""
        if not isinstance(self.screen, Commands):
            self.push_screen(Commands(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every key of the screen, and what has no key."""
        acts = (*inner(screen), *screen.acts) if isinstance(screen, Sized) else ()
        chosen = runner(screen)
        for act in acts:
            if act.action == "app.command_palette":
                continue

            async def run(action: str = act.action) -> None:
                await chosen(action)

            yield SystemCommand(
                f"{act.label}: {act.about}", f"{act.group}, key {act.all_keys}", run
            )

    def action_help_quit(self) -> None:
        """Ctrl-C leaves at once, as in any other terminal program."""
        self.exit(INTERRUPTED)
