# Where the numbers come from, the report as a page and to print, and the graph of the rules.


rule provenance:
    input:
        clips="results/{corpus}/clips.tsv",
        recordings="results/{corpus}/recordings.tsv",
        records=all_runs("models", "json"),
    output:
        ensure("results/{corpus}/provenance.json", non_empty=True),
    log:
        "logs/{corpus}/provenance.log",
    benchmark:
        "results/{corpus}/benchmarks/provenance.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.004),
        runtime=minutes(30),
    params:
        cfg=stage("provenance", config=SETTINGS),
        project=lambda w, input: str(PROJECT),
    message:
        "Noting where the numbers come from"
    script:
        "../workflow/scripts/provenance.py"


rule report_html:
    input:
        **report_inputs(),
    output:
        report(
            ensure("results/{corpus}/report/report.html", non_empty=True),
            caption="../workflow/report/captions/report.rst",
            category=SECTIONS["Report"],
            labels={"result": "report", "kind": "page"},
        ),
    log:
        "logs/{corpus}/report_html.log",
    benchmark:
        "results/{corpus}/benchmarks/report_html.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(30),
    params:
        cfg=stage("report_html", template=fileprint(*page_files(PAGE)), **report_settings()),
        template=lambda w, input: str(PAGE),
    message:
        "Writing the report as a page"
    script:
        "../workflow/scripts/report_html.py"


rule report_pdf:
    input:
        **report_inputs(),
    output:
        report(
            ensure("results/{corpus}/report/report.pdf", non_empty=True),
            caption="../workflow/report/captions/report.rst",
            category=SECTIONS["Report"],
            labels={"result": "report", "kind": "PDF"},
        ),
    log:
        "logs/{corpus}/report_pdf.log",
    benchmark:
        "results/{corpus}/benchmarks/report_pdf.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(30),
    params:
        cfg=stage("report_pdf", template=fileprint(PRINT), **report_settings()),
        template=lambda w, input: str(PRINT),
    message:
        "Writing the report as PDF"
    script:
        "../workflow/scripts/report_pdf.py"


rule dag_picture:
    input:
        lambda w: require_corpus(),
    output:
        svg=report(
            "results/{corpus}/dag/rulegraph.svg",
            caption="../workflow/report/captions/dag.rst",
            category=SECTIONS["Workflow"],
            labels={"result": "graph of the rules", "kind": "figure"},
        ),
        png="results/{corpus}/dag/rulegraph.png",
        jobs=ensure("results/{corpus}/dag/jobs.tsv", non_empty=True),
    log:
        "logs/{corpus}/dag_picture.log",
    benchmark:
        "results/{corpus}/benchmarks/dag_picture.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(30),
    params:
        cfg=stage("dag_picture", rules=fileprint(*RULE_FILES), graph=graph_shape()),
        snakefile=lambda w, input: str(SNAKEFILE),
        config=lambda w, input: SETTINGS,
    message:
        "Drawing the graph of the rules"
    script:
        "../workflow/scripts/dag_picture.py"
