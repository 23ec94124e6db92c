"""The report's page in a real browser: nothing is fetched, everything works, everyone can read."""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from browsing import PHONE, WIDE, Visit, visit
from playwright.sync_api import Browser
from project import Project

MODELS = ["svm_sc", "svm_sbe", "svm_mfcc12", "cnn1d", "cnn2d", "cnn2d_time_shift"]
BASELINES = ["chance", "majority"]
MOST_BYTES = 15_000_000
# Text of a column of the table of all models, top to bottom; hidden rows are left out.
COLUMN = """(title) => {
  const table = document.querySelector("#table-1 table");
  const headings = [...table.tHead.rows[0].cells];
  const place = headings.findIndex((one) => one.textContent.trim() === title);
  const rows = [...table.tBodies[0].rows].filter((row) => row.checkVisibility());
  return rows.map((row) => row.cells[place].textContent.trim());
}"""
# Circles and the like of the chart of all models: one for each model and baseline.
MARKS = """() => document.querySelector(".opening .drawn")
  .querySelectorAll(".mark-symbol path").length"""


@pytest.fixture(scope="module")
def report(finished: Project) -> Path:
    return finished.results / "report" / "report.html"


@pytest.fixture
def shown(chromium: Browser, report: Path) -> Iterator[Visit]:
    """The page at a desk, in the light."""
    with visit(chromium, report) as one:
        yield one
        assert one.errors == []


