#!/usr/bin/env bash
# Builds arcas and runs it. Without arguments: a zone of a region of 100,000 nodes dies.
# With arguments: arcas gets them all, from the folder you are in; try ./run.sh --help.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$root/scripts/packages.sh" run
"$root/scripts/build.sh" release arcas
if [ $# -eq 0 ]; then
  cd "$root"
  exec build/release/arcas sim run scenarios/az-outage-100k.yaml
fi
exec "$root/build/release/arcas" "$@"
