# Handrail. `make help` lists the targets. Everything installs what it needs on Debian or Ubuntu.

JOBS ?= $(shell nproc)
CARGO ?= cargo
export PATH := $(PATH):$(HOME)/.cargo/bin
TOOLS := $(CURDIR)/target/tools

PAGES := web/sharer/dist/index.html

.PHONY: help deps web build test stream check check-web deny demo demo-check bench matrix scim fuzz

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

deps: ## installs what is missing: Debian packages, Node, Rust
	@scripts/deps.sh

web: deps $(PAGES) ## builds the pages, which the relay holds inside

$(PAGES): $(shell git ls-files web docs/faults.md relay/openapi.json) web/node_modules/.installed
	cd web && npm run --silent build

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --silent && touch node_modules/.installed

build: web ## builds the programs and the demo
	$(CARGO) build --locked -j$(JOBS) --workspace --bins

test: check build stream ## everything: format, lints, dependencies, unit tests, suite, end to end
	$(CARGO) test --locked -j$(JOBS) --workspace -- --test-threads $(JOBS)

stream: build ## 500 recorded updates in a real browser, each held to the Rust decoder; prints how long they took
	mkdir -p target/web && target/debug/recording target/web/recording.json
	cd web && npm run --silent stream

check: deny check-web ## format and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked -j$(JOBS) --workspace --all-targets -- -D warnings
	$(CARGO) clippy --locked -j$(JOBS) --workspace --bins --no-default-features -- -D warnings

check-web: web ## format, lints, types and tests of the pages; the decoder is what its source says
	cd web && npx biome ci . && npm run --silent check && npm test --silent && npm run --silent size --workspace console --workspace sharer
	web/decoder/build.sh --check

deny: deps ## licences, bans and sources of all dependencies
	@command -v cargo-deny >/dev/null || [ -x $(TOOLS)/bin/cargo-deny ] || \
		$(CARGO) install --locked --debug -j$(JOBS) --root $(TOOLS) cargo-deny@0.20.2
	PATH="$(TOOLS)/bin:$$PATH" cargo-deny --locked check bans licenses sources

demo: build ## the main job for a person: says what to open and who to sign in as; ARGS=--own-display shares your own screen
	target/debug/demo $(ARGS)

demo-check: build ## the main job by itself: fails on anything that is not as it should be
	target/debug/demo --check

bench: web ## the figures of the design's goals, beside each other in one run
	$(CARGO) build --locked -j$(JOBS) --release --workspace --bins
	target/release/bench

matrix: build ## every kind of sharer with every kind of helper, by every carrier, in real browsers and native programs
	$(CARGO) test --locked -j$(JOBS) --workspace --test e2e -- --ignored --nocapture matrix::

scim: web ## an independent checker of SCIM 2.0 against a relay; needs python3 and the package index
	$(CARGO) build --locked -j$(JOBS) -p relay --bins
	tests/scim/check.sh target/debug/handrail-relay

fuzz: deps ## every decoder, 20 seconds each; needs the nightly toolchain and cargo-fuzz
	cd tests/fuzz && for target in $$(cargo +nightly fuzz list); do \
		cargo +nightly fuzz run $$target -- -max_total_time=20 || exit 1; done
