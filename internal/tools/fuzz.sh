#!/usr/bin/env bash
# Runs every fuzz test of the main module in turn, each for the time given
# (30s by default). A finding is written to the package's testdata/fuzz and fails
# the ordinary tests from then on.
set -euo pipefail
cd "$(dirname "$0")/../.."

time=${1:-30s}
grep -rlE --include='*_test.go' '^func Fuzz[A-Z]' --exclude-dir=internal/tools --exclude-dir=.git . |
	xargs -r -n1 dirname | sort -u | while read -r dir; do
	grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go | sed 's/^func //' | while read -r name; do
		echo "== $dir $name ($time)"
		go test -run='^$' -fuzz="^$name\$" -fuzztime="$time" "$dir"
	done
done
