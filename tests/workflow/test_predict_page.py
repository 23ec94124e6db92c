"""The page of predictions in a real browser: it plays, its line follows, everyone can read it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browsing import PHONE, WIDE, Visit, visit
from playwright.sync_api import Browser
from project import RATE, Project, voice, write_wav

PLAYERS = """() => Promise.all([...document.querySelectorAll("audio")].map((one) =>
  new Promise((done, fail) => {
    one.addEventListener("canplaythrough", () => done(one.duration));
    one.addEventListener("error", () => fail(new Error(one.error.message)));
    one.load();
  })))"""
# Where the line stands in the pictures, as a share of their width, and where the player is.
HEAD = """(place) => {
  const head = document.querySelectorAll(".head")[place];
  return [parseFloat(head.firstElementChild.style.left) / 100, Number(head.ariaValueNow)];
}"""
LONG = 16 * 0.6


@pytest.fixture(scope="module")
def page(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two recordings and one that cannot be used, by the plain command."""
    folder = tmp_path_factory.mktemp("predictions")
    write_wav(folder / "short, é.wav", voice("Calm", 2, 1))
    parts = [voice(label, 1, 1) for label in ("Calm", "Angry", "Happy", "Calm")] * 4
    write_wav(folder / "long.wav", np.concatenate(parts), RATE)
    (folder / "broken.wav").touch()
    command = [sys.executable, "-m", "serflow", "predict", "short, é.wav", "long.wav", "broken.wav"]
    command += ["--page", "page.html", "--model", str(finished.results / "models" / "svm_mfcc12")]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(finished.path("workflow"))},
        capture_output=True,
        text=True,
    )
    # One recording could not be used.
    assert done.returncode == 1, done.stderr
    return folder / "page.html"


@pytest.fixture
def shown(chromium: Browser, page: Path) -> Iterator[Visit]:
    with visit(chromium, page) as one:
        yield one
        assert one.errors == []


def test_nothing_is_fetched_and_everything_loads(shown: Visit, page: Path) -> None:
    lengths = shown.look(PLAYERS)
    assert lengths == pytest.approx([0.6, LONG], abs=0.1)
    widths = shown.look(
        "() => Promise.all([...document.images].map((one) =>"
        " one.decode().then(() => one.naturalWidth)))"
    )
    assert len(widths) == 2
    assert all(width > 10 for width in widths)
    asked = [url for url in shown.requests if not url.startswith(("data:", "blob:"))]
    assert asked == [page.as_uri()]


def test_the_line_follows_the_player_and_moves_it(shown: Visit) -> None:
    shown.look(PLAYERS)
    head = shown.page.locator(".head").nth(1)
    box = head.bounding_box()
    assert box is not None
    head.click(position={"x": box["width"] / 2, "y": 20})
    at, now = shown.look(HEAD, 1)
    assert at == pytest.approx(0.5, abs=0.01)
    assert now == pytest.approx(LONG / 2, abs=0.05)
    assert shown.page.locator(".now").inner_text().startswith("At 4.8 s: ")
    head.press("ArrowRight")
    assert shown.look(HEAD, 1)[1] == pytest.approx(LONG / 2 + 1, abs=0.05)
    head.press("Home")
    assert shown.look(HEAD, 1) == [0, 0]
    shown.look("() => { document.querySelectorAll('audio')[1].currentTime = 1.8 }")
    shown.page.wait_for_function(f"() => ({HEAD})(1)[1] > 1.7")
    assert shown.look(HEAD, 1)[0] == pytest.approx(1.8 / LONG, abs=0.02)
    # The other recording's line has stayed.
    assert shown.look(HEAD, 0) == [0, 0]


def test_one_recording_is_heard_at_a_time(shown: Visit) -> None:
    shown.look(PLAYERS)
    paused = "() => [...document.querySelectorAll('audio')].map((one) => one.paused)"
    shown.look("() => { for (const one of document.querySelectorAll('audio')) one.loop = true }")
    for place, wanted in ((0, [False, True]), (1, [True, False])):
        shown.page.locator(".head").nth(place).press("Space")
        shown.becomes(paused, wanted)
    shown.page.locator(".head").nth(1).press("Space")
    shown.becomes(paused, [True, True])


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_defect_and_nothing_is_cut_off(
    chromium: Browser, page: Path, size: tuple[int, int], scheme: str
) -> None:
    with visit(chromium, page, size, scheme=scheme) as shown:
        shown.page.locator("details summary").click()
        assert shown.accessibility() == []
        assert shown.look("() => document.documentElement.scrollWidth") == size[0]
        assert shown.errors == []


def test_without_scripts_everything_is_there_but_what_only_a_script_can_do(
    chromium: Browser, page: Path
) -> None:
    with visit(chromium, page, scripts=False) as shown:
        text = shown.page.locator("main").inner_text()
        for what in ("short, é.wav", "broken.wav", "could not be used", "Calm", "Knows"):
            assert what in text
        assert shown.page.locator("audio").first.is_visible()
        assert not shown.page.locator(".head").first.is_visible()
