"""Rule importance: how much each sub-band or coefficient is worth to the SVMs."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from collections import Counter

    from serflow import svm
    from serflow.explanations.importance import COLUMNS
    from serflow.explanations.machines import Trained, band_words, weigh
    from serflow.process import log
    from serflow.sound import features
    from serflow.splitting.roles import roles_of
    from serflow.tables import each, write_tsv

    cfg, params, given = snakemake.params.cfg, snakemake.params, snakemake.input
    files = zip(params.kinds, given.features, strict=True)
    kinds = {kind: features.load(path) for kind, path in files}
    clips = next(iter(kinds.values())).clip.tolist()
    folds = sorted({fold for _, fold in params.trained})
    tested = {fold: roles_of(given.splits, fold, clips) == "test" for fold in folds}
    rates = Counter(int(rate) for _, rate in each(given.recordings, ("clip", "rate")) if rate)
    words = band_words(
        cfg["features.bands"],
        cfg["features.frequency"],
        cfg["spectrogram.n_mels"],
        rates.most_common(1)[0][0],
    )
    machines: dict[str, list[Trained]] = {}
    for (model, fold), path in zip(params.trained, given.models, strict=True):
        machines.setdefault(model, []).append((fold, svm.load(path)))
    rows = []
    for model, trained in machines.items():
        told = weigh(trained, kinds, tested, words, cfg["evaluation"])
        if not told:
            log.info("%s chose other features in other folds: it has no parts in common", model)
        rows += [{"model": model, **row} for row in told]
    write_tsv(snakemake.output[0], rows, COLUMNS)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
