"""A page as one HTML file that needs nothing beside it, and that runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from serflow.errors import UserError
from serflow.report.page_files import VEGA
from serflow.report.small_svg import small

PLAIN = " !$()*+,-./:;=?@_~"
"""What stands for itself in a URI of data, and in an attribute of HTML."""
MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".mp3": "audio/mpeg"}


class Scripts:
    """The scripts of one page, and the policy that lets a browser run these and no others.

    Parameters
    ----------
    folder
        Where the scripts lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hashes: list[str] = []

    def include(self, name: str, early: bool = False) -> Markup:
        """Return a script's element; `name` is a file of the folder, or ``vega`` (charts).

        A script has a scope of its own and runs once the page is read, or at once if `early`.
        """
        source = vega() if name == VEGA else (self.folder / name).read_text(encoding="utf-8")
        if re.search(r"</script|<!--", source, re.IGNORECASE):
            raise ValueError(f"{name}: the script would end, or change its meaning, inside a page")
        digest = base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")
        self.hashes.append(f"'sha256-{digest}'")
        kind = "" if early else ' type="module"'
        return Markup(f"<script{kind}>{source}</script>")

    def policy(self) -> str:
        """Return the page's Content-Security-Policy, once all its scripts are included.

        No script in it has any other hash than the ones included, so that nothing that a label
        or a file's name might smuggle in ever runs, and nothing connects to anywhere.
        """
        return (
            "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; "
            f"script-src {' '.join(self.hashes)}; base-uri 'none'; form-action 'none'"
        )


@cache
def vega() -> str:
    """Return Vega-Lite, Vega and Vega-Embed as one script of 0.9 MB, bundled in two seconds."""
    from vl_convert import javascript_bundle

    return javascript_bundle("window.vegaEmbed = vegaEmbed;")


def render(content: Mapping[str, Any], template: str | Path) -> str:
    """Return a page.

    Parameters
    ----------
    content
        What the template shows. Its strings are escaped, whatever they hold.
    template
        The Jinja template, which extends ``page/base.html.j2`` beside it.

    Returns
    -------
    str
        HTML with styles and scripts inside, pictures and sound as data URIs; nothing in it is
        fetched from anywhere.
    """
    template = Path(template)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "sort_keys": True}
    environment.filters["data_uri"] = data_uri
    environment.filters["joints"] = joints
    scripts = Scripts(template.parent / "page")
    environment.globals["script"] = scripts.include
    environment.globals["policy"] = scripts.policy
    return environment.get_template(template.name).render(content)


def data_uri(path: str | Path) -> str:
    """Return a picture's file (SVG or PNG) or a sound's (MP3) as a data URI."""
    path = Path(path)
    media = MEDIA.get(path.suffix.lower())
    if media is None:
        raise UserError(
            f"{path}: the report embeds {' and '.join(MEDIA)} files only; save the figure as one "
            "of them"
        )
    if path.suffix.lower() == ".svg":
        # As text it takes a fifth less than as base64.
        return f"data:{media},{quote(small(path.read_text(encoding='utf-8')), safe=PLAIN)}"
    return f"data:{media};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def joints(text: str) -> Markup:
    """Escape `text` and let a browser break a long name after a joint such as ``_`` or ``+``."""
    parts = re.split(r"(?<=[_+/])", text)
    return Markup("<wbr>").join(escape(part) for part in parts)
