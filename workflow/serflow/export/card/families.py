"""What each family of models is, in a sentence, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serflow.export.settings import portable


@dataclass(frozen=True)
class Family:
    """A family of models.

    Attributes
    ----------
    what
        What it does, as it goes on after "It is".
    source
        Where it was published; empty where it is SERflow's own.
    """

    what: str
    source: str = ""


_TUTORIAL = 'the tutorial "Speech classification using neural networks: the basics" (2018)'
_STATES = (
    "whose states become one vector by `{pooling}`, and one layer to the classes",
    "after Mirsamadi, Barsoum & Zhang (2017), Automatic speech emotion recognition using recurrent "
    "neural networks with local attention, ICASSP",
)
_FAMILIES = {
    "svm": Family(
        "a support vector machine on handcrafted features (scikit-learn's `SVC`); its "
        "probabilities are the softmax of its decision values over a temperature that was fitted "
        "on training speakers",
        "Cortes & Vapnik (1995), Support-vector networks, Machine Learning 20:273; temperature: "
        "Guo et al. (2017), On calibration of modern neural networks, ICML",
    ),
    "mlp_wave": Family(
        "one hidden layer that looks at every sample of the waveform by itself; it is there to "
        "show how badly that generalises",
        _TUTORIAL,
    ),
    "cnn1d": Family(
        "a 1D convolutional network on the waveform: a learned filter bank, convolution blocks, a "
        "mean over time and two fully connected layers",
        "the filter bank is after Hoshen, Weiss & Wilson (2015), ICASSP, and Sainath et al. (2015),"
        " Interspeech",
    ),
    "very_deep": Family(
        "a very deep 1D convolutional network on the waveform (plan `{plan}`)",
        "Dai, Dai, Qu, Li & Das (2017), Very deep convolutional neural networks for raw waveforms, "
        "ICASSP",
    ),
    "ser1d": Family(
        "convolutions on the waveform, then an LSTM",
        "Zhao, Mao & Chen (2019), Speech emotion recognition using deep 1D & 2D CNN LSTM networks, "
        "Biomedical Signal Processing and Control 47:312",
    ),
    "conflictnet": Family(
        "convolutions on the waveform, LSTM, self-attention, LSTM",
        "Rajan, Brutti & Cavallaro (2019), ConflictNET: end-to-end learning for speech-based "
        "conflict intensity estimation, IEEE Signal Processing Letters 26(11):1668",
    ),
    "cnn2d": Family(
        "a 2D convolutional network on an 8-bit image of the mel spectrogram, with a mean over "
        "time; the image is stretched to the clip's own range, so loudness is lost"
    ),
    "gan_cnn2d": Family(
        "the convolutions of a GAN's discriminator that was trained on the training clips' "
        "spectrogram images without labels, then a layer to the classes",
        "Radford, Metz & Chintala (2016), Unsupervised representation learning with deep "
        "convolutional generative adversarial networks, ICLR",
    ),
    "cnn_stft": Family(
        "a 2D convolutional network on a linear-frequency spectrogram in decibels", _TUTORIAL
    ),
    "cnn_mel": Family(
        "a 2D convolutional network on a log-mel spectrogram, with means and deviations over "
        "stretches of time"
    ),
    "crnn": Family(
        "convolutions on a log-mel spectrogram, a GRU in both directions and attention over time",
        "the order of layers of Chen, He, Yang & Zhang (2018), 3-D convolutional recurrent neural "
        "networks with attention model for speech emotion recognition, IEEE Signal Processing "
        "Letters 25(10):1440",
    ),
    "lstm": Family(f"an LSTM over frames, {_STATES[0]}", _STATES[1]),
    "gru": Family(f"a GRU over frames, {_STATES[0]}", _STATES[1]),
    "custom": Family("a network of the user's own: class `{class}` of `{file}`"),
}


def family(settings: Mapping[str, Any]) -> Family:
    """Return what is known of a model's family.

    Parameters
    ----------
    settings
        The model's slice of the configuration.
    """
    found = _FAMILIES[settings["family"]]
    # They stand in backticks.
    shown = {key: str(value).replace("`", "'") for key, value in portable(settings).items()}
    return Family(found.what.format_map(shown), found.source)
