# AIStore in C++. `make help` lists the targets; knobs are on top and may be given on the command line.
#
#   MODE=release|debug|asan|tsan|fuzz   one build folder each (build/<mode>); binaries of `release` are linked into build/bin
#   B=DIR                               build folder, when it must be another one
#   V=1                                 show the commands
#   TARGETS= PROXIES= MOUNTPATHS= BASE_PORT= ROOT= FSPATHS=   the shape of `make deploy`; any of them skips its questions
#   BENCH=full                          `make bench` with the long rows (a million names)
SHELL := /bin/bash
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Builds use all cores unless told otherwise.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
.SUFFIXES:

MODE ?= release
B    ?= build/$(MODE)
Q    := $(if $(V),,@)
CCACHE := $(shell command -v ccache 2>/dev/null)
CXX_BARE ?= g++
CC_BARE  ?= gcc
CXX  := $(CCACHE) $(CXX_BARE)
CC   := $(CCACHE) $(CC_BARE)

# Include order = link order; tools/check_layers.py reads it too.
LAYERS   := base sys async codec meta cli disk store net remote api app
# Folders of a program that has several: each may include those on its left.
ROOMS_ais := command file job object bucket cluster shell
ROOMS_ais-target := node operations native
PROGRAMS := ais-proxy ais-target ais aisloader

WARN := -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror
CXXFLAGS_release := -O2 -g1
CXXFLAGS_debug   := -O0 -g
# g++ 12 sees uninitialized members of std::function in std::regex when it instruments.
CXXFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-maybe-uninitialized
CXXFLAGS_tsan    := -O1 -g -fsanitize=thread
CXXFLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=function -fno-sanitize-recover=all
OPT := $(CXXFLAGS_$(MODE))
CPPFLAGS := -iquote lib -isystem /usr/share/include -D_GNU_SOURCE
CXXFLAGS := -std=c++20 $(WARN) $(OPT) -pthread
CFLAGS   := -std=c11 $(OPT) -w
LDFLAGS  := $(OPT) -pthread -Wl,--as-needed
LDLIBS   := -levent -lspdlog -lfmt -lprometheus-cpp-core -larchive -lisal -lcrypto -lcurl

include tools/build.mk

# ---------------------------------------------------------------- for people
.DEFAULT_GOAL := all
.PHONY: help deps test-deps kill deploy clean-run quickstart test run-tests unit e2e bench fuzz-smoke asan tsan sim lint headers format format-check install docs clean

help:
	@echo "make deps         install the Debian packages that building and running need (root or sudo)"
	@echo "make test-deps    also install those of the tests and benchmarks (make test does it by itself)"
	@echo "make              build the programs: build/release/bin (also linked as build/bin)"
	@echo "make deploy       start a cluster on this machine (asks for its shape, or TARGETS=3 PROXIES=1 MOUNTPATHS=2 make deploy)"
	@echo "make kill         stop that cluster; its data stays under ./run and is used again by the next deploy of the same shape"
	@echo "make quickstart   start from nothing: packages, build, cluster, a real data set, a load run"
	@echo "make test         build, unit tests, end-to-end tests; ends with one line: N passed, N failed"
	@echo "make unit | e2e   only the unit or the end-to-end tests; PYTEST_ARGS='-k name' selects end-to-end tests"
	@echo "make asan | tsan  the unit tests under sanitizers"
	@echo "make sim          the simulated cluster with SIM_SEEDS=50 seeds, after one another"
	@echo "make fuzz-smoke   every fuzzer for FUZZ_SECONDS=10 (needs clang)"
	@echo "make bench        compare this build with nginx and plain system calls, one table (BENCH=full for the long rows)"
	@echo "make lint         include direction, sizes and banned words, every header alone"
	@echo "make format       clang-format the files (format-check only checks)"
	@echo "make install      programs, manual pages and TAB completion below DESTDIR/PREFIX (PREFIX=/usr/local)"
	@echo "make docs         write docs/cli/ again, after a change of a command or flag"

deps:
	@tools/deps build
test-deps:
	@tools/deps build test

# ---------------------------------------------------------------- a cluster on this machine
kill:
	@tools/playground stop
# `make kill deploy` means in this order, with -j too.
deploy: programs $(if $(filter kill,$(MAKECMDGOALS)),kill)
	@tools/playground deploy
clean-run:
	@tools/playground wipe
quickstart:
	@tools/quickstart

# ---------------------------------------------------------------- tests
VENV := build/venv
SDK_VERSIONS := 1.25.0 1.26.0 2.0.0
SDKS := $(SDK_VERSIONS:%=build/sdk/%/.installed)
$(VENV)/.installed: tests/e2e/requirements.txt
	@echo "  VENV    $(VENV)"
	$(Q)python3 -m venv $(VENV) && $(VENV)/bin/pip install --quiet --requirement $< && touch $@
