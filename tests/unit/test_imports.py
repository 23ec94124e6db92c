"""What each script imports: a package that it does not need would cost each of its jobs time.

Every group of scripts is imported in an interpreter of its own, as a job does it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from serflow.codeprint import modules

WORKFLOW = Path(__file__).parents[2] / "workflow"
SCRIPTS = WORKFLOW / "scripts"
RULES = WORKFLOW.parent / "rules"

# Packages that take long to import, or that bring such; by their names in Python.
HEAVY = {
    *("PIL", "captum", "cv2", "jinja2", "jsonschema", "librosa", "matplotlib", "numba", "numpy"),
    *("onnx", "onnxruntime", "pandas"),
    *("pydub", "pygraphviz", "safetensors", "scipy", "skops", "sklearn", "snakemake", "soundfile"),
    *("soxr", "torch", "torchvision", "typst", "yaml"),
}
PLOT = "PIL matplotlib numpy"
WAV = "numpy pydub soundfile"
# By script those of them that it needs; all others are forbidden to it.
NEEDED = {
    "band_features": "numpy",
    "cepstra": f"{WAV} scipy",
    "cepstral_statistics": "numpy scipy",
    "clip_table": "yaml",
    "costs": "",
    "custom_features": WAV,
    "dag_picture": "pygraphviz",
    "download": "",
    # Ranks of scores, for areas under curves and for models by speaker.
    "evaluate": "numpy scipy",
    "evaluate_regression": "numpy",
    "explanation": f"{PLOT} captum safetensors scipy torch",
    "export_networks": "numpy onnx onnxruntime safetensors scipy torch",
    "feature_table": "numpy",
    "figure_augmentation": PLOT,
    "figure_calibration": PLOT,
    "figure_confusion": PLOT,
    "figure_critical_difference": PLOT,
    "figure_curves": PLOT,
    "figure_gan_samples": PLOT,
    "figure_estimates": PLOT,
    "figure_images": f"{PLOT} cv2",
    "figure_importance": PLOT,
    "figure_label_shares": PLOT,
    "figure_random_premium": PLOT,
    "figure_ranking": PLOT,
    "figure_spectrograms": f"{PLOT} {WAV} scipy",
    "gate": "",
    "image_shard": f"{WAV} cv2 scipy",
    "image_table": "",
    "importance": "numpy pandas scipy skops sklearn",
    "label_shares": "numpy",
    "leakage": "",
    "model_card": "yaml",
    "pixel_copies": f"{WAV} PIL cv2 scipy soxr",
    "pixels": "PIL cv2 numpy",
    "prediction": f"{WAV} scipy",
    "prediction_check": "",
    "provenance": "",
    "random_premium": "numpy",
    "recording_check": "",
    "recording_table": "",
    "recordings": WAV,
    "report_html": "jinja2",
    "report_pdf": "typst",
    "shown_clips": f"{PLOT} {WAV} cv2 scipy soxr",
    "signal_copies": "numpy scipy soxr",
    "signals": f"{WAV} soxr",
    "spectrograms": f"{WAV} cv2 scipy",
    "splits": "numpy",
    "synthesize": "numpy soxr",
    "train_gan": "numpy safetensors torch",
    "train_network": "numpy safetensors torch",
    # scikit-learn itself imports pandas where it finds it.
    "train_svm": "numpy pandas scipy skops sklearn",
    "unpack": "",
    "views": "numpy scipy",
}
# What a script imports only once it knows what it needs: by what the models are, and for the page.
LATER = {
    "prediction": "PIL cv2 jinja2 matplotlib pandas safetensors skops sklearn soxr torch yaml",
    "shown_clips": "pandas safetensors skops sklearn torch",
}
# What reading the rules needs beside Snakemake: every call of it waits for this.
PARSING = "jsonschema numpy yaml"

PROBE = """
import json, sys
found = {}
for name, program in json.load(sys.stdin).items():
    exec(program, {})
    found[name] = sorted({module.partition(".")[0] for module in sys.modules})
print(json.dumps(found))
"""


def test_every_script_has_a_row() -> None:
    assert set(NEEDED) == {path.stem for path in SCRIPTS.glob("*.py")}


@pytest.mark.parametrize(
    "needed", sorted({frozenset(of.split()) for of in NEEDED.values()}, key=sorted)
)
def test_scripts_import_what_they_need_and_nothing_else(needed: frozenset[str]) -> None:
    scripts = [name for name, of in NEEDED.items() if frozenset(of.split()) == needed]
    found = imported({name: (SCRIPTS / f"{name}.py").read_text("utf-8") for name in scripts})
    for name in scripts:
        assert found[name] - needed == set(), f"{name} imports what it does not need"
    # The last has what all have: a package that none imports any more leaves the table.
    assert needed - found[scripts[-1]] == set()


@pytest.mark.parametrize("script", NEEDED)
def test_no_function_imports_later_what_is_forbidden(script: str) -> None:
    path = SCRIPTS / f"{script}.py"
    for file in (path, *modules(path)):
        for statement in statements(ast.parse(file.read_text("utf-8"))):
            names = (
                [statement.module or ""]
                if isinstance(statement, ast.ImportFrom)
                else [alias.name for alias in statement.names]
            )
            packages = {name.partition(".")[0] for name in names} & HEAVY
            known = f"{NEEDED[script]} {LATER.get(script, '')}".split()
            assert packages <= set(known), f"{script}, by way of {file}"


def test_reading_the_rules_imports_what_it_needs_and_nothing_else() -> None:
    lines = [
        line
        for path in sorted(RULES.glob("*.smk"))
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("from serflow", "import "))
    ]
    assert any("configuration" in line for line in lines)
    assert imported({"rules": "\n".join(lines)})["rules"] == set(PARSING.split())


def imported(sources: dict[str, str]) -> dict[str, set[str]]:
    """Run the import statements of each in turn; return what is heavy and there after each."""
    programs = {
        name: "\n".join(map(ast.unparse, statements(ast.parse(source))))
        for name, source in sources.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: set(found) & HEAVY for name, found in json.loads(done.stdout).items()}


def statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the import statements below `node` in order, but not those for type checkers alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from statements(child)
