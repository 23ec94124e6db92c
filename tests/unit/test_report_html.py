"""The report as a page: nothing is fetched, and no name becomes markup."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

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
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, tag: str, attribute: str) -> list[str]:
        return [own[attribute] or "" for name, own in self.tags if name == tag and attribute in own]


class TestHtml:
    def page(self, root: Path, assembled: dict[str, Any]) -> str:
        return html.render(assembled, root / "workflow" / "report" / "report.html.j2")

    def test_nothing_is_fetched(self, root: Path, assemble: Assemble) -> None:
        written = self.page(root, assemble())
        page = Page(written)
        assert {tag for tag, _ in page.tags}.isdisjoint(
            {"script", "link", "iframe", "object", "base"}
        )
        assert all(
            source.startswith("data:image/svg+xml;base64,") for source in page.values("img", "src")
        )
        assert all(target.startswith("#") for target in page.values("a", "href"))
        assert "url(" not in written
        assert "@import" not in written

    def test_pictures_are_whole_and_described(self, root: Path, assemble: Assemble) -> None:
        assembled = assemble()
        page = Page(self.page(root, assembled))
        made = [item for block in of_kind(assembled, "figures") for item in block["items"]]
        assert len(page.values("img", "src")) == len(made)
        for source, item in zip(page.values("img", "src"), made, strict=True):
            assert base64.b64decode(source.partition(",")[2]) == Path(item["path"]).read_bytes()
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
        written = self.page(root, assembled)
        assert "<script" not in written
        told = " ".join(Page(written).texts)
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
        assert all(link.startswith("#") for link in page.values("a", "href"))
        # Without a space: long names may be broken in two.
        told = "".join(page.texts)
        for name in HOSTILE:
            assert text.printable(f"speaker {name}") in told
        assert "\u202e" not in told

    def test_unknown_kind_of_picture(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match=r"figure\.gif"):
            html.data_uri(tmp_path / "figure.gif")

    def test_long_names_may_break_after_a_joint(self) -> None:
        assert html.joints("time_mask+<b>") == "time_<wbr>mask+<wbr>&lt;b&gt;"
