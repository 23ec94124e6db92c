"""`.npy` files written and read row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serflow import rowfiles


def write(path: Path, array: np.ndarray) -> None:
    with rowfiles.writing(path, len(array), array.shape[1:], array.dtype) as append:
        for row in array:
            append(row)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=st.lists(st.integers(0, 4), min_size=1, max_size=3),
    kind=st.sampled_from([np.uint8, np.float32, np.int16]),
)
def test_the_file_is_numpys_own_byte_for_byte(tmp_path: Path, shape: list[int], kind: type):
    array = np.arange(np.prod(shape)).reshape(shape).astype(kind)
    write(tmp_path / "ours.npy", array)
    np.save(tmp_path / "numpys.npy", array)
    assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "numpys.npy").read_bytes()
    read = list(rowfiles.reading(tmp_path / "ours.npy"))
    assert len(read) == len(array)
    for row, expected in zip(read, array, strict=True):
        assert row.dtype == expected.dtype
        assert np.array_equal(row, expected)


def test_rows_in_fortran_order_are_turned(tmp_path: Path):
    array = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    with rowfiles.writing(tmp_path / "a.npy", 2, (3, 2), np.float32) as append:
        for row in array:
            append(np.asfortranarray(row))
    assert np.array_equal(np.load(tmp_path / "a.npy"), array)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (np.zeros(3, np.float32), r"float32 \(3,\), not float32 \(2,\)"),
        (np.zeros(2, np.float64), r"float64 \(2,\), not float32 \(2,\)"),
    ],
)
def test_a_row_that_does_not_fit_leaves_no_file(tmp_path: Path, row: np.ndarray, told: str):
    with (
        pytest.raises(ValueError, match=told),
        rowfiles.writing(tmp_path / "a.npy", 1, (2,), np.float32) as append,
    ):
        append(row)
    assert list(tmp_path.iterdir()) == []


def test_a_row_too_few_leaves_no_file(tmp_path: Path):
    with (
        pytest.raises(ValueError, match="1 rows were appended, not 2"),
        rowfiles.writing(tmp_path / "a.npy", 2, (2,), np.float32) as append,
    ):
        append(np.zeros(2, np.float32))
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_short_is_told(tmp_path: Path):
    path = tmp_path / "a.npy"
    write(path, np.zeros((3, 4), np.float32))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="is cut short"):
        list(rowfiles.reading(path))
