"""Mel spectrograms as 8-bit images."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from serflow.errors import UserError
from serflow.files import replacing


def image(mel_magnitude: NDArray[np.float32], offset: float = 1e-9) -> NDArray[np.uint8]:
    """Logarithm of a mel spectrogram, stretched to 0…255 between the clip's own extremes.

    Parameters
    ----------
    mel_magnitude
        Mel spectrogram with ``power=1``, shape (n_mels, frames).
    offset
        Added before the logarithm is taken.

    Returns
    -------
    array of the same shape, uint8
        Row 0 is the lowest mel band. All zeros where the spectrogram is constant.
    """
    logarithm = np.log(mel_magnitude + np.float32(offset))
    low, high = logarithm.min(), logarithm.max()
    if low == high:
        return np.zeros(logarithm.shape, dtype=np.uint8)
    logarithm -= low
    logarithm /= high - low
    logarithm *= np.float32(255)
    scaled: NDArray[np.uint8] = logarithm.astype(np.uint8)
    return scaled


def write_png(path: str | Path, image: NDArray[np.uint8]) -> None:
    """Write an image as ``cv2.imwrite`` does, byte for byte, whole or not at all.

    Parameters
    ----------
    path
        Where to write; any characters that the file system takes.
    image
        Grey values, shape (height, width).
    """
    # Python writes what OpenCV encodes: cv2.imwrite tells of a failure only by what it returns.
    written, encoded = cv2.imencode(".png", image)
    if not written:
        raise ValueError(f"no PNG can hold an array of shape {image.shape} and type {image.dtype}")
    with replacing(path) as temporary:
        temporary.write_bytes(encoded.tobytes())


def read_png(path: str | Path) -> NDArray[np.uint8]:
    """Read a grey PNG file, shape (rows, columns), uint8."""
    encoded = np.fromfile(path, dtype=np.uint8)
    pixels = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE) if encoded.size else None
    if pixels is None:
        raise UserError(f"{path}: not a PNG image; delete it, so that it is made again")
    return np.asarray(pixels, dtype=np.uint8)
