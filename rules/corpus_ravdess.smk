# RAVDESS from Zenodo: downloaded once, kept outside of results, so that `make clean` does not cost it.
# Its folder is not the corpus', so no output here can have the wildcard.


rule download:
    output:
        ensure("resources/ravdess/Audio_Speech_Actors_01-24.zip", non_empty=True),
    log:
        f"logs/{CORPUS}/download.log",
    benchmark:
        f"{RESULTS}/benchmarks/download.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=500,
        runtime=120,
    params:
        cfg=stage("download", "corpus.archive"),
    message:
        "Downloading RAVDESS"
    script:
        "../workflow/scripts/download.py"


rule unpack:
    input:
        "resources/ravdess/Audio_Speech_Actors_01-24.zip",
    output:
        wavs=directory("resources/ravdess/wavs"),
        manifest=ensure(f"{RESULTS}/corpus.tsv", non_empty=True),
    log:
        f"logs/{CORPUS}/unpack.log",
    benchmark:
        f"{RESULTS}/benchmarks/corpus.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=500,
        runtime=20,
    params:
        cfg=stage("unpack", "corpus.archive"),
        rows=lambda w, input: rows_of(),
    message:
        "Unpacking RAVDESS"
    script:
        "../workflow/scripts/unpack.py"


localrules:
    download,
    unpack,
