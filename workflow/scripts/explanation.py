"""Rule explanation: what spoke for one network's answers in a few test clips."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from snakemake.script import Snakemake

    from serflow.figures.explanation import Scale


def main(snakemake: "Snakemake") -> None:
    import numpy as np

    from serflow.evaluation.telling import choose, rival
    from serflow.figures.explanation import plot
    from serflow.figures.small_png import save_small
    from serflow.files import write_json
    from serflow.networks import attributions, modelfile
    from serflow.prediction.stored_arrays import StoredArrays
    from serflow.tables import read_tsv

    given = snakemake.input
    network, _ = modelfile.load(given.model, snakemake.params.own_code)
    chosen = choose(read_tsv(given.predictions))
    clips = [row["clip"] for row in chosen]
    speakers = {row["clip"]: row["speaker"] for row in snakemake.params.rows}
    inputs = StoredArrays(given.arrays, given.clips).of(clips, speakers, network.settings)
    labels = [network.classes.index(row["predicted"]) for row in chosen]
    rivals = [network.classes.index(rival(row)) for row in chosen]
    found, blank = (
        attributions.integrated_gradients(one, inputs, labels, rivals)
        for one in (network, attributions.untrained(network))
    )
    told = [
        {
            **{key: row[key] for key in ("clip", "label", "predicted")},
            "rival": rival(row),
            "probability": float(row[f"p_{row['predicted']}"]),
        }
        for row in chosen
    ]
    rates = {int(row["rate"]) for row in read_tsv(given.recordings) if row["clip"] in clips}
    shown = [
        {**one, "input": np.asarray(raw, np.float64), "attributions": values}
        for one, raw, values in zip(told, inputs, found.values, strict=True)
    ]
    scale = scale_of(network.settings, snakemake.params.cfg, min(rates), network.input_shape)
    save_small(plot(shown, scale), snakemake.output.figure)
    write_json(
        snakemake.output.facts,
        {
            "clips": told,
            "gap": round(found.gap, 6),
            "untrained": round(attributions.likeness(found.values, blank.values), 3),
        },
    )


def scale_of(
    settings: "Mapping[str, Any]", cfg: "Mapping[str, Any]", rate: int, shape: "tuple[int, ...]"
) -> "Scale":
    """Return what the axes of a network's input are; `rate` is the recordings' own, in Hz."""
    from serflow import network_inputs
    from serflow.figures.explanation import Scale

    kind = network_inputs.kind(settings)
    if kind == "image":
        seconds = cfg["spectrogram.frames"] * cfg["spectrogram.hop_seconds"]
        return Scale(kind, seconds, rate, cfg["spectrogram.n_mels"])
    rate = settings["rate"] or rate
    if kind == "signal":
        by_speaker = network_inputs.normalisation(settings) == "speaker"
        return Scale(kind, shape[0] / rate, rate, standardised=by_speaker)
    hop = settings["hop_length"] / rate if kind == "stft" else settings["hop_seconds"]
    return Scale(kind, shape[1] * hop, rate, settings["n_mels"] if kind == "log_mel" else 0)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
