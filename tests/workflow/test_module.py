"""Another workflow uses this one as a module, under names and a prefix of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from project import CONFIGURATION, ROOT, SMALL, Project, Run, synthesize

MODULE = """
module {name}:
    snakefile: "../serflow/Snakefile"
    config: config["{name}"]
    prefix: "{prefix}"


use rule * from {name} as {name}_*
"""
# A target before the module, and a rule that is called as one of its own.
OUTER = f"""
configfile: "outer.yaml"


rule all:
    input:
        "emotion/results/tiny/report/report.html",
        "best.txt",

{MODULE.format(name="serflow", prefix="emotion")}

onstart:
    serflow.onstart()


onsuccess:
    serflow.onsuccess()


rule splits:
    input:
        "emotion/results/tiny/evaluation/models.tsv",
    output:
        "best.txt",
    shell:
        "head -2 {{input}} > {{output}}"
"""
# The blocks of docs/module.md: the outer workflow and its configuration.
KINDS = ("snakemake", "text")
# A network too: its training has a checkpoint, and its images are handed over.
EMOTION: dict[str, Any] = {
    **SMALL,
    "models": {
        "svm_sc": CONFIGURATION["models"]["svm_sc"],
        "cnn2d": {"family": "cnn2d", "size": [20, 12], "epochs": 1, "channels": [4]},
    },
}


class Outer(Project):
    """A workflow of somebody else's, beside a copy of this project."""

    @classmethod
    def beside(cls, folder: Path, snakefile: str, config: Mapping[str, Any]) -> Outer:
        Project.make(folder / "serflow")
        outer = cls(folder / "outer")
        synthesize(outer.path("wavs"))
        outer.write(snakefile, config)
        return outer

    def write(self, snakefile: str, config: Mapping[str, Any]) -> None:
        self.path("Snakefile").write_text(snakefile, encoding="utf-8")
        self.configure(config)

    def configure(self, configuration: Mapping[str, Any]) -> None:
        text = yaml.safe_dump(dict(configuration), sort_keys=False)
        self.path("outer.yaml").write_text(text, encoding="utf-8")

    def dry_run(self, *arguments: str) -> Run:
        return self.snakemake("-n", "--quiet", "rules", *arguments)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Outer:
    """A workflow that was run to its end with this one in it."""
    folder = tmp_path_factory.mktemp("module")
    outer = Outer.beside(folder, OUTER, {"own": 1, "serflow": EMOTION})
    run = outer.build(cores=2)
    assert "The report: emotion/results/tiny/report/report.html\nHighest UAR: " in run.output
    return outer


@pytest.fixture
def bare(tmp_path: Path) -> Outer:
    """A workflow in which nothing has been run."""
    return Outer.beside(tmp_path, OUTER, {"serflow": EMOTION})


def test_all_lies_below_the_prefix(used: Outer):
    there = {path.name for path in used.folder.iterdir()}
    assert there == {".snakemake", "Snakefile", "outer.yaml", "wavs", "emotion", "best.txt"}
    assert used.path("emotion", "results", "tiny", "report", "report.html").stat().st_size > 10_000
    assert {path.name for path in used.path("emotion").iterdir()} == {"results", "logs"}
    assert used.path("emotion", "results", "tiny", "handover").is_dir()
    assert used.path("best.txt").read_text().startswith("model\t")


def test_a_second_run_has_nothing_to_do(used: Outer):
    assert used.dry_run().jobs == {}


def test_a_changed_key_makes_the_same_stages_stale_as_alone(used: Outer, tmp_path: Path):
    changed = {**EMOTION, "evaluation": {**EMOTION["evaluation"], "resamples": 300}}
    used.configure({"own": 2, "serflow": changed})
    try:
        planned = used.dry_run().jobs
    finally:
        used.configure({"own": 1, "serflow": EMOTION})
    assert planned["serflow_evaluate"] == planned["splits"] == 1
    assert not {"serflow_train_svm", "serflow_train_network", "serflow_splits"} & set(planned)


def test_a_key_that_is_not_ours_makes_nothing_stale(used: Outer):
    used.configure({"own": 2, "serflow": EMOTION})
    try:
        assert used.dry_run().jobs == {}
    finally:
        used.configure({"own": 1, "serflow": EMOTION})