# Each SDK lives in a folder of its own: their dependencies differ. With xxhash 4 the 1.25 cannot compute a digest.
SDK_WITH_1.25.0 := 'xxhash<4'
$(SDKS): build/sdk/%/.installed: | $(VENV)/.installed
	@echo "  SDK     aistore $*"
	$(Q)rm -rf build/sdk/$* && $(VENV)/bin/pip install --quiet --target build/sdk/$* aistore==$* $(SDK_WITH_$*) && touch $@

# The packages come first, whatever is built in parallel.
test: test-deps
	@$(MAKE) --no-print-directory run-tests
run-tests: programs unit-tests $(VENV)/.installed $(SDKS)
	@tools/run_tests.py --build $(B) --unit $(UNIT_TESTS) --e2e
unit: unit-tests
	@tools/run_tests.py --build $(B) --unit $(UNIT_TESTS)
e2e: programs $(VENV)/.installed $(SDKS)
	@tools/run_tests.py --build $(B) --e2e

# The sanitizer builds are folders of their own; only their test programs are made.
asan tsan:
	$(Q)$(MAKE) MODE=$@ B=build/$@ unit

# The unit tests run one seed of it.
SIM_SEEDS ?= 50
sim: $(B)/tests/unit_sim
	$(Q)SIM_SEEDS=$(SIM_SEEDS) $< --gtest_filter='ClusterSimulation.*'

FUZZ_SECONDS ?= 10
fuzz-smoke:
	$(Q)$(MAKE) MODE=fuzz B=build/fuzz CXX_BARE=clang++-14 CC_BARE=clang-14 run-fuzzers
.PHONY: run-fuzzers
run-fuzzers: $(FUZZERS)
	$(Q)for f in $(FUZZERS); do echo "  FUZZ    $$f"; \
	  mkdir -p $(B)/corpus/$${f##*/} && $$f -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -artifact_prefix=$(B)/ $(B)/corpus/$${f##*/} || exit 1; done

bench: programs benches $(VENV)/.installed
	@$(VENV)/bin/python tests/bench/run.py --build $(B) $(if $(filter full,$(BENCH)),--full)

# ---------------------------------------------------------------- the shape of the code
lint: headers
	@tools/check_layers.py
	@tools/tidy.py

HEADERS := $(wildcard lib/*/*.h cmd/*/*.h cmd/*/*/*.h tests/support/*.h tests/sim/*.h)
HEADER_CHECKS := $(HEADERS:%=$(B)/headers/%.ok)
headers: $(HEADER_CHECKS)
$(B)/headers/%.ok: %
	@mkdir -p $(@D)
	@echo "  HEADER  $<"
	$(Q)echo '#include "$<"' | $(CXX_BARE) $(CPPFLAGS) -iquote . -iquote cmd -iquote tests $(CXXFLAGS) -O0 -fsyntax-only -MMD -MP -MT $@ \
	  -MF $(@:.ok=.d) -x c++ - && touch $@

CLANG_FORMAT ?= clang-format-14
FORMATTED = $(wildcard lib/*/*.cpp lib/*/*.h cmd/*/*.cpp cmd/*/*.h cmd/*/*/*.cpp cmd/*/*/*.h tests/*/*.cpp tests/*/*.h tests/*/*/*.cpp tests/*/*/*.h)
format:
	@$(CLANG_FORMAT) -i $(FORMATTED)
format-check:
	@$(CLANG_FORMAT) --dry-run --Werror $(FORMATTED)

PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
COMPLETIONS = $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
install: programs
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/man/man8 $(COMPLETIONS)
	install -m 0755 $(PROGRAMS:%=$(B)/bin/%) $(DESTDIR)$(PREFIX)/bin
	set -e; for program in $(PROGRAMS); do \
	  case $$program in ais-*) section=8 ;; *) section=1 ;; esac; \
	  $(B)/bin/$$program --print-man > $(SHARE)/man/man$$section/$$program.$$section; \
	  $(B)/bin/$$program --print-completion bash > $(SHARE)/bash-completion/completions/$$program; \
	  $(B)/bin/$$program --print-completion zsh > $(SHARE)/zsh/site-functions/_$$program; \
	  $(B)/bin/$$program --print-completion fish > $(SHARE)/fish/vendor_completions.d/$$program.fish; \
	done

# The pages of docs/cli/ are printed by the programs; tests compare.
docs: programs
	$(B)/bin/ais --print-docs docs/cli
	{ $(B)/bin/aisloader --print-docs; echo; cat docs/cli/transcripts/aisloader.md; } > docs/cli/aisloader.md
	$(B)/bin/ais-proxy --print-docs > docs/cli/ais-proxy.md
	$(B)/bin/ais-target --print-docs > docs/cli/ais-target.md

clean:
	rm -rf $(B)
