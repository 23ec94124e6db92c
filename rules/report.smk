# The report as a page and to print, and the graph of the rules.


rule report_html:
    input:
        **report_inputs(),
        template=workflow.source_path("../workflow/report/report.html.j2"),
    output:
        report(
            ensure("results/{corpus}/report/report.html", non_empty=True),
            caption="../workflow/report/captions/report.rst",
            category="Report",
            labels={"document": "report (HTML)"},
        ),
    log:
        "logs/{corpus}/report_html.log",
    benchmark:
        "results/{corpus}/benchmarks/report_html.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        cfg=stage("report_html", **report_settings()),
    message:
        "Writing the report as a page"
    script:
        "../workflow/scripts/report_html.py"


rule report_pdf:
    input:
        **report_inputs(),
        template=workflow.source_path("../workflow/report/report.typ"),
    output:
        report(
            ensure("results/{corpus}/report/report.pdf", non_empty=True),
            caption="../workflow/report/captions/report.rst",
            category="Report",
            labels={"document": "report (PDF)"},
        ),
    log:
        "logs/{corpus}/report_pdf.log",
    benchmark:
        "results/{corpus}/benchmarks/report_pdf.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        cfg=stage("report_pdf", **report_settings()),
    message:
        "Writing the report as PDF"
    script:
        "../workflow/scripts/report_pdf.py"


rule dag_picture:
    input:
        f"{workflow.basedir}/Snakefile",
        rules=sorted(map(str, Path(workflow.basedir, "rules").glob("*.smk"))),
    output:
        svg=report(
            "results/{corpus}/dag/rulegraph.svg",
            caption="../workflow/report/captions/dag.rst",
            category="Workflow",
            labels={"figure": "graph of the rules"},
        ),
        png="results/{corpus}/dag/rulegraph.png",
    log:
        "logs/{corpus}/dag_picture.log",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=500,
        runtime=10,
    params:
        cfg=stage("dag_picture", graph=graph_shape()),
        config=lambda w, input: SETTINGS,
    message:
        "Drawing the graph of the rules"
    script:
        "../workflow/scripts/dag_picture.py"
