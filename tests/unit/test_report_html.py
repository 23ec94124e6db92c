"""The report as a page: nothing is fetched, and no name becomes markup."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from small_report import HOSTILE, Assemble, hostile, of_kind

from serflow.errors import UserError
from serflow.report import html, text

# Tags that nothing closes.
VOID = {"meta", "img", "wbr", "br", "col", "hr", "link", "input"}


class Page(HTMLParser):
    """A parsed page: its tags with attributes, and its text by tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append((self.tags[-1][1], data))
        elif self.open and self.open[-1] == "style":
            self.styles.append(data)
        else:
            self.texts.append(data)

    def values(self, tag: str, attribute: str) -> list[str]:
        return [own[attribute] or "" for name, own in self.tags if name == tag and attribute in own]

    @property
    def policy(self) -> dict[str, list[str]]:
        """The sources that the page's policy allows, by directive."""
        [told] = [
            own["content"] or ""
            for tag, own in self.tags
            if tag == "meta" and own.get("http-equiv") == "Content-Security-Policy"
        ]
        return {words[0]: words[1:] for words in map(str.split, told.split(";"))}

    @property
    def running(self) -> list[str]:
        """The scripts that a browser would run."""
        return [text for own, text in self.scripts if own.get("type") != "application/json"]


def digest(script: str) -> str:
    made = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(made).decode('ascii')}'"


