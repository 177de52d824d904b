.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made
# Without kept bytecode every process of the tests compiles all of the product and its tests: 5 s.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(STAMP)  ## make the environment in .venv

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --progress-bar off torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check --progress-bar off -c constraints.txt -e '.[dev]'
	@touch $@

run: setup  ## ingest the sample organisation, then serve it
	$(BIN)/skillshelf --home .skillshelf up --sample

real: setup  ## ingest real manuals, courses and feeds from ../shared/data
	SKILLSHELF_SOURCES=bench/real/sources.yaml $(BIN)/skillshelf --home .skillshelf-real ingest

test: setup  ## the quick tests
	$(BIN)/pytest -m 'not slow' --numprocesses auto --maxprocesses 4 --dist worksteal

test-slow: setup  ## the slow tests: servers, a browser, kill -9, real data
	$(BIN)/pytest -m slow

check: setup  ## format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## rewrite the code in its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

OPEN := $(wildcard ../shared/data/catalogues/oer-commons/oer_commons.csv)
bench: setup  ## quality and speed, printed side by side
	$(BIN)/python -m bench
	$(BIN)/python -m bench speed --items 1000 10000
	$(BIN)/python -m bench retrieval --dataset $(wildcard ../shared/data/retrieval/*/)
	$(BIN)/python -m bench linking --sentences $(wildcard ../shared/data/labels/esco-linking/*.csv)
	$(BIN)/python -m bench tagging $(OPEN:%=--items % --columns NAME TEACHER_OVERVIEW KEYWORDS --named-only)

docs: setup  ## write the reference pages from the code
	$(BIN)/python -m config.document
	$(BIN)/python -m api.document
	$(BIN)/python -m docs.reference

clean:  ## remove the environment and the caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

.PHONY: help setup run real test test-slow check format bench docs clean
