# What each recording is, which of them cannot be used, and the clip table.
#
# No WAV is an input: a shard's fingerprint (names, sizes, times) in its param makes it stale, so the
# DAG does not grow with the corpus. `rows` takes `input`, so Snakemake does not track the long list.
#
# `localrule`, here and elsewhere: too small for a cluster job. It stands with the rule, because Snakemake
# takes the names of a list `localrules:` as they are, also where a module has renamed the rules.


rule recordings:
    input:
        lambda w: manifest(),
    output:
        "results/{corpus}/recordings/{shard}.tsv",
    log:
        "logs/{corpus}/recordings/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/recordings/{shard}.tsv"
    # Before any extraction: what is wrong is told at once.
    priority: 10
    # Not those of the extraction, which may hang on all recordings.
    group:
        check_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: stage("recordings", clips=clips_of(AUDIO, w.shard)),
        rows=lambda w, input: rows_of(w.shard),
    message:
        "Checking the recordings of shard {wildcards.shard}"
    script:
        "../workflow/scripts/recordings.py"


# With a list of those that cannot be used, because a stage that hangs on the table of all hangs on
# every clip's.
rule recording_table:
    input:
        all_shards("results/{corpus}/recordings/{shard}.tsv"),
    output:
        all=ensure("results/{corpus}/recordings.tsv", non_empty=True),
        excluded=ensure("results/{corpus}/excluded.tsv", non_empty=True),
    log:
        "logs/{corpus}/recording_table.log",
    benchmark:
        "results/{corpus}/benchmarks/recording_table.tsv"
    priority: 10
    localrule: table_seconds({}) <= demands.LOCAL
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("recording_table"),
    message:
        "Gathering what each recording is"
    script:
        "../workflow/scripts/recording_table.py"


# A rule of its own: a failing job's outputs are deleted, and the list must stay. What the configuration
# says of such recordings is no tracked param, because where there are none nothing hangs on it; where an
# earlier run has left some out, `checked()` looks before anything begins.
rule recording_check:
    input:
        "results/{corpus}/excluded.tsv",
    output:
        ensure("results/{corpus}/checked.txt", non_empty=True),
    log:
        "logs/{corpus}/recording_check.log",
    benchmark:
        "results/{corpus}/benchmarks/recording_check.tsv"
    priority: 10
    # It would say the same again.
    retries: 0
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("recording_check"),
        rows=lambda w, input: rows_of(),
        on_error=lambda w, input: SETTINGS["clips"]["on_error"],
    message:
        "Whether all recordings can be used"
    script:
        "../workflow/scripts/recording_check.py"


rule clip_table:
    input:
        "results/{corpus}/recordings.tsv",
    output:
        ensure("results/{corpus}/clips.tsv", non_empty=True),
    log:
        "logs/{corpus}/clip_table.log",
    benchmark:
        "results/{corpus}/benchmarks/clip_table.tsv"
    # Before the check that may end the run: it tells what is wrong.
    priority: 20
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("clip_table", clips=clips_of(tuple(TABLE.columns))),
        rows=lambda w, input: rows_of(),
        columns=lambda w, input: TABLE.columns,
    message:
        "Writing the clip table"
    script:
        "../workflow/scripts/clip_table.py"
