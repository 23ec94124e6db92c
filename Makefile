# Two commands do everything on a machine with Python 3.11 and make: `make report`, `make test`.
# The real interface is Snakemake: `.venv/bin/snakemake --cores 8 report`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
CORES ?= all
BIN := .venv/bin

# The environment is made again when the pins change, and only then: the stamp carries their checksum.
PINS := $(shell cksum constraints.txt | cut -d ' ' -f 1)
STAMP := .venv/.installed-$(PINS)

# Bars that move, for somebody who watches; files and CI get a line a job.
PROGRESS = $$(test -t 2 && echo --logger rich)

# One more than cores: the tests of Slurm mostly wait for it.
TESTERS = $$($(BIN)/python -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))')

.DEFAULT_GOAL := help
.PHONY: help venv report test test-slurm lint format docs bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

venv: $(STAMP) ## make the environment .venv from the pins (the others do it when needed)

$(STAMP): constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit("SERflow needs Python 3.11, but $(PYTHON) is %d.%d: make PYTHON=/path/to/python3.11" % sys.version_info[:2] if sys.version_info[:2] != (3, 11) else 0)'
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable '.[demo,slurm,export,dev]'
	rm -f .venv/.installed-*
	touch $@

report: $(STAMP) ## the report on the demonstration corpus: results/demo/report/
	$(BIN)/snakemake $(PROGRESS) --cores $(CORES) report

test: $(STAMP) ## all tests
	$(BIN)/python -m pytest --numprocesses $(TESTERS)

test-slurm: $(STAMP) ## the cluster profile on a Slurm of its own on this machine (Debian: slurmctld slurmd slurm-client munge)
	SERFLOW_SLURM=required $(BIN)/python -m pytest tests/workflow/slurm

lint: $(STAMP) ## every style, type and workflow check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/mypy
	$(BIN)/snakemake --lint
	tools/actionlint .github/workflows/*.yml

format: $(STAMP) ## put all code into the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile rules

docs: $(STAMP) ## write docs/configuration.md anew from the schema, docs/reruns.md from the tests' table
	$(BIN)/python -m serflow.configuration_docs > docs/configuration.md.part
	mv docs/configuration.md.part docs/configuration.md
	$(BIN)/python tests/workflow/reruns_page.py > docs/reruns.md.part
	mv docs/reruns.md.part docs/reruns.md

bench: $(STAMP) ## measure against straightforward ways; table in benchmarks/results/
	$(BIN)/python benchmarks/run.py

clean: ## remove results and logs (never the environment, downloads or your recordings)
	find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	rm -rf logs .snakemake/log
