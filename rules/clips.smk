# What each recording is, which of them cannot be used, and the clip table.
#
# No WAV is an input: a shard's fingerprint (names, sizes, times) in its param makes it stale, so the
# DAG does not grow with the corpus. `rows` takes `input`, so Snakemake does not track the long list.


rule recordings:
    input:
        MADE_MANIFEST,
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


rule recording_table:
    input:
        all_shards("results/{corpus}/recordings/{shard}.tsv"),
    output:
        ensure("results/{corpus}/recordings.tsv", non_empty=True),
    log:
        "logs/{corpus}/recording_table.log",
    benchmark:
        "results/{corpus}/benchmarks/recording_table.tsv"
    priority: 10
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


# A list, because a stage that hangs on the table of recordings hangs on every clip's. It is nearly always
# empty, so Snakemake sees by its checksum that it is as it was.
rule recording_check:
    input:
        "results/{corpus}/recordings.tsv",
    output:
        ensure("results/{corpus}/excluded.tsv", non_empty=True),
    log:
        "logs/{corpus}/recording_check.log",
    benchmark:
        "results/{corpus}/benchmarks/recording_check.tsv"
    priority: 10
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(table_seconds),
    params:
        cfg=lambda w: stage("recording_check", refused=refused()),
        rows=lambda w, input: rows_of(),
        on_error=lambda w, input: SETTINGS["clips"]["on_error"],
    message:
        "Which recordings can be used"
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
