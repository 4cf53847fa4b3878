# weibao from a checkout. Needs GNU make, Python 3.11 or newer, and a package index; `make help` lists the targets.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
unexport PYTHONDONTWRITEBYTECODE  # a start without bytecode on disk takes three times as long

CATALOGUES := $(wildcard weibao/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)

.DEFAULT_GOAL := help
.PHONY: help demo serve test check coverage lock catalogues bench wheel screenshots clean runtime dev

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name words; do printf '  make %-12s %s\n' "$$name" "$$words"; done

demo: runtime ## Serve an invented county on this machine, with a log-in for each role
	@$(BIN)/weibao demo --folder instance/demo $(ARGS)

serve: runtime ## Serve the program with the settings in WEIBAO_* variables
	@$(BIN)/weibao serve $(ARGS)

test: dev ## Run every test; what this machine lacks is named first
	@test -n "$$WEIBAO_TEST_POSTGRES_URL" || echo "left out: tests on PostgreSQL (set WEIBAO_TEST_POSTGRES_URL to a server's address)"
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || echo "left out: tests in a browser (apt-get install chromium fonts-noto-cjk)"
	@test -d "$${WEIBAO_SHARED:-../shared}" || echo "left out: tests with the outside judges (no ../shared here)"
	@echo "compiling the scheduler (once; up to a minute) ..." && $(BIN)/python -c "from scheduling.solve import warm_up; warm_up()"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: dev ## Check form, words, types, rooms and migrations; cheapest first
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python tests/tools/catalogues.py check
	@$(BIN)/lint-imports
	@$(BIN)/python tests/tools/migrations.py
	@$(BIN)/mypy

# Compiled code cannot be traced: a second pass runs the kernels as Python, without the tests that need their speed.
SLOW_AS_PYTHON := time_limit or large or medium or huge or any_valid or same_seed
coverage: dev ## Measure which branches of the scheduler its tests reach; at least 95 % of all
	@COVERAGE_FILE=.coverage.compiled $(BIN)/python -m pytest -q -n 2 tests/scheduling --cov=scheduling --cov-branch --cov-report=
	@COVERAGE_FILE=.coverage.python NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -k "not ($(SLOW_AS_PYTHON))" --cov=scheduling --cov-branch --cov-report= tests/scheduling/search tests/scheduling/test_replan.py tests/scheduling/test_solve.py
	@$(BIN)/python -m coverage combine --quiet --data-file=.coverage .coverage.compiled .coverage.python
	@$(BIN)/python -m coverage report --skip-covered --show-missing --fail-under=95

lock: runtime ## Write both lock files anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile $(ARGS) --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile $(ARGS) --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock

catalogues: dev ## Bring the words of the sources into both catalogues; Chinese is then translated by hand
	@$(BIN)/python tests/tools/catalogues.py update
	@$(BIN)/python tests/tools/catalogues.py check

bench: dev ## Measure the scheduler beside its peers (see benchmarks/)
	@$(BIN)/python -m benchmarks $(ARGS)

wheel: runtime ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls dist

screenshots: dev ## Have the browser tests write their pictures into artifacts/
	@$(BIN)/python -m pytest -m browser $(ARGS)

clean: ## Remove what was built; the virtual environment and the demonstration's data stay
	@rm -rf build dist artifacts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# The copy of a file beside the environment says what was installed last; only a changed one is installed again.
# Nothing is compiled ahead: of the packages' thousands of files the program imports a small part.
runtime: $(BIN)/python
	@cmp -s requirements.lock $(VENV)/requirements.lock || { \
	  echo "Installing the packages of requirements.lock (once; a minute or two) ..."; \
	  $(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock && cp requirements.lock $(VENV)/; }
	@cmp -s pyproject.toml $(VENV)/pyproject.toml || { \
	  $(BIN)/python -m pip install --quiet --no-deps --editable . && cp pyproject.toml $(VENV)/; }
	@$(MAKE) --silent $(COMPILED)

dev: runtime
	@cmp -s requirements-dev.lock $(VENV)/requirements-dev.lock || { \
	  echo "Installing the packages of requirements-dev.lock (once; a minute or two) ..."; \
	  $(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements-dev.lock && cp requirements-dev.lock $(VENV)/; }

$(COMPILED): $(CATALOGUES)
	@$(BIN)/python tests/tools/catalogues.py compile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "weibao needs Python 3.11 or newer, and this is %d.%d: try make PYTHON=python3.12" % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
