#!/usr/bin/env bash
# Runs every fuzz test of the main module in turn, each for the time given
# (30s by default). A finding is written to the package's testdata/fuzz and fails
# the ordinary tests from then on.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly time=${1:-30s}
list=$(grep -rHoE --include='*_test.go' --exclude-dir=tools --exclude-dir=e2e --exclude-dir='.?*' '^func Fuzz[A-Z][A-Za-z0-9_]*' . || true)
[ -n "$list" ] || { echo "there are no fuzz tests"; exit 0; }

while IFS=: read -r file name; do
	name=${name#func } dir=$(dirname "$file")
	echo "== $dir $name ($time)"
	go test -run='^$' -fuzz="^$name\$" -fuzztime="$time" "$dir" </dev/null
done <<<"$list"
