"""Rule shown_clips: pictures, sound and probabilities of a few clips, for the report."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from snakemake.script import Snakemake

    from serflow.evaluation.outcomes import Outcomes

MISTAKES = 6
SECONDS = 15.0
BUDGET = 2_000_000
"""Bytes of MP3 in the page, all players together: a page of many models holds other things too."""


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.evaluation import predictions
    from serflow.evaluation.mistakes import most_confident
    from serflow.evaluation.outcomes import gather
    from serflow.files import write_json
    from serflow.sound.mp3 import seconds_within
    from serflow.splitting.examples import choose
    from serflow.tables import read_tsv

    cfg, rows = snakemake.params.cfg, snakemake.params.rows
    folder = Path(snakemake.output.files)
    folder.mkdir(parents=True, exist_ok=True)
    cards: list[dict[str, Any]] = [
        {"clip": one["clip"], "role": one["role"]}
        for one in choose(rows, read_tsv(snakemake.input.splits))
    ]
    told: dict[str, dict[str, list[float]]] = {}
    known: dict[str, dict[str, list[float]]] = {}
    labels: list[str] = []
    if cfg["models"]:
        files: dict[str, list[predictions.File]] = {}
        for (model, fold, seed), path in zip(
            snakemake.params.runs, snakemake.input.predictions, strict=True
        ):
            files.setdefault(model, []).append((fold, seed, path))
        outcomes = gather({model: predictions.jobs(of) for model, of in files.items()})
        labels = list(outcomes.classes)
        cards += [
            {"clip": one.clip, "role": "mistake", "model": one.model, "taken_for": one.predicted}
            for one in most_confident(outcomes, cfg["standing"], MISTAKES)
        ]
        # A clip that the first fold trains on may be a mistake of the fold that tests it.
        told = tested(outcomes, [card["clip"] for card in cards])
        known = heard(snakemake, [card["clip"] for card in cards if card["role"] == "train"])
    table = {row["clip"]: row for row in rows}
    images = {
        row["clip"]: Path(snakemake.input.images).parent / "images" / row["image"]
        for row in read_tsv(snakemake.input.images)
    }
    seconds = seconds_within(BUDGET, len(cards), SECONDS) if cfg["audio"] else SECONDS
    counts: dict[str, int] = {}
    for card in cards:
        counts[card["role"]] = counts.get(card["role"], 0) + 1
        clip = card["clip"]
        place = folder / f"{card['role']}{counts[card['role']]}"
        card |= {key: table[clip][key] for key in ("label", "speaker")}
        card |= drawn(table[clip]["path"], images[clip], cfg, place, seconds)
        card["probabilities"] = (known if card["role"] == "train" else told).get(clip, {})
    write_json(
        snakemake.output.clips,
        {
            "audio": cfg["audio"],
            "most_seconds": seconds,
            "window_seconds": cfg["spectrogram.frames"] * cfg["spectrogram.hop_seconds"],
            "labels": labels,
            "cards": cards,
        },
    )


def tested(outcomes: "Outcomes", clips: "Sequence[str]") -> "dict[str, dict[str, list[float]]]":
    """Return what each model gave each label, mean over seeds, of the test clips among `clips`."""
    place = {clip: number for number, clip in enumerate(outcomes.clips)}
    return {
        clip: {
            model: [round(float(p), 4) for p in of[:, place[clip]].mean(axis=0)]
            for model, of in outcomes.probabilities.items()
        }
        for clip in clips
        if clip in place
    }


def heard(snakemake: "Snakemake", clips: "Sequence[str]") -> "dict[str, dict[str, list[float]]]":
    """Return what the models of the first fold give clips that they were trained on."""
    import numpy as np

    if not clips:
        return {}
    speakers = {row["clip"]: row["speaker"] for row in snakemake.params.rows}
    # Each only where there is a model that needs it: torch alone takes seconds to import.
    if snakemake.params.kinds:
        from serflow.prediction.stored_features import StoredFeatures

        kinds = zip(snakemake.params.kinds, snakemake.input.features, strict=True)
        features = StoredFeatures(dict(kinds))
    if snakemake.params.arrays:
        from serflow.prediction.stored_arrays import StoredArrays

        arrays = {folder: StoredArrays(*of) for folder, of in snakemake.params.arrays.items()}
    said: dict[str, list[Any]] = {}
    for (model, folder, own), path in zip(
        snakemake.params.heard, snakemake.input.models, strict=True
    ):
        if folder is None:
            found = features.probabilities(path, clips)
        else:
            found = arrays[folder].probabilities(path, clips, speakers, own)
        said.setdefault(model, []).append(found)
    means = {model: np.mean(of, axis=0) for model, of in said.items()}
    return {
        clip: {model: [round(float(p), 4) for p in of[row]] for model, of in means.items()}
        for row, clip in enumerate(clips)
    }


def drawn(
    path: str, image: "Path", cfg: "Mapping[str, Any]", place: "Path", seconds: float
) -> "dict[str, Any]":
    """Write a clip's picture, and its sound where it may be passed on; return their names."""
    from serflow.figures.clip_card import plot
    from serflow.figures.small_png import save_small
    from serflow.files import replacing
    from serflow.sound import mp3
    from serflow.sound.audio import read_wav
    from serflow.sound.images import read_png
    from serflow.sound.long_term import long_term_spectrum
    from serflow.sound.spectra import Analysis, mel_spectrogram

    analysis = Analysis.of(cfg)
    recording = read_wav(path, lambda rate: max(analysis.samples(rate), int(seconds * rate) + 1))
    rate, samples = recording.rate, recording.samples
    window = samples[: int(analysis.frames * analysis.hop_seconds * rate)]
    figure = plot(
        samples=window,
        rate=rate,
        mel=mel_spectrogram(samples, rate, analysis, power=2),
        hop_seconds=analysis.hop_seconds,
        spectrum=long_term_spectrum(window, rate),
        image=read_png(image),
    )
    save_small(figure, place.with_suffix(".png"))
    most = int(seconds * rate)
    if cfg["audio"]:
        with replacing(place.with_suffix(".mp3")) as temporary:
            temporary.write_bytes(mp3.encode(samples[:most], rate))
    return {
        "name": place.name,
        "rate": rate,
        "seconds": round(min(len(samples), most) / rate, 3),
        "cut": len(samples) > most,
    }


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