def models(finished: Project) -> list[dict[str, str]]:
    """Rows of the table of all models."""
    with (finished.results / "evaluation" / "models.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def heading(shown: Visit, title: str) -> Any:
    return shown.page.locator("#table-1 thead button").filter(has_text=title).first


def hide(shown: Visit, model: str) -> None:
    shown.page.locator("#models summary").click()
    shown.page.locator(f"#models input[value='{model}']").click()


class TestWhole:
    def test_nothing_fails_and_nothing_is_asked_of_anyone(self, shown: Visit, report: Path) -> None:
        shown.look("() => window.scrollTo(0, document.body.scrollHeight)")
        shown.page.wait_for_load_state("networkidle")
        asked = [url for url in shown.requests if not url.startswith(("data:", "blob:"))]
        assert asked == [report.as_uri()]
        assert shown.errors == []
        assert report.stat().st_size < MOST_BYTES

    def test_every_picture_loads(self, shown: Visit) -> None:
        loaded = shown.look(
            "() => Promise.all([...document.images].map((one) =>"
            " one.decode().then(() => one.naturalWidth)))"
        )
        assert len(loaded) > len(MODELS)
        assert all(width > 0 for width in loaded)

    def test_every_recording_plays(self, shown: Visit, finished: Project) -> None:
        settings = yaml.safe_load(finished.path("config", "config.yaml").read_text("utf-8"))
        lengths = shown.look(
            """() => Promise.all([...document.querySelectorAll("audio")].map((one) =>
              new Promise((done, fail) => {
                one.addEventListener("canplaythrough", () => done(one.duration));
                one.addEventListener("error", () => fail(new Error(one.error.message)));
                one.load();
              })))"""
        )
        assert all(0 < length < 60 for length in lengths)
        if not lengths and settings["report"].get("audio") != "always":
            pytest.skip("by its configuration this page holds no recordings")
        assert lengths

    def test_no_script_runs_that_is_not_listed(self, chromium: Browser, report: Path) -> None:
        with visit(chromium, report) as shown:
            shown.look(
                """() => {
                  const script = document.createElement("script");
                  script.textContent = "window.smuggled = true";
                  document.body.append(script);
                  const picture = document.createElement("div");
                  picture.innerHTML = "<img src=x onerror='window.smuggled = true'>";
                  document.body.append(picture);
                  return picture.firstChild.decode().catch(() => {});
                }"""
            )
            assert shown.look("() => window.smuggled") is None
            assert any("Content Security Policy" in error for error in shown.errors)

    def test_first_screen_tells_what_how_and_what_came_of_it(self, shown: Visit) -> None:
        _, height = WIDE
        for what in ("h1", ".facts", ".opening .drawn svg .mark-symbol path", ".concluded li"):
            box = shown.page.locator(what).first.bounding_box()
            assert box is not None
            assert box["y"] < height
            assert box["y"] >= 0


class TestTables:
    def test_numbers_are_sorted_by_value_and_what_is_unknown_stands_last(
        self, shown: Visit, finished: Project
    ) -> None:
        before = shown.look(COLUMN, "Model")
        button = heading(shown, "ECE")
        rows = models(finished)
        known = sorted(float(row["ece"]) for row in rows if row["ece"])
        unknown = ["–"] * (len(rows) - len(known))
        assert unknown
        button.click()
        assert shown.look(COLUMN, "ECE") == [f"{value:.3f}" for value in known] + unknown
        button.click()
        assert shown.look(COLUMN, "ECE") == [f"{value:.3f}" for value in known[::-1]] + unknown
        button.click()
        assert shown.look(COLUMN, "Model") == before

    def test_headings_serve_the_keyboard_and_tell_the_order(self, shown: Visit) -> None:
        button = heading(shown, "Model")
        button.focus()
        for order, names in (
            ("ascending", sorted(MODELS + BASELINES)),
            ("descending", sorted(MODELS + BASELINES, reverse=True)),
        ):
            shown.page.keyboard.press("Enter")
            cell = shown.page.locator("#table-1 th[aria-sort]")
            assert cell.get_attribute("aria-sort") == order
            assert shown.look(COLUMN, "Model") == names
        shown.page.keyboard.press("Space")
        assert shown.page.locator("#table-1 th[aria-sort]").count() == 0

    def test_signs_intervals_and_durations_are_sorted_as_numbers(self, shown: Visit) -> None:
        """Every column of numbers of the page goes up once it is pressed, by what is written."""
        wrong = shown.look(
            """() => {
              const seconds = (text) => [...text.matchAll(/([\\d.]+) (h|min|s)/g)]
                .reduce((sum, [, n, unit]) => sum + n * { h: 3600, min: 60, s: 1 }[unit], 0);
              const value = (text) => /\\d (h|min|s)$/.test(text) ? seconds(text)
                : parseFloat(text.replace(/[\\[<\\u202f\\u00a0 +]/g, "").replace("\\u2212", "-"));
              const wrong = [];
              for (const button of document.querySelectorAll("thead th.right button")) {
                button.click();
                const table = button.closest("table");
                const place = button.closest("th").cellIndex;
                const texts = [...table.tBodies[0].rows]
                  .map((row) => row.cells[place].textContent.trim());
                const values = texts.filter((text) => /\\d/.test(text)).map(value);
                if (values.some((one, at) => at && one < values[at - 1])) wrong.push(texts);
                const blank = texts.map((text) => !/\\d/.test(text));
                if (blank.some((one, at) => at && !one && blank[at - 1])) wrong.push(texts);
              }
              return wrong;
            }"""
        )
        assert wrong == []


class TestModels:
    def test_a_hidden_model_leaves_tables_figures_and_charts(self, shown: Visit) -> None:
        shown.becomes(MARKS, len(MODELS) + len(BASELINES))
        hide(shown, "cnn1d")
        shown.becomes(MARKS, len(MODELS) + len(BASELINES) - 1)
        assert set(shown.look(COLUMN, "Model")) == {*MODELS, *BASELINES} - {"cnn1d"}
        left = shown.look(
            """() => [...document.querySelectorAll("main [data-model='cnn1d']")]
              .filter((one) => one.checkVisibility()).length"""
        )
        assert left == 0
        # Its own figures and its comparisons were there before.
        away = shown.look(
            """() => ["figure", "tr"].map((tag) =>
              [...document.querySelectorAll(`main ${tag}[hidden]`)].length)"""
        )
        assert away[0] >= 2
        assert away[1] > len(MODELS)
        told = shown.page.locator("#models-told")
        assert told.text_content() == (
            f"{len(MODELS) - 1} of {len(MODELS)} models shown in tables, charts and figures of "
            "single models."
        )
        assert told.get_attribute("role") == "status"

    def test_all_of_it_by_keyboard(self, shown: Visit) -> None:
        press = shown.page.keyboard.press
        shown.page.locator("#models summary").focus()
        press("Enter")
        press("Tab")
        shown.page.keyboard.type("cnn2d")
        press("Tab")
        press("Tab")
        assert shown.look("() => document.activeElement.textContent") == "Hide all"
        press("Enter")
        # Those that the search did not find stay.
        assert set(shown.look(COLUMN, "Model")) == {*MODELS[:4], *BASELINES}
        press("Shift+Tab")
        press("Enter")
        assert len(shown.look(COLUMN, "Model")) == len(MODELS) + len(BASELINES)
        press("Tab")
        press("Tab")
        press("Space")
        assert len(shown.look(COLUMN, "Model")) == len(MODELS) + len(BASELINES) - 1
        press("Escape")
        assert shown.look("() => document.getElementById('models').open") is False

    def test_the_choice_holds_in_a_frame_without_an_address(
        self, chromium: Browser, report: Path, tmp_path: Path
    ) -> None:
        """In a page that holds this one as text, `history.replaceState` throws."""
        page = html.escape(report.read_text(encoding="utf-8"))
        around = tmp_path / "around.html"
        around.write_text(
            f'<!doctype html><meta charset="utf-8"><iframe width="1400" height="800" '
            f'sandbox="allow-scripts" srcdoc="{page}"></iframe>',
            encoding="utf-8",
        )
        with visit(chromium, around) as shown:
            frame = shown.page.frame_locator("iframe")
            frame.locator("#models summary").click()
            frame.locator("#models input[type=checkbox]").first.click()
            told = f"{len(MODELS) - 1} of {len(MODELS)} models shown"
            frame.locator("#models-told").filter(has_text=told).wait_for(state="attached")
            assert shown.errors == []

    def test_the_choice_goes_with_a_copied_address(
        self, chromium: Browser, report: Path, shown: Visit
    ) -> None:
        hide(shown, "svm_sc")
        _, _, hash = shown.page.url.partition("#")
        with visit(chromium, report, hash=f"#{hash}") as other:
            assert set(other.look(COLUMN, "Model")) == {*MODELS, *BASELINES} - {"svm_sc"}
            other.becomes(MARKS, len(MODELS) + len(BASELINES) - 1)
        with visit(chromium, report, hash=f"#{hash}%") as other:
            assert len(other.look(COLUMN, "Model")) == len(MODELS) + len(BASELINES)
            assert other.errors == []


class TestCharts:
    def test_every_chart_is_named_and_a_score_may_be_chosen(
        self, shown: Visit, finished: Project
    ) -> None:
        charts = shown.page.locator(".drawn")
        assert charts.count() >= 3
        for chart in charts.all():
            assert chart.get_attribute("aria-label")
            assert chart.locator(".mark-symbol path").count() >= len(MODELS)
        choice = shown.page.get_by_label("Score").first
        # Intervals are of the UAR alone; what a guess reaches is a line too.
        rules = "() => document.querySelectorAll('.opening .role-mark.mark-rule line').length"
        scored = [row["uar"] for row in models(finished) if row["uar_low"] < row["uar_high"]]
        shown.becomes(rules, len(scored) + 1)
        choice.select_option("accuracy")
        shown.becomes(rules, 1)
        told = shown.look("() => document.querySelector('.opening .drawn').textContent")
        assert all(f"{float(row['accuracy']):.3f}" in told for row in models(finished))

    def test_a_mark_tells_its_numbers(self, shown: Visit) -> None:
        shown.page.locator(".opening .mark-symbol path").first.hover(force=True)
        told = shown.page.locator("#vg-tooltip-element")
        told.wait_for()
        assert "Macro-F1" in (told.text_content() or "")

    def test_a_picture_stands_where_a_chart_cannot_be_drawn(
        self, chromium: Browser, report: Path, tmp_path: Path
    ) -> None:
        broken = tmp_path / "broken.html"
        page = report.read_text(encoding="utf-8")
        assert '"layer": [' in page
        broken.write_text(page.replace('"layer": [', '"layer": [7, ', 1), encoding="utf-8")
        with visit(chromium, broken) as shown:
            assert shown.page.locator(".opening .picture img").is_visible()
            assert shown.page.locator(".opening .drawn").count() == 0
            assert shown.page.locator(".drawn svg").count() >= 2
            assert shown.errors

    def test_a_model_has_the_same_colour_in_tables_and_charts(self, shown: Visit) -> None:
        in_table, in_chart = shown.look(
            """() => {
              const rows = [...document.querySelectorAll("#table-1 tbody th[data-model]")];
              const swatches = rows.map((one) =>
                getComputedStyle(one.querySelector(".swatch")).backgroundColor);
              const marks = document.querySelectorAll(".opening .mark-symbol path");
              return [swatches, [...marks].map((one) => getComputedStyle(one).fill)];
            }"""
        )
        assert len(set(in_table)) == len(MODELS)
        assert in_chart[: len(MODELS)] == in_table


class TestTheme:
    def test_follows_the_system_until_the_reader_chooses(
        self, chromium: Browser, report: Path
    ) -> None:
        paper = "() => getComputedStyle(document.body).backgroundColor"
        ink = "() => getComputedStyle(document.querySelector('.drawn text')).fill"
        with visit(chromium, report) as light, visit(chromium, report, scheme="dark") as dark:
            bright, dim = light.look(paper), dark.look(paper)
            assert bright != dim
            assert light.look(ink) != dark.look(ink)
            dark.page.get_by_label("Theme").select_option("light")
            assert dark.look(paper) == bright
            dark.becomes(ink, light.look(ink))
            dark.page.reload()
            assert dark.look(paper) == bright
            dark.page.get_by_label("Theme").select_option("")
            assert dark.look(paper) == dim


class TestEveryone:
    @pytest.mark.parametrize(
        ("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["desk, light", "phone, dark"]
    )
    def test_no_serious_defect(
        self, chromium: Browser, report: Path, size: tuple[int, int], scheme: str
    ) -> None:
        with visit(chromium, report, size, scheme=scheme) as shown:
            shown.page.locator("#models summary").click()
            assert shown.accessibility() == []

    def test_only_tables_scroll_sideways_on_a_phone(self, chromium: Browser, report: Path) -> None:
        for width in (PHONE[0], 320):
            with visit(chromium, report, (width, 800)) as shown:
                assert shown.look("() => document.documentElement.scrollWidth") <= width
                outside = shown.look(
                    """() => [...document.querySelectorAll("main > *, main section > *, figure")]
                      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length"""
                )
                assert outside == 0

    def test_readable_without_scripts(self, chromium: Browser, report: Path) -> None:
        with visit(chromium, report, scripts=False) as shown:
            for hidden in (".controls", ".drawing", ".chart"):
                assert not any(one.is_visible() for one in shown.page.locator(hidden).all())
            assert shown.page.locator(".opening img").is_visible()
            assert shown.page.locator("#table-1 tbody tr").count() == len(MODELS + BASELINES)
            assert all(one.is_visible() for one in shown.page.locator("main section").all())

    def test_printed_as_it_is_shown_and_without_controls(self, shown: Visit) -> None:
        hide(shown, "cnn2d")
        shown.page.emulate_media(media="print", color_scheme="dark")
        for hidden in (".side", ".drawing", ".chart", "thead button >> nth=0"):
            found = shown.page.locator(hidden).all()
            assert found
            if hidden.startswith("."):
                assert not any(one.is_visible() for one in found)
        assert shown.page.locator(".opening img").is_visible()
        assert "cnn2d" not in shown.look(COLUMN, "Model")
        # Dark ink on white paper, whatever the screen shows.
        assert shown.look("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert shown.page.pdf().startswith(b"%PDF")
