# Two commands do all their own set-up: `make demo` and `make test`.
SHELL := /bin/bash
BIN := .venv/bin
SERVE ?= 1
SEED ?= 7

.PHONY: demo test setup lint types layers bench chaos lock

demo:
	@.ci/setup demo
	@$(BIN)/clearhold demo --seed $(SEED) $(if $(filter 0,$(SERVE)),--no-serve)

test: setup lint types layers
	$(BIN)/pytest -n 2 --dist loadgroup -q

setup:
	@.ci/setup test

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.latency

chaos: setup
	CHAOS_KILLS=100 $(BIN)/pytest -q -m chaos

lock:
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --extra training --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.lock pyproject.toml -o requirements.lock
