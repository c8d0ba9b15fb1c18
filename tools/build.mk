# Rules that turn lib/, cmd/ and tests/ into libraries, programs and test binaries. Knobs are in the Makefile.

lib_sources  = $(wildcard lib/$(1)/*.cpp)
objects_of   = $(patsubst %.cpp,$(B)/%.o,$(1))
LIBS := $(LAYERS:%=$(B)/libais_%.a)
# A static library may only need those on its left: link order is the reverse of LAYERS.
reverse = $(if $(1),$(call reverse,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))
LINK_LIBS := $(call reverse,$(LIBS))

.PHONY: all programs
all: programs
programs: $(PROGRAMS:%=$(B)/bin/%)
ifeq ($(B),build/release)
	$(Q)ln -sfn release/bin build/bin
endif

define library_rule
$(B)/libais_$(1).a: $(call objects_of,$(call lib_sources,$(1))) $(if $(filter net,$(1)),$(LLHTTP_OBJECTS))
	@mkdir -p $$(@D)
	$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
LLHTTP_OBJECTS := $(B)/llhttp/llhttp.o $(B)/llhttp/api.o $(B)/llhttp/http.o
$(foreach layer,$(LAYERS),$(eval $(call library_rule,$(layer))))

# llhttp comes as source of a Debian package (node-llhttp); there is no library of it.
$(B)/llhttp/%.o: /usr/share/llhttp/%.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(CFLAGS) -I/usr/share/include -I/usr/share/include/llhttp -c $< -o $@

# A program is main.cpp over an archive of the rest of its folder, so that tests can link the rest.
define program_rule
$(B)/libcmd_$(1).a: $(call objects_of,$(filter-out cmd/$(1)/main.cpp,$(wildcard cmd/$(1)/*.cpp cmd/$(1)/*/*.cpp)))
	@mkdir -p $$(@D)
	$(Q)rm -f $$@ && ar rcs $$@ $$^
$(B)/bin/$(1): $(B)/cmd/$(1)/main.o $(B)/libcmd_$(1).a $(LIBS)
	@mkdir -p $$(@D)
	@echo "  LINK    $$@"
	$(Q)$(CXX_BARE) $(LDFLAGS) $(B)/cmd/$(1)/main.o $(B)/libcmd_$(1).a $(LINK_LIBS) $(LDLIBS) -o $$@
endef
$(foreach program,$(PROGRAMS),$(eval $(call program_rule,$(program))))

$(B)/%.o: %.cpp
	@mkdir -p $(@D)
	@echo "  CXX     $<"
	$(Q)$(CXX) $(CPPFLAGS) -iquote cmd -iquote tests $(CXXFLAGS) -MMD -MP -c $< -o $@

# One test binary per module: tests/unit/<module>/*.cpp, linked with the libraries up to that module (programs: all, and
# the archive of the program).
UNIT_MODULES := $(notdir $(patsubst %/,%,$(sort $(dir $(wildcard tests/unit/*/*.cpp)))))
SUPPORT_OBJECTS := $(call objects_of,$(wildcard tests/support/*.cpp))
# Tests that run on simulated loops.
TEST_OBJECTS_async := $(B)/tests/sim/simulation.o
TEST_OBJECTS_aisloader := $(TEST_OBJECTS_async)
define unit_rule
$(B)/tests/unit_$(1): $(call objects_of,$(wildcard tests/unit/$(1)/*.cpp)) $(if $(filter $(1),$(PROGRAMS)),$(B)/libcmd_$(1).a $(LIBS),$(filter $(foreach l,$(LAYERS),$(B)/libais_$(l).a),$(LIBS_UP_TO_$(1)))) $(SUPPORT_OBJECTS) $(TEST_OBJECTS_$(1))
	@mkdir -p $$(@D)
	@echo "  LINK    $$@"
	$(Q)$(CXX_BARE) $(LDFLAGS) $(call objects_of,$(wildcard tests/unit/$(1)/*.cpp)) $(SUPPORT_OBJECTS) $(TEST_OBJECTS_$(1)) $(if $(filter $(1),$(PROGRAMS)),$(B)/libcmd_$(1).a $(LINK_LIBS),$(call reverse,$(LIBS_UP_TO_$(1)))) -lgtest -lgtest_main $(LDLIBS) -o $$@
endef
libs_up_to = $(if $(filter $(1),$(firstword $(2))),$(B)/libais_$(1).a,$(B)/libais_$(firstword $(2)).a $(call libs_up_to,$(1),$(wordlist 2,$(words $(2)),$(2))))
$(foreach layer,$(LAYERS),$(eval LIBS_UP_TO_$(layer) := $(call libs_up_to,$(layer),$(LAYERS))))
$(foreach module,$(UNIT_MODULES),$(eval $(call unit_rule,$(module))))
UNIT_TESTS := $(UNIT_MODULES:%=$(B)/tests/unit_%)

# Simulations: tests/sim/*.cpp, one program, over the libraries and the gateway's decisions.
UNIT_TESTS += $(B)/tests/unit_sim
$(B)/tests/unit_sim: $(call objects_of,$(wildcard tests/sim/*.cpp)) $(B)/libcmd_ais-proxy.a $(LIBS) $(SUPPORT_OBJECTS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(Q)$(CXX_BARE) $(LDFLAGS) $(call objects_of,$(wildcard tests/sim/*.cpp)) $(SUPPORT_OBJECTS) $(B)/libcmd_ais-proxy.a $(LINK_LIBS) -lgtest -lgtest_main $(LDLIBS) -o $@

# Benchmarks written in C++: tests/bench/<name>.cpp, one program each.
BENCHES := $(patsubst tests/bench/%.cpp,$(B)/bench/%,$(wildcard tests/bench/*.cpp))
$(B)/bench/%: $(B)/tests/bench/%.o $(LIBS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(Q)$(CXX_BARE) $(LDFLAGS) $< $(LINK_LIBS) $(LDLIBS) -o $@

# Fuzzers: tests/fuzz/<name>.cpp, built with clang (make MODE=fuzz CXX_BARE=clang++-14 CC_BARE=clang-14).
FUZZERS := $(patsubst tests/fuzz/%.cpp,$(B)/fuzz/%,$(wildcard tests/fuzz/*.cpp))
$(B)/fuzz/%: $(B)/tests/fuzz/%.o $(LIBS)
	@mkdir -p $(@D)
	@echo "  LINK    $@"
	$(Q)$(CXX_BARE) $(LDFLAGS) -fsanitize=fuzzer $< $(LINK_LIBS) $(LDLIBS) -o $@

.PHONY: unit-tests benches
unit-tests: $(UNIT_TESTS)
benches: $(BENCHES)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
