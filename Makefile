# make demo   the demo college's monthly report        make test   all tests
# make quick  the tests that need no browser, office program or server and take no long time: under three minutes
# make lint   ruff, mypy, import contracts             make bench  what a check, large exports and a large report cost,
#                                                       a check also beside DuckDB and durable_rules' own API
#                                                       (a few minutes; one of them: make bench BENCH=read ARGS=csv)
# make mutate each rule altered in one place at a time: its own examples must notice (a minute; not in CI;
#                                                       one of them: make mutate ARGS=LEV-01)
# make faults what can go wrong around a check: interrupts, killed workers, damaged files (docs/reliability.md; 4 minutes)
# make soak   200 checks in one process, 10,000 random colleges judged twice (hours; a short one: make soak SOAK="20 10")
# make audit  known weaknesses of the pinned packages (needs the network)
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
STUDENTS ?= 12000
SEED ?= 1
ARGS ?=
SOAK ?= 200 10000
PROOF ?= 2500
BENCH ?= $(if $(ARGS),check,check compare read report)
# Any Python from 3.11 to 3.12: durable_rules builds on 3.13 and then fails at import.
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null \
	&& { echo $$p; break; }; done)
# On every core; a worker that has nothing left takes tests from another one. What Python compiled is kept for next time.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal
QUICK = not (slow or browser or office or calc or mysql or postgresql)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test quick lint bench mutate faults soak audit clean
demo: $(VENV)/.run
	@$(BIN)/xuejian demo $(DEMO)/data --students $(STUDENTS) --seed $(SEED)
	@$(BIN)/xuejian report $(DEMO)/data --month 2026-11 -o $(DEMO)/report

test: $(VENV)/.test
	@without=$$($(BIN)/python tests/support/abilities.py) && $(PYTEST) $$without $(ARGS)

quick: $(VENV)/.test
	@$(PYTEST) -m "$(QUICK)" $(ARGS)

lint: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy -p facts -p rules -p checks -p reports -m cli
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/.test
	@for each in $(BENCH); do $(BIN)/python tests/bench/$$each.py $(ARGS) || exit 1; done

mutate: $(VENV)/.run
	@$(BIN)/python tests/mutation $(ARGS)

faults: $(VENV)/.test
	@$(PYTEST) tests/cli/faults $(ARGS)

soak: $(VENV)/.test
	@PYTHONPATH=tests/support $(BIN)/python tests/bench/soak.py $(SOAK)
	@XUEJIAN_PROOF=$(PROOF) $(PYTEST) tests/checks/engine/test_proof.py

audit: $(VENV)/.run
	@$(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@$(VENV)-audit/bin/pip-audit --strict --disable-pip --no-deps --requirement constraints.txt

clean:
	@rm -rf $(VENV) $(VENV)-audit demo

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/.made
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/.made
	@$(INSTALL) -e '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "xuejian needs Python 3.11 or 3.12 with its venv module (python3-venv); give it with: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$${CC:-cc} --version >/dev/null 2>&1 || { echo "xuejian needs a C compiler to build durable_rules, which has no wheels; install one, for example: apt-get install gcc" >&2; exit 1; }
	@$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' || { echo "xuejian needs the headers of $(PYTHON) to build durable_rules; install them, for example: apt-get install python3-dev" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON); this happens once."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@
