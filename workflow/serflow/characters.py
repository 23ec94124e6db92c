"""Characters of users' names that neither a page, a document nor a picture may hold."""

from __future__ import annotations

import re

_FOREIGN = re.compile(
    # Controls, halves of characters and what is none. XML allows neither of them.
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
    # What turns the direction of the text after it: by it one name would look like another.
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def cleaned(text: str) -> str:
    """Return `text` with ``�`` for each character that is not to be shown.

    File and folder names may carry control characters, bytes that are not UTF-8, and marks that
    turn the direction of writing, of which Arabic and Hebrew need none.
    """
    return _FOREIGN.sub("\ufffd", text)
