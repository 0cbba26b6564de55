# The verbs of the project. `make` alone lists them.

SWIFT ?= swift
PREFIX ?= /usr/local

# One release build serves the program and its tests, which train real models and would crawl in a
# debug build. What is compiled twice costs minutes on two cores (BoringSSL alone takes one and a
# half), so `swift build` and `swift test` must give every compiler call the same arguments:
# - `swift test` would add -enable-testing by itself, at another place than `swift build` can; it is
#   told not to, and both get the flag here, for the tests that use @testable;
# - --static-swift-stdlib changes every compiler call and `swift test` does not take it, because
#   Swift has no static Testing library. Package.swift links nnc alone with the static library.
FLAGS = -c release --explicit-target-dependency-import-check=error -Xswiftc -enable-testing
BUILD = $(SWIFT) build $(FLAGS) --product nnc
# swift-testing runs its tests in parallel by itself; XCTest has none to run here.
TEST = $(SWIFT) test $(FLAGS) --disable-testable-imports --disable-xctest

NNC = .build/release/nnc
MODELS = $(wildcard models/*.yaml)

.PHONY: help demo setup build test tiny sanitize check verify format bless bench bench-quick docs install clean

help: ## lists these verbs
	@echo "make VERB, where VERB is one of"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: build ## builds nnc, trains a small model and says what to try next
	$(NNC) train --no-lock models/iris.yaml
	@echo "      $(NNC) show models/iris.yaml"

# Quick when nothing is missing, so that every verb that compiles begins with it.
setup:
	@Scripts/setup.sh

build: setup ## builds .build/release/nnc
	$(BUILD)

# Some tests run the program itself, so it must be built first.
test: build ## runs every test
	$(TEST)

tiny: build ## runs the tests that take seconds: all but the suites named …TrainingTests
	$(TEST) --skip 'TrainingTests/'

# Compiles everything anew for each of the two, in folders of its own.
sanitize: setup ## runs the tests under AddressSanitizer and ThreadSanitizer
	Scripts/sanitize.sh

check: build ## checks the style of the sources and every file in models/
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Benchmarks/Runner Scripts/fuzz Package.swift
	$(if $(MODELS),$(NNC) check $(MODELS))

# The models that train within a minute; the locks of others are not in git.
LOCKS = $(filter-out $(SLOW:%=models/%.lock), $(wildcard models/*.lock))
SLOW = resnet20 char-lstm char-gpt

verify: build ## trains every model that has a lock and takes less than a minute: same bytes?
	$(NNC) verify $(LOCKS:.lock=.yaml)

format: ## lays the sources out as `make check` wants them
	$(SWIFT) format --in-place --parallel --recursive Sources Tests Benchmarks/Runner Scripts/fuzz Package.swift

bless: build ## records the golden files again; look at the difference before you commit
	NNC_BLESS=1 $(TEST) --filter Golden

# PyTorch and JAX live in a folder of their own that git does not see. NNC_BENCH_PYTHON names
# another Python that has what Benchmarks/requirements.txt lists.
VENV = Benchmarks/.venv
BENCH_PYTHON = $(or $(NNC_BENCH_PYTHON),$(VENV)/bin/python)
BENCH_BUILD = $(SWIFT) build $(FLAGS) --product nnc-bench

bench: build ## measures nnc beside PyTorch and JAX, in turns, for about 40 minutes
	$(BENCH_BUILD)
	@test -n "$(NNC_BENCH_PYTHON)" || { \
	  { test -d $(VENV) || python3 -m venv $(VENV); } && \
	  $(VENV)/bin/pip install -q -r Benchmarks/requirements.txt; }
	$(BENCH_PYTHON) Benchmarks/run.py --check
	$(BENCH_PYTHON) Benchmarks/run.py

bench-quick: build ## measures nnc alone beside the figures committed last, under 3 minutes
	$(BENCH_BUILD)
	@test -n "$(NNC_BENCH_PYTHON)" || test -d $(VENV) || { \
	  python3 -m venv $(VENV) && $(VENV)/bin/pip install -q numpy; }
	$(BENCH_PYTHON) Benchmarks/run.py --quick

docs: build ## writes Documentation/reference from the declarations
	@mkdir -p Documentation/reference
	$(NNC) reference --output Documentation/reference

# Builds only if there is no nnc yet, because `sudo make install` should compile nothing.
install: $(NNC) ## copies nnc to $(PREFIX)/bin; set PREFIX or DESTDIR for another place
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -s -m 755 $(NNC) "$(DESTDIR)$(PREFIX)/bin/nnc"

$(NNC):
	$(MAKE) build

clean: ## removes what was built
	$(SWIFT) package clean
