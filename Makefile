# Needs Python 3.11 or newer, make and git. `make PYTHON=python3.13 …` chooses another Python.

.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What Foghorn itself needs, and that with all that its tests need.
RUN := $(VENV)/.run
STAMP := $(VENV)/.stamp
# Python compiles what it imports; all at once takes as long as fetching it.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# Where it is set, every worker and every program of a test would compile everything once more.
export PYTHONDONTWRITEBYTECODE :=
CODE := bot tests docs/pictures.py $(wildcard bench .ci/*.py)
LOCK := $(BIN)/uv pip compile --quiet --no-config --no-annotate --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras \
	--custom-compile-command "make lock" pyproject.toml

.PHONY: help
help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

$(RUN): requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Foghorn needs Python 3.11 or newer: make PYTHON=python3.x")'
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) --require-hashes -r requirements.txt
	touch $@

$(STAMP): $(RUN) requirements-dev.txt
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@

.PHONY: venv
venv: $(STAMP) ## make .venv (the other targets do it when needed)

.PHONY: demo
demo: $(RUN) ## try everything out in a browser, without Slack and without any account
	$(BIN)/python -m bot demo $(ARGS)

.PHONY: pictures
pictures: $(STAMP) ## take the README's pictures again, from the running demo (needs Chromium)
	$(BIN)/python docs/pictures.py

.PHONY: test
test: $(STAMP) ## run the tests
	$(BIN)/pytest

.PHONY: check
check: lint types contracts cover ## everything that must pass before a change lands

.PHONY: lint
lint: $(STAMP) ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(STAMP) ## mypy, strict
	$(BIN)/mypy $(CODE)

.PHONY: contracts
contracts: $(STAMP) ## who may import whom
	$(BIN)/lint-imports

.PHONY: cover
cover: $(STAMP) ## run the tests and measure their branch coverage (at least 90 %)
	$(BIN)/pytest --cov --cov-report=term

.PHONY: bench
bench: $(STAMP) ## how fast Slack has its answers, and the bars for it
	$(BIN)/python -m bench.ack

.PHONY: bench-page
bench-page: $(STAMP) ## how fast the public page is
	$(BIN)/python -m bench.page

.PHONY: bench-reminders
bench-reminders: $(STAMP) ## what asking costs, beside APScheduler (PostgreSQL by TEST_POSTGRES_URL)
	$(BIN)/python -m bench.reminders

.PHONY: bench-trace
bench-trace: $(STAMP) ## how far a report travels through the code (ARGS="--by-file --types")
	$(BIN)/python -m bench.trace $(ARGS)

.PHONY: fix
fix: $(STAMP) ## repair style and format where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: $(STAMP) ## pin the newest versions in both requirements files
	$(LOCK) --upgrade --output-file requirements.txt
	$(LOCK) --upgrade --constraint requirements.txt --extra dev --output-file requirements-dev.txt

.PHONY: release
release: $(STAMP) ## check, date the changelog, build, commit and tag: make release VERSION=X.Y.Z
	$(BIN)/python .ci/release.py "$(VERSION)"

.PHONY: clean
clean: ## remove .venv, caches and what was built
	rm -rf $(VENV) .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
