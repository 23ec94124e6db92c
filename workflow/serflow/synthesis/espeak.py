"""The eSpeak NG formant synthesizer, driven through ctypes.

The library and its data come in the wheel ``espeakng-loader`` (GPL-3, an optional extra). eSpeak NG
keeps state between calls, so one call changes the samples of the next; nothing short of unloading
the library clears it. `Engine.say` therefore loads it anew each time, which costs no measurable
time and makes each result depend on its arguments alone.
"""

from __future__ import annotations

import _ctypes
import ctypes
import importlib
import os
import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError

RATE = 22050
"""Sampling rate of eSpeak NG's output, Hz."""

# eSpeak NG copies paths into buffers of 160 characters, the data folder's with a file name behind
# it.
LONGEST_PATH = 120

# From espeak-ng/speak_lib.h
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_RATE_PARAMETER = 1
_CHARS_UTF8 = 1
_SSML = 0x10
_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)

_unload = getattr(_ctypes, "dlclose", None) or getattr(_ctypes, "FreeLibrary", None)


class Engine:
    """A synthesizer of speech from SSML; use it as a context manager.

    Raises
    ------
    UserError
        If the optional package is missing, or the temporary folder's path is too long for eSpeak
        NG.
    """

    def __init__(self) -> None:
        try:
            loader = importlib.import_module("espeakng_loader")
        except ImportError as error:
            raise UserError(
                "the demonstration corpus is synthesized with eSpeak NG, and the package "
                "espeakng-loader is not installed; install it with: pip install 'serflow[demo]' "
                "(the library in it is under GPL-3), or choose another corpus.adapter"
            ) from error
        self._library = str(loader.get_library_path())
        self._folder = tempfile.TemporaryDirectory(prefix="serflow-")
        self._data = self._short(Path(loader.get_data_path()))

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def _short(self, data: Path) -> Path:
        """Return a path to `data` that eSpeak NG can hold."""
        if len(self._folder.name) > LONGEST_PATH:
            self._folder.cleanup()
            raise UserError(
                f"the temporary folder {self._folder.name} has a path of more than {LONGEST_PATH} "
                "characters, too long for eSpeak NG; set TMPDIR to a shorter one, such as /tmp"
            )
        if len(str(data)) <= LONGEST_PATH:
            return data
        link = Path(self._folder.name, "data")
        link.symlink_to(data)
        return link

    def say(self, ssml: str, voice: str, words_per_minute: int) -> NDArray[np.float64]:
        """Speak a sentence.

        Parameters
        ----------
        ssml
            The sentence in SSML.
        voice
            A voice definition: the text of an eSpeak NG voice file.
        words_per_minute
            Speaking rate.

        Returns
        -------
        ndarray
            (samples,) at `RATE`, from -1 to 1.

        Raises
        ------
        RuntimeError
            If eSpeak NG refuses the voice, or gives no sound.
        """
        library, blocks = ctypes.CDLL(self._library), []

        def collect(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
            if count > 0:
                blocks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
            return 0

        callback = _Callback(collect)
        try:
            self._start(library, voice)
            library.espeak_SetSynthCallback(callback)
            library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
            text = ssml.encode()
            library.espeak_Synth(
                *(text, ctypes.c_size_t(len(text) + 1), 0, 0, 0, _CHARS_UTF8 | _SSML, None, None)
            )
            library.espeak_Synchronize()
            library.espeak_Terminate()
        finally:
            if _unload is not None:
                _unload(library._handle)
        if not blocks:
            raise RuntimeError(f"eSpeak NG gave no sound for {ssml}")
        return np.concatenate(blocks) / 32768.0

    def _start(self, library: ctypes.CDLL, voice: str) -> None:
        rate = library.espeak_Initialize(
            _AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(self._data), _INITIALIZE_DONT_EXIT
        )
        if rate != RATE:
            raise RuntimeError(f"eSpeak NG did not start: rate {rate} with data in {self._data}")
        library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        file = Path(self._folder.name, "voice")
        file.write_text(voice, encoding="utf-8")
        if library.espeak_ng_SetVoiceByFile(os.fsencode(file)) != 0:
            raise RuntimeError(f"eSpeak NG refused the voice:\n{voice}")