class TestHtml:
    def page(self, root: Path, assembled: dict[str, Any]) -> str:
        return html.render(assembled, root / "workflow" / "report" / "report.html.j2")

    def test_nothing_is_fetched(self, root: Path, assemble: Assemble) -> None:
        page = Page(self.page(root, assemble()))
        assert {tag for tag, _ in page.tags}.isdisjoint(
            {"link", "iframe", "object", "base", "embed", "form"}
        )
        assert page.policy["default-src"] == ["'none'"]
        allowed = {
            source for key, of in page.policy.items() if key != "script-src" for source in of
        }
        assert allowed == {"'none'", "data:", "'unsafe-inline'"}
        assert page.policy["style-src"] == ["'unsafe-inline'"]
        assert all(
            source.startswith("data:image/svg+xml,%3Csvg ") for source in page.values("img", "src")
        )
        assert all(target.startswith("#") for target in page.values("a", "href"))
        styles = [*page.styles, *(own["style"] or "" for _, own in page.tags if "style" in own)]
        assert styles
        assert not any(told in style for told in ("url(", "@import") for style in styles)

    def test_scripts_are_the_ones_listed_and_no_others(
        self, root: Path, assemble: Assemble
    ) -> None:
        page = Page(self.page(root, assemble()))
        assert page.policy["script-src"] == [digest(script) for script in page.running]
        folder = root / "workflow" / "report" / "page"
        own = {path.read_text(encoding="utf-8") for path in folder.glob("*.js")}
        assert set(page.running) - own == {html.vega()}
        # No source is named, and no attribute runs anything: the policy has no hash for it.
        assert not any("src" in own for tag, own in page.tags if tag == "script")
        assert not [name for _, own in page.tags for name in own if name.startswith("on")]

    def test_data_of_charts_are_whole_and_no_script(self, root: Path, assemble: Assemble) -> None:
        assembled = hostile(assemble)
        page = Page(self.page(root, assembled))
        inert = [text for own, text in page.scripts if own.get("type") == "application/json"]
        ranking = next(iter(of_kind(assembled, "figures")))["items"][0]["chart"]
        specs = [block["spec"] for block in of_kind(assembled, "chart")]
        assert sorted(json.dumps(json.loads(data), sort_keys=True) for data in inert) == sorted(
            json.dumps(spec, sort_keys=True) for spec in [ranking, *specs]
        )

    def test_a_script_that_would_end_inside_the_page_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bad.js").write_text('const told = "</SCRIPT>";')
        with pytest.raises(ValueError, match=r"bad\.js"):
            html.Scripts(tmp_path).include("bad.js")

    def test_pictures_are_whole_and_described(self, root: Path, assemble: Assemble) -> None:
        assembled = assemble()
        page = Page(self.page(root, assembled))
        made = [item for block in of_kind(assembled, "figures") for item in block["items"]]
        assert len(page.values("img", "src")) == len(made)
        for source, item in zip(page.values("img", "src"), made, strict=True):
            assert unquote(source.partition(",")[2]) == Path(item["path"]).read_text("utf-8")
        assert page.values("img", "alt") == [item["alternative"] for item in made]
        assert all(page.values("img", "alt"))

    def test_every_link_has_a_target_and_ids_are_unique(
        self, root: Path, assemble: Assemble
    ) -> None:
        page = Page(self.page(root, assemble()))
        names = [own["id"] for _, own in page.tags if "id" in own]
        assert len(names) == len(set(names))
        targets = {target[1:] for target in page.values("a", "href")}
        targets |= {own["aria-labelledby"] for _, own in page.tags if "aria-labelledby" in own}
        assert targets <= set(names)

    def test_warning_stands_before_every_number(self, root: Path, assemble: Assemble) -> None:
        written = self.page(root, assemble(adapter="demo"))
        assert written.index("Synthetic corpus") < written.index("<table")
        assert 'class="notice error"' in written

    def test_names_are_text_whatever_they_hold(self, root: Path, assemble: Assemble) -> None:
        assembled = assemble(labels=HOSTILE)
        page = Page(self.page(root, assembled))
        assert page.running == Page(self.page(root, assemble())).running
        told = " ".join(page.texts)
        for label in HOSTILE:
            assert text.printable(label) in told

    def test_names_of_every_kind_open_no_tag(self, root: Path, assemble: Assemble) -> None:
        """The page has the tags and attributes of one with harmless names, each closed again."""
        plain, page = (
            Page(self.page(root, made)) for made in (assemble(adapter="demo"), hostile(assemble))
        )
        known = {tag for tag, _ in plain.tags} | {"ul", "li", "strong", "em"}
        assert {tag for tag, _ in page.tags} <= known
        attributes = {name for _, own in plain.tags for name in own}
        assert {name for _, own in page.tags for name in own} <= attributes
        assert page.open == plain.open == []
        assert page.running == plain.running
        assert page.policy == plain.policy
        assert all(link.startswith("#") for link in page.values("a", "href"))
        # Without a space: long names may be broken in two.
        told = "".join(page.texts)
        for name in HOSTILE:
            assert text.printable(f"speaker {name}") in told
        assert "\u202e" not in told

    def test_a_picture_is_smaller_and_looks_the_same(self, tmp_path: Path) -> None:
        """Comments, breaks and digits that nobody sees go; what is drawn and written stays."""
        figure = tmp_path / "figure.svg"
        figure.write_text(
            '<svg viewBox="0 0 9.123456 6">\n <!-- 100 % "é" -->\n'
            ' <g transform="translate(1.23456 -0.98765) scale(0.015625 -0.015625)">\n'
            '  <path d="M 1 2.5 \nL 3.14159 4 \nz"/>\n </g>\n'
            " <text>100 % é #1 v1.25</text>\n</svg>\n",
            encoding="utf-8",
        )
        head, _, drawn = html.data_uri(figure).partition(",")
        assert head == "data:image/svg+xml"
        assert not set(drawn) & set("<>&\"'#\n")
        assert unquote(drawn) == (
            '<svg viewBox="0 0 9.12 6"> <g transform="translate(1.23 -0.98) scale(0.015625'
            ' -0.015625)"> <path d="M 1 2.5 L 3.14 4 z"/> </g> <text>100 % é #1 v1.25</text> '
            "</svg> "
        )

    def test_unknown_kind_of_picture(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"figure\.gif"):
            html.data_uri(tmp_path / "figure.gif")

    def test_long_names_may_break_after_a_joint(self) -> None:
        assert html.joints("time_mask+<b>") == "time_<wbr>mask+<wbr>&lt;b&gt;"