def test_without_prefix_and_other_names_it_is_the_workflow_itself(bare: Outer):
    module = MODULE.format(name="serflow", prefix="").replace('    prefix: ""\n', "")
    module = module.replace(" as serflow_*", "")
    bare.write(f'configfile: "outer.yaml"\n{module}', {"serflow": EMOTION})
    alone = Project(bare.folder.parent / "serflow")
    alone.configure(EMOTION)
    synthesize(alone.path("wavs"))
    assert bare.dry_run().jobs == alone.snakemake("report", "-n", "--quiet", "rules").jobs


def test_what_its_page_shows_can_be_used(bare: Outer):
    page = (ROOT / "docs" / "module.md").read_text(encoding="utf-8")
    snakefile, config = (re.search(rf"^```{kind}\n(.*?)^```", page, re.M | re.S) for kind in KINDS)
    assert snakefile
    assert config
    bare.path("serflow").symlink_to(bare.folder.parent / "serflow")
    bare.path("Snakefile").write_text(snakefile[1], encoding="utf-8")
    bare.path("config.yaml").write_text(config[1], encoding="utf-8")
    planned = bare.dry_run().jobs
    assert planned["best"] == planned["serflow_report_html"] == planned["serflow_synthesize"] == 1


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_repository_is_fetched_and_its_library_unpacked(bare: Outer, tmp_path: Path):
    source = tmp_path / "serflow"
    git = ["git", "-C", str(source), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    commands = (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "1"], ["tag", "v1"])
    for command in commands:
        subprocess.run([*git, *command], check=True)
    place = 'github("somebody/serflow", path="workflow/Snakefile", tag="v1")'
    module = MODULE.format(name="serflow", prefix="emotion")
    module = module.replace('"../serflow/Snakefile"', place)
    bare.write(f'configfile: "outer.yaml"\n{module}', {"serflow": EMOTION})
    run = bare.snakemake(
        *("-n", "--quiet", "rules"),
        variables={
            # The repository lies on this disk, wherever git is told that it does.
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{source.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/somebody/serflow",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
    )
    assert run.code == 0, run.output
    assert run.jobs["serflow_report_html"] == 1
    (unpacked,) = bare.path(".snakemake", "serflow").iterdir()
    assert unpacked.joinpath("workflow", "serflow", "svm.py").is_file()


def test_two_modules_stand_side_by_side(bare: Outer):
    two = [MODULE.format(name=name, prefix=f"by/{name}") for name in ("one", "two")]
    target = (
        "rule all:\n    input:\n        rules.one_report.input,\n        rules.two_report.input,\n"
    )
    target = target.replace("all:\n", "all:\n    default_target: True\n")
    # The corpus has the same name in both, the seeds are the second's own.
    config = {"one": EMOTION, "two": {**EMOTION, "seeds": [0, 1]}}
    bare.write("\n\n".join(['configfile: "outer.yaml"', *two, target]), config)
    planned = bare.dry_run().jobs
    assert planned["one_train_network"] == 2
    assert planned["two_train_network"] == 4
    assert planned["one_report_html"] == planned["two_report_html"] == 1


def test_rules_that_were_made_from_rules_get_the_prefix_too(bare: Outer):
    network = {
        "family": "cnn_stft",
        "rate": 4000,
        "epochs": 1,
        "augmentations": ["sound_pitch_shift"],
    }
    bare.configure({"serflow": {**EMOTION, "models": {"cnn_stft": network}}})
    run = bare.snakemake("--summary", "serflow_models")
    assert run.code == 0, run.output
    listed = [line.split("\t") for line in run.output.splitlines() if "\t" in line][1:]
    assert len(listed) > 20
    assert all(output.startswith("emotion/results/tiny/") for output, *_ in listed)
    assert {"serflow_view_copies", "serflow_signal_copies"} <= {row[2] for row in listed}


def test_a_module_without_a_configuration_is_told_so(bare: Outer):
    bare.write(OUTER.replace('    config: config["serflow"]\n', ""), {"serflow": EMOTION})
    run = bare.dry_run()
    assert run.code == 1
    assert "SERflow: as a module it needs a whole configuration" in run.output
    assert "Traceback" not in run.output


def test_mistakes_in_its_configuration_are_told_by_its_keys(bare: Outer):
    bare.configure({"serflow": {**EMOTION, "shard": 3}})
    run = bare.dry_run()
    assert run.code == 1
    assert "`shard`" in run.output
    assert "Traceback" not in run.output
