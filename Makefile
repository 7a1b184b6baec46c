# Every command of this repository. `make` alone prints them.
# Nothing here needs sudo: where a command could install something and may not,
# it says what is missing.

export GOFLAGS := -mod=readonly -buildvcs=false

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
DATA    ?= ./var
ADDR    ?= localhost:3000
FUZZTIME ?= 30s
SIZES   ?= $(if $(SHORT),1000 10000,1000 10000 100000)

.DEFAULT_GOAL := help
.PHONY: help build run test test-go test-browser check fmt vet lint fuzz relevance bench vendor-assets clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

build: ## build bin/kokeilu, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/kokeilu ./cmd/kokeilu

run: build ## run a portal with sample data on http://localhost:3000
	bin/kokeilu serve --demo --data $(DATA) --addr $(ADDR)

test: ## run every test: format, vet, Go with the race detector, browser
	@internal/tools/test.sh all

test-go: ## the Go tests only; PKG=./cases/... narrows them
	@internal/tools/test.sh go $(PKG)

test-browser: build ## the browser tests only
	@internal/tools/test.sh browser

check: fmt vet lint ## format, vet and lint

fmt: ## fail when a Go file is not formatted
	@internal/tools/test.sh fmt

vet: ## go vet in every module
	@internal/tools/test.sh vet

lint: bin/golangci-lint ## golangci-lint (the first run builds it: about two minutes)
	bin/golangci-lint run ./...
	cd internal/e2e && ../../bin/golangci-lint run -c ../../.golangci.yml ./...
	cd internal/tools && ../../bin/golangci-lint run -c ../../.golangci.yml ./...
	cd internal/bench && ../../bin/golangci-lint run -c ../../.golangci.yml ./...

bin/golangci-lint: internal/tools/go.mod
	cd internal/tools && go build -o ../../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

fuzz: ## run every fuzz test for FUZZTIME (30s) each
	@internal/tools/fuzz.sh $(FUZZTIME)

relevance: ## nDCG@10 of the judged queries, ours against stock Bleve; CORPUS=folder asks the larger set too
	KOKEILU_CORPUS=$(CORPUS) go test -count=1 -run '^TestRelevance' -v ./search

bench: build ## speed beside bare references; SIZES="1000 10000", ONLY="S1 S3", SHORT=1 narrow it
	cd internal/bench && go build -tags sqlite_fts5 -o ../../bin/bench .
	bin/bench -program bin/kokeilu -folder var-bench -sizes "$(SIZES)" -only "$(ONLY)" $(if $(SHORT),-short) $(BENCH)

vendor-assets: ## fetch the pinned CSS and JavaScript again (needs npm; the files are committed)
	cd internal/tools && go run ./vendorassets

clean: ## remove what was built; the data in ./var stays
	rm -rf bin dist
