"""Rule figure_spectrograms: a training and a test clip of each label as mel spectrograms."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.figures.small_png import save_small
    from serflow.figures.spectrograms import examples
    from serflow.sound.audio import read_wav
    from serflow.sound.spectra import Analysis, mel_spectrogram
    from serflow.splitting.examples import choose
    from serflow.tables import read_tsv

    rows = snakemake.params.rows
    analysis = Analysis.of(snakemake.params.cfg)
    paths = {row["clip"]: row["path"] for row in rows}
    chosen = []
    for example in choose(rows, read_tsv(snakemake.input.splits)):
        recording = read_wav(paths[example["clip"]], analysis.samples)
        chosen.append(
            {
                **example,
                "mel": mel_spectrogram(recording.samples, recording.rate, analysis, power=2),
                "rate": recording.rate,
                "hop_seconds": analysis.hop_seconds,
            }
        )
    save_small(examples(chosen), snakemake.output[0])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
