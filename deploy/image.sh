#!/usr/bin/env bash
# Gathers what the Containerfile copies: image.sh PROGRAM FOLDER
set -euo pipefail
program=$1 out=$2
authorities=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
[ -r "$authorities" ] || { echo "no certificates of authorities at $authorities: set SSL_CERT_FILE" >&2; exit 1; }
mkdir -p "$out/data" "$out/tmp"
install -m 0755 "$program" "$out/kokeilu"
install -m 0644 "$authorities" "$out/ca-certificates.crt"
