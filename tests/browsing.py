"""A page in Debian's Chromium: opened from a file, with all it does that it should not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser; a test that needs one is skipped, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened, and all it did that it should not do."""

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.errors and not self.dialogs and set(self.requests) == {self.url}

    def go(self, fragment: str) -> None:
        """Set the fragment, and wait until the page has seen it."""
        self.page.evaluate(
            """fragment => new Promise((done) => {
              if (location.hash.slice(1) === fragment) return done();
              addEventListener("hashchange", done, { once: true });
              location.hash = fragment;
            })""",
            fragment,
        )

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    def has_focus(self, selector: str) -> bool:
        return bool(self.page.locator(selector).evaluate("e => e === document.activeElement"))


def opened(
    browser: Browser, file: Path, width: int = 1280, height: int = 850, *, bypass_csp: bool = False
) -> Visit:
    """Open a page; ``bypass_csp`` lets a test put its own checks into it."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, reduced_motion="reduce", bypass_csp=bypass_csp
    )
    visit = Visit(page, file.as_uri())
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "console",
        lambda message: visit.errors.append(message.text) if message.type == "error" else None,
    )
    page.on("request", lambda request: visit.requests.append(request.url.split("#")[0]))
    page.on("dialog", lambda dialog: (visit.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(visit.url)
    return visit
