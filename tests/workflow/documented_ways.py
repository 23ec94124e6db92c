"""The table: how each command of the documentation is run by the tests.

What is exact comes first and names commands to the letter; a command that is not there has to fit
exactly one of the kinds.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from documented import ROOT
from project import LABELS, RESULTS, Project, voice, write_wav

# What pages call by names of their own, and what stands there in a test.
STAND_INS = {
    r"/(?:data|shared/DATA)/ravdess": "{things}/ravdess",
    r"/data/fsdd/recordings": "{things}/fsdd",
    r"/data/(emodb|crema-d)": r"{things}/\1",
    r"https://YOUR-COPY-OF-THIS-REPOSITORY": "{things}/serflow.git",
    r"/shared/PROJECT": "{things}",
    r"/scratch/\$USER/serflow": "{things}/scratch",
    r"PYTHON=python3\.11": f"PYTHON={sys.executable}",
}
# In the finished project the corpus is the tiny one.
OF_THE_TINY_CORPUS = {
    r"results/demo/wavs/[\w/-]+\.wav": "wavs/Angry/s01_1.wav",
    r"results/demo": RESULTS,
    r"logs/demo": RESULTS.replace("results", "logs"),
}
RAVDESS_EMOTIONS = {"Calm": 2, "Happy": 3, "Sad": 4, "Angry": 5}


@dataclass(frozen=True)
class Places:
    """Where commands are run.

    Attributes
    ----------
    fresh
        The project as it is, with the demonstration configured and nothing made.
    made
        The tiny corpus' report, finished; what is run there is run by one thread.
    things
        Stand-ins for corpora and whatever else a user has.
    """

    fresh: Project
    made: Project
    things: Path

    def call(self, command: str, in_made: bool = False, status: int = 0) -> str:
        """Run a command in a shell and return what it prints; its exit status is insisted on."""
        project = self.made if in_made else self.fresh
        variables = {
            **{name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"},
            "PATH": f"{project.path('.venv', 'bin')}:{os.environ['PATH']}",
            # The library is the one beside the Snakefile.
            "PYTHONPATH": str(project.path("workflow")),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
        }
        done = subprocess.run(
            ["bash", "-c", self.filled_in(command, in_made)],
            cwd=project.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}"
        return done.stdout

    def filled_in(self, text: str, in_made: bool = False) -> str:
        """Put stand-ins for what a page calls by names of its own."""
        for form, place in {**STAND_INS, **(OF_THE_TINY_CORPUS if in_made else {})}.items():
            text = re.sub(form, place.format(things=self.things), text)
        return text


Way = Callable[[Places, str], None]


@dataclass(frozen=True)
class Planned:
    """A dry run of a Snakemake command, which has to find something to do.

    Attributes
    ----------
    rules
        Rules that are among the jobs.
    nothing
        Whether, instead, there is nothing to be done.
    made
        Whether it is asked where the report is made already.
    """

    rules: tuple[str, ...] = ()
    nothing: bool = False
    made: bool = False

    def __call__(self, places: Places, command: str) -> None:
        asked = places.filled_in(re.sub(r"^\S*snakemake ", "--quiet rules -n ", command), self.made)
        outside_quotes = re.sub(r"'[^']*'", "", asked)
        assert not re.search(r"[|&;<>$`*?]", outside_quotes), "this one needs a shell"
        run = (places.made if self.made else places.fresh).snakemake(*shlex.split(asked))
        assert run.code == 0, f"{command}\n{run.output}"
        jobs = run.jobs
        assert (not jobs) == self.nothing, jobs
        assert set(self.rules) <= set(jobs), jobs


@dataclass(frozen=True)
class Really:
    """The command itself, where the report is made already.

    Attributes
    ----------
    prints
        A regular expression found in what it prints.
    makes
        Files that are there afterwards.
    made
        Whether it is run there, or in the project as it is.
    """

    prints: str = ""
    makes: tuple[str, ...] = ()
    made: bool = True

    def __call__(self, places: Places, command: str) -> None:
        project = places.made if self.made else places.fresh
        printed = places.call(command, self.made)
        assert re.search(self.prints, printed), f"{command}\n{printed}"
        for name in self.makes:
            path = project.folder / places.filled_in(name, self.made)
            assert path.stat().st_size > 0, path


@dataclass(frozen=True)
class Tested:
    """A command that a test of its own runs, in whose file it stands to the letter."""

    file: str
    words: tuple[str, ...] = field(default=())

    def __call__(self, places: Places, command: str) -> None:
        text = (ROOT / self.file).read_text(encoding="utf-8")
        for words in self.words or (command,):
            assert words in text, f"{self.file} has no {words!r}"


def make_target(places: Places, command: str) -> None:
    """Ask make what it would do, for targets that `make help` tells of."""
    told = places.call("make help")
    targets = [word for word in shlex.split(command)[1:] if "=" not in word]
    assert targets
    for target in targets:
        assert re.search(rf"^ *make {target} ", told, re.MULTILINE), told
    printed = places.call(command.replace("make", "make --dry-run --always-make", 1))
    assert "pip install" in printed or targets == ["clean"], printed


def collected(places: Places, command: str) -> None:
    """Have pytest find the tests that a command names."""
    *variables, _, file = shlex.split(command)
    assert all("=" in variable for variable in variables)
    for variable in variables:
        assert variable.partition("=")[0] in (ROOT / file).read_text(encoding="utf-8")
    printed = places.call(f"python -m pytest --collect-only --quiet {ROOT / file}")
    assert re.search(r"^\d+ tests? collected", printed, re.MULTILINE), printed


def benchmark(places: Places, command: str) -> None:
    """Have the benchmarks' own parser read the command, beside `--help`, which measures nothing."""
    printed = places.call(f"{command.replace('benchmarks/', f'{ROOT}/benchmarks/')} --help")
    for option in re.findall(r"--\w+", command):
        assert option in printed


