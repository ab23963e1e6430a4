# Every command sets up what it needs: a virtual environment from the hash-pinned lock file.
PYTHON ?= python3.11
VENV ?= .venv
BENCH_VENV ?= .venv-bench
FUZZ_VENV ?= .venv-fuzz
FUZZ_SECONDS ?= 60
FUZZ_EXAMPLES ?= 20
PYTEST_ARGS ?=
# Many tests wait, for a limit or for a process: three workers keep two cores busy. Each takes a stretch of the tests,
# and so most modules share one harness; who is done first helps the others.
WORKERS ?= $(shell echo $$(( ($$(nproc) * 3 + 1) / 2 )))
SIDE_BY_SIDE = -n $(WORKERS) --dist worksteal

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH_STAMP := $(BENCH_VENV)/.installed
FUZZ_STAMP := $(FUZZ_VENV)/.installed
FUZZ_TARGETS := validator frame_reader patch_parser detector shell_text settings rules
FUZZ_TESTS := tests/property/test_hostile_conversations.py tests/property/test_whole_grammar.py tests/property/test_fuzz_targets.py
PIP_INSTALL := -m pip --disable-pip-version-check install --quiet
# Installs a lock file into an environment. uv fetches side by side what pip fetches in a row (5 s beside 170 s for the
# development environment); where the index is known to pip alone, pip does it.
INSTALL_LOCKED = $(1)/bin/python $(PIP_INSTALL) --require-hashes -r .ci/installer.lock && \
	{ $(1)/bin/uv pip install --quiet --compile-bytecode --python $(1)/bin/python --require-hashes -r $(2) || \
	$(1)/bin/python $(PIP_INSTALL) --require-hashes -r $(2); }

# Where PYTHONDONTWRITEBYTECODE is set, as in many containers, every process would compile anew what it imports: half a
# second of each that a test or a benchmark starts. An installed package has its bytecode.
COMPILE_AHEAD := $(PYTHON) -m compileall -qq harness policy

.PHONY: node-servers help demo test test-all lint unit security-as-ordinary-user red-team wheel bench fuzz soak mutations pages lock clean

help:
	@echo "make demo      the main job: a message with a script, run against this repository"
	@echo "make test      everything: lint, types, layers, wheel, security as an ordinary user, all tests"
	@echo "make test-all  make test, and the tests again on every other Python that is present (3.12, 3.13, 3.14)"
	@echo "make red-team  every attack against each layer alone, on every Python, as root and as an ordinary user; ten minutes"
	@echo "make lint      ruff, mypy --strict, import-linter"
	@echo "make unit      the tests alone; PYTEST_ARGS adds arguments"
	@echo "make mutations  takes checks out one by one, and says which tests miss them"
	@echo "make bench     benchmarks beside their peers, in an environment of their own"
	@echo "make fuzz      fuzzing: each target for FUZZ_SECONDS=60, then the properties with FUZZ_EXAMPLES=20 times their examples"
	@echo "make soak      the long form of tests/soak: storms of kills, starved processes, 20,000 runs, load; six minutes"
	@echo "make pages     write the generated pages of docs/reference and the texts in tests/data anew"
	@echo "make node-servers  MCP servers on Node, for their tests; without Node it says so"
	@echo "make lock      resolve the dependencies again (needs uv)"

$(STAMP): requirements-dev.lock .ci/installer.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(call INSTALL_LOCKED,$(VENV),requirements-dev.lock)
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	$(COMPILE_AHEAD)
	@touch $@

$(BENCH_STAMP): requirements.lock tests/bench/requirements-peers.lock pyproject.toml
	$(PYTHON) -m venv $(BENCH_VENV)
	$(call INSTALL_LOCKED,$(BENCH_VENV),tests/bench/requirements-peers.lock)
	$(COMPILE_AHEAD)
	@touch $@

$(FUZZ_STAMP): requirements.lock tests/fuzz/requirements-fuzz.lock pyproject.toml
	$(PYTHON) -m venv $(FUZZ_VENV)
	$(call INSTALL_LOCKED,$(FUZZ_VENV),tests/fuzz/requirements-fuzz.lock)
	@touch $@

