"""Rule explanation: what spoke for one network's answers in a few test clips."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.explanations.networks import explain
    from serflow.explanations.telling import choose
    from serflow.figures.explanation import Scale, plot
    from serflow.figures.small_png import save_small
    from serflow.files import write_json
    from serflow.networks import modelfile
    from serflow.stored.arrays import StoredArrays
    from serflow.tables import each, read_tsv

    params, given = snakemake.params, snakemake.input
    network, _ = modelfile.load(given.model, params.own_code)
    chosen = choose(read_tsv(given.predictions))
    clips = [row["clip"] for row in chosen]
    speakers = {row["clip"]: row["speaker"] for row in params.rows}
    inputs = StoredArrays(given.arrays, given.clips, speakers).of(clips, network.settings)
    told = explain(network, inputs, chosen)
    recordings = each(given.recordings, ("clip", "rate"))
    rate = min(int(rate) for clip, rate in recordings if clip in clips)
    scale = Scale.of(network.settings, params.cfg, rate, network.input_shape)
    save_small(plot(told.drawn, scale), snakemake.output.figure)
    write_json(snakemake.output.facts, told.facts)


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
