"""`.npy` files written and read row by row, so that memory does not grow with them.

A memory map would do as well, but its pages count as the process's memory as long as it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


def reading(path: str | Path) -> Iterator[NDArray[Any]]:
    """Yield the rows of a file one after the other.

    Raises
    ------
    FileNotFoundError
        If there is no file, when the first row is asked for.
    ValueError
        If the file is shorter than its header says.
    """
    with Path(path).open("rb") as file:
        np.lib.format.read_magic(file)
        (rows, *shape), _, kind = np.lib.format.read_array_header_1_0(file)
        size = int(np.prod(shape)) * kind.itemsize
        for _ in range(rows):
            content = file.read(size)
            if len(content) < size:
                raise ValueError(f"{path} is cut short")
            yield np.frombuffer(content, kind).reshape(shape)
