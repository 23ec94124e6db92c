"""Training: an epoch from stored arrays beside one that decodes its clips; jobs of one core or two.

All ways train the same module with the same optimizer on the same clips, in this process, which
keeps freed memory as the jobs do. An epoch is one pass over the training clips, with no validation.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import torch
import yaml
from common import PROJECT, Options, Row, in_turn, wall_seconds
from numpy.typing import NDArray
from pydub import AudioSegment
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from serflow import model_list, rowfiles
from serflow.configuration import complete
from serflow.heap import keep_freed_memory
from serflow.networks import fitting, normalisation, registry, training
from serflow.networks.arrays import Blocks
from serflow.networks.determinism import make_repeatable
from serflow.networks.modelfile import Network
from serflow.networks.objectives import Classification
from serflow.networks.pixels import pictures, resized
from serflow.networks.supply import Streamed
from serflow.networks.vision import datasets, transforms
from serflow.sound.audio import read_wav
from serflow.sound.images import image, write_png
from serflow.sound.signals import fixed
from serflow.sound.spectra import Analysis, mel_spectrogram

CLIPS = 128
LABELS = ("Angry", "Calm", "Happy", "Sad")
ROUNDS = 4
CORES = 2
JOBS = 4
JOB_EPOCHS = {"cnn1d": 3, "cnn2d": 8}
EPOCHS = 1000
"""Of the learning rate's schedule, of which only a few are run."""
CPU = torch.device("cpu")


@dataclass
class Corpus:
    """The clips of a network, stored as the workflow does and as a user has them.

    Attributes
    ----------
    settings
        The network's of config/ravdess.yaml.
    array
        What the network reads: one row a clip.
    labels
        Class indices, int64, ``(clips,)``.
    undecoded
        Makes the dataset that decodes a clip whenever it is asked for it, of the normalisation.
    """

    settings: dict[str, Any]
    array: Path
    labels: NDArray[np.int64]
    undecoded: Callable[[dict[str, Any]], Dataset]

    def network(self) -> Network:
        """Make the network and the normalisation of its training clips."""
        inputs = Blocks([self.array])
        shape = inputs.shape[1:]
        kind = "image" if self.settings["family"] == "cnn2d" else self.settings["normalisation"]
        return Network(
            module=registry.build(self.settings, len(LABELS), shape),
            classes=list(LABELS),
            preprocessing=normalisation.fit(kind, inputs, np.arange(len(inputs))),
            settings=self.settings,
            input_shape=shape,
        )


class Signals(Dataset):
    """Decodes, resamples, cuts or pads, and normalises a clip whenever it is asked for it."""

    def __init__(
        self,
        paths: list[Path],
        labels: NDArray[np.int64],
        rate: int,
        size: int,
        normal: dict[str, Any],
    ):
        self.paths, self.labels, self.normal = paths, labels, normal
        self.rate, self.size = rate, size

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        segment = AudioSegment.from_file(self.paths[index])
        samples = np.array(segment.get_array_of_samples(), dtype=np.float32)
        samples = librosa.resample(samples, orig_sr=segment.frame_rate, target_sr=self.rate)
        signal = torch.from_numpy(librosa.util.fix_length(samples, size=self.size))
        return (signal - self.normal["mean"]) / self.normal["std"], int(self.labels[index])


class Images(Dataset):
    """torchvision's ImageFolder with the sheet's transforms, without the axis of the channels."""

    def __init__(self, root: Path, size: list[int]):
        chain = [transforms.Resize(tuple(size)), transforms.Grayscale(1)]
        chain += [transforms.ToTensor(), transforms.Normalize(0.5, 0.5)]
        self.folder = datasets.ImageFolder(str(root), transforms.Compose(chain))

    def __len__(self) -> int:
        return len(self.folder)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture, label = self.folder[index]
        return picture[0], label


