#!/usr/bin/env bash
<<<<<<< HEAD
# Builds arcas and runs it: without arguments the main job, else `arcas ARGS…`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/scripts/packages.sh" build
log=$(mktemp)
trap 'rm -f "$log"' EXIT
start=$SECONDS
build() {
  (cd "$here" && { [ -f build/release/build.ninja ] || cmake --preset release; } && cmake --build --preset release --target arcas)
}
[ -x "$here/build/release/arcas" ] || echo "building arcas (a few minutes the first time)…" >&2
if ! build >"$log" 2>&1; then
  cat "$log" >&2
  echo "arcas: the build failed" >&2
  exit 1
fi
[ $((SECONDS - start)) -lt 5 ] || echo "built in $((SECONDS - start)) s" >&2
if [ $# -eq 0 ]; then
  set -- sim run "$here/scenarios/az-outage-100k.yaml"
fi
rm -f "$log"
exec "$here/build/release/arcas" "$@"
=======
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
>>>>>>> tooling
