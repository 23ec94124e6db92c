"""Where a model comes from, and how to cite it, on its card."""

from __future__ import annotations

from serflow.export.card.facts import Facts
from serflow.export.card.families import family
from serflow.export.card.markdown import bullets, code, escaped, table


def provenance(facts: Facts) -> list[str]:
    """Return the code, corpus and packages that its run had."""
    told = facts.material.provenance
    commit = told.get("commit") or {}
    rows = [("SERflow", facts.version)]
    if commit.get("id"):
        changed = ", with uncommitted changes" if commit.get("modified") else ""
        rows.append(("Commit", f"{code(str(commit['id']))}{changed}"))
    corpus = told.get("corpus") or {}
    if corpus.get("fingerprint"):
        rows.append(("Fingerprint of the corpus", code(str(corpus["fingerprint"]))))
    packages = [
        f"{name} {version}"
        for name, version in (told.get("versions") or {}).items()
        if name != "SERflow"
    ]
    rows.append(("Packages", escaped(", ".join(packages))))
    return [
        table(("", ""), rows, words=2),
        "The same commit, configuration and recordings give the same numbers again, bit for bit on "
        "the same processor; `provenance.json` of the run holds the whole configuration.",
    ]


def citation(facts: Facts) -> list[str]:
    """Return what to cite: program, recordings, model."""
    told = [
        f"SERflow: The SERflow developers. SERflow: speech emotion recognition as one Snakemake "
        f"workflow, version {facts.version} (CITATION.cff)."
    ]
    if facts.about.citation:
        told.append(f"Recordings: {escaped(facts.about.citation)}.")
    else:
        told.append("Recordings: not stated: set `corpus.citation` in the configuration.")
    source = family(facts.settings).source
    if source:
        told.append(f"Model: {source}.")
    return [bullets(told)]
