"""Rule dag_picture: the graph of the rules, and how many jobs each has."""

from typing import TYPE_CHECKING

from serflow.process import job

if TYPE_CHECKING:
    from snakemake.script import Snakemake


def main(snakemake: "Snakemake") -> None:
    import json
    import subprocess
    import sys
    import tempfile
    from pathlib import Path

    from serflow.errors import UserError
    from serflow.rulegraph import draw, of_jobs
    from serflow.tables import write_tsv

    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.json")
        config.write_text(json.dumps(snakemake.params.config), encoding="utf-8")
        asked = subprocess.run(
            [
                *(sys.executable, "-m", "snakemake", "--snakefile", snakemake.params.snakefile),
                *("--configfile", config, "--quiet", "all"),
                # How this run goes is no concern of a picture.
                *("--profile", "none", "--workflow-profile", "none"),
                *("--dag", "dot", "--", "report"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if asked.returncode:
        raise UserError(f"Snakemake could not draw its rules: {asked.stderr}")
    graph = of_jobs(asked.stdout)
    draw(graph, [snakemake.output.svg, snakemake.output.png])
    counted = [{"rule": rule, "jobs": count} for rule, count in graph.jobs.items()]
    write_tsv(snakemake.output.jobs, counted, ["rule", "jobs"])


if __name__ == "__main__":
    with job(snakemake.threads, snakemake.log[0]):
        main(snakemake)
