# Everything a person or CI does with this project. `make` alone says what there is.

FLEET := python3 -B deploy/dev/fleet
# Options of the fleet, for instance: make dev FLEET_OPTIONS='--copies 2 --release'
FLEET_OPTIONS ?=
# The build plan lists the traits of packages in the order of a hash table; without this the order,
# and so the command line of every module, changes by chance and half the project is built anew.
export SWIFT_DETERMINISTIC_HASHING := 1

FORMATTED := Package.swift Sources Tests $(wildcard Benchmarks)

.DEFAULT_GOAL := help
.PHONY: help demo dev build release test unit e2e lint openapi format bench clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## 25 payouts from POST to solidified on chain, shown live, then the audit
	@deploy/dev/setup run
	@$(FLEET) build
	@$(FLEET) demo $(FLEET_OPTIONS)

dev: ## The same fleet, left running until Ctrl-C
	@deploy/dev/setup run
	@$(FLEET) build
	@$(FLEET) dev $(FLEET_OPTIONS)

build: ## A debug build of everything
	@deploy/dev/setup run
	@$(FLEET) build

release: ## A release build of everything
	@deploy/dev/setup run
	@$(FLEET) build -c release

test: ## Every check there is; what CI runs
	@deploy/dev/test all

unit: ## The tests of one process each, with a broker and a store
	@deploy/dev/test unit

e2e: ## The tests of the whole fleet; make e2e FILTER=NAME for some of them
	@deploy/dev/test e2e $(FILTER)

lint: ## The style of Swift, of shell scripts and of the alert rules
	@deploy/dev/test lint

openapi: ## What Ingest serves of docs/openapi.yaml, made anew
	@deploy/dev/setup test
	@.dev/venv/bin/python -B deploy/dev/openapi generate

format: ## Formats the Swift sources in place
	@swift format --in-place --recursive $(FORMATTED)

bench: ## The figures of docs/performance.md, as ratios of one run, on a release build
	@deploy/dev/setup test
	@$(FLEET) build -c release
	@Benchmarks/run

clean: ## Removes what was built, installed under .dev, and logged
	@rm -rf .build .build-* .dev Benchmarks/.build
