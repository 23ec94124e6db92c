"""The page docs/reruns.md, written from the table that the tests of staleness go through.

``python tests/workflow/reruns_page.py`` prints it; ``make docs`` puts it into its place.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from project import ROOT
from staleness import FILES, FROM_NOTHING, KEYS, Jobs, Row

from serflow.configuration import load_schema

# Stages in the order of the pipeline, and forms of the names of their rules.
STAGES: Mapping[str, str] = {
    "recordings": "synthesize|download|unpack|recordings?|recording_(table|check)|clip_table",
    "splits": "splits|random_splits|leakage|gate",
    "spectrograms": "spectrograms",
    "features": "band_features|cepstra|cepstral_statistics|custom_features|feature_table",
    "images": "image_shard|image_table",
    "network inputs": "signals|views|pixels|.*_copies",
    "training: SVMs": "train_svm",
    "training: networks": "train_network|train_gan",
    "evaluation": "evaluate|evaluate_regression|costs|random_premium|label_shares|importance",
    "figures": "figure_.*|shown_clips|explanation",
    "report": "provenance|report_html|report_pdf|dag_picture",
    "export": "export_networks|model_card",
    "predictions": "prediction|prediction_check",
}

INTRODUCTION = """\
# Change this, and these stages run again

<!-- Written by `make docs` from tests/workflow/staleness.py; edit that table instead. -->

Each row of this page is a test: in a finished project one thing is changed, and `snakemake -n` has
to want exactly these jobs. The numbers are jobs of a tiny project: 36 clips in 3 shards, 2 folds,
1 seed, three SVMs (`svm_sc`, `svm_sbe`, `svm_mfcc12`), a 1D network (`cnn1d`) and a 2D network in
two variants (`cnn2d`, `cnn2d_time_shift`). Yours has other numbers in the same places: the stages
up to the network's inputs count shards, training counts models × folds (× seeds, for networks). An
empty cell is a stage that stays as it is.

What a change in your own project makes stale is told by a dry run, which takes seconds and changes
nothing:

```sh
snakemake -n report --quiet rules --config 'models={"svm_sc": {"C": 1}}'
```

Three things explain nearly all rows. What reads a changed key runs again, and so does all that
reads its results. What does not read the key stays, even where it reads the key beside it. And a
shard whose recordings are the same stays, while what is made of all shards together (tables,
splits, models) follows.
"""


def stage(rule: str) -> str:
    """Return the stage that a rule belongs to.

    Raises
    ------
    LookupError
        If no stage has it.
    """
    for name, form in STAGES.items():
        if re.fullmatch(form, rule):
            return name
    raise LookupError(
        f"the rule {rule} belongs to no stage: add it to STAGES in tests/workflow/reruns_page.py"
    )


def rules() -> dict[str, list[tuple[str, str]]]:
    """Return name and message of the rules by stage, as the files in rules/ have them."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in STAGES}
    for path in sorted((ROOT / "rules").glob("*.smk")):
        text = path.read_text(encoding="utf-8")
        for rule in re.finditer(r"^ *rule (\w+):\n(.*?)(?=^ *rule |\Z)", text, re.M | re.S):
            message = re.search(r'^ *message:\n *"([^"]*)"', rule[2], re.M)
            told = re.sub(r"\{wildcards\.(\w+)\}", r"‹\1›", message[1]) if message else ""
            found[stage(rule[1])].append((rule[1], told))
    return found


def page() -> str:
    """Return the page as Markdown."""
    there = {_block(row) for row in KEYS}
    blocks = [f"`{key}`" for key in load_schema()["properties"] if f"`{key}`" in there]
    blocks += sorted(there - set(blocks))
    parts = [INTRODUCTION, "## Nothing made yet", "", *_table([FROM_NOTHING])]
    parts += [
        "## A key of the configuration",
        "",
        "Every key: [configuration.md](configuration.md).",
        "",
    ]
    for block in blocks:
        parts += [f"### {block}", "", *_table(row for row in KEYS if _block(row) == block)]
    code = [row for row in FILES if row.change.startswith("code: ") or row.change in OF_THE_PROJECT]
    others = [row for row in FILES if row not in code and row is not FROM_NOTHING]
    parts += ["## Recordings, tables, files", "", *_table(others)]
    parts += ["## Code, for those who change it", "", *_table(code)]
    parts += [
        "## Which rules a stage has",
        "",
        "| Stage | Rules, and what each says it is doing |",
        "|---|---|",
    ]
    for name, members in rules().items():
        told = "<br>".join(f"`{rule}` {message}" for rule, message in members)
        parts.append(f"| {name} | {told} |")
    return "\n".join([*parts, ""])


# Files of the project that are no library code.
OF_THE_PROJECT = (
    "a script",
    "the page's template",
    "the print's template",
    "a caption of Snakemake's own report",
    "a rule's message, the graph of the rules asked for",
)


def _block(row: Row) -> str:
    """Return the heading of a row: the block of the configuration that it changes."""
    tops = dict.fromkeys(key.split(".")[0] for key in row.keys)
    return f"`{next(iter(tops))}`" if len(tops) == 1 else "Several blocks at once"


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield "| " + " | ".join(["Change", "All", *STAGES]) + " |"
    yield "|---|" + "--:|" * (len(STAGES) + 1)
    for row in rows:
        counts = by_stage(row.jobs)
        asked = "" if row.target in ("report", "dag") else f" (target `{row.target}`)"
        keys = "".join(f"<br>`{key}: {_flow(value)}`" for key, value in row.keys.items())
        cells = [
            row.change + asked + keys,
            str(sum(counts.values())) if counts else "nothing",
            *(str(counts.get(name, "")) for name in STAGES),
        ]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def by_stage(jobs: Jobs) -> dict[str, int]:
    """Add up the jobs of each stage's rules."""
    counts: dict[str, int] = {}
    for rule, count in jobs.items():
        counts[stage(rule)] = counts.get(stage(rule), 0) + count
    return counts


def _flow(value: Any) -> str:
    """Write a value as YAML in one line."""
    return (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).replace('"', "")
    )


if __name__ == "__main__":
    sys.stdout.write(page())
