"""The widgets in a terminal: what is refreshed, what is posted, what the colours are."""

from __future__ import annotations

from typing import TypeVar

import pytest
from tests.app.tui.widgets.looking import CanvasT, FrameOf, Look, OnStage
from textual.events import MouseScrollUp
from textual.geometry import Region
from textual.message import Message

from mailrail.tui.theming import Inks
from mailrail.tui.widgets.actors import Actors
from mailrail.tui.widgets.canvas import Canvas
from mailrail.tui.widgets.caption import Caption
from mailrail.tui.widgets.chart import Chart
from mailrail.tui.widgets.guarantees import Guarantees
from mailrail.tui.widgets.header import Header
from mailrail.tui.widgets.ledger import Ledger
from mailrail.tui.widgets.metrics import Metrics
from mailrail.tui.widgets.picked import Picked
from mailrail.tui.widgets.picture import Picture
from mailrail.tui.widgets.timeline import Timeline

pytestmark = pytest.mark.anyio
BURST = "queue-based-load-leveling/saved-but-too-late"
ALL: list[type[Canvas]] = [
    Actors,
    Caption,
    Chart,
    Guarantees,
    Header,
    Ledger,
    Metrics,
    Picture,
    Timeline,
]

MessageT = TypeVar("MessageT", bound=Message)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def posted(app: Look[CanvasT], kind: type[MessageT]) -> list[MessageT]:
    return [message for message in app.posted if isinstance(message, kind)]


def watch(widget: Canvas, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Region, ...]]:
    """Collect the regions that are refreshed from now on."""
    regions: list[tuple[Region, ...]] = []
    original = widget.refresh

    def refresh(*given: Region, **rest: bool) -> Canvas:
        regions.append(given)
        return original(*given, **rest)

    monkeypatch.setattr(widget, "refresh", refresh)
    return regions


@pytest.mark.parametrize("widget", ALL)
@pytest.mark.parametrize("size", [(80, 24), (160, 48), (20, 2)])
async def test_every_widget_draws_at_every_size(
    on_stage: OnStage, frame_of: FrameOf, widget: type[Canvas], size: tuple[int, int]
) -> None:
    async with on_stage(widget(), frame_of(t=23.1, playing=True), size) as (app, _):
        assert {len(row) for row in app.text()} == {app.widget.content_size.width}