EXACT: Mapping[str, Way] = {
    # A second run does nothing.
    "snakemake --cores 2 report": Really(prints="Nothing to be done"),
    "snakemake --cores 1 dag": Really(prints="Nothing to be done"),
    "snakemake -n report": Planned(nothing=True, made=True),
    # What is stale is a matter of what was made.
    "snakemake -n report --quiet rules --config 'spectrogram={\"n_fft\": 1024}'": Planned(
        ("spectrograms", "band_features", "train_svm", "train_network"), made=True
    ),
    'snakemake -n report --config \'models={"svm_sc": {"C": 1}}\'': Planned(
        ("train_svm", "evaluate", "report_html"), made=True
    ),
    'snakemake --cores 2 report --config \'models={"svm_sc": {"C": 1}}\'': Planned(
        ("train_svm", "evaluate", "report_html"), made=True
    ),
    "snakemake report --report results/demo/snakemake-report.html": Really(
        makes=("results/demo/snakemake-report.html",)
    ),
    "snakemake --unlock": Really(prints="[Uu]nlock"),
    "snakemake --profile profiles/slurm --unlock": Really(prints="[Uu]nlock"),
    ". .venv/bin/activate": Really(),
    "cd /shared/PROJECT": Really(made=False),
    "git clone https://YOUR-COPY-OF-THIS-REPOSITORY && cd serflow": Really(made=False),
    "snakemake --cores 1 predict --config recordings=my.wav": Planned(
        ("prediction", "prediction_check"), made=True
    ),
    'snakemake --cores 1 predict --config recordings=my.wav \'predict={"model": "svm_mfcc12"}\'': (
        Planned(("prediction", "prediction_check"), made=True)
    ),
    # What a table calls the command it measured.
    "python -m serflow predict": Tested(
        "benchmarks/prediction.py", ("python -m serflow predict, one recording",)
    ),
    "python -m serflow predict my.wav --model results/demo": Really(
        prints=r"(?m)^my\.wav +(Angry|Calm|Happy) +0\.\d{3}"
    ),
    "python -m serflow predict my.wav --model results/demo --windows windows.tsv": Really(
        makes=("windows.tsv",)
    ),
    "python -m serflow export results/demo/models/cnn2d --to cnn2d-export": Really(
        makes=("cnn2d-export/README.md", "cnn2d-export/fold0_seed0.onnx")
    ),
    ".venv/bin/python benchmarks/run.py extraction peers --clips /data/ravdess": benchmark,
    # On a real Slurm.
    "squeue --me --format='%.10i %.10T %.10M %k'": Tested("tests/workflow/slurm/test_failures.py"),
    "tail -f logs/CORPUS/models/MODEL/fold0_seed0.log": Tested(
        "tests/workflow/slurm/test_failures.py"
    ),
    "ls .snakemake/slurm_logs/": Tested("tests/workflow/slurm/test_failures.py"),
    'scancel --me && while [ -n "$(squeue --me --noheader)" ]; do sleep 1; done': Tested(
        "tests/workflow/slurm/test_failures.py"
    ),
    ".venv/bin/python tests/workflow/slurm/cluster.py .venv/bin/snakemake --profile profiles/slurm"
    " report": Tested("tests/workflow/slurm/cluster.py", ("snakemake --profile profiles/slurm",)),
    # CI installs the same packages, by its own script.
    "sudo apt-get install --no-install-recommends slurmctld slurmd slurm-client munge": Tested(
        ".ci/run", ("--no-install-recommends", "slurmctld slurmd slurm-client munge")
    ),
}

