"""Rule importance: how much each sub-band or coefficient is worth to the SVMs."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from collections import Counter

    import numpy as np

    from serflow import svm
    from serflow.evaluation.importance import COLUMNS, Fold, importance, parts
    from serflow.process import log
    from serflow.sound import features
    from serflow.splitting.roles import roles_of
    from serflow.tables import read_tsv, write_tsv

    cfg, given = snakemake.params.cfg, snakemake.input
    kinds = {
        kind: features.load(path)
        for kind, path in zip(snakemake.params.kinds, given.features, strict=True)
    }
    clips = next(iter(kinds.values())).clip.tolist()
    rates = Counter(int(row["rate"]) for row in read_tsv(given.recordings) if row["rate"])
    words = band_words(cfg, rates.most_common(1)[0][0])
    machines: dict[str, list[tuple[int, svm.TrainedSVM]]] = {}
    for (model, fold), path in zip(snakemake.params.trained, given.models, strict=True):
        machines.setdefault(model, []).append((fold, svm.load(path)))
    rows = []
    for model, trained in machines.items():
        types = {machine.chosen["features"] for _, machine in trained}
        if len(types) > 1:
            log.info("%s chose other features in other folds: it has no parts in common", model)
            continue
        chosen = types.pop()
        both = features.concatenate([kinds[kind] for kind in chosen.split("+")])
        folds = []
        for fold, machine in trained:
            X = both.X
            if machine.settings["scaling"] == "speaker":
                X = svm.standardise_speakers(X, both.speaker)
            test = roles_of(given.splits, fold, clips) == "test"
            truth = np.array([machine.labels.index(label) for label in both.label[test]])
            folds.append(Fold(answering(machine), X[test], truth, both.speaker[test]))
        sizes = {kind: kinds[kind].X.shape[1] for kind in chosen.split("+")}
        found = parts(chosen, sizes, words)
        told = importance(folds, found, len(trained[0][1].labels), cfg["evaluation"])
        rows += [{"model": model, "features": chosen, **row} for row in told]
    write_tsv(snakemake.output[0], rows, COLUMNS)


def answering(machine: "Any") -> "Any":
    """Return what gives the numbers of the labels that a machine recognises."""
    from serflow import svm

    return lambda X: svm.predict(machine, X).argmax(axis=1)


def band_words(cfg: "Mapping[str, Any]", rate: int) -> list[str]:
    """Return what each sub-band is called: its place and its frequencies at `rate` Hz."""
    from serflow.sound.bands import frequencies, locate
    from serflow.sound.mel_scale import centres

    bands, n_mels = cfg["features.bands"], cfg["spectrogram.n_mels"]
    ranges = locate(bands, frequencies(cfg["features.frequency"], n_mels, rate))
    mids = centres(rate, n_mels)
    return [
        f"band {place}, {mids[start]:.0f}–{mids[stop - 1]:.0f} Hz"
        for place, (start, stop) in enumerate(ranges, 1)
    ]


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
