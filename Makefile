# One entry for everything. `make run` needs Python 3.11 or newer and a package registry; `make test` brings the rest.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 \
	&& $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
JUDGES := contracts_sol/node_modules/.package-lock.json
PAGE := portal/verifier/node_modules/.package-lock.json
AXE := tests/portal/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help run demo test check format lint types floors pythons torture vectors contracts verifier pdfjs bench agreement lock image clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(UV):
	@test -n "$(PYTHON)" || { echo "zheng: Python 3.11 or newer is needed: install it, or name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "zheng: no virtual environment could be made: on Debian, install python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9 \
		|| { echo "zheng: no package registry could be reached: set PIP_INDEX_URL to one" >&2; exit 1; }

$(VENV)/.run: $(UV) requirements/run.txt pyproject.toml verifier/pyproject.toml clients/python/pyproject.toml
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps -e verifier -e clients/python -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

$(JUDGES): contracts_sol/package.json contracts_sol/package-lock.json
	@sh tests/prerequisites.sh
	@cd contracts_sol && npm ci --silent --no-audit --no-fund
	@touch $@

$(PAGE): portal/verifier/package.json portal/verifier/package-lock.json
	@sh tests/prerequisites.sh
	@cd portal/verifier && npm ci --silent --no-audit --no-fund
	@touch $@

$(AXE): tests/portal/package.json tests/portal/package-lock.json
	@sh tests/prerequisites.sh
	@cd tests/portal && npm ci --silent --no-audit --no-fund
	@touch $@

run: $(VENV)/.run  ## the main job: a real case, its evidence, verified offline; then keep serving
	@sh api/demo/bring_converter.sh
	@$(BIN)/zheng demo --serve

demo: $(VENV)/.run  ## the main job without staying
	@sh api/demo/bring_converter.sh
	@$(BIN)/zheng demo

test: $(VENV)/.dev $(JUDGES) $(PAGE) $(AXE)  ## all tests, with the gates of format, lint, types, floors and coverage
	@sh tests/run.sh

check: format lint types floors test  ## everything, one gate after the other

format: $(VENV)/.dev
	@$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@$(BIN)/mypy

floors: $(VENV)/.dev
	@$(BIN)/lint-imports

pythons: $(VENV)/.dev  ## floor 0 and the pure modules on every supported Python at hand
	@for version in 3.11 3.12 3.13; do if python=$$(sh tests/find_python.sh $$version); then \
		sh tests/other_python.sh $$version $$python || exit 1; fi; done

torture: $(VENV)/.dev $(JUDGES) $(PAGE) $(AXE)  ## the long crash and mutation runs
	@$(BIN)/python -m pytest -m torture -p no:cacheprovider

vectors: $(VENV)/.dev  ## write our own test vectors and generated pages anew
	@$(BIN)/python tests/vectors/generate.py
	@$(BIN)/python docs/generate_taxonomy.py
	@$(BIN)/python docs/generate_contracts.py
	@$(BIN)/python docs/generate_signing.py

contracts: $(JUDGES)  ## compile the contract and write its artifact
	@cd contracts_sol && node compile.js

verifier: $(VENV)/.run $(PAGE)  ## build the HTML verifier anew: one file, portal/static/zheng-verifier.html
	@$(BIN)/python portal/verifier/generate.py
	@cd portal/verifier && npm run --silent types && npm run --silent build

pdfjs:  ## fetch PDF.js anew, which the signing page shows contracts with
	@sh portal/fetch_pdfjs.sh

bench: $(VENV)/.dev  ## measure, against a limit or a peer in the same run
	@for script in bench/bench_*.py; do $(BIN)/python $$script; done

agreement: $(VENV)/.dev $(PAGE)  ## have the judges at hand judge the same files (needs Java and Maven for two of them); never in CI
	@$(BIN)/python tests/judges/agreement

lock: $(UV)  ## resolve the pinned requirements anew
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-find-links --no-emit-package zheng-verifier --no-emit-package zheng-client \
		pyproject.toml verifier/pyproject.toml clients/python/pyproject.toml -o requirements/run.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-find-links --no-emit-package zheng-verifier --no-emit-package zheng-client --extra dev \
		pyproject.toml verifier/pyproject.toml clients/python/pyproject.toml \
		-o requirements/dev.txt

clean:  ## remove what make made
	@rm -rf $(VENV) contracts_sol/node_modules portal/verifier/node_modules portal/verifier/.cache tests/portal/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
