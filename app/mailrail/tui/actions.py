"""Every key, declared once: footer, help, command palette and bindings are made from this table."""

from __future__ import annotations

from typing import Final

import msgspec
from textual.binding import Binding, BindingType

_SHOWN: Final = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "full_stop": ".", "comma": ",",
    "plus": "+", "minus": "-", "equals_sign": "=", "question_mark": "?", "escape": "esc",
    "shift+right": "⇧→", "shift+left": "⇧←", "ctrl+right": "^→", "ctrl+left": "^←",
    "slash": "/", "right_square_bracket": "]", "left_square_bracket": "[", "apostrophe": "'",
    "pagedown": "pgdn", "pageup": "pgup", "shift+tab": "⇧tab", "ctrl+p": "^p",
    "ctrl+d": "^d", "ctrl+u": "^u", "ctrl+f": "^f", "ctrl+b": "^b", "ctrl+q": "^q", "ctrl+c": "^c",
}  # fmt: skip


class Act(msgspec.Struct, frozen=True):
    """Something a person can do.

    Attributes:
        action: What runs it, as Textual writes actions.
        keys: Its keys, the first of them the one that is shown; separated by commas.
        label: One or two words, for the footer.
        about: What it does, as a sentence without a full stop.
        group: Where help lists it.
        footer: Its place in the footer, from 1; 0: not there.
    """

    action: str
    keys: str
    label: str
    about: str
    group: str
    footer: int = 0

    @property
    def key(self) -> str:
        """The first key, as it is shown."""
        return shown(self.keys.split(",")[0])

    @property
    def all_keys(self) -> str:
        """Every key, as they are shown."""
        return " ".join(shown(key) for key in self.keys.split(","))


def shown(key: str) -> str:
    """Return a key as a person reads it."""
    return _SHOWN.get(key, key)


def bindings(acts: tuple[Act, ...], place: str) -> list[BindingType]:
    """Return the bindings of a table of acts; ``place`` tells the same acts of screens apart."""
    return [
        Binding(
            act.keys, act.action, act.label, tooltip=act.about, show=False, priority=False,
            id=f"{place}.{act.action}",
        )
        for act in acts
    ]  # fmt: skip


