# make reproduce        build, run the experiments of the default tier, compare with results/
# make reproduce-full   the same for both tiers
# make test             build and run all tests
# make lint             check the style of the code
# make format           put the code into that style
# make bench            measure speed beside other programs
# make bench-sharing    measure shared caches beside curl, and a cluster beside this machine
# make bench-gd         measure descent beside PyTorch and NumPy (minutes; PyTorch is a large download)
# make bench-scan-snap  measure the second paper's models beside PyTorch, and graphs of texts (minutes)
# make bench-svm        measure the Graph-SVM's solver beside public ones (minutes)
# make figures          set up the tool that draws figures, in .venv
# make report           write results/report.html, one page with all results
# make install          install the program, man pages and completions of shells (PREFIX=/usr/local)
# make docs             check the comments of all rooms as documentation, warnings being errors
# make clean            remove what was built (the cache of results stays)

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
BINARY := .build/release/mechanics
SWIFT_FLAGS := -c release --explicit-target-dependency-import-check error
TEST_FLAGS := $(SWIFT_FLAGS) --scratch-path .build/tests -Xswiftc -enable-testing
SOURCES := Package.swift $(shell find Sources -type f)

.PHONY: reproduce reproduce-full test lint format bench bench-sharing bench-gd bench-scan-snap bench-svm figures report \
	install docs clean

reproduce: $(BINARY) figures
	$(BINARY) reproduce

reproduce-full: $(BINARY) figures
	$(BINARY) reproduce --tier full

$(BINARY): $(SOURCES) | packages
	swift build $(SWIFT_FLAGS) --static-swift-stdlib --product mechanics
	@touch $@

test: packages figures
	swift build $(TEST_FLAGS) --build-tests
	swift test $(TEST_FLAGS) --skip-build --disable-xctest 2>&1 | tee .build/test.log || \
		{ echo; echo "What failed (.build/test.log has all of it):"; grep -A 3 '✘' .build/test.log; exit 1; }

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

bench: $(BINARY)
	swift build $(SWIFT_FLAGS) --static-swift-stdlib --product benchmarks
	.build/release/benchmarks pipeline
	.build/release/benchmarks experiments

bench-sharing: $(BINARY)
	swift build $(SWIFT_FLAGS) --static-swift-stdlib --product benchmarks
	.build/release/benchmarks shared-cache
	.build/release/benchmarks cluster

bench-gd: .venv-bench/.complete
	swift build $(SWIFT_FLAGS) --static-swift-stdlib --product benchmarks
	BENCH_PYTHON=.venv-bench/bin/python .build/release/benchmarks descent

bench-svm: $(BINARY) .venv-bench/.complete
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .venv-bench/bin/python Benchmarks/svm.py $(BINARY)

bench-scan-snap: $(BINARY) .venv-bench/.complete
	swift build $(SWIFT_FLAGS) --static-swift-stdlib --product benchmarks
	.build/release/benchmarks scan-snap
	.build/release/benchmarks transformer .venv-bench/bin/python
	.build/release/benchmarks corpus

.venv-bench/.complete: Benchmarks/requirements.txt | packages
	python3 -m venv .venv-bench
	.venv-bench/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

.PHONY: packages
packages:
	@./Tools/packages.sh

figures: .venv/.complete

.venv/.complete: Tools/requirements.txt | packages
	@./Tools/figures.sh

report: $(BINARY) figures
	$(BINARY) report

docs: $(BINARY)
	./Tools/docs.sh

PREFIX ?= /usr/local
SHARE := $(DESTDIR)$(PREFIX)/share

install: $(BINARY)
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/mechanics
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	$(BINARY) --generate-completion-script bash > $(SHARE)/bash-completion/completions/mechanics
	$(BINARY) --generate-completion-script zsh > $(SHARE)/zsh/site-functions/_mechanics
	$(BINARY) --generate-completion-script fish > $(SHARE)/fish/vendor_completions.d/mechanics.fish
	python3 Tools/manual.py $(BINARY) $(SHARE)/man/man1

clean:
	rm -rf .build .venv .venv-bench
