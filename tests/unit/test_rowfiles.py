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
    read = list(rowfiles.reading(tmp_path / "ours.npy", len(array), array.shape[1:], kind) or ())
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


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b"0"),
        lambda path: path.write_bytes(path.read_bytes()[:20]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"something else"),
        lambda path: write(path, np.zeros((2, 4), np.float32)),
        lambda path: write(path, np.zeros((3, 5), np.float32)),
        lambda path: write(path, np.zeros((3, 4), np.int32)),
        lambda path: path.unlink(),
    ],
)
def test_a_file_that_is_not_what_is_asked_for_is_as_good_as_none(tmp_path: Path, damage):
    path = tmp_path / "a.npy"
    write(path, np.zeros((3, 4), np.float32))
    assert rowfiles.reading(path, 3, (4,), np.float32) is not None
    damage(path)
    assert rowfiles.reading(path, 3, (4,), np.float32) is None


def test_a_file_may_be_deleted_while_it_is_read(tmp_path: Path):
    path = tmp_path / "a.npy"
    write(path, np.arange(6, dtype=np.float32).reshape(3, 2))
    rows = rowfiles.reading(path, 3, (2,), np.float32)
    path.unlink()
    assert rows is not None
    assert [row.tolist() for row in rows] == [[0, 1], [2, 3], [4, 5]]
