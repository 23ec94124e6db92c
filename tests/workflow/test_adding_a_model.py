"""docs/adding-a-model.md, done as it says: its files written, its commands run, in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from project import ROOT, Project, Run, job_table, rows

PAGE = ROOT / "docs" / "adding-a-model.md"
BLOCK = re.compile(
    r"(?:^\*\*`(?P<file>[^`]+)`\*\*\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)
LIBRARY = "## A family in the library"
EVALUATION = "snakemake --cores 2 evaluation --configfile mine.yaml"
MODELS = {"svm_zcr", "svm_both", "band_net"}


def follow(page: str, project: Project) -> dict[str, str]:
    """Do what a part of the page says, and return what each command printed."""
    printed = {}
    for block in BLOCK.finditer(page):
        file, kind, text = block["file"], block["kind"], block["text"]
        if kind == "sh":
            for command in text.splitlines():
                printed[command] = call(command, project)
        elif kind == "diff":
            patch(text, project)
        else:
            assert file, f"a block without the name of its file:\n{text}"
            project.path(file).parent.mkdir(parents=True, exist_ok=True)
            project.path(file).write_text(text, encoding="utf-8")
    return printed


def patch(text: str, project: Project) -> None:
    """Apply a diff whose hunks say where they belong by their lines alone."""
    head, *lines = text.splitlines()
    file = project.path(head.removeprefix("--- "))
    content = file.read_text(encoding="utf-8")
    for hunk in "\n".join(lines).split("\n@@\n"):
        kept = [line for line in hunk.splitlines() if line]
        old = "".join(f"{line[1:]}\n" for line in kept if line[0] in " -")
        new = "".join(f"{line[1:]}\n" for line in kept if line[0] in " +")
        assert content.count(old) == 1, f"{file} has these lines {content.count(old)} times:\n{old}"
        content = content.replace(old, new)
    file.write_text(content, encoding="utf-8")


def call(command: str, project: Project) -> str:
    """Run a command in a shell, with the page's programs those of this interpreter."""
    programs = f"snakemake() {{ '{sys.executable}' -m snakemake \"$@\"; }}\n"
    programs += f"python() {{ '{sys.executable}' \"$@\"; }}\n"
    library = str(project.path("workflow"))
    done = subprocess.run(
        ["bash", "-c", programs + command],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": library, "OMP_NUM_THREADS": "1", "CI": "false"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, str]]:
    """The page up to the library's families, done in a copy of the project."""
    project = Project.make(tmp_path_factory.mktemp("adding") / "project")
    first, _ = PAGE.read_text(encoding="utf-8").split(LIBRARY)
    return project, follow(first, project)


def test_the_models_are_evaluated(followed: tuple[Project, dict[str, str]]) -> None:
    project, _ = followed
    table = {row["model"]: row for row in rows(project.path("results/mine/evaluation/models.tsv"))}
    assert table.keys() >= MODELS
    assert table["band_net"]["family"] == "custom"
    # 64 bands, 16 channels, windows of five, a batch normalisation, four labels.
    wanted = (64 * 5 + 1) * 16 + 2 * 16 + (16 * 5 + 1) * 16 + (16 + 1) * 4
    assert int(table["band_net"]["parameters"]) == wanted


def test_the_features_are_what_the_function_gives(
    followed: tuple[Project, dict[str, str]],
) -> None:
    project, _ = followed
    with np.load(project.path("results/mine/features/zcr.npz"), allow_pickle=False) as file:
        found, clips = file["X"], file["clip"].tolist()
        assert '"function": "zero_crossings"' in str(file["config"])
    listed = {row["clip"]: row["path"] for row in rows(project.path("results/mine/corpus.tsv"))}
    assert set(clips) == set(listed)
    assert found.shape == (len(clips), 20)
    with wave.open(str(project.path(listed[clips[0]]))) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        rate = file.getframerate()
    negative = samples < 0
    crossings = (negative[1:] != negative[:-1]).sum()
    # Over equal parts the mean rate is that of the whole clip.
    assert found[0].mean() == pytest.approx(rate * crossings / samples.size, rel=0.01)
    with np.load(project.path("results/mine/features/mfcc12stats.npz")) as file:
        assert file["X"].shape == (len(clips), 12 * 14)


def test_nothing_is_left_to_do_and_the_model_can_be_used(
    followed: tuple[Project, dict[str, str]],
) -> None:
    _, printed = followed
    assert job_table(printed["snakemake -n evaluation --quiet rules --configfile mine.yaml"]) == {}
    lines = printed["python use_my_network.py"].splitlines()
    assert len(lines) == 3
    assert all("Angry" in line for line in lines)


def add(file: str, text: str) -> Callable[[Project], None]:
    def edit(project: Project) -> None:
        with project.path(file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    return edit


@pytest.mark.parametrize(
    ("edit", "jobs"),
    [
        (add("my_network.py", "\n# edited\n"), {"train_network": 2}),
        (
            add("my_features.py", "\n# edited\n"),
            {"custom_features": 2, "feature_table": 1, "train_svm": 4},
        ),
        (
            lambda project: project.path("mine.yaml").write_text(
                project.path("mine.yaml").read_text().replace("channels: 16", "channels: 8")
            ),
            {"train_network": 2},
        ),
    ],
    ids=["network", "features", "options"],
)
def test_an_edit_runs_exactly_what_depends_on_it(
    edit: Callable[[Project], None],
    jobs: dict[str, int],
    followed: tuple[Project, dict[str, str]],
    tmp_path: Path,
) -> None:
    project = followed[0].copy(tmp_path / "project")
    edit(project)
    planned = project.planned("--configfile", "mine.yaml", target="evaluation")
    assert planned == {**jobs, "evaluate": 1}


def broken(project: Project, *arguments: str) -> Run:
    run = project.snakemake("evaluation", "--configfile", "mine.yaml", *arguments)
    assert run.code != 0
    assert "Traceback" not in run.output, run.output
    return run


def test_mistakes_are_told_before_anything_runs(
    followed: tuple[Project, dict[str, str]], tmp_path: Path
) -> None:
    project = followed[0].copy(tmp_path / "project")
    project.path("my_network.py").unlink()
    changed = '{"svm_zcr": {"features": "zcrs"}}'
    run = broken(project, "--config", f"models={changed}")
    assert "Job stats" not in run.output
    assert "`models.band_net.file`: there is no file my_network.py" in run.output
    assert "`models.svm_zcr.features`: there is no feature type zcrs" in run.output


def test_mistakes_that_only_a_run_shows_are_told_in_words(
    followed: tuple[Project, dict[str, str]], tmp_path: Path
) -> None:
    project = followed[0].copy(tmp_path / "project")
    network, features = project.path("my_network.py"), project.path("my_features.py")
    network.write_text(network.read_text().replace(".mean(dim=2)", ""))
    features.write_text("def zero_crossings(samples, rate):\n    return samples\n")
    run = broken(project, "--keep-going")
    assert "my_network.py: BandNet(" in run.output
    assert "fails on a batch of shape (2, 64, " in run.output
    assert re.search(
        r"my_features\.py: zero_crossings gave shape \(\d+,\) for clip \S+, but \(\d+,\) for clip",
        run.output,
    )


def test_a_family_in_the_library(followed: tuple[Project, dict[str, str]], tmp_path: Path) -> None:
    project = followed[0].copy(tmp_path / "project")
    project.path("docs").mkdir()
    _, second = PAGE.read_text(encoding="utf-8").split(LIBRARY)
    printed = follow(second, project)
    assert "1 passed" in printed["python -m pytest tests/unit/test_pooled_mel.py"]
    assert "`family: pooled_mel`" in project.path("docs", "configuration.md").read_text("utf-8")
    [command] = [command for command in printed if command.startswith("snakemake")]
    table = {row["model"]: row for row in rows(project.path("results/mine/evaluation/models.tsv"))}
    assert table.keys() >= {*MODELS, "pooled_mel"}
    assert table["pooled_mel"]["parameters"] == "6388"
    # The registry is every network's.
    assert job_table(printed[command])["train_network"] == 4