async def test_nothing_is_refreshed_when_nothing_has_changed(
    on_stage: OnStage, frame_of: FrameOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = frame_of(t=9.5)
    async with on_stage(Picture(), frame) as (app, _):
        regions = watch(app.widget, monkeypatch)
        app.widget.show(frame_of(t=9.5))
        assert regions == []


async def test_only_the_cells_that_have_changed_are_refreshed(
    on_stage: OnStage, frame_of: FrameOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(Picture(), frame_of(t=9.5)) as (app, _):
        regions = watch(app.widget, monkeypatch)
        app.widget.show(frame_of(t=9.55))
        (rows,) = regions
        assert 0 < len(rows) < 10
        assert all(region.height == 1 for region in rows)
        assert max(region.width for region in rows) < 60


async def test_a_hidden_widget_catches_up_when_it_is_shown(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    async with on_stage(Ledger(), frame_of(t=1.0)) as (app, pilot):
        app.widget.display = False
        await pilot.pause()
        app.widget.show(frame_of(t=9.5))
        app.widget.display = True
        await pilot.pause()
        assert "consumer-1 works on m10" in app.text()[-1]


async def test_resizing_composes_anew(on_stage: OnStage, frame_of: FrameOf) -> None:
    async with on_stage(Header(), frame_of()) as (app, pilot):
        await pilot.resize_terminal(50, 10)
        await pilot.pause()
        assert {len(row) for row in app.text()} == {50}


async def test_a_click_on_an_actor_or_a_message_is_told(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    async with on_stage(Picture(), frame_of(t=9.5)) as (app, pilot):
        zones = {(z.kind, z.name): z for z in app.widget._paper.zones}
        for key in (("actor", "consumer-2"), ("message", "m08")):
            zone = zones[key]
            await pilot.click(Picture, offset=(zone.x + 1 + app.widget.gutter.left, zone.y))
        assert [(m.kind, m.key, m.opens) for m in posted(app, Picked)] == [
            ("actor", "consumer-2", True), ("message", "m08", True),
        ]  # fmt: skip


async def test_a_click_or_a_drag_on_the_timeline_seeks(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    async with on_stage(Timeline(), frame_of(t=30.0)) as (app, pilot):
        await pilot.mouse_down(Timeline, offset=(8, 1))
        await pilot.hover(Timeline, offset=(40, 1))
        await pilot.mouse_up(Timeline, offset=(40, 1))
        await pilot.hover(Timeline, offset=(60, 1))
        times = [message.time for message in posted(app, Timeline.Sought)]
        assert times[0] == 0.0
        assert 25.0 < times[-1] < 33.0


async def test_the_ledger_follows_until_somebody_scrolls_away(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    async with on_stage(Ledger(), frame_of(t=9.5), (60, 6)) as (app, pilot):
        ledger = app.widget
        ledger.post_message(MouseScrollUp(ledger, 5, 2, 0, -1, 0, False, False, False))
        await pilot.pause()
        before = app.text()[0]
        ledger.show(frame_of(t=10.5))
        await pilot.pause()
        assert app.text()[0] == before
        ledger.follow()
        assert "m11" in app.text()[-1]


async def test_the_ledger_is_read_with_the_keys_and_posts_what_was_chosen(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    frame = frame_of(t=9.5)
    async with on_stage(Ledger(), frame, (60, 6)) as (app, pilot):
        app.widget.focus()
        await pilot.press("up", "up", "enter")
        assert [m.n for m in posted(app, Ledger.Selected)] == [frame.ledger[-2].n]
        await pilot.press("home")
        assert app.text()[0].startswith("▸")
        await pilot.click(Ledger, offset=(5, 2))
        assert posted(app, Ledger.Selected)[-1].n == frame.ledger[2].n


async def test_a_chosen_guarantee_is_explained_until_it_is_clicked_again(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    async with on_stage(Guarantees(), frame_of(t=23.0), (60, 20)) as (app, pilot):
        await pilot.click(Guarantees, offset=(5, 0))
        assert [m.name for m in posted(app, Guarantees.Chosen)] == ["effect-once"]
        assert "because" in "\n".join(app.text())
        await pilot.click(Guarantees, offset=(5, 0))
        assert "because" not in "\n".join(app.text())
        app.widget.explain("single-lease")
        assert "holds so far" in "\n".join(app.text())


async def test_actors_are_selected_with_mouse_and_keys(
    on_stage: OnStage, frame_of: FrameOf
) -> None:
    async with on_stage(Actors(), frame_of(t=9.5), (60, 10)) as (app, pilot):
        await pilot.click(Actors, offset=(5, 3))
        app.widget.focus()
        await pilot.press("down")
        assert [m.key for m in posted(app, Picked)] == ["consumer-3", "consumer-2"]


async def test_a_theme_changes_the_colours_at_once(on_stage: OnStage, frame_of: FrameOf) -> None:
    async with on_stage(Header(), frame_of()) as (app, pilot):
        before = app.widget.render_line(0)
        app.theme = "mailrail-paper"
        await pilot.pause()
        after = app.widget.render_line(0)
        assert before.text == after.text
        assert before != after


@pytest.mark.parametrize("theme", ["textual-light", "nord", "ansi-dark", "mailrail-safe"])
async def test_every_theme_draws_every_widget(
    on_stage: OnStage, frame_of: FrameOf, theme: str
) -> None:
    async with on_stage(Picture(), frame_of(t=9.5), theme=theme) as (app, _):
        assert "outlives its lock" in "\n".join(app.text())


def test_without_a_theme_inks_keep_their_attributes() -> None:
    inks = Inks({})
    assert inks["ready+bold"].bold
    assert inks["ready"].color is None


def test_a_canvas_says_what_a_subclass_must_do(frame_of: FrameOf) -> None:
    with pytest.raises(NotImplementedError):
        Canvas().paint(frame_of(), 10, 1)
