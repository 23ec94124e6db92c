# RAVDESS from Zenodo: downloaded once, kept outside of results, so that `make clean` does not cost it.
# Its folder is not the corpus', so no output here can have the wildcard. Another address of the same
# archive changes nothing: size and checksum say what it is, and `url` takes `input`, so that it is not
# tracked.


rule download:
    output:
        ensure("resources/ravdess/Audio_Speech_Actors_01-24.zip", non_empty=True),
    log:
        f"logs/{CORPUS}/download.log",
    benchmark:
        f"{RESULTS}/benchmarks/download.tsv"
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(600),
    params:
        cfg=stage("download", "corpus.archive.size", "corpus.archive.md5"),
        url=lambda w, input: SETTINGS["corpus"]["archive"]["url"],
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
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(60),
    params:
        cfg=stage("unpack", "corpus.archive.size", "corpus.archive.md5"),
        rows=lambda w, input: rows_of(),
    message:
        "Unpacking RAVDESS"
    script:
        "../workflow/scripts/unpack.py"
