# The clip table, and what each recording is.
#
# No WAV is an input: a shard's fingerprint (names, sizes, times) in its param makes it stale, so the
# DAG does not grow with the corpus. `rows` takes `input`, so Snakemake does not track the long list.


rule clip_table:
    input:
        MADE_MANIFEST,
    output:
        ensure("results/{corpus}/clips.tsv", non_empty=True),
    log:
        "logs/{corpus}/clip_table.log",
    benchmark:
        "results/{corpus}/benchmarks/clip_table.tsv"
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


rule recordings:
    input:
        MADE_MANIFEST,
    output:
        "results/{corpus}/recordings/{shard}.tsv",
    log:
        "logs/{corpus}/recordings/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/recordings/{shard}.tsv"
    group:
        extraction_group
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
    group:
        table_group
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
