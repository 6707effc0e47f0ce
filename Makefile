# Two commands do all their own set-up: `make demo` and `make test`.
SHELL := /bin/bash
BIN := .venv/bin
SERVE ?= 1
SEED ?= 7

.PHONY: demo test setup lint types layers bench chaos drill fuzz mutants audit lock

demo:
	@.ci/setup demo
	@$(BIN)/clearhold demo --seed $(SEED) $(if $(filter 0,$(SERVE)),--no-serve)

test: setup lint types layers
	@.ci/in_memory $(BIN)/pytest -n 2 --dist loadgroup -q

setup:
	@.ci/setup test

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

bench:
	@.ci/setup bench
	$(BIN)/python -m benchmarks.side_by_side
	$(BIN)/python -m benchmarks.accuracy --all
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.extraction_speed
	$(BIN)/python -m benchmarks.duplicates
	$(BIN)/python -m benchmarks.policy
	$(BIN)/python -m benchmarks.controls
	$(BIN)/python -m benchmarks.promise
	$(BIN)/python -m benchmarks.predictions
	$(BIN)/python -m benchmarks.serving

chaos: setup
	CHAOS_KILLS=100 $(BIN)/pytest -q -m chaos

drill: setup
	DRILL_PAPERS=$(or $(PAPERS),2000) $(BIN)/pytest -q -s -m chaos tests/keeping/test_drill.py

fuzz: setup
	CLEARHOLD_FUZZ_SECONDS=1800 CLEARHOLD_FUZZ_CORPUS=$(or $(CORPUS),var/fuzz) $(BIN)/pytest -q tests/extraction/test_fuzz_readers.py tests/fuzz

mutants: setup
	nice -n 15 timeout $(or $(SECONDS_ALLOWED),5400) $(BIN)/python -m mutmut run --max-children 2 || true
	$(BIN)/python -m benchmarks.mutation_report

audit: setup
	$(BIN)/python -m benchmarks.licences

lock:
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --extra training --extra cluster --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.lock --extra peers pyproject.toml -o requirements-peers.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.lock pyproject.toml -o requirements.lock
