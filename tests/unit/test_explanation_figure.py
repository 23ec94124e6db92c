"""Pictures of explanations for every kind of input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from serflow.figures.explanation import Scale, plot
from serflow.figures.small_png import save_small

SCALES = [
    Scale("signal", 0.5, 8000),
    Scale("image", 0.5, 8000, 64),
    Scale("log_mel", 0.5, 16000, 20),
    Scale("stft", 0.5, 8000),
    Scale("mfcc", 0.5, 8000),
]


IMAGE = {"spectrogram.frames": 200, "spectrogram.hop_seconds": 0.015, "spectrogram.n_mels": 3401}


@pytest.mark.parametrize(
    ("settings", "shape", "expected"),
    [
        ({"family": "cnn2d"}, (150, 50), Scale("image", 3.0, 44100, 3401)),
        (
            {"family": "cnn1d", "rate": 16000, "normalisation": "training"},
            (8000,),
            Scale("signal", 0.5, 16000),
        ),
        (
            {"family": "cnn1d", "rate": None, "normalisation": "speaker"},
            (22050,),
            Scale("signal", 0.5, 44100, standardised=True),
        ),
        ({"family": "cnn_stft", "rate": 8000, "hop_length": 80}, (9, 30), Scale("stft", 0.3, 8000)),
        (
            {"family": "crnn", "rate": 16000, "hop_seconds": 0.02, "n_mels": 64},
            (64, 25),
            Scale("log_mel", 0.5, 16000, 64),
        ),
        (
            {"family": "lstm", "input": "mfcc", "rate": 16000, "hop_seconds": 0.02, "n_mels": 64},
            (26, 25),
            Scale("mfcc", 0.5, 16000),
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Scale) else "",
)
def test_axes_are_those_of_what_the_network_reads(
    settings: dict[str, Any], shape: tuple[int, ...], expected: Scale
) -> None:
    found = Scale.of(settings, IMAGE, 44100, shape)
    assert found == expected._replace(seconds=pytest.approx(expected.seconds))


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.kind)
def test_each_clip_has_its_input_and_what_spoke_for_it(tmp_path: Path, scale: Scale) -> None:
    generator = np.random.default_rng(0)
    shape = (4000,) if scale.kind == "signal" else (20, 30)
    clips = [
        {
            "clip": "a/one",
            "label": "Angry",
            "predicted": predicted,
            "rival": "Sad" if predicted == "Angry" else "Angry",
            "probability": 0.9,
            "input": generator.normal(0, 1000, shape),
            "attributions": generator.normal(0, 1, shape) * (predicted == "Angry"),
        }
        for predicted in ("Angry", "Calm")
    ]
    figure = plot(clips, scale)
    assert [axes.get_title().split("\n")[0] for axes in figure.axes[:2]] == [
        "Angry: recognised (90 %)",
        "Angry: taken for Calm (90 %)",
    ]
    assert [axes.get_title() for axes in figure.axes[2:]] == [
        "for Angry\nrather than Sad",
        "for Calm\nrather than Angry",
    ]
    frequency = {"image": "kHz", "log_mel": "kHz", "stft": "kHz", "mfcc": "coefficient"}
    assert frequency.get(scale.kind, "amplitude") in figure.axes[0].get_ylabel()
    save_small(figure, tmp_path / "one.png")
    save_small(plot(clips, scale), tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize(
    ("standardised", "most", "unit"), [(False, 0.5, "amplitude"), (True, 16384, "deviations")]
)
def test_samples_have_the_unit_that_the_network_reads(
    standardised: bool, most: float, unit: str
) -> None:
    clip = {"clip": "a", "label": "A", "predicted": "A", "rival": "B", "probability": 0.9}
    samples = np.zeros(4000)
    samples[1000] = 16384
    scale = Scale("signal", 0.5, 8000, standardised=standardised)
    figure = plot([{**clip, "input": samples, "attributions": samples}], scale)
    [drawn] = figure.axes[0].collections
    assert drawn.get_datalim(figure.axes[0].transData).ymax == pytest.approx(most)
    assert figure.axes[0].get_ylabel().endswith(unit)
