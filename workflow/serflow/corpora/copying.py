"""Whether recordings may be passed on inside a report, by what their licence is called.

Only the standard library is imported, because the rules ask this while they are parsed.
"""

from __future__ import annotations

import re

OPEN = re.compile(
    r"""\s*(the\s+)?(
        cc[\s-]?0 | cc[\s-]by | cc[\s-]zero
      | creative\s+commons\s+(attribution|zero|public\s+domain)
      | https?://creativecommons\.org/(licenses/by|publicdomain)
      | public\s+domain | pddl | odc[\s-](by|odbl|pddl) | odbl | open\s+data\s+commons
      # Short names are others' names too, as of the institute.
      | (mit | bsd | apache | isc | unlicense | wtfpl)
        (?=([\s,-]+(v?\d[\w.-]*|clause|version|licen[cs]e))*\s*$)
    )(?![a-z])""",
    re.VERBOSE | re.IGNORECASE,
)
"""How the names of licences begin that let anybody pass copies on, with whatever conditions: to
name the source, not to sell them, to leave them as they are."""


def may_be_copied(licence: str) -> bool:
    """Return whether a licence of this name lets anybody pass copies of the recordings on.

    What is not known to allow it does not: an empty text, ``research only``, ``all rights
    reserved``, or a licence that stands in words of its own.

    Examples
    --------
    >>> may_be_copied("CC BY-NC-SA 4.0")
    True
    >>> may_be_copied("on request, for research only")
    False
    """
    return OPEN.match(licence) is not None
