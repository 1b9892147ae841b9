# make help says what can be made. Every target first checks for the tools it
# needs (internal/tools/need.sh) and says in one sentence what is missing.

.DEFAULT_GOAL := help
.PHONY: help run score build package reproducible quick test mutants check bench benchcity benchpeers torture torturepg drillha fuzz security clean need

# cgo is for SQLite and for the race detector.
export CGO_ENABLED = 1

JIFEN := bin/jifen
LINT  := bin/golangci-lint
NEED  := sh internal/tools/need.sh

# The version is asked of git here, because GOFLAGS=-buildvcs=false (common in
# containers) would leave the binary without one.
VERSION := $(shell { [ -e .git ] && git describe --always --dirty; } 2>/dev/null || echo dev)

# The style and the script of the pages; the program carries them.
ASSETS := web/dist/manifest.json

# Where the race detector makes a sample of loops over texts: these run once more
# without it, whole.
WHOLE := ./internal/mutation ./internal/ruleset ./internal/ruletest

# What runs on PostgreSQL too: the store, the use cases, pages and API.
ON_SERVER := ./internal/store/... ./internal/testkit/... ./internal/app/... ./internal/web ./internal/api

# How large a city make benchcity measures: make benchcity CITY=100000
CITY ?= 7425
STREET ?= 1485

# How long each fuzz target runs: make fuzz FUZZTIME=5m
FUZZTIME ?= 30s

# For which machines packages are built: make package ARCHS=amd64
ARCHS ?= amd64 arm64

# What the example shows: one branch of a street with 1 485 members.
EXAMPLE := data/example
BRANCH  := 幸福街第一党支部
SCORE   := $(JIFEN) score --rules rules/weizhou.yaml \
	--members $(EXAMPLE)/members.csv --entries $(EXAMPLE)/entries.csv --attendance $(EXAMPLE)/attendance.csv \
	--period 2026

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

run: build ## open the web site on an example street; accounts are in data/demo-accounts.txt
	@[ -e data/demo.db ] || $(JIFEN) demo --db data/demo.db
	@echo 'sign in with an account of data/demo-accounts.txt; Ctrl-C ends it'
	$(JIFEN) serve --db data/demo.db

score: build ## score one branch of an example street from CSV files, on the command line
	@[ -d $(EXAMPLE) ] || $(JIFEN) demo --members 1485 --seed 1 --out $(EXAMPLE) || { rm -rf $(EXAMPLE); exit 1; }
	@$(SCORE) --branch $(BRANCH)
	@echo
	@echo 'Try next:'
	@echo
	@echo 'why a member of the list has these points (put one in for MEMBER)'
	@echo '  $(strip $(SCORE)) --branch $(BRANCH) --explain MEMBER'
	@echo 'another branch (put one in for BRANCH, as $(EXAMPLE)/members.csv names it)'
	@echo '  $(strip $(SCORE)) --branch BRANCH'
	@echo 'the list for a spreadsheet'
	@echo '  $(strip $(SCORE)) --branch $(BRANCH) --format csv > 2026.csv'

build: need $(ASSETS) ## build the program: bin/jifen
	go build -trimpath -tags nomsgpack -ldflags '-X main.version=$(VERSION)' -o $(JIFEN) ./cmd/jifen

package: need $(ASSETS) ## build a tarball and a .deb for ARCHS (amd64 arm64) in bin/packages, and try the one for this machine
	@$(NEED) dpkg $(ARCHS)
	sh packaging/build.sh bin/packages $(ARCHS)
	bash packaging/check.sh bin/packages

reproducible: need ## build the packages of the last commit twice, in two folders, and compare them
	@$(NEED) dpkg $(ARCHS)
	sh packaging/reproducible.sh $(ARCHS)

quick: ## run the tests that end within a minute, for while one works
	@$(NEED) go cc
	go test -short ./...

test: build ## run every test: vet, Go tests with the race detector, the rule files and their worked cases
	go vet ./...
	go test -race -shuffle=on -timeout 40m ./...
	go test -timeout 40m $(WHOLE)
	$(JIFEN) rules check rules
	$(JIFEN) rules test rules
	cd web && npm test --silent
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		echo 'no Chromium on PATH: the tests in a browser did not run'

testpg: need ## run the tests of the store and of all above it on PostgreSQL, on a server of their own
	JIFEN_TEST_ENGINE=postgres sh internal/tools/postgres.sh go test -short -count=1 -timeout 40m $(ON_SERVER)