def footer(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """Return the acts of the footer, in order."""
    return tuple(sorted((act for act in acts if act.footer), key=lambda act: act.footer))


TIME: Final = "Time"
ACTORS: Final = "Actors"
TROUBLE: Final = "Messages, faults and settings"
RUN: Final = "This run"
SCREEN: Final = "Screen"

LAB: Final[tuple[Act, ...]] = (
    Act("play_pause", "space", "play", "Play or pause; at the end, play from the start", TIME, 1),
    Act("forward", "right,l", "step", "One event forward", TIME, 2),
    Act("back", "left,h", "back", "One event back", TIME),
    Act("jump(1)", "full_stop,shift+right,ctrl+right", "+1 s", "One second forward", TIME),
    Act("jump(-1)", "comma,shift+left,ctrl+left", "-1 s", "One second back", TIME),
    Act("faster", "plus,equals_sign", "faster", "Play faster, up to as fast as possible", TIME),
    Act("slower", "minus", "slower", "Play slower, down to a tenth", TIME),
    Act("full_speed", "M", "max", "As fast as possible; again: as fast as before", TIME),
    Act("seek", "g", "go to", "Go to an instant", TIME),
    Act("start", "home,0", "start", "Go to the start; what was done by hand stays done", TIME),
    Act("frontier", "end", "frontier", "Go to where the run has come so far", TIME),
    Act("mark(1)", "n", "next mark", "Go to the next fault, caption, violation …", TIME),
    Act("mark(-1)", "N", "mark before", "Go to the one before", TIME),
    Act("go_on", "pagedown", "go on", "Play to the next caption or break; show an answer", TIME),
    Act("go_back", "pageup", "last stop", "Go to the caption or break before", TIME),
    Act("sought(1,'fault')", "f", "fault", "Go to the next fault or crash", TIME),
    Act("sought(-1,'fault')", "F", "fault before", "Go to the fault or crash before", TIME),
    Act("sought(1,'violation')", "v", "violation", "Go to the next broken guarantee: why it broke",
        TIME),
    Act("sought(-1,'violation')", "V", "broken before", "Go to the one broken before", TIME),
    Act("sought(1,'caption')", "right_square_bracket", "caption", "Go to the next caption", TIME),
    Act("sought(-1,'caption')", "left_square_bracket", "caption before",
        "Go to the caption before", TIME),
    Act("select(1)", "tab,down,j", "actor", "Select the next actor", ACTORS),
    Act("select(-1)", "shift+tab,up,k", "actor", "Select the actor before", ACTORS),
    Act("spawn('consumer')", "s", "consumer", "Start more consumers", ACTORS),
    Act("spawn('producer')", "S", "producer", "Start more producers", ACTORS),
    Act("stop", "x", "stop", "Let the selected actor finish what it holds and leave", ACTORS),
    Act("crash", "c", "crash", "Kill the selected actor now: no cleanup, no lock released",
        ACTORS, 3),
    Act("crash_at", "C", "crash at", "Kill it, or anybody, at a point in its handler", ACTORS),
    Act("freeze", "p", "freeze", "Freeze the selected process, or let it run on", ACTORS),
    Act("restart", "r", "restart", "Start the selected actor again, from durable state", ACTORS),
    Act("poison", "m", "poison", "Make the next message poison: it fails every time", TROUBLE),
    Act("inject", "i", "fault", "Let something go wrong, now or at a crash point; or heal it",
        TROUBLE, 4),
    Act("redrive", "d", "redrive", "Return the dead letters to their queue", TROUBLE),
    Act("peek", "u", "peek", "Look at what would be next, without taking it", TROUBLE),
    Act("edit", "e", "set", "Change a setting while the run goes on", TROUBLE, 5),
    Act("reset", "E", "reset", "Put every setting back to what the run started with", TROUBLE),
    Act("dialect", "b", "broker", "Let the queues follow the rules of another broker", TROUBLE),
    Act("lecture", "P", "present", "Present: only the picture, a stop at every caption", RUN),
    Act("loop", "O", "loop", "Begin anew at the end, or not", RUN),
    Act("twin", "T", "compare", "Two runs side by side, one thing different", RUN),
    Act("rerun", "R", "run anew", "Run anew: same seed, nothing done by hand", RUN),
    Act("new_seed", "A", "new seed", "Run anew with another seed, settings kept", RUN),
    Act("other_future", "U", "other future", "Return to the future left behind by a fork", RUN),
    Act("longer", "L", "longer", "Let the scenario last twice as long", RUN),
    Act("copy", "y", "copy", "Copy the command that reproduces this run", RUN),
    Act("snapshot", "Y", "snapshot", "Save a picture of the screen as an SVG file", RUN),
    Act("save", "w", "save", "Save what was done as a scenario file", RUN),
    Act("pane('picture')", "1", "picture", "Picture: show or hide", SCREEN),
    Act("pane('ledger')", "2", "ledger", "Ledger of what happened: show or hide", SCREEN),
    Act("pane('guarantees')", "3", "guarantees", "Guarantees: show or hide", SCREEN),
    Act("pane('metrics')", "4", "metrics", "Metrics: show or hide", SCREEN),
    Act("pane('chart')", "5", "chart", "Charts: show or hide", SCREEN),
    Act("pane('actors')", "6", "actors", "Actors: show or hide", SCREEN),
    Act("pane('rows')", "7", "rows", "Durable rows: show or hide", SCREEN),
    Act("pane('queues')", "8", "queues", "Queues: show or hide", SCREEN),
    Act("pane('dead')", "9", "dead letters", "Dead letters: show or hide", SCREEN),
    Act("pane('inspector')", "I", "inspector", "Inspector of what is selected: show or hide",
        SCREEN),
    Act("pane('code')", "o", "code", "Source of the pattern, where the actor waits: show or hide",
        SCREEN),
    Act("pane('story')", "t", "story", "The pattern in words: show or hide", SCREEN),
    Act("pane('timeline')", "a", "timeline", "Timeline: show or hide; maximised, it has lanes",
        SCREEN),
    Act("journey", "enter", "journey", "Journey of the selected message as a diagram", SCREEN),
    Act("look_back", "backspace", "look back", "Select what was selected before", SCREEN),
    Act("letters", "apostrophe", "jump", "A letter on everything; press it to go there", SCREEN),
    Act("maximise", "z", "maximise", "Give the last pane the whole screen, or back", SCREEN),
    Act("app.change_theme", "H", "theme", "How it looks: themes, each seen at once", SCREEN),
    Act("help", "question_mark", "help", "Every key; choose one to run it", SCREEN, 6),
    Act("app.command_palette", "ctrl+p", "palette", "Find anything by typing", SCREEN),
    Act("step_out", "escape", "out", "Give up what takes its time; leave a list or maximised pane",
        SCREEN),
    Act("leave", "q", "back", "Back to the gallery, or quit where there is none", SCREEN, 7),
    Act("app.quit", "ctrl+q", "quit", "Quit", SCREEN),
)  # fmt: skip

GALLERY: Final[tuple[Act, ...]] = (
    Act("open", "enter", "open", "Show the scenarios of the chosen pattern", "Gallery", 1),
    Act("turn(1)", "right,l,tab", "next", "Next pattern", "Gallery", 2),
    Act("turn(-1)", "left,h,shift+tab", "before", "Pattern before", "Gallery"),
    Act("move(1)", "down,j", "down", "A row down", "Gallery", 3),
    Act("move(-1)", "up,k", "up", "A row up", "Gallery"),
    Act("move(2)", "pagedown,ctrl+d,ctrl+f", "two down", "Two rows down", "Gallery"),
    Act("move(-2)", "pageup,ctrl+u,ctrl+b", "two up", "Two rows up", "Gallery"),
    Act("search", "slash", "search", "Find by name, problem or fault", "Gallery", 4),
    Act("again", "o", "last", "Open again what was opened last", "Gallery"),
    Act("edge(-1)", "home,g", "first", "First pattern", "Gallery"),
    Act("edge(1)", "end,G", "last", "Last pattern", "Gallery"),
    Act("snapshot", "Y", "snapshot", "Save a picture of the screen as an SVG file", "Gallery"),
    Act("app.change_theme", "H", "theme", "How it looks: themes, each seen at once", "Gallery"),
    Act("help", "question_mark", "help", "Every key; choose one to run it", "Gallery", 6),
    Act("app.command_palette", "ctrl+p", "palette", "Find anything by typing", "Gallery", 5),
    Act("step_out", "escape", "all", "Leave the search and show every pattern", "Gallery"),
    Act("leave", "q", "quit", "Quit", "Gallery", 7),
    Act("app.quit", "ctrl+q", "quit", "Quit", "Gallery"),
)  # fmt: skip

SHELF: Final[tuple[Act, ...]] = (
    Act("open", "enter,l,right", "open", "Open the scenario under the cursor", "Shelf", 1),
    Act("read(1)", "pagedown,f,ctrl+d", "read on", "Scroll what there is to read", "Shelf", 2),
    Act("read(-1)", "pageup,b,ctrl+u", "read back", "Scroll back", "Shelf"),
    Act("snapshot", "Y", "snapshot", "Save a picture of the screen as an SVG file", "Shelf"),
    Act("app.change_theme", "H", "theme", "How it looks: themes, each seen at once", "Shelf"),
    Act("help", "question_mark", "help", "Every key; choose one to run it", "Shelf", 4),
    Act("app.command_palette", "ctrl+p", "palette", "Find anything by typing", "Shelf", 3),
    Act("leave", "q,escape,left,h", "back", "Back to the gallery", "Shelf", 5),
    Act("app.quit", "ctrl+q", "quit", "Quit", "Shelf"),
)  # fmt: skip

TWIN: Final[tuple[Act, ...]] = (
    Act("play_pause", "space", "play", "Play or pause both", "Twin view", 1),
    Act("forward", "right,l", "step", "To the next instant at which anything happens",
        "Twin view", 2),
    Act("back", "left,h", "back", "To the instant before", "Twin view"),
    Act("jump(1)", "full_stop,shift+right,ctrl+right", "+1 s", "One second forward", "Twin view"),
    Act("jump(-1)", "comma,shift+left,ctrl+left", "-1 s", "One second back", "Twin view"),
    Act("faster", "plus,equals_sign", "faster", "Play faster", "Twin view"),
    Act("slower", "minus", "slower", "Play slower", "Twin view"),
    Act("full_speed", "M", "max", "As fast as possible; again: as fast as before", "Twin view"),
    Act("start", "home,0", "start", "Go to the start", "Twin view"),
    Act("part", "f", "parting", "Go to the first event that differs", "Twin view", 3),
    Act("fork", "F", "fork", "Go to where one run forked from the other", "Twin view"),
    Act("scroll('move',1)", "down,j", "down", "Scroll the differences", "Twin view"),
    Act("scroll('move',-1)", "up,k", "up", "Scroll the differences back", "Twin view"),
    Act("scroll('half',1)", "ctrl+d", "half down", "Half a page of differences down",
        "Twin view"),
    Act("scroll('half',-1)", "ctrl+u", "half up", "Half a page of them up", "Twin view"),
    Act("scroll('page',1)", "pagedown,ctrl+f", "page down", "A page of differences down",
        "Twin view"),
    Act("scroll('page',-1)", "pageup,ctrl+b", "page up", "A page of them up", "Twin view"),
    Act("pane('left')", "1", "left run", "Run on the left: show or hide", "Twin view"),
    Act("pane('right')", "2", "right run", "Run on the right: show or hide", "Twin view"),
    Act("pane('differences')", "3", "differences", "Differences: show or hide", "Twin view"),
    Act("maximise", "z", "maximise", "Give the last pane the whole screen, or back",
        "Twin view", 4),
    Act("other", "T", "other", "Compare with another run instead", "Twin view", 5),
    Act("snapshot", "Y", "snapshot", "Save a picture of the screen as an SVG file",
        "Twin view"),
    Act("app.change_theme", "H", "theme", "How it looks: themes, each seen at once", "Twin view"),
    Act("help", "question_mark", "help", "Every key; choose one to run it", "Twin view", 6),
    Act("app.command_palette", "ctrl+p", "palette", "Find anything by typing", "Twin view"),
    Act("step_out", "escape", "out", "Give up what takes its time; leave a pane, or go back",
        "Twin view"),
    Act("leave", "q", "back", "Back to the lab", "Twin view", 7),
    Act("app.quit", "ctrl+q", "quit", "Quit", "Twin view"),
)  # fmt: skip
