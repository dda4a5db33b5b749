# The verbs of every day; each sets itself up in .venv.
PYTHON ?= python3
WORKSPACE ?= workspace
HOST ?= 127.0.0.1
PORT ?= 8020
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test check format docs bench clients clean

# Build the graph from the shipped records, publish it as a release, serve it.
run: .venv/run.stamp
	$(BIN)/dealgraph build --workspace $(WORKSPACE)
	$(BIN)/dealgraph serve --workspace $(WORKSPACE) --host $(HOST) --port $(PORT)

# Every test; those of JavaScript clients where there is Node.js.
test: .venv/test.stamp clients
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# Lint, formatting, types, and the records themselves.
check: .venv/test.stamp
	$(BIN)/ruff check service tests docs benchmarks
	$(BIN)/ruff format --check service tests docs benchmarks
	$(BIN)/mypy
	$(BIN)/dealgraph check

format: .venv/test.stamp
	$(BIN)/ruff check --fix service tests docs benchmarks
	$(BIN)/ruff format service tests docs benchmarks

# Write the pages of docs/ that are generated from the code.
docs: .venv/test.stamp
	$(BIN)/python docs/generate.py

# How long each question takes; prints ratios, judges nothing.
bench: .venv/test.stamp
	$(BIN)/python benchmarks/latency.py
	$(BIN)/python benchmarks/cache.py
	$(BIN)/python benchmarks/reasoning.py

# The JavaScript clients that tests use, as their lock file has them.
clients:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory tests/clients/node_modules/.stamp; \
	else echo "no npm: the tests of JavaScript clients will be skipped"; fi

tests/clients/node_modules/.stamp: tests/clients/package.json tests/clients/package-lock.json
	cd tests/clients && npm ci --silent
	@touch $@

clean:
	rm -rf tests/clients/node_modules .venv build dist workspace service/*.egg-info

.venv/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "dealgraph needs Python 3.11 or newer; call: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: .venv/python.stamp setup.cfg pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/test.stamp: .venv/run.stamp
	$(PIP) install --quiet --constraint constraints.txt --editable ".[test]"
	@touch $@
