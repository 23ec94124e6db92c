# Folds of the protocol, and the gate that no speaker, clip or sound passes from one side to the other.

# Which models are trained under random folds as well has no part in the protocol's own.
PROTOCOL = {key: value for key, value in SETTINGS["protocol"].items() if key != "random_premium"}


rule splits:
    input:
        excluded="results/{corpus}/excluded.tsv",
        checked="results/{corpus}/checked.txt",
    output:
        ensure("results/{corpus}/splits.tsv", non_empty=True),
    log:
        "logs/{corpus}/splits.log",
    benchmark:
        "results/{corpus}/benchmarks/splits.tsv"
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002 * FOLDS),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("splits", protocol=PROTOCOL, clips=clips_of(SPLITTING)),
        rows=lambda w, input: rows_of(),
    message:
        "Splitting the clips"
    script:
        "../workflow/scripts/splits.py"


rule leakage:
    input:
        splits="results/{corpus}/splits.tsv",
        recordings="results/{corpus}/recordings.tsv",
    output:
        report(
            "results/{corpus}/leakage.tsv",
            caption="../workflow/report/captions/leakage.rst",
            category=SECTIONS["Splits"],
            labels={"result": "leakage gate", "kind": "table"},
        ),
    log:
        "logs/{corpus}/leakage.log",
    benchmark:
        "results/{corpus}/benchmarks/leakage.tsv"
    group:
        table_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002 * FOLDS),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("leakage", "protocol.allow_speaker_overlap", clips=clips_of(IDENTITY)),
        rows=lambda w, input: rows_of(),
    message:
        "Looking for speakers, clips and sounds on both sides of a split"
    script:
        "../workflow/scripts/leakage.py"


# A rule of its own: a failing job's outputs are deleted, and the findings must stay.
rule gate:
    input:
        "results/{corpus}/leakage.tsv",
    output:
        ensure("results/{corpus}/gate.txt", non_empty=True),
    log:
        "logs/{corpus}/gate.log",
    benchmark:
        "results/{corpus}/benchmarks/gate.tsv"
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("gate"),
    message:
        "Gate: training starts only where no side knows the other"
    script:
        "../workflow/scripts/gate.py"
