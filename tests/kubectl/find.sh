#!/usr/bin/env bash
# Prints the kubectl programs to test with, one a line: what is on the path, and the versions that
# Google's packages keep beside it. Nothing when there is none.
set -euo pipefail
found=()
if command -v kubectl >/dev/null; then found+=("$(command -v kubectl)"); fi
for program in /usr/lib/google-cloud-sdk/bin/kubectl.1.??; do
  [ -x "$program" ] && found+=("$program")
done
[ ${#found[@]} -eq 0 ] || printf '%s\n' "${found[@]}"
