# `make run` and `make test` set up all that they need. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
export PORT
BIN := .venv/bin
PORTAL_DEMO ?= yes
export PORTAL_DEMO

.PHONY: help run test check trial bench bench-load lock format translations clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: .venv/.runtime ## Set up, then serve on http://127.0.0.1:8000 (PORT= changes the port; PORTAL_DEMO=no starts empty)
	@$(BIN)/flask init
	@if [ "$$PORTAL_DEMO" = yes ]; then $(BIN)/flask demo --if-empty; fi
	@exec $(BIN)/flask serve

test: .venv/.dev ## Set up, then run every test on SQLite, on PostgreSQL, and in a browser
	@bin/test

check: .venv/.dev ## Format, lint, types, floors, templates, translations, known vulnerabilities
	@bin/check

LONG := tests/offices/test_acts_in_any_order.py tests/services/test_continuity_in_any_order.py tests/kinerja/test_a_day_in_any_order.py tests/kinerja/test_unit_recap.py
trial: .venv/.dev ## Heavy trials: kills, bursts, long state machines, every page under every theme and width in English too
	@HYPOTHESIS=trial $(BIN)/pytest -n 0 -s -o python_files='*.py' tests/trials $(LONG)
	@HYPOTHESIS=trial $(BIN)/python -m tests.with_postgres $(BIN)/pytest -n 0 -s -o python_files='*.py' tests/trials $(LONG)
	@HYPOTHESIS=trial $(BIN)/pytest -n 2 -k everybody_can_use tests/browser

bench: .venv/.dev ## Measure the portal against a bare Flask view in the same run, on SQLite and on PostgreSQL (needs wrk and nginx; BENCH_QUICK=1: a quick look)
	@bin/setup-bench
	@$(BIN)/python -m bench.run
	@POSTGRES_FSYNC=on $(BIN)/python -m tests.with_postgres $(BIN)/python -m bench.run
	@echo "The figures are in bench/out; python -m bench.page makes docs/speed.md of them."

bench-load: .venv/.dev ## Half an hour of mixed load on each database, watched by one who knows what was done when (BENCH_MINUTES= changes it)
	@$(BIN)/python -m bench.mixed
	@POSTGRES_FSYNC=on $(BIN)/python -m tests.with_postgres $(BIN)/python -m bench.mixed

format: .venv/.dev ## Put code into its form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

translations: .venv/.dev ## Collect the sentences of the screen and compile what is translated
	@bin/translations

lock: .venv/.dev ## Resolve the dependencies anew into the lock files, with hashes
	@bin/lock

clean: ## Throw away what was made, but not instance/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.runtime: requirements.lock
	@bin/venv "$(PYTHON)" requirements.lock
	@touch $@

.venv/.dev: dev.lock .venv/.runtime
	@bin/venv "$(PYTHON)" dev.lock
	@touch $@
