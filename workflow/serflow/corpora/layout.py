"""Names of folders and files that are made of what users call their labels and clips."""

from __future__ import annotations

from urllib.parse import quote

# What a folder's name may hold as it is; the rest is percent-encoded. Slashes and a leading dot
# would leave the folder or hide it, and Snakemake reads braces and commas in paths.
_PLAIN = " -_.()!@#&+='~"


def label_folder(label: str) -> str:
    """Return the folder name for a label: the label itself where it is harmless."""
    name = "".join(c if c.isalnum() or c in _PLAIN else quote(c, safe="") for c in label)
    return "%2E" + name[1:] if name.startswith(".") else name