def measure(options: Options) -> list[Row]:
    """Measure both networks of config/ravdess.yaml."""
    keep_freed_memory()
    config = yaml.safe_load((PROJECT / "config" / "ravdess.yaml").read_text(encoding="utf-8"))
    models = model_list.expand(complete(config)["models"])
    found = sorted(options.clips.rglob("*.wav"))
    paths = [found[i * len(found) // CLIPS] for i in range(CLIPS)]
    corpora = {
        "cnn1d": signals({**models["cnn1d"], "epochs": EPOCHS}, paths, options.folder),
        "cnn2d": images({**models["cnn2d"], "epochs": EPOCHS}, paths, options.folder),
    }
    rows = [row for name, corpus in corpora.items() for row in epochs(name, corpus)]
    return rows + [one_core_or_two(name, corpus) for name, corpus in corpora.items()]


def signals(settings: dict[str, Any], paths: list[Path], folder: Path) -> Corpus:
    """Store the signals as the rule `signals` does."""
    first = fixed(read_wav(paths[0]), settings["rate"])
    array = folder / "signals.npy"
    with rowfiles.writing(array, len(paths), first.shape, first.dtype) as append:
        for path in paths:
            append(fixed(read_wav(path), settings["rate"]))
    labels = np.arange(len(paths)) % len(LABELS)
    undecoded = partial(Signals, paths, labels, settings["rate"], first.size)
    return Corpus(settings, array, labels, undecoded)


def images(settings: dict[str, Any], paths: list[Path], folder: Path) -> Corpus:
    """Store PNG images and what the rule `pixels` makes of them."""
    root, size = folder / "images", settings["size"]
    for i, path in enumerate(paths):
        recording = read_wav(path)
        mel = mel_spectrogram(recording.samples, recording.rate, Analysis(), power=1)
        write_png(root / LABELS[i % len(LABELS)] / "0" / f"{i:04d}.png", image(mel))
    listed = sorted(pictures(root, "0", LABELS), key=lambda picture: picture.path)
    array = folder / "pixels.npy"
    with rowfiles.writing(array, len(listed), tuple(size), np.uint8) as append:
        for picture in listed:
            append(resized(picture.path, tuple(size)))
    labels = np.array([LABELS.index(picture.label) for picture in listed])
    return Corpus(settings, array, labels, lambda normal: Images(root, size))


def epochs(name: str, corpus: Corpus) -> list[Row]:
    """Measure an epoch by processor time, and by the clock with workers that decode beside it."""
    network = corpus.network()
    undecoded = corpus.undecoded(network.preprocessing)
    compare(name, network, corpus, undecoded)
    clips, size = len(corpus.labels), corpus.settings["batch_size"]
    cores = os.cpu_count() or 1
    decoding = partial(DataLoader, undecoded, batch_size=size, shuffle=True)
    ways = {
        "alone": partial(simple_epoch, corpus.network(), decoding()),
        "ours": our_epoch(corpus),
        "floor": partial(simple_epoch, corpus.network(), list(DataLoader(undecoded, size))),
    }
    core = {way: value / clips for way, value in in_turn(ways, ROUNDS).items()}
    workers = decoding(num_workers=cores, persistent_workers=True)
    ways["workers"] = partial(simple_epoch, corpus.network(), workers)
    clock = {way: value / clips for way, value in least(ways).items()}
    arithmetic = core["alone"] / core["floor"]
    return [
        Row(
            "training",
            f"{name}: an epoch of training",
            "ms/clip, core",
            core["ours"],
            core["alone"],
            core["floor"],
            "straightforward / 5",
            core["ours"] <= core["alone"] / 5,
            f"{clips} clips, one thread, median of {ROUNDS} rounds in turn; floor: the same steps "
            f"on batches in memory, so nothing could be more than {arithmetic:.1f} times as quick",
        ),
        Row(
            "training",
            f"{name}: the same by the clock, the simple way with all cores",
            "ms/clip, wall",
            clock["ours"],
            min(clock["alone"], clock["workers"]),
            note=f"least of {ROUNDS} rounds, ours on one core; simple: the better of a DataLoader "
            f"that decodes by itself ({clock['alone']:.2f}) and one with {cores} workers "
            f"({clock['workers']:.2f})",
        ),
    ]


def least(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds on the clock that each way takes at least, run in turn after a warming round.

    The least, because whatever else runs on the machine can only add.
    """
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS + 1):
        for way, work in ways.items():
            times[way].append(1000 * wall_seconds(work))
    return {way: min(values[1:]) for way, values in times.items()}


def compare(name: str, network: Network, corpus: Corpus, undecoded: Dataset) -> None:
    """Stop unless both ways feed the network the same."""
    inputs = Blocks([corpus.array])
    for i in range(len(inputs)):
        expected, label = undecoded[i]
        batch = torch.from_numpy(inputs[np.array([i])].astype(np.float32))
        found = normalisation.apply(batch, network.preprocessing)[0]
        if label != corpus.labels[i] or not torch.allclose(found, expected, atol=1e-4):
            raise SystemExit(f"{name}: clip {i} differs between the two ways; no time is told")


def our_epoch(corpus: Corpus) -> Callable[[], object]:
    """Return one epoch as the workflow runs it."""
    network = corpus.network()
    supply = Streamed(Blocks([corpus.array]), torch.from_numpy(corpus.labels), CPU)
    rows = np.arange(len(corpus.labels))
    material = fitting.Material(supply, rows, rows[:0], Classification())
    draws = make_repeatable(0, 1, CPU)
    return lambda: fitting.fit(network, material, draws, stop_after=1)


def simple_epoch(network: Network, batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    """Train one epoch by the loop that every tutorial has; return the mean loss."""
    module, settings = network.module.train(), network.settings
    optimizer = torch.optim.AdamW(
        module.parameters(), lr=settings["learning_rate"], weight_decay=settings["weight_decay"]
    )
    losses = []
    for batch, labels in batches:
        loss = nn.functional.cross_entropy(module(batch), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def one_core_or_two(name: str, corpus: Corpus) -> Row:
    """Measure jobs of one thread, two at a time, beside jobs of two threads, one at a time."""
    settings = {**corpus.settings, "epochs": JOB_EPOCHS[name], "refit": False}
    jobs = [(settings, str(corpus.array), corpus.labels, seed) for seed in range(JOBS)]
    # Processes of their own, as the jobs are, but started beforehand.
    context = multiprocessing.get_context("spawn")
    with context.Pool(CORES) as one, context.Pool(1) as two:
        ways = {
            way: partial(pool.starmap, train, [(*job, threads) for job in jobs], 1)
            for way, pool, threads in (("one", one, 1), ("two", two, CORES))
        }
        milliseconds = least(ways)
    return Row(
        "training",
        f"{name}: {JOBS} jobs of one thread, {CORES} at a time",
        "s, wall",
        milliseconds["one"] / 1000,
        milliseconds["two"] / 1000,
        note=f"least of {ROUNDS} rounds, starts not counted; simple: the same jobs of {CORES} "
        "threads, one at a time",
    )


def train(
    settings: dict[str, Any], array: str, labels: NDArray[np.int64], seed: int, threads: int
) -> None:
    """Train as a job does."""
    keep_freed_memory()
    roles = np.where(np.arange(len(labels)) < 8, "test", "train")
    training.train(Blocks([array]), labels, roles, LABELS, settings, seed, "cpu", threads)
