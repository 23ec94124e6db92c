#!/usr/bin/env python3
"""Pictures of a page as Chromium shows it: at a desk and on a phone, light and dark.

    .venv/bin/python tools/screenshots.py results/demo/report/report.html pictures
    .venv/bin/python tools/screenshots.py results/demo/report/report.html pictures --whole

The first writes the first screen of each; with --whole the page follows screen by screen. The
README's picture is `desk-light.png` of the demonstration's report.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "workflow"))

from browsing import PHONE, WIDE, launch, visit

SIZES = {"desk": WIDE, "phone": PHONE}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--whole", action="store_true", help="all of the page, screen by screen")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, size in SIZES.items():
            for scheme in ("light", "dark"):
                start = given.folder / f"{name}-{scheme}"
                with visit(browser, given.page.resolve(), size, scheme=scheme) as shown:
                    shown.page.screenshot(path=f"{start}.png")
                    if given.whole:
                        whole(shown.page, start)
        browser.close()


def whole(page: Page, start: Path) -> None:
    """Write the rest of the page: one picture of it all would be too large for most viewers."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({**size, "height": 2400})
    height = page.evaluate("() => document.documentElement.scrollHeight")
    for number, top in enumerate(range(0, height, 2400), 1):
        page.evaluate("(top) => window.scrollTo({ top, behavior: 'instant' })", top)
        page.screenshot(path=f"{start}-{number:02}.png")


if __name__ == "__main__":
    main()
