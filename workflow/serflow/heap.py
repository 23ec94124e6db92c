"""Freed memory is kept for the next arrays."""

from __future__ import annotations

import ctypes

# Of <malloc.h>.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_GREATEST = 2**31 - 1
# Older versions of glibc take no greater one.
_GREATEST_MMAP = 2**25


def keep_freed_memory() -> bool:
    """Tell glibc to keep freed memory instead of handing it back to the system.

    A spectrogram goes through megabytes of intermediate arrays, a batch of signals through hundreds
    of them. Left alone, glibc returns most of it after every clip or batch, and the system hands it
    out again page by page, zeroed: some two fifths of the time of a mel spectrogram. No number
    depends on it.

    Returns
    -------
    bool
        Whether it was done; other C libraries are left alone.
    """
    try:
        adjust = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(
        adjust(_TRIM_THRESHOLD, _GREATEST)
        and (adjust(_MMAP_THRESHOLD, _GREATEST) or adjust(_MMAP_THRESHOLD, _GREATEST_MMAP))
    )
