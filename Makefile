# Everything from a fresh clone: `make` installs what is missing and builds.
JOBS ?= $(shell nproc)
TEST_JOBS ?= 2
CMAKE_CONFIGURE = cmake --log-level=NOTICE --preset
# On a terminal ninja shows its progress in one line; elsewhere it shows errors and warnings only.
BUILD_FLAGS = -- -j $(JOBS) $$([ -t 1 ] || echo --quiet)

.DEFAULT_GOAL := build
.PHONY: setup setup-tests build program test demo python bench help clean format tidy asan

help: ## list the targets
	@echo 'make [target] [JOBS=$(JOBS)]'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

setup: ## install what is missing: Debian packages, OpenVINO into .deps/
	@scripts/setup.sh

setup-tests:
	@scripts/setup.sh tests

build/build.ninja: CMakePresets.json | setup
	@echo 'configuring build/'
	@$(CMAKE_CONFIGURE) release

build: setup build/build.ninja ## set up and build all of the program, build/vidclass (the default)
	@echo 'building with $(JOBS) jobs'
	@cmake --build --preset release --target vidclass_complete $(BUILD_FLAGS)

# What the demo does not need is left out: it takes a quarter of the time.
program: setup build/build.ninja
	@echo 'building with $(JOBS) jobs'
	@cmake --build --preset release --target vidclass_program $(BUILD_FLAGS)

test: setup-tests ## build and run all tests
	@$(CMAKE_CONFIGURE) release -DVIDCLASS_TESTS=ON
	@echo 'building program and tests with $(JOBS) jobs'
	@cmake --build --preset release $(BUILD_FLAGS)
	@TEST_JOBS=$(TEST_JOBS) scripts/test.sh release

demo: program ## synthetic clips, a model trained on them, a clip named by it: into demo/
	@scripts/demo.sh

bench: build ## measure: runs bench/run.sh
	@if [ -x bench/run.sh ]; then bench/run.sh; else echo 'bench/run.sh is not there'; exit 1; fi

python: ## build the Python package into env/, and try it
	@scripts/setup.sh python
	@python3 -m venv env
	@env/bin/pip install .
	@env/bin/python -c 'import numpy, vidclass; \
	  frames = numpy.zeros((20, 64, 64, 3), "uint8"); \
	  print("vidclass", vidclass.__version__, vidclass.extract(frames, backbone="lite0")[0].shape)'

asan: setup-tests ## build with address and undefined-behaviour sanitizers, and run all tests
	@[ -e build-asan/build.ninja ] || $(CMAKE_CONFIGURE) asan
	@cmake --build --preset asan $(BUILD_FLAGS)
	@TBB_ENABLE_SANITIZERS=1 ASAN_OPTIONS=detect_odr_violation=0 TEST_JOBS=$(TEST_JOBS) scripts/test.sh asan

format: ## lay out our sources with clang-format
	@command -v clang-format >/dev/null || { echo 'clang-format is missing: apt-get install clang-format'; exit 1; }
	@find include src tests bench examples \( -name '*.cpp' -o -name "*.hpp" \) -print0 | xargs -0 clang-format -i

tidy: build/build.ninja ## check src/ with clang-tidy (FILES="src/core/log.cpp" for some)
	@JOBS=$(JOBS) scripts/tidy.sh $(FILES)

clean: ## remove what was built and the demo's output; .deps/ stays
	rm -rf build build-debug build-asan demo
