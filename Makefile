# Everything here installs what it needs through the go command; only spin wants more, and says what.

GO        ?= go
BIN       := $(CURDIR)/bin
TOOLS     := $(BIN)/tools
# Every module but tools, which holds no package of ours. Found, not listed, so that none is forgotten.
MODULES   := $(patsubst %/go.mod,%,$(shell find . -name go.mod -not -path './tools/*' -not -path '*/testdata/*' | sort))
# disgo's gateway has data races of its own (see adapters/disgo): it hands a context's
# cancel function from goroutine to goroutine without a lock. So where disgo is
# tested, the detector leaves that package out, and context, where it would see the
# same race from within.
DISGO     := -gcflags=github.com/disgoorg/disgo/gateway=-race=false -gcflags=context=-race=false
FUZZTIME  ?= 30s
EXPLORE   ?= 10m
BENCHTIME ?= 1s
BENCH     ?= .
# What make simulate plays: SEEDS of them from FIRST on, or SEED alone with its log.
SEEDS     ?= 1000
FIRST     ?= 1

# The race detector makes the search ten times slower, so that it is run without it once more.
SEARCH    := $(GO) test -count=1 -timeout 0 -v -run 'TestExplore|TestMutants' ./internal/explore

.DEFAULT_GOAL := help
.PHONY: help build demo chaos chaos-short test simulate explore lint spin fmt bench fuzz gen clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Put the binaries into bin/
	$(GO) build -o $(BIN)/ ./cmd/... ./examples/...
	cd examples/disgobot && $(GO) build -o $(BIN)/disgobot .

demo: build ## Replace a bot under load and let the ledger judge (more flags: make demo DEMO='--rtt 60ms')
	$(BIN)/baton demo $(DEMO)

chaos: build ## Break every part of an upgrade in every phase, about 10 minutes (CHAOS='--only victim=old --keep DIR')
	$(BIN)/baton chaos $(CHAOS)

chaos-short: build ## The same with a choice of phases, below 5 minutes
	$(BIN)/baton chaos --short $(CHAOS)

test: ## Run every module's tests with the race detector
	@failed=; for module in $(MODULES); do \
		case $$module in *disgo*) flags='$(DISGO)';; *) flags=;; esac; \
		echo "== test $$module"; (cd $$module && $(GO) test -race $$flags -timeout 10m ./...) || failed="$$failed $$module"; \
	done; \
	echo "== search"; $(SEARCH) || failed="$$failed internal/explore (without the race detector)"; \
	[ -z "$$failed" ] || { echo "tests failed in:$$failed" >&2; exit 1; }

simulate: ## Play upgrades in simulated time while things go wrong (SEEDS=10000; SEED=n replays one and prints it)
	$(GO) test ./internal/simulate -count=1 -timeout 0 -v -run 'TestSeeds$$' $(if $(SEED),-seed=$(SEED),-first=$(FIRST) -seeds=$(SEEDS))

lint: $(TOOLS)/golangci-lint ## Check formatting, docs, house rules and go.mod of every module
	@failed=; for module in $(MODULES); do \
		echo "== lint $$module"; (cd $$module && \
		$(TOOLS)/golangci-lint run --config $(CURDIR)/.golangci.yml ./... && $(GO) mod tidy -diff) || failed="$$failed $$module"; \
	done; [ -z "$$failed" ] || { echo "lint found something in:$$failed" >&2; exit 1; }

spin: ## Check the tables with the model checker SPIN, of Debian's package spin (more: make spin SPIN='-cuts 2')
	$(GO) run ./internal/spincheck $(SPIN)

fmt: $(TOOLS)/golangci-lint ## Format every module
	@set -e; for module in $(MODULES); do \
		(cd $$module && $(TOOLS)/golangci-lint fmt --config $(CURDIR)/.golangci.yml); \
	done

bench: ## Run the benchmarks (BENCH=regexp BENCHTIME=1s)
	@set -e; for module in $(MODULES); do \
		(cd $$module && $(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem ./...); \
	done

fuzz: ## Run every fuzz target for FUZZTIME each
	@GO='$(GO)' FUZZTIME='$(FUZZTIME)' tools/fuzz $(MODULES)

explore: ## Search through everything that can happen for longer than the tests do (EXPLORE=10m)
	@$(SEARCH) -for $(EXPLORE)

gen: ## Write the generated files anew
	@set -e; for module in $(MODULES); do (cd $$module && $(GO) generate -x ./...); done

clean: ## Remove what make built
	rm -rf $(BIN)

# One build for all tools: go.mod names their versions, so a change of it is what makes them stale.
$(TOOLS)/golangci-lint: tools/go.mod tools/go.sum
	cd tools && $(GO) build -o $(TOOLS)/ tool
