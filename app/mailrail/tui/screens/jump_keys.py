"""Where jump mode leads: to a pane, or to what a click on a place in one would lead to."""

from __future__ import annotations

from ..widgets.canvas import Canvas
from ..widgets.paper import Zone
from .jump import Jump
from .panes import PANES
from .stage import Stage
from .targets import Target


class JumpKeys(Stage):
    """The key that puts letters on everything."""

    def targets(self) -> list[Target]:
        """Return what can be gone to: the panes, then what answers a click in them.

        What there is most of comes last, as letters are few: the messages of the picture.
        """
        panes: list[Target] = []
        found: list[Target] = []
        many: list[Target] = []
        for name in PANES:
            pane = self.query_one(f"#{name}")
            if not pane.display or not pane.region:
                continue
            x, y = pane.region.offset
            panes.append(Target(x, y, x + 1, "pane", name))
            for canvas in [pane] if isinstance(pane, Canvas) else pane.query(Canvas):
                for target in _within(canvas):
                    crowd = name == "picture" and target.kind == "message"
                    (many if crowd else found).append(target)
        return [*panes, *found, *many]

    def action_letters(self) -> None:
        """Put letters on everything; go where those lead that are pressed."""

        def go(target: Target | None) -> None:
            if target is None:
                return
            if target.pane:
                self.query_one(f"#{target.pane}", Canvas).take(target.kind, target.name)
            else:
                self._active = target.name
                pane = self.query_one(f"#{target.name}")
                self.set_focus(pane if pane.focusable else None)
            self.redraw()

        strips = self._compositor.render_strips()
        self.app.push_screen(Jump(self.targets(), strips), go)


def _within(canvas: Canvas) -> list[Target]:
    """Return the places of a widget in sight, each once, in the order they were drawn."""
    if not canvas.display or not canvas.region:
        return []
    place = canvas.content_region
    once: dict[tuple[str, str], Zone] = {}
    for zone in canvas.reached:
        once.setdefault((zone.kind, zone.name), zone)
    return [
        Target(
            place.x + zone.x, place.y + zone.y, place.x + min(zone.end, place.width),
            zone.kind, zone.name, canvas.id or "",
        )
        for zone in once.values() if zone.y < place.height
    ]  # fmt: skip
