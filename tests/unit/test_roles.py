"""Roles of clips in one fold."""

from __future__ import annotations

from pathlib import Path

from serflow.splitting.roles import roles_of
from serflow.tables import write_tsv


def test_roles_in_the_order_asked_for(tmp_path: Path):
    rows = [
        {"clip": "a", "fold": 0, "role": "train"},
        {"clip": "b", "fold": 0, "role": "test"},
        {"clip": "c", "fold": 0, "role": "validation"},
        {"clip": "a", "fold": 10, "role": "test"},
        {"clip": "b", "fold": 1, "role": "train"},
    ]
    path = tmp_path / "splits.tsv"
    write_tsv(path, rows, ["clip", "fold", "role"])
    assert roles_of(path, 0, ["c", "a", "b"]).tolist() == ["validation", "train", "test"]
    assert roles_of(path, 1, ["a", "b", "x"]).tolist() == ["", "train", ""]
    assert roles_of(path, 10, ["a"]).tolist() == ["test"]
