"""Assembles the report's content: one plain dict, the data of the page and of the PDF alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serflow.report import (
    appendix,
    blocks,
    label_shares,
    models,
    random_premium,
    regression,
    results,
    sheet,
    summary,
)
from serflow.report import clips as clips_shown
from serflow.report import explanations as explained
from serflow.report.material import Material, Rows
from serflow.report.text import printable
from serflow.version import VERSION


def assemble(
    *,
    config: Mapping[str, Any],
    settings: Mapping[str, Mapping[str, Any]],
    clips: Rows,
    recordings: Rows,
    splits: Rows,
    leakage: Rows,
    tables: Mapping[str, Rows],
    conclusions: Sequence[Mapping[str, Any]],
    benchmarks: Sequence[Mapping[str, Any]] = (),
    provenance: Mapping[str, Any] | None = None,
    figures: Mapping[str, Any] | None = None,
    shown: Mapping[str, Any] | None = None,
    explanations: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Decide what the report says.

    Parameters
    ----------
    config
        The completed configuration; `corpus`, `protocol`, `seeds`, `evaluation` and `report` are
        read, and all of it is shown.
    settings
        The slice of every model, variants spelled out (`serflow.model_list.expand`).
    clips, recordings, splits, leakage
        Rows of the tables of those names.
    tables
        Rows of ``evaluation/{name}.tsv``: ``models``, ``per_class``, ``per_speaker``,
        ``per_attribute``, ``per_fold``, ``comparisons``, ``ranks``, ``choices``, ``alternatives``;
        ``random_premium``, ``label_shares``, ``regression`` and ``importance`` where they were
        made; ``jobs`` of ``dag/jobs.tsv``.
    conclusions
        Of ``evaluation/conclusions.json``.
    benchmarks
        One dict per finished job: ``rule``, ``seconds``, ``max_rss`` (MB, "" where not measured).
    provenance
        Of ``provenance.json``.
    figures
        File by name: ``spectrograms``, ``images``, ``ranking``, ``calibration``,
        ``critical_difference``, ``confusion/{model}``, ``curves/{model}``, ``augmentation/{base}``,
        ``label_shares/{model}``, ``gan_samples/{model}``, ``regression/{model}``,
        ``random_premium``, ``explanation/{model}``, ``importance``, ``rulegraph``. A figure
        without a file is left out.
    shown
        Of ``shown/clips.json``, with the `folder` of the pictures and sounds; nothing where no
        clips are to be shown.
    explanations
        Of ``explanations/{model}.json``, by network.

    Returns
    -------
    dict
        ``title``, ``author``, ``program``, ``models`` (names and colours by family), ``warnings``
        and ``summary`` (blocks), ``facts`` (groups of terms) and ``sections``; strings, numbers,
        lists and dicts only. The kinds of blocks are those of `serflow.report.blocks`.
    """
    material = Material.of_run(
        config=config,
        settings=settings,
        clips=clips,
        recordings=recordings,
        splits=splits,
        leakage=leakage,
        tables=tables,
        conclusions=conclusions,
        benchmarks=benchmarks,
        provenance=provenance or {},
        figures=figures or {},
        shown=shown or {},
        explanations=explanations or {},
    )
    content = {
        "title": config["report"]["title"],
        "author": config["report"]["author"],
        "program": f"SERflow {VERSION}",
        "models": material.groups,
        "warnings": summary.warnings(material),
        "facts": summary.facts(material),
        "summary": summary.results(material),
        "sections": [
            *(sheet.sections(material) if material.row else sheet.clip_sections(material)),
            *(models.sections(material) if material.row else ()),
            *(results.sections(material) if material.row else ()),
            *clips_shown.sections(material),
            *explained.sections(material),
            *label_shares.sections(material),
            *random_premium.sections(material),
            *regression.sections(material),
            *appendix.sections(material),
        ],
    }
    everything = [*content["summary"]]
    for section in content["sections"]:
        everything += section["blocks"]
    blocks.number(everything)
    cleaned: dict[str, Any] = printable(content)
    return cleaned
