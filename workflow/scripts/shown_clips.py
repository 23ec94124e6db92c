"""Rule shown_clips: pictures, sound and probabilities of a few clips, for the report."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from pathlib import Path

    from serflow.evaluation import predictions
    from serflow.evaluation.outcomes import gather
    from serflow.files import write_json
    from serflow.shown import cards, drawing, said
    from serflow.sound.spectra import Analysis
    from serflow.tables import each, each_row

    params, given = snakemake.params, snakemake.input
    cfg, analysis = params.cfg, Analysis.of(params.cfg)
    files: dict[str, list[predictions.File]] = {}
    for (model, fold, seed), path in zip(params.runs, given.predictions, strict=True):
        files.setdefault(model, []).append((fold, seed, path))
    jobs = {model: predictions.jobs(of_model) for model, of_model in files.items()}
    outcomes = gather(jobs) if jobs else None
    chosen = cards.choice(params.rows, each_row(given.splits), outcomes, cfg["standing"])
    clips = [card["clip"] for card in chosen]
    tested = said.of_test(outcomes, clips) if outcomes else {}
    trained = said.of_training(
        [
            said.Trained(model, path, *reads)
            for (model, *reads), path in zip(params.heard, given.models, strict=True)
        ],
        [card["clip"] for card in chosen if card["role"] == "train"],
        features=dict(zip(params.kinds, given.features, strict=True)),
        arrays=params.arrays,
        speakers={row["clip"]: row["speaker"] for row in params.rows},
    )
    wavs = {row["clip"]: row["path"] for row in params.rows}
    images = {clip: name for clip, name in each(given.images, ("clip", "image")) if clip in clips}
    folder = Path(snakemake.output.files)
    folder.mkdir(parents=True, exist_ok=True)
    seconds = drawing.seconds_each(len(chosen), cfg["audio"])
    for card in chosen:
        clip, place = card["clip"], folder / card["name"]
        image = Path(given.images).parent / "images" / images[clip]
        card |= drawing.draw(wavs[clip], image, analysis, place, seconds, cfg["audio"])
        # A clip that the first fold trains on may be a mistake of the fold that tests it.
        card["probabilities"] = (trained if card["role"] == "train" else tested).get(clip, {})
    told = {
        "audio": cfg["audio"],
        "most_seconds": seconds,
        "window_seconds": analysis.frames * analysis.hop_seconds,
        "labels": list(outcomes.classes) if outcomes else [],
        "cards": chosen,
    }
    write_json(snakemake.output.clips, told)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
