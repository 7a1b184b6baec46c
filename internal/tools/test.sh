#!/usr/bin/env bash
# Runs the tests: `test.sh all|fmt|vet|go [packages]|browser`.
#
# A test that lacks something (a browser, say) fails when CI=true and is listed
# as skipped, with its reason, otherwise.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly modules=(. internal/bench internal/e2e internal/tools)

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
	files=$(find . -name '*.go' -not -path './.*' -not -path './var/*' -not -path './var-bench/*' -not -path '*/testdata/*' -print0 | xargs -0 gofmt -l)
	[ -z "$files" ] || { echo "not formatted (run gofmt -w):"; echo "$files"; return 1; }
}

vet() {
	say "go vet"
	local m
	for m in "${modules[@]}"; do (cd "$m" && go vet ./...); done
}

# The newest PostgreSQL, which Debian keeps out of the path.
postgres_programs() {
	local found
	found=$(command -v initdb || ls -v /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)
	[ -n "$found" ] && dirname "$found"
}

# need_postgres starts one throw-away server for all tests, unless
# KOKEILU_TEST_DSN names one. Without it every package would start its own. It
# refuses to run for root, so that it then runs as the user postgres. Nothing
# survives it, so it need not wait for the disk.
need_postgres() {
	[ -z "${KOKEILU_TEST_DSN:-}" ] || return 0
	postgres_programs >/dev/null || need pg_ctlcluster postgresql "PostgreSQL, for portals of many nodes" || return 0
	local programs
	programs=$(postgres_programs) || return 0 # the tests say what they miss
	cluster=$(mktemp -d /tmp/kokeilu-pg.XXXXXX)
	as_postgres=()
	if [ "$(id -u)" = 0 ]; then
		chown postgres: "$cluster"
		as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
	fi
	say "starting PostgreSQL for the tests"
	(cd "$cluster" && "${as_postgres[@]}" "$programs/initdb" -D "$cluster/data" -U postgres -A trust -E UTF8 --locale=C --no-sync --no-instructions >/dev/null)
	cat >>"$cluster/data/postgresql.conf" <<-EOF
		listen_addresses = ''
		unix_socket_directories = '$cluster'
		max_connections = 300
		fsync = off
		synchronous_commit = off
		full_page_writes = off
	EOF
	stop_postgres=$programs/pg_ctl
	(cd "$cluster" && "${as_postgres[@]}" "$programs/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w -s start)
	export KOKEILU_TEST_DSN="host=$cluster user=postgres dbname=postgres sslmode=disable"
}

clean_up() {
	[ -z "${reporter:-}" ] || rm -rf "$(dirname "$reporter")"
	if [ -n "${stop_postgres:-}" ]; then
		(cd "$cluster" && "${as_postgres[@]}" "$stop_postgres" -D "$cluster/data" -m immediate -s stop) || true
		rm -rf "$cluster"
	fi
}
trap clean_up EXIT

# The race detector needs a C compiler.
go_tests() {
	need_postgres
	local race=-race
	need gcc "gcc libc6-dev" "for the race detector" || { race=; echo "running without the race detector"; }
	say "Go tests ${race:-without -race}"
	report . ${race:+"$race"} -shuffle=on -timeout=25m "${@:-./...}"
	report internal/tools ./...
	report internal/bench ./...
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
