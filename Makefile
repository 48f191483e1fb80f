# Handrail. `make help` lists the targets. Everything installs what it needs on Debian or Ubuntu.

JOBS ?= $(shell nproc)
CARGO ?= cargo
export PATH := $(PATH):$(HOME)/.cargo/bin
TOOLS := $(CURDIR)/target/tools

.PHONY: help deps build test check deny demo demo-check bench fuzz

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

deps: ## installs what is missing: Debian packages, Node, Rust
	@scripts/deps.sh

build: deps ## builds the three programs and the demo
	$(CARGO) build --locked -j$(JOBS) --workspace --bins

test: check build ## everything: format, lints, dependencies, unit tests, suite, end to end
	$(CARGO) test --locked -j$(JOBS) --workspace -- --test-threads $(JOBS)

check: deps deny ## format and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked -j$(JOBS) --workspace --all-targets -- -D warnings

deny: deps ## licences, bans and sources of all dependencies
	@command -v cargo-deny >/dev/null || [ -x $(TOOLS)/bin/cargo-deny ] || \
		$(CARGO) install --locked --debug -j$(JOBS) --root $(TOOLS) cargo-deny@0.20.2
	PATH="$(TOOLS)/bin:$$PATH" cargo-deny --locked check bans licenses sources

demo: build ## the main job for a person: a desktop, a relay, a helper, a sharer; type and watch
	target/debug/demo

demo-check: build ## the main job by itself: fails on anything that is not as it should be
	target/debug/demo --check

bench: deps ## the figures of the design's goals, beside each other in one run
	$(CARGO) build --locked -j$(JOBS) --release --workspace --bins
	target/release/bench

fuzz: deps ## every decoder, 20 seconds each; needs the nightly toolchain and cargo-fuzz
	cd tests/fuzz && for target in $$(cargo +nightly fuzz list); do \
		cargo +nightly fuzz run $$target -- -max_total_time=20 || exit 1; done