KINDS: Mapping[str, Way] = {
    r"(head|cut|grep) .*": Really(prints=r"\S"),
    r"cp \S+ \S+": Really(),
    r"python -c .*": Really(prints="True|False"),
    r"snakemake (?!.*--unlock).*": Planned(),
    r"make .*": make_target,
    r"(\w+=\S+ )*pytest \S+": collected,
}


def way(command: str) -> tuple[str, Way]:
    """Return the one entry that claims a command, and how it is run."""
    if command in EXACT:
        return command, EXACT[command]
    fitting = [form for form in KINDS if re.fullmatch(form, command)]
    assert len(fitting) == 1, f"{command!r} fits {len(fitting)} entries of documented_ways.py"
    return fitting[0], KINDS[fitting[0]]


def furnish(things: Path, fresh: Project, made: Project) -> None:
    """Make what the pages take for granted: corpora, recordings, files of one's own."""
    for actor in range(1, 25):
        for code in RAVDESS_EMOTIONS.values():
            name = f"03-01-{code:02d}-01-01-01-{actor:02d}.wav"
            write_wav(things / "ravdess" / f"Actor_{actor:02d}" / name, voice("Calm", actor, 1))
    for digit in range(10):
        for speaker in ("george", "jackson", "lucas", "nicolas", "theo", "yweweler"):
            write_wav(things / "fsdd" / f"{digit}_{speaker}_0.wav", voice("Calm", digit, 1))
    for speaker in ("03", "08", "09", "10"):
        for emotion in "FNTW":
            write_wav(things / "emodb" / f"{speaker}a01{emotion}a.wav", voice("Calm", 1, 1))
        for emotion in ("ANG", "HAP", "NEU", "SAD"):
            write_wav(things / "crema-d" / f"10{speaker}_DFA_{emotion}_XX.wav", voice("Calm", 1, 1))
    (things / "scratch").mkdir()
    subprocess.run(["git", "init", "--quiet", "--bare", str(things / "serflow.git")], check=True)
    for project in (fresh, made):
        project.path(".venv").symlink_to(sys.prefix)
        for name in ("Makefile", "constraints.txt"):
            project.path(name).write_bytes((ROOT / name).read_bytes())
        write_wav(project.path("my.wav"), voice("Happy", 2, 1))
        # As docs/faq.md copies it.
        project.path("few.yaml").write_bytes(project.path("config", "config.yaml").read_bytes())
        _of_mine(project)


def _of_mine(project: Project) -> None:
    """Write what examples call mine: a folder, a table, and configurations."""
    # As docs/scale.md has it: config/ravdess.yaml without the networks.
    ravdess = yaml.safe_load(project.path("config", "ravdess.yaml").read_text(encoding="utf-8"))
    machines = {name: m for name, m in ravdess["models"].items() if m["family"] == "svm"}
    svms = yaml.safe_dump({**ravdess, "models": machines})
    project.path("svms.yaml").write_text(svms, encoding="utf-8")
    lines = ["path,label,speaker"]
    for label in LABELS:
        for speaker in range(1, 7):
            name = f"wavs/{label}/spk{speaker}_1.wav"
            write_wav(project.path("my", name), voice(label, speaker, 1))
            lines.append(f"{name},{label},spk{speaker}")
    project.path("my", "clips.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
