"""A page as Chromium shows it: what it asked for, what failed in it, what axe-core says of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

# A browser of its own accord asks its maker for updates and lists; a test must not.
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NAMES = ("chromium", "google-chrome")
WIDE, PHONE = (1440, 900), (390, 844)
BAD = ("serious", "critical")


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium. Where it is not, skip, or fail if SERFLOW_BROWSER=required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = "no Chromium on this machine; on Debian: apt-get install chromium"
        if os.environ.get("SERFLOW_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return playwright.chromium.launch(executable_path=found, args=QUIET)


@dataclass
class Visit:
    """A page that is open, and what it has done so far."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def look(self, script: str, given: Any = None) -> Any:
        """Return what an expression, or a function of `given`, comes to in the page."""
        return self.page.evaluate(script, given)

    def becomes(self, script: str, value: Any) -> None:
        """Wait until a function without arguments comes to `value`."""
        wanted = json.dumps(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        self.page.wait_for_function(f"() => JSON.stringify(({script})()) === {wanted}")

    def drawn(self) -> None:
        """Wait until all charts are drawn."""
        self.becomes("() => [...document.querySelectorAll('.drawn:not(:has(svg))')].length", 0)

    def accessibility(self) -> list[str]:
        """Return the serious and critical defects that axe-core finds."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in BAD
        ]


@contextmanager
def visit(
    browser: Browser,
    path: Path,
    size: tuple[int, int] = WIDE,
    *,
    scheme: Any = "light",
    scripts: bool = True,
    hash: str = "",
) -> Iterator[Visit]:
    """Open a file as a reader does, in a browser that knows nothing of earlier visits."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=scripts,
    )
    one = Visit(context.new_page())
    one.page.on("pageerror", lambda error: one.errors.append(str(error)))
    one.page.on(
        "console",
        lambda told: one.errors.append(told.text) if told.type == "error" else None,
    )
    one.page.on("request", lambda request: one.requests.append(request.url))
    one.page.goto(path.as_uri() + hash)
    if scripts:
        one.drawn()
    try:
        yield one
    finally:
        context.close()
