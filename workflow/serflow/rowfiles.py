"""`.npy` files written and read row by row, so that memory does not grow with them.

A memory map would do as well, but its pages count as the process's memory as long as it is open.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from serflow.files import replacing


@contextmanager
def writing(
    path: str | Path, rows: int, shape: tuple[int, ...], dtype: DTypeLike
) -> Iterator[Callable[[NDArray[Any]], None]]:
    """Give a function that appends one row; the file is there, whole, when the block ends well.

    Parameters
    ----------
    path
        The file; the same as ``numpy.save`` writes of an array of shape ``(rows, *shape)``.
    rows
        Number of rows that will be appended.
    shape, dtype
        Of each row.

    Raises
    ------
    ValueError
        If a row has another shape or type, or the number of rows is another in the end.
    """
    kind = np.dtype(dtype)
    with replacing(path) as temporary, temporary.open("wb") as file:
        header = {
            "descr": np.lib.format.dtype_to_descr(kind),
            "fortran_order": False,
            "shape": (rows, *shape),
        }
        np.lib.format.write_array_header_1_0(file, header)
        written = 0

        def append(row: NDArray[Any]) -> None:
            nonlocal written
            if row.shape != shape or row.dtype != kind:
                raise ValueError(f"a row is {row.dtype} {row.shape}, not {kind} {shape}")
            file.write(np.ascontiguousarray(row).data)
            written += 1

        yield append
        if written != rows:
            raise ValueError(f"{written} rows were appended, not {rows}")


def write(path: str | Path, rows: int, arrays: Iterable[NDArray[Any]]) -> None:
    """Write `arrays`, which are alike, as the rows of a file; the first one tells shape and type.

    Of no rows at all nobody knows either: the file is of shape ``(0, 0)``.

    Raises
    ------
    ValueError
        As `writing`.
    """
    left = iter(arrays)
    first = next(left, None)
    like = np.empty(0, np.float32) if first is None else first
    with writing(path, rows, like.shape, like.dtype) as append:
        for array in chain([] if first is None else [first], left):
            append(array)


def reading(
    path: str | Path, rows: int, shape: tuple[int, ...], dtype: DTypeLike
) -> Iterator[NDArray[Any]] | None:
    """Open a file and return its rows, one after the other.

    The file is opened at once, so that it can be deleted while it is read.

    Returns
    -------
    iterator of arrays, or None
        None where there is no file, or it is damaged or holds another number of rows or another
        shape or type than asked for.
    """
    try:
        file = Path(path).open("rb")  # noqa: SIM115 (closed by whoever reads the rows)
    except FileNotFoundError:
        return None
    try:
        np.lib.format.read_magic(file)
        found = np.lib.format.read_array_header_1_0(file)
    except ValueError:
        found = None
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    there = os.fstat(file.fileno()).st_size - file.tell()
    if found != ((rows, *shape), False, kind) or there != rows * size:
        file.close()
        return None
    return _rows(file, rows, shape, kind)


def _rows(
    file: BinaryIO, rows: int, shape: tuple[int, ...], kind: np.dtype[Any]
) -> Iterator[NDArray[Any]]:
    with file:
        for _ in range(rows):
            content = file.read(int(np.prod(shape)) * kind.itemsize)
            yield np.frombuffer(content, kind).reshape(shape)
