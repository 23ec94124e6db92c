"""Whatever a file named .wav holds, reading it ends in finite samples or a refusal."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from small_wavs import chunk, fmt, riff
from wav_fuzzing import check

# The same inputs come in the same order each time; how many of them depends on the machine.
SECONDS = "60" if os.environ.get("CI") == "true" else "15"
BUDGET = os.environ.get("SERFLOW_FUZZ_SECONDS", SECONDS)


def mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One in thirty odd: a file has many fields, and with several odd ones none is taken."""
    return st.sampled_from([usual] * 29 + [odd]).flatmap(lambda strategy: strategy)


SHORT = st.integers(0, 0xFFFF)
LINEAR = st.sampled_from([(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64), (6, 8), (7, 8)])
PACKED = st.tuples(st.sampled_from([2, 0x11, 0x31, 0x55]), st.sampled_from([0, 4, 8, 16]))
ENCODINGS = mostly(LINEAR, PACKED | st.tuples(SHORT, SHORT))
CHANNELS = mostly(st.integers(1, 8), SHORT)
RATES = mostly(st.sampled_from([8000, 16_000, 48_000]), st.integers(0, 2**32 - 1))
SIZES = st.sampled_from([0, 1, 2**31 - 1, 2**31, 2**32 - 1]) | st.integers(0, 2**32 - 1)


@st.composite
def formats(draw: st.DrawFn) -> bytes:
    """A fmt chunk: mostly one that agrees with itself, at times of any fields."""
    (kind, bits), channels, rate = draw(ENCODINGS), draw(CHANNELS), draw(RATES)
    align = draw(mostly(st.just(channels * bits // 8), SHORT)) & 0xFFFF
    extensible = draw(st.booleans())
    fields = (0xFFFE if extensible else kind, channels, rate, rate * align % 2**32, align, bits)
    body = struct.pack("<HHIIHH", *fields)
    if extensible:
        tail = bytes.fromhex("000000001000800000aa00389b71")
        body += struct.pack("<HHIH", 22, bits, draw(SIZES), kind) + tail
    body += draw(mostly(st.just(b""), st.binary(max_size=12)))
    return chunk(b"fmt ", body, draw(mostly(st.just(len(body)), SIZES)))


@st.composite
def others(draw: st.DrawFn) -> bytes:
    """Any other chunk."""
    names = [b"LIST", b"fact", b"PEAK", b"bext", b"cue ", b"smpl", b"ds64"]
    body = draw(st.binary(max_size=200))
    return chunk(
        draw(mostly(st.sampled_from(names), st.sampled_from([b"data", b"fmt "]))),
        body,
        draw(mostly(st.just(len(body)), SIZES)),
    )


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A WAV file of such chunks in any order, then cut short or with bytes put in."""
    head = draw(st.sampled_from([b"RIFF", b"RIFF", b"RIFX", b"RF64"]))
    samples = draw(st.binary(min_size=1, max_size=300))
    size = draw(mostly(st.just(len(samples)), SIZES))
    chunks = [draw(formats()), chunk(b"data", samples, size)]
    for _ in range(draw(st.integers(0, 3))):
        chunks.insert(draw(st.integers(0, len(chunks))), draw(others()))
    if draw(mostly(st.just(False), st.just(True))):
        chunks = draw(st.permutations(chunks))
    content = head + riff(*chunks)[4:]
    at = draw(st.integers(0, len(content)))
    damage = draw(st.sampled_from(["none"] * 7 + ["cut", "insert", "replace"]))
    if damage == "cut":
        return content[:at]
    if damage == "none":
        return content
    put_in = draw(st.binary(min_size=1, max_size=20))
    return content[:at] + put_in + content[at + len(put_in) * (damage == "replace") :]


@settings(max_examples=400, deadline=None)
@given(content=files())
@example(content=riff(fmt(), chunk(b"data", b"\0\1" * 50)))
def test_chunks_of_any_fields_give_samples_or_a_refusal(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "chunks.wav"
    path.write_bytes(content)
    event("taken" if check(path) else "refused")


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_give_samples_or_a_refusal(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "bytes.wav"
    path.write_bytes(content)
    check(path)


def test_damaged_files_are_read_within_bounds_of_time_and_memory(tmp_path: Path, root: Path):
    """For `SERFLOW_FUZZ_SECONDS`, a minute in CI, in a process with little memory to spare."""
    script = Path(__file__).with_name("wav_fuzzing.py")
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", str(script), BUDGET, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=float(BUDGET) + 300,
        env={**os.environ, "PYTHONPATH": str(root / "workflow")},
        check=False,
    )
    held = (tmp_path / "input.wav").read_bytes()
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr[-3000:]}\nfile: {held!r}"
    taken, refused = map(int, done.stdout.split())
    # Damage that is always or never noticed would test little.
    assert taken > (taken + refused) / 50
    assert refused > (taken + refused) / 50
