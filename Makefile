# The commands for people and for CI. Each one installs what it needs first; a second run does only what has changed.

SHELL := /usr/bin/env bash
.DEFAULT_GOAL := help

LISTEN ?= 127.0.0.1:8080
DATA ?= ./data
TARGET = $(shell source scripts/common.sh && target_directory)

# The same random models in every run, so that a test that fails says something about the change; `make explore` looks
# for models that nobody has seen yet.
export PROPTEST_RNG_SEED ?= 20260301
export PROPTEST_MAX_SHRINK_TIME ?= 60000

SECONDS_EACH = $(or $(FUZZ_SECONDS),10)

.PHONY: help run test check unit explore fuzz e2e pictures bench bench-save bench-pack bench-paint api-conformance mutate-permit dist assets setup icons

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build what is missing and start Plumbline on 127.0.0.1:8080, with its data in ./data
	@scripts/setup.sh run
	@scripts/assets.sh
	@cargo build --release -p server
	@exec $(TARGET)/release/plumbline serve --data $(DATA) --listen $(LISTEN)

# The browser tests take the program that unit has started before: the same main, built with the features of the whole
# workspace. With those of its own package alone, half of the libraries would be compiled once more.
test: ## Everything that must be green: check, unit, e2e
	@scripts/setup.sh test
	@start=$$(date +%s); for part in check unit e2e; do \
		$(MAKE) --no-print-directory $$part BINARY=$(TARGET)/debug/plumbline-under-test || exit 1; \
		echo "==> make $$part is through, $$((($$(date +%s) - start + 30) / 60)) minutes after the start"; \
	done

check: ## Format, lints for server and browser, dependency rule, banned packages, size of the islands
	@scripts/setup.sh run
	@scripts/assets.sh
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy -p app --lib --target wasm32-unknown-unknown --features hydrate -- -D warnings
	@scripts/dependency-rule.sh
	@scripts/deny.sh

unit: ## All tests in Rust: domain, store on both databases, HTTP, authorization, command line, fuzz targets for 10 s each
	@scripts/setup.sh test
	@scripts/assets.sh
	FUZZ_SECONDS=$(SECONDS_EACH) cargo test --workspace --no-fail-fast

explore: ## The properties of the engine on many new random models: CASES of each, 5000 if unset
	@PROPTEST_RNG_SEED=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') PROPTEST_CASES=$${CASES:-5000} cargo test -p domain --tests -- --nocapture

fuzz: ## Every parser of what strangers send, each fed for FUZZ_SECONDS, 10 if unset, with inputs that nobody has seen yet
	@scripts/assets.sh
	@FUZZ_SECONDS=$(SECONDS_EACH) FUZZ_SEED=$${FUZZ_SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')} \
		cargo test -p tests --test it fuzz:: -- --nocapture --test-threads=2
	@PROPTEST_RNG_SEED=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') PROPTEST_CASES=$${CASES:-5000} \
		cargo test -p domain --test reader_fuzz -- --nocapture

e2e: ## The browser tests, with and without JavaScript, against the real binary
	@scripts/setup.sh test
	@scripts/assets.sh
	$(if $(BINARY),,cargo build -p server)
	cd end2end && npx tsc --noEmit && PLUMBLINE_BINARY="$(abspath $(or $(BINARY),$(TARGET)/debug/plumbline))" npx playwright test $(ARGS)

pictures: ## Take the pictures of the README again, and the same pages dark and narrow to look at
	@scripts/setup.sh test
	@scripts/assets.sh
	cargo build -p server
	cd end2end && PLUMBLINE_BINARY="$(abspath $(TARGET))/debug/plumbline" npx playwright test --config pictures/playwright.config.ts --project wasm

bench: ## Time the engine, natively and in Chromium, and write docs/performance.md
	@scripts/setup.sh test
	@scripts/bench.sh

bench-save: ## Time saving a flow and opening pages at the server, in a workspace of 10,000 systems and 100,000 flows
	@cargo run --profile bench -p bench-saving

bench-pack: ## Make an evidence pack of 10,000 systems, 100,000 flows and 2 GiB of evidence, with time and memory
	@scripts/assets.sh
	@cargo build --profile bench -p server -p bench-saving
	@$(TARGET)/release/saving pack

bench-paint: ## Time the first paint of a workspace of 5,000 systems in Chromium, with the release binary
	@scripts/setup.sh test
	@scripts/assets.sh
	@cargo build --profile bench -p server
	@cd end2end && PLUMBLINE_BINARY="$(abspath $(TARGET))/release/plumbline" npx playwright test --config speed/playwright.config.ts --project wasm

api-conformance: ## Schemathesis against the interface for programs, on throw-away data
	@cargo build -p server
	@scripts/api-conformance.sh

mutate-permit: ## Take each check of the gate out of the code and show that the walk over all routes fails without it
	@scripts/assets.sh
	@scripts/mutate-permit.sh

dist: ## The release binary as an archive with its checksum, in ./dist
	@scripts/setup.sh run
	@scripts/assets.sh
	@cargo build --release -p server
	@scripts/dist.sh

assets: ## Build the islands alone and print their sizes
	@scripts/setup.sh run
	@scripts/assets.sh --sizes

setup: ## Install everything that run and test need
	@scripts/setup.sh test

icons: ## Write style/icons.svg and style/fonts again, after scripts/icons.mjs has changed
	@cd scripts/npm && npm ci --no-fund --no-audit --loglevel=error
	@node scripts/icons.mjs
