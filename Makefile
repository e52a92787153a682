# What users and developers of the template run. Everything it needs goes into .venv.

PYTHON ?= python3
DEST ?= build/demo
PORT ?= 8000
BASE ?= origin/main
TIER ?= 3
ALL ?=
VERSION ?=
ARGS ?=

BIN := .venv/bin
UV := $(BIN)/uv
SYNC := $(UV) sync --quiet --inexact
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport VIRTUAL_ENV
# Bytecode is what makes the second start of anything quick.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: demo new test quick suite matrix mutations conformance bench lint format release-notes setup help

demo: $(UV) ## Render a service with the default answers and run it (DEST, PORT)
	$(SYNC)
	copier copy --quiet --defaults --overwrite --vcs-ref HEAD "$(CURDIR)" "$(DEST)"
	PORT=$(PORT) $(MAKE) --no-print-directory -C "$(DEST)" dev

new: $(UV) ## Render a service of your own into DEST (ARGS go to copier)
	@test "$(origin DEST)" != file || { echo "Say where: make new DEST=../my-service"; exit 2; }
	$(SYNC)
	@python -m tests.unasked $(ARGS)
	@python -m tests.copying copy $(if $(filter --defaults -l,$(ARGS)),,$$(test -t 0 || echo --defaults)) --vcs-ref HEAD $(ARGS) "$(CURDIR)" "$(DEST)"

test: lint suite matrix ## Everything that has to be green; of the matrix, each value once
test: TIER := 2

quick: setup ## The fast tests, and the fewest services that show what changed since BASE
	pytest -n auto -m "not slow" --changed-since "$(BASE)"
	python -m tests.matrix --tier 2 --quick --changed-since "$(BASE)"

suite: setup ## The template's own tests
	pytest -n auto

matrix: setup ## Run rendered services: all pairs of values (TIER=2: each once; ALL=1: every combination)
	python -m tests.matrix --tier=$(if $(ALL),4,$(TIER)) $(ARGS)

mutations: setup ## Faults that a service's own tests have to find (ARGS='--only NAME')
	python -m tests.matrix.mutations $(ARGS)

conformance: setup ## The HTTP contract, against a service with the default answers
	python -m tests.matrix --cell default --steps boot $(ARGS)

bench: $(UV) ## CPU per request, compared with a hand-written application
	$(SYNC) --group benchmarks
	python benchmarks/run.py $(ARGS)

lint: $(UV) ## Style and types of this repository, and its workflows
	$(SYNC) --group lint
	ruff format --check
	ruff check
	mypy
	zizmor --quiet --offline .github

format: setup ## Format, and mend what the linter can mend
	ruff check --fix
	ruff format

release-notes: ## Print what is told of a release (VERSION)
	@$(PYTHON) -m tests.release_notes "$(VERSION)"

setup: $(UV) ## Install what the tests need into .venv
	@$(SYNC) --group test

$(UV):
	$(PYTHON) -c 'import sys; sys.exit("Formwork needs Python 3.11 or newer; say which: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)
