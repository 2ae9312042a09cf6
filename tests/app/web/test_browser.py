"""The explorer in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.web.test_serve import serving
from tests.support.browser import browsing, chromium

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium on PATH to look at the page with"
)


async def test_from_the_gallery_into_the_lab(tmp_path: Path) -> None:
    async with serving() as (_, url), browsing(tmp_path / "profile") as page:
        await page.call("Page.navigate", url=url)
        await page.until(lambda page: b"Competing Consumers" in page.received)
        assert await page.picture(tmp_path / "gallery.png") > 100
        await page.press("Enter")
        await page.until(lambda page: b"The lock is a lease" in page.received)
        await page.press("Enter")
        await page.until(lambda page: b"consumer-2" in page.received)
        page.received = b""
        await page.press("c")
        await page.until(lambda page: b"crashed" in page.received)
        assert await page.picture(tmp_path / "lab.png") > 100
        page.received = b""
        await page.click_below(" space pause  → step  c crash  i f".index("f"))
        await page.until(lambda page: b"What goes wrong?" in page.received)
        assert await page.evaluate("document.title") == "mailrail"
        assert await page.evaluate("document.fonts.check('16px Roboto Mono')")
        assert all(each.startswith(url) for each in page.requested), "it works without a network"
        assert not page.failures


async def test_leaving_tells_the_page(tmp_path: Path) -> None:
    async with serving("saga", "--paused") as (_, url), browsing(tmp_path / "profile") as page:
        await page.call("Page.navigate", url=url)
        await page.until(lambda page: b"quit" in page.received)
        assert await page.evaluate("document.title") == "saga · mailrail"
        await page.press("q")
        await page.evaluate(
            "new Promise(ended => setInterval(() =>"
            " document.body.classList.contains('-closed') && ended(), 50))"
        )
        said = "document.querySelector('div.gone').checkVisibility()"
        assert await page.evaluate(said)
