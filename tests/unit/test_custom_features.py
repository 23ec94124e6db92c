"""Feature types that a user's own function makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from serflow.errors import UserError
from serflow.sound.custom import CustomFeature

SAMPLES = np.array([1, -2, 3, 40_000], np.float32)


@pytest.fixture
def feature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a maker: a function's body becomes a feature type."""
    monkeypatch.chdir(tmp_path)

    def make(body: str) -> CustomFeature:
        Path("mine.py").write_text(f"import numpy as np\n\ndef f(samples, rate):\n    {body}\n")
        return CustomFeature("mine", "mine.py", "f")

    return make


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("return samples * 2", [2, -4, 6, 80_000]),
        ("return [[rate, 1], [2, 3]]", [[8000, 1], [2, 3]]),
        ("return samples > 0", [1, 0, 1, 1]),
    ],
)
def test_what_the_function_returns(feature, body, values):
    found = feature(body).of("a", SAMPLES, 8000)
    assert found.dtype == np.float32
    assert found.tolist() == values


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 3.0", r"gave an array of shape \(\) for clip b, wanted is an array of numbers"),
        ("return np.zeros((2, 2, 2))", r"gave an array of shape \(2, 2, 2\) for clip b"),
        ("return np.zeros(0)", r"gave an array of shape \(0,\) for clip b"),
        ("return [[1, 2], [3]]", "gave something that is no array of numbers for clip b"),
        ("return ['a', 'b']", "gave something that is no array of numbers for clip b"),
        ("return None", "gave something that is no array of numbers for clip b"),
        ("return [1.0, np.nan, np.inf]", "gave values that are not finite .* for clip b, 2 of 3"),
        ("return [1e300]", "gave values that are not finite .* for clip b, 1 of 1"),
        ("return samples / {}['x']", r"failed for clip b: KeyError: 'x' \(line 4\)"),
    ],
)
def test_what_cannot_be_a_feature(feature, body, told):
    with pytest.raises(UserError, match=rf"^mine\.py: f {told}"):
        feature(body).of("b", SAMPLES, 8000)


def test_shapes_that_differ_are_named_with_their_clips(feature):
    mine = feature("return samples.reshape(2, -1)")
    mine.of("a", SAMPLES, 8000)
    with pytest.raises(
        UserError,
        match=r"^mine\.py: f gave shape \(2, 2\) for clip a, but \(2, 3\) for clip b; wanted is",
    ):
        mine.of("b", np.zeros(6, np.float32), 8000)


def test_no_such_function(feature):
    feature("return samples")
    with pytest.raises(
        UserError, match=r"mine\.py: no function 'g' is in it; it has f\. Set `feat"
    ):
        CustomFeature("mine", "mine.py", "g")
