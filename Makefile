# Two commands matter: `make demo` and `make test`. Each sets up its own environment; nothing is rebuilt that is up to date.
# `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
STAMP  := .make

.DEFAULT_GOAL := help
.PHONY: help install demo test test-slow coverage lint types unit site audit advisories lock record bench docs wheel fuzz clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SOVEREIGN needs Python 3.11 or newer, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)

$(STAMP)/run: requirements/constraints.txt pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMP)
	$(PIP) install -q --no-compile --require-hashes --no-deps -r requirements/constraints.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP)/dev: requirements/constraints-dev.txt pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMP)
	$(PIP) install -q --no-compile --require-hashes --no-deps -r requirements/constraints-dev.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@ $(STAMP)/run

# A few checks come from npm; where there is none they are skipped, and say so.
$(STAMP)/node: tests/node/package.json tests/site/npm/package.json
	@mkdir -p $(STAMP)
	@if command -v npm >/dev/null; then for place in tests/node tests/site/npm; do \
	  npm --prefix $$place install --no-audit --no-fund --no-package-lock --ignore-scripts --silent || exit 1; done; \
	else echo "no npm: workflow linting, HTML validation and Lighthouse will be skipped"; fi
	@touch $@

install: $(STAMP)/run ## Make .venv/bin/sovereign, with what it needs to run and no more

demo: $(STAMP)/run ## Run the whole pipeline offline on the bundled example, and name the page to open
	@$(BIN)/sovereign demo

test: lint audit ## Everything that CI runs
	@$(MAKE) --no-print-directory -j 2 types unit # mypy is one process, and takes the time in which the tests wait

lint: $(STAMP)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)/dev
	$(BIN)/mypy

unit: $(STAMP)/dev $(STAMP)/node # in a folder of its own: a run beside it, tidying the shared one, made a passed run fail at its end
	own=$$(mktemp -d $${TMPDIR:-/tmp}/tXXX) && PYTEST_DEBUG_TEMPROOT=$$own $(BIN)/pytest -q -n 2 --dist loadfile && rm -rf $$own

coverage: $(STAMP)/dev $(STAMP)/node ## Run the tests again and list the branches that none takes; a third slower than without
	$(BIN)/pytest -q -n 2 --dist loadfile --cov --cov-report=term:skip-covered

audit: $(STAMP)/dev ## Audit the workflows
	$(BIN)/zizmor --offline --no-progress --persona auditor .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml

ADVISORIES ?= https://api.osv.dev/v1/query
advisories: $(STAMP)/dev ## Ask for known weaknesses of every pinned dependency (needs a network)
	$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off -s osv --osv-url $(ADVISORIES) \
	  -r requirements/constraints.txt -r requirements/constraints-dev.txt -r tests/fuzz/constraints.txt

test-slow: $(STAMP)/dev $(STAMP)/node ## What takes longer: fuzzing, crash runs, rehearsals, Lighthouse
	$(BIN)/pytest -q -m slow

bench: $(STAMP)/dev ## Measure, and store the figures that the method page shows
	$(BIN)/python -m benchmarks

docs: $(STAMP)/dev ## Write docs/reference and the published schemas from the program
	$(BIN)/python -m docs.generate

lock: ## Pin every dependency by hash again (needs pip-tools)
	pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header \
	  --allow-unsafe --strip-extras --build-deps-for=editable -o requirements/constraints.txt pyproject.toml
	pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header \
	  --allow-unsafe --strip-extras --build-deps-for=editable --extra dev -o requirements/constraints-dev.txt pyproject.toml
	sed -i.old '/^#/d' requirements/constraints.txt requirements/constraints-dev.txt && rm requirements/constraints.txt.old requirements/constraints-dev.txt.old
	{ cat requirements/constraints.txt; echo '@@PACKAGE@@'; } > sovereign/desk/template/requirements.txt

record: $(STAMP)/dev ## Record the services' cassettes anew; NVIDIA_API_KEY asks the real NIM, without it a stand-in answers
	$(BIN)/python -m tests.record
	$(BIN)/python -m tests.record_chat

wheel: $(STAMP)/dev ## Build the wheel into dist/, dated by the commit and not by the clock, once its tests have passed
	$(BIN)/pytest -q tests/whole/test_wheel.py
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --wheel --no-isolation --outdir dist .

FUZZ_S ?= 600
fuzz: $(STAMP)/dev ## Fuzz every parser for FUZZ_S seconds each, guided by coverage (needs Linux and a Python that atheris knows)
	$(PIP) install -q --require-hashes --no-deps -r tests/fuzz/constraints.txt
	@for target in $$($(BIN)/python -c 'from tests.fuzz.targets import TARGETS; print(*TARGETS)'); do \
	  $(BIN)/python -m tests.fuzz $$target $(FUZZ_S) || exit 1; done

clean: ## Remove what the other targets made
	rm -rf $(VENV) $(STAMP) _site demo-desk dist build .mypy_cache .pytest_cache .ruff_cache .coverage