# Servers that others wrote. The tests look for them in node_modules, and are skipped with a reason where they are absent.
NODE_SERVERS := @modelcontextprotocol/server-filesystem@2026.8.31 @modelcontextprotocol/server-everything@2026.8.31

node-servers:
	@if ! command -v npm > /dev/null; then echo "npm is not here: the tests of MCP servers on Node will be skipped"; \
	elif [ ! -d node_modules/@modelcontextprotocol ]; then \
	npm install --prefix . --no-save --no-audit --no-fund $(NODE_SERVERS) || echo "their tests will be skipped"; fi

demo: $(STAMP)
	@$(BIN)/python examples/demo.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel: $(STAMP)
	$(BIN)/python .ci/check_wheel.py

security-as-ordinary-user: $(STAMP)
	$(BIN)/python .ci/as_ordinary_user.py $(SIDE_BY_SIDE) tests/security

# Each row of its table is one layer; what may get through one alone stands in tests/security/attacks/through.json.
red-team: $(STAMP)
	@failed=0; $(BIN)/python -m tests.security.red_team || failed=1; \
	$(BIN)/python .ci/as_ordinary_user.py --module tests.security.red_team || failed=1; \
	exit $$failed

unit: $(STAMP)
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)

# A part of make test; here it says what it does.
mutations: $(STAMP)
	$(BIN)/python -m tests.mutations
	$(BIN)/python -m tests.mutations.language

# The whole suite comes last, so that the output ends with its summary. What is before the tests uses one core each.
test: $(STAMP)
	@$(MAKE) --no-print-directory --jobs --output-sync=target lint wheel node-servers
	@$(MAKE) --no-print-directory security-as-ordinary-user
	@$(MAKE) --no-print-directory unit

test-all: test
	.ci/other_pythons

bench: $(BENCH_STAMP)
	$(BENCH_VENV)/bin/python -m tests.bench
	$(BENCH_VENV)/bin/python -m tests.bench.forms

# Every target runs, also behind one that failed. What made it fail is kept in .fuzz/.
fuzz: $(FUZZ_STAMP) $(STAMP)
	@failed=0; for target in $(FUZZ_TARGETS); do \
	$(FUZZ_VENV)/bin/python -m tests.fuzz $$target --seconds $(FUZZ_SECONDS) || failed=1; done; \
	FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(BIN)/python -m pytest -n auto --timeout 0 $(FUZZ_TESTS) || failed=1; \
	exit $$failed

# One process, because storms and figures want the machine to themselves. Its figures go into docs/explanation/performance.md.
soak: $(STAMP)
	TOOLSCRIPT_SOAK=long $(BIN)/python -m pytest -s --timeout 1800 tests/soak $(PYTEST_ARGS)
	$(BIN)/python -m tests.bench.soak_figures

pages: $(STAMP)
	$(BIN)/python -m policy.language.reference > docs/reference/language.md
	$(BIN)/python -m tests.e2e.error_cases > docs/reference/errors.md
	$(BIN)/python -m tests.e2e.command_page > docs/reference/cli.md
	$(BIN)/python -m tests.e2e.api_page > docs/reference/api.md
	$(BIN)/python -m tests.unit.harness.told_texts
	$(BIN)/python -m tests.e2e.turn_histories

UV_LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --no-config

lock:
	$(UV_LOCK) pyproject.toml -o requirements.lock
	$(UV_LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(UV_LOCK) pyproject.toml tests/bench/requirements-peers.in -c requirements-dev.lock \
		-o tests/bench/requirements-peers.lock
	$(UV_LOCK) pyproject.toml tests/fuzz/requirements-fuzz.in -c requirements-dev.lock \
		-o tests/fuzz/requirements-fuzz.lock
	echo uv | $(UV_LOCK) - -o .ci/installer.lock

clean:
	rm -rf .venv .venv-* build dist
