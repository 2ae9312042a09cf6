"""Going to a breach tells at once what was promised, what broke it and what had gone wrong."""

from __future__ import annotations

import pytest
from tests.app.tui.driving import Opened

from mailrail.selection import Kind
from mailrail_patterns.commands import parse_command


@pytest.mark.parametrize("size", [(120, 36), (160, 48)])  # with the guarantees; in the inspector
async def test_v_goes_to_a_breach_and_explains_it(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("saga", size) as d:
        d.session.seek(1.0)
        d.session.do(parse_command("crash card-1"))
        await d.press("v")
        assert d.session.selection.kind is Kind.EVENT
        text = "\n".join(d.text())
        assert "Every saga ends without a human." in text
        assert "gone wrong by then" in text
        assert "card-1 crashes: no cleanup" in text
        assert "event 6" not in text
        await d.press("backspace")
        assert d.session.selection.kind is not Kind.EVENT


async def test_a_fault_that_is_gone_to_selects_nothing(opened: Opened) -> None:
    async with opened(size=(160, 48)) as d:
        before = d.session.selection
        await d.press("f")
        assert d.session.run.now == 8.5
        assert d.session.selection == before
