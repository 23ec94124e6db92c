"""Which clips the demonstration corpus has: names and attributes, without making a sound.

Only the standard library is imported, because this runs while the workflow is parsed.
"""

from __future__ import annotations

from serflow.corpora import ravdess
from serflow.errors import UserError

# RAVDESS actors are 01 to 24: from 31 on no synthetic voice can be taken for a real one.
FIRST_SPEAKER = 31
LABELS = ("Angry", "Calm", "Happy", "Sad")
STATEMENTS = ("01", "02")

# The moment that every clip's file carries (2000-01-01 00:00 UTC, nanoseconds), so that a clip
# table made on another day is the same byte for byte.
MTIME_NS = 946_684_800 * 10**9


def clips(speakers: int, repetitions: int, intensities: int) -> list[dict[str, str]]:
    """List the clips of a demonstration corpus.

    Names follow RAVDESS, ``Train/Angry/03-01-05-01-01-01-31``; speakers count from 31, odd ones are
    male. The last quarter of the speakers (rounded down, at least one) is the given test set.

    Parameters
    ----------
    speakers
        Number of voices, 2 to 69 (a name has two digits for the speaker).
    repetitions
        Takes of each sentence, 1 to 99.
    intensities
        1 for normal alone, 2 for normal and strong.

    Returns
    -------
    list of dict
        Rows of the clip table sorted by clip: clip, path (POSIX, relative), label, speaker, split
        (train, test), gender, intensity, statement, repetition.

    Raises
    ------
    UserError
        If a number is out of its range.
    """
    for name, number, low, high in (
        ("speakers", speakers, 2, 69),
        ("repetitions", repetitions, 1, 99),
        ("intensities", intensities, 1, 2),
    ):
        if not low <= number <= high:
            raise UserError(f"corpus.{name} is {number}; wanted is a number from {low} to {high}")
    codes = {label: code for code, label in ravdess.EMOTIONS.items()}
    first_test = FIRST_SPEAKER + speakers - max(1, speakers // 4)
    rows = [
        ravdess.row(
            f"{split.capitalize()}/{label}/03-01-{codes[label]}-{intensity:02d}-{statement}"
            f"-{repetition:02d}-{speaker:02d}.wav",
            split,
        )
        for speaker in range(FIRST_SPEAKER, FIRST_SPEAKER + speakers)
        for split in ("test" if speaker >= first_test else "train",)
        for label in LABELS
        for intensity in range(1, intensities + 1)
        for statement in STATEMENTS
        for repetition in range(1, repetitions + 1)
    ]
    return sorted((row for row in rows if row is not None), key=lambda row: row["clip"])
