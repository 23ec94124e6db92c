"""Folds that papers published, by name: results on them can be set beside the papers' own.

Imports the standard library only: the Snakefile asks for the number of folds while it is parsed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from serflow.errors import UserError

SHOWN = 12


@dataclass(frozen=True)
class NamedFolds:
    """The test speakers of each fold, as a paper lists them.

    Attributes
    ----------
    corpus
        The corpus whose speakers these are.
    source
        Who published them.
    test_speakers
        Test speakers of each fold, by the names that the corpus' adapter gives them.
    some
        What to do where the corpus at hand has only some of the speakers.
    """

    corpus: str
    source: str
    test_speakers: tuple[tuple[str, ...], ...]
    some: str

    @property
    def speakers(self) -> tuple[str, ...]:
        """All listed speakers, sorted."""
        return tuple(sorted(speaker for fold in self.test_speakers for speaker in fold))


def _actors(*folds: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(f"{actor:02d}" for actor in fold) for fold in folds)


_SOME_ACTORS = (
    "take all 24 actors, or list the folds of those that are there with `protocol.type`: speakers, "
    "as config/protocols/ravdess-18.yaml does for the first 18"
)

NAMED = {
    "luna5": NamedFolds(
        "RAVDESS",
        "Luna-Jiménez et al. 2021",
        # Near gender-balanced.
        _actors(
            (2, 5, 14, 15, 16),
            (3, 6, 7, 13, 18),
            (10, 11, 12, 19, 20),
            (8, 17, 21, 23, 24),
            (1, 4, 9, 22),
        ),
        _SOME_ACTORS,
    ),
    "emobox6": NamedFolds(
        "RAVDESS",
        "EmoBox 2024",
        # As published: the second fold tests female actors only.
        _actors(
            (1, 11, 20, 21),
            (4, 10, 12, 14),
            (8, 9, 19, 23),
            (3, 5, 7, 24),
            (2, 15, 16, 18),
            (6, 13, 17, 22),
        ),
        _SOME_ACTORS,
    ),
}
"""Published folds by the `protocol.type` that asks for them."""


def check(name: str, speakers: Collection[str]) -> None:
    """Raise `UserError` unless the corpus has exactly the speakers that the folds `name` list."""
    named = NAMED[name]
    missing = sorted(set(named.speakers) - set(speakers))
    more = sorted(set(speakers) - set(named.speakers))
    if not missing and not more:
        return
    what = (
        f"`protocol.type`: {name} ({named.source}) deals the {len(named.speakers)} speakers of "
        f"{named.corpus}, {named.speakers[0]} to {named.speakers[-1]}, to folds"
    )
    if not more:
        raise UserError(
            f"{what}, but {len(missing)} of them are not in the corpus: {_shown(missing)}; "
            f"{named.some}"
        )
    absent = f" and lacks {len(missing)} of the list: {_shown(missing)}" if missing else ""
    raise UserError(
        f"{what}, but the corpus has {len(more)} speakers that are not among them: {_shown(more)}"
        f"{absent}; names are compared exactly; correct the speakers' names, leave those speakers "
        "out of the corpus, or take a `protocol.type` that knows no names (group-k-fold, loso)"
    )


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
