"""Checkpoints: where a killed training goes on.

A checkpoint is one file for a whole training, which may have several parts (a first network, its
refit, the members of an ensemble). It is no result: it is written now and then, read once, and
deleted when the training has ended. It belongs to one training only, by a fingerprint; any other
training, be it of the same name, does not look at it.

The file begins with the SHA-256 of the fingerprint and of all that follows, because torch does not
notice bytes that have changed within its own files.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from serflow import leftovers
from serflow.files import replacing

FOLDER = "checkpoints"
"""Folder of all trainings' checkpoints, which goes when the last one has ended."""
SECONDS = 30.0
"""Time between two checkpoints: a short training writes none, a killed one loses no more."""
DIGEST = hashlib.sha256().digest_size

State = dict[str, Any]


class Checkpoint:
    """The state of a training on disk.

    Parameters
    ----------
    path
        The file; its folder is made when it is first written.
    fingerprint
        Text that tells the training from every other: settings, seed, clips, roles, code, device.
    seconds
        Time between two checkpoints.

    Attributes
    ----------
    spent
        Seconds that the training had taken before this process, up to the checkpoint.
    """

    def __init__(self, path: str | Path, fingerprint: str, seconds: float = SECONDS) -> None:
        self._path = Path(path)
        self._fingerprint = fingerprint.encode()
        self._seconds = seconds
        stored = self._read()
        self._parts: dict[str, State] = stored.get("parts", {})
        self.spent: float = stored.get("spent", 0.0)
        self._begin = self._last = time.monotonic()

    @property
    def begun(self) -> bool:
        """Whether there is anything to go on from."""
        return bool(self._parts)

    def part(self, name: str) -> State | None:
        """Return the last state of a part, ``None`` if it has not begun."""
        return self._parts.get(name)

    def offer(self, name: str, state: Callable[[], State]) -> None:
        """Store the state of a part if the last time is long enough ago.

        Parameters
        ----------
        name
            Of the part.
        state
            Makes the state, of tensors, numbers, strings, lists and dicts.
        """
        if time.monotonic() - self._last >= self._seconds:
            self._parts[name] = state()
            self._write()

    def end(self, name: str, state: State) -> None:
        """Keep the last state of a part that has ended; the next `offer` stores it too."""
        self._parts[name] = state

    def remove(self) -> None:
        """Delete the file, and folders that are empty by that: the training has ended."""
        self._path.unlink(missing_ok=True)
        # What a kill in the middle of writing left would keep the folder.
        leftovers.sweep(self._path.parent)
        if FOLDER not in (folder.name for folder in self._path.parents):
            return
        for folder in self._path.parents:
            try:
                folder.rmdir()
            except OSError:
                # Another training's checkpoint is in it, or no checkpoint ever was.
                if folder.exists():
                    return
            if folder.name == FOLDER:
                return

    def _read(self) -> State:
        """Return what the file holds; nothing where there is none, or not one of ours."""
        try:
            stored = self._path.read_bytes()
        except OSError:
            return {}
        digest, content = stored[:DIGEST], stored[DIGEST:]
        if digest != self._digest(content):
            return {}
        try:
            # Nothing but tensors and plain values is let in.
            found: State = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        except pickle.UnpicklingError:
            return {}
        return found

    def _write(self) -> None:
        spent = self.spent + time.monotonic() - self._begin
        content = io.BytesIO()
        torch.save({"parts": self._parts, "spent": spent}, content)
        with replacing(self._path) as temporary, temporary.open("wb") as file:
            file.write(self._digest(content.getbuffer()))
            file.write(content.getbuffer())
        self._last = time.monotonic()

    def _digest(self, content: bytes | memoryview) -> bytes:
        digest = hashlib.sha256(self._fingerprint)
        digest.update(content)
        return digest.digest()