mutants: need ## make every single mistake in the rule files that ship and say which ones nobody notices
	go test -count=1 -v ./internal/mutation

check: $(LINT) $(ASSETS) ## check format, lint and the arrows between packages
	$(LINT) run ./...
	go test -count=1 ./internal/archtest

# The version of govulncheck, which has a database on the network.
VULN := golang.org/x/vuln/cmd/govulncheck@v1.9.0

# The tests that docs/security.md names, beside those of accounts, access and the server.
GUARDS := Matrix|Hidden|IsNotYours|Refusal|Bounded|Strangers|ThatIsNone|OtherSite|AccessAllows|ActForSomebody|Mode|Owners|Verify|Planted|Cookies|SlipOpens|RoleThatEnds|TokenThat|Guessing|AnotherSite|Guarded|SentElsewhere|OneWay|MethodIs|GivesHimself|IsSlow|TooMuch|NoRuleFile|RunsInASpreadsheet|Storm|DoneForWhoMay|NobodySees|Posted|WrittenIs|SeesNoTrail|ItsTrailAlone|BesideAServer|HasItsLine

security: $(LINT) $(ASSETS) ## run gosec, the tests of what is guarded, and govulncheck where its database can be reached
	$(LINT) run --enable-only gosec ./...
	go test -count=1 -timeout 20m ./internal/access ./internal/app/accounts ./internal/app/requests ./internal/server
	go test -count=1 -timeout 20m -run '$(GUARDS)' ./internal/app/activities ./internal/app/machine ./internal/web ./internal/api ./cmd/jifen ./internal/testkit
	@if curl -sSf -m 10 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; then go run $(VULN) ./...; \
		else echo 'the database of vulnerabilities (vuln.go.dev) cannot be reached: govulncheck did not run' >&2; fi

bench: need ## run every benchmark for a second
	go test -run '^$$' -bench . -benchtime 1s ./...

benchcity: need ## measure a city on PostgreSQL: CITY members (7425) in streets of STREET (1485)
	JIFEN_CITY=$(CITY) JIFEN_CITY_STREET=$(STREET) go test -count=1 -timeout 3h -run 'TestCity$$' -v ./cmd/jifen

PEER := bin/peers
$(PEER): internal/tools/peers/main.go internal/tools/peers/go.sum
	@cd internal/tools/peers && go build -trimpath -o ../../../$@ . || { \
		echo 'PocketBase could not be built: its module is not at hand and cannot be fetched; nothing was compared' >&2; exit 1; }

benchpeers: need $(PEER) ## compare entries a second with PocketBase, in turns of one run
	JIFEN_PEER=$(CURDIR)/$(PEER) go test -count=1 -timeout 30m -run 'TestPeers$$' -v ./cmd/jifen

torture: need ## kill the server a thousand times while 32 programs write
	JIFEN_TORTURE=1000 go test -count=1 -timeout 3h -run 'TestNothingAcknowledgedIsLost$$' -v ./cmd/jifen

torturepg: need ## kill three programs and their PostgreSQL two hundred times while 32 programs write
	JIFEN_TORTURE=200 go test -count=1 -timeout 3h -run TestNothingAcknowledgedIsLostOnAServer -v ./cmd/jifen

drillha: need ## kill the leader of three PostgreSQL nodes under Patroni ten times while 32 programs write
	JIFEN_DRILL=$${JIFEN_DRILL:-10} go test -count=1 -timeout 1h -run 'TestLeaderFalls$$' -v ./cmd/jifen

fuzz: need ## run each fuzz target for FUZZTIME (30s)
	@for pkg in $$(go list ./...); do \
		names=$$(go test -list '^Fuzz' "$$pkg") || { echo "$$names"; exit 1; }; \
		for name in $$names; do \
			case $$name in Fuzz*) ;; *) continue ;; esac; \
			echo "$$pkg $$name"; \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$pkg" || exit 1; \
		done; \
	done

clean: ## remove what was built; data/ stays
	rm -rf bin web/node_modules
	find web/dist -type f ! -name .gitkeep -delete

# Everything is built from Go and a little C; the pages' style and script by Node.
need:
	@$(NEED) go cc node npm

$(ASSETS): web/package-lock.json web/build.js $(wildcard web/src/*) | need
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

# The linter has a module of its own, so that its two hundred dependencies are
# not the program's. It is built again only when that module changes.
$(LINT): internal/tools/go.mod | need
	@echo 'building the linter; the first time takes a few minutes'
	go build -C internal/tools -o '$(CURDIR)/$@' github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@
