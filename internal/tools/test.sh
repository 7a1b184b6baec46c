#!/usr/bin/env bash
# Runs the tests: `test.sh all|fmt|vet|go [packages]|browser`.
#
# A test that lacks something (a browser, say) fails when CI=true and is listed
# as skipped, with its reason, otherwise.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly modules=(. internal/e2e internal/tools)

say() { printf '\n== %s\n' "$*"; }

# need PROGRAM PACKAGES WHY installs Debian packages when PROGRAM is missing and
# we may; otherwise it says plainly what to install and returns 1.
need() {
	local program=$1 packages=$2 why=$3
	command -v "$program" >/dev/null && return 0
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		say "installing $packages ($why)"
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq || echo "apt-get update failed; trying with the lists at hand"
		# shellcheck disable=SC2086 # several package names
		apt-get install -y -qq --no-install-recommends $packages >/dev/null || true
		command -v "$program" >/dev/null && return 0
	fi
	echo "missing: $program ($why). On Debian, as root: apt-get install $packages"
	[ "${CI:-}" != true ] || { echo "CI=true: a missing part is a failure"; exit 1; }
	return 1
}

format() {
	say "gofmt"
	local files
	files=$(find . -name '*.go' -not -path './.*' -not -path './var/*' -not -path '*/testdata/*' -print0 | xargs -0 gofmt -l)
	[ -z "$files" ] || { echo "not formatted (run gofmt -w):"; echo "$files"; return 1; }
}

vet() {
	say "go vet"
	local m
	for m in "${modules[@]}"; do (cd "$m" && go vet ./...); done
}

# The race detector needs a C compiler.
go_tests() {
	local race=-race
	need gcc "gcc libc6-dev" "for the race detector" || { race=; echo "running without the race detector"; }
	say "Go tests ${race:-without -race}"
	report . ${race:+"$race"} -shuffle=on -timeout=15m "${@:-./...}"
	report internal/tools ./...
}

# The names that internal/e2e looks for, too.
has_browser() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
		[ -z "$name" ] || ! command -v "$name" >/dev/null || return 0
	done
	return 1
}

# The browser tests start bin/kokeilu and Chromium themselves.
browser_tests() {
	has_browser || need chromium "chromium fonts-dejavu-core" "for the browser tests" || true
	say "browser tests"
	KOKEILU_BIN=$PWD/bin/kokeilu report internal/e2e -count=1 -timeout=15m ./...
}

# report MODULE ARGS... runs go test there; what passed is one line a package,
# what failed is shown whole, what was skipped is listed with its reason.
report() {
	local module=$1; shift
	(cd "$module" && go test -json "$@") | "$reporter"
}

build_reporter() {
	reporter=$(mktemp -d)/report
	trap 'rm -rf "$(dirname "$reporter")"' EXIT
	(cd internal/tools && go build -o "$reporter" ./report)
}

case ${1:-all} in
fmt) format ;;
vet) vet ;;
go) build_reporter; shift; go_tests "$@" ;;
browser) build_reporter; browser_tests ;;
all)
	format
	vet
	build_reporter
	go_tests
	say "building bin/kokeilu"
	make --no-print-directory build
	browser_tests
	say "all tests passed"
	;;
*) echo "usage: test.sh all|fmt|vet|go [packages]|browser" >&2; exit 2 ;;
esac
