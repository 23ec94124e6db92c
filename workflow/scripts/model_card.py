"""Rule model_card: what a model is, how it was tested, and what it is not for."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    from serflow.export.card.content import card
    from serflow.export.card.facts import gather
    from serflow.files import write_text

    cfg, given = snakemake.params.cfg, dict(snakemake.input.items())
    facts = gather(cfg["config"], cfg["models"], {**given, "model": snakemake.wildcards.model})
    write_text(snakemake.output[0], card(facts))


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
