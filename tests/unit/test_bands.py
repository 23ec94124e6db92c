"""SC, SBW and SBE: by hand, against a slow oracle, and by their properties."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from serflow.errors import UserError
from serflow.sound import audio, bands, mel_scale, spectra
from serflow.sound.features import vector

INDEX = np.arange(6.0)


def test_by_hand_on_a_tiny_spectrum():
    """Six mel bands, two frames, sub-bands [1, 3] and [4, 5].

    Frame 0, [1, 3]: powers 1, 2, 1 at 1, 2, 3: SC 2, SBW (1 + 0 + 1) / 4 = 0.5, SBE 4 / 20.
    Frame 0, [4, 5]: powers 1, 3 at 4, 5: SC 19 / 4, SBW (9/16 + 3/16) / 4 = 0.1875, SBE 4 / 20.
    Frame 1, [1, 3]: all zero. [4, 5]: power 8 at 5 alone: SC 5, SBW 0, SBE 8 / 8.
    """
    power = np.array([[12, 0], [1, 0], [2, 0], [1, 0], [1, 0], [3, 8]], dtype=np.float32)
    found = bands.features(power, [[1, 3], [4, 5]], INDEX)
    assert found["sc"].tolist() == [[2, 0], [4.75, 5]]
    assert found["sbw"].tolist() == [[0.5, 0], [0.1875, 0]]
    assert found["sbe"] == pytest.approx(np.array([[0.2, 0], [0.2, 1]]))
    assert all(matrix.dtype == np.float32 for matrix in found.values())


def test_by_hand_in_hz():
    """Powers 3 and 1 at 100 and 300 Hz: SC 150, SBW (3 * 50² + 150²) / 4 = 7500."""
    power = np.array([[3.0], [1.0], [4.0]], dtype=np.float32)
    found = bands.features(power, [[50, 300]], np.array([100.0, 300.0, 700.0]))
    assert found["sc"].tolist() == [[150]]
    assert found["sbw"].tolist() == [[7500]]
    assert found["sbe"].tolist() == [[0.5]]


def slowly(power, edges, frequencies):
    """The definitions, one number at a time."""
    columns = np.asarray(power, dtype=np.float64).T.tolist()
    result = {name: np.zeros((len(edges), len(columns))) for name in ("sc", "sbw", "sbe")}
    for t, column in enumerate(columns):
        total = math.fsum(column)
        for b, (low, high) in enumerate(edges):
            inside = [
                (f, p)
                for f, p in zip(frequencies.tolist(), column, strict=True)
                if low <= f <= high
            ]
            energy = math.fsum(p for _, p in inside)
            if energy > 0:
                centroid = math.fsum(f * p for f, p in inside) / energy
                result["sc"][b, t] = centroid
                result["sbw"][b, t] = math.fsum((f - centroid) ** 2 * p for f, p in inside) / energy
            if total > 0:
                result["sbe"][b, t] = energy / total
    return result


def assert_as_slowly(power, edges, frequencies):
    found, expected = (f(power, edges, frequencies) for f in (bands.features, slowly))
    for name in ("sc", "sbw", "sbe"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", ["Actor_01/03-01-05-02-01-01-01", "Actor_12/03-01-04-01-02-02-12"])
@pytest.mark.parametrize("meaning", ["band", "hz"])
def test_real_clips_as_the_oracle(ravdess, name, meaning):
    recording = audio.read_wav(ravdess / f"{name}.wav")
    power = spectra.mel_spectrogram(recording.samples, recording.rate, spectra.Analysis())
    frequencies = bands.frequencies(meaning, 3401, recording.rate)
    # Every fourth frame: the oracle takes its time.
    assert_as_slowly(power[:, ::4], bands.EDGES, frequencies)


@pytest.mark.parametrize("seed", range(3))
def test_random_spectra_as_the_oracle(seed):
    generator = np.random.Generator(np.random.PCG64(seed))
    power = generator.exponential(size=(3401, 12)) ** 4 * 10.0 ** generator.integers(-20, 20, 12)
    power[generator.random(power.shape) < 0.3] = 0
    power[:, 3] = 0
    assert_as_slowly(power.astype(np.float32), bands.EDGES, bands.frequencies("band", 3401, 48_000))


def test_a_narrow_line_keeps_its_width():
    """Two neighbouring bands, far from zero: the variance 0.25 is not lost against f²."""
    power = np.zeros((3401, 1), dtype=np.float32)
    power[3399:, 0] = 1
    found = bands.features(power, bands.EDGES, bands.frequencies("band", 3401, 48_000))
    assert found["sc"][4, 0] == 3399.5
    assert found["sbw"][4, 0] == pytest.approx(0.25, rel=1e-6)


EDGES = ((2, 5), (6, 6), (8, 19))
spectrograms = hnp.arrays(
    np.float32,
    (20, 4),
    elements=st.one_of(st.just(0.0), st.floats(2.0**-40, 2.0**60, width=32)),
)


@settings(max_examples=150, deadline=None)
@given(power=spectrograms, exponent=st.integers(-20, 20))
def test_properties(power, exponent):
    frequencies = np.arange(20.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = bands.features(power, EDGES, frequencies)
        louder = bands.features(power * np.float32(2.0**exponent), EDGES, frequencies)
    for b, (low, high) in enumerate(EDGES):
        sounding = power[low : high + 1].any(axis=0)
        assert ((low <= found["sc"][b]) & (found["sc"][b] <= high))[sounding].all()
        assert (found["sbw"][b] >= 0).all()
        assert (found["sbw"][b] <= (high - low) ** 2 / 4 * (1 + 1e-6)).all()
        for name in found:
            assert not found[name][b][~sounding].any()
    assert (found["sbe"] >= 0).all()
    assert (found["sbe"].sum(axis=0) <= 1 + 1e-6).all()
    for name in found:  # a power of two scales exactly
        assert np.array_equal(found[name], louder[name])


def test_silence_gives_zeros_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = bands.features(
            np.zeros((3401, 200), np.float32), bands.EDGES, bands.frequencies("band", 3401, 48_000)
        )
    assert all(matrix.shape == (5, 200) and not matrix.any() for matrix in found.values())


def test_frequencies_are_the_index_or_the_centre():
    assert bands.frequencies("band", 4, 48_000).tolist() == [0, 1, 2, 3]
    assert np.array_equal(bands.frequencies("hz", 40, 16_000), mel_scale.centres(16_000, 40))
    with pytest.raises(UserError, match="bark"):
        bands.frequencies("bark", 4, 48_000)


@pytest.mark.parametrize(
    ("edges", "reason"),
    [
        ([], "no sub-band"),
        ([[1, 2, 3]], "not a pair"),
        ([[3, 1]], "ends before it starts"),
        ([[float("nan"), 1]], "ends before it starts"),
        ([[0, 2], [2, 4]], "does not start beyond 2"),
        ([[3, 4], [0, 2]], "does not start beyond 4"),
        ([[-1, 2]], "leaves the range"),
        ([[0, 6]], "0 to 5"),
        ([[0.2, 0.8]], "no mel band"),
    ],
)
def test_bad_sub_bands_are_refused_by_name(edges, reason):
    with pytest.raises(UserError, match=reason) as caught:
        bands.features(np.ones((6, 2), np.float32), edges, INDEX)
    assert "features.bands" in str(caught.value)


def test_both_ends_belong_to_a_sub_band():
    assert bands.locate([[1, 2], [3, 5]], INDEX) == [(1, 3), (3, 6)]
    assert bands.locate([[0.5, 2.5]], INDEX) == [(1, 3)]


def test_the_vector_holds_frame_0s_bands_first():
    matrix = np.array([[1, 2, 3], [10, 20, 30]], dtype=np.float32)
    assert vector(matrix).tolist() == [1, 10, 2, 20, 3, 30]
    stacked = vector(np.stack([matrix, matrix + 1]))
    assert stacked.tolist() == [[1, 10, 2, 20, 3, 30], [2, 11, 3, 21, 4, 31]]
