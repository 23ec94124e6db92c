"""Which licences let copies be passed on, by their names."""

from __future__ import annotations

import pytest

from serflow.corpora.about import DEMO, RAVDESS
from serflow.corpora.copying import may_be_copied


@pytest.mark.parametrize(
    "licence",
    [
        *("CC0", "CC0 1.0", "cc-0", "CC BY 4.0", "CC-BY-SA-4.0", "cc by-nc-nd 4.0"),
        *("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        *("public domain", "Public  Domain Mark", "ODC-BY 1.0", "ODbL", "MIT", "the MIT licence"),
        *("Apache License 2.0", "Apache License, Version 2.0", "BSD 3-Clause License", "ISC"),
        *("BSD-3-Clause", "Apache-2.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ],
)
def test_licences_that_allow_it(licence: str) -> None:
    assert may_be_copied(licence)


@pytest.mark.parametrize(
    "licence",
    [
        *("", "unknown", "all rights reserved", "research only", "proprietary", "EULA"),
        *("not CC BY", "no licence; MIT students may listen", "commitment needed", "mitigated"),
        *("MIT Media Lab, do not pass on", "Apache Corporation, internal", "ISC members only"),
        *(
            "by arrangement with the publisher",
            "cc byline",
            "bystander agreement",
            "CC",
            "by request",
        ),
    ],
)
def test_licences_that_do_not(licence: str) -> None:
    assert not may_be_copied(licence)


def test_known_corpora() -> None:
    assert may_be_copied(RAVDESS.licence)
    assert DEMO.synthetic
