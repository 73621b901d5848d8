#!/usr/bin/env bash
# Builds arcas and runs it: without arguments the main job, else `arcas ARGS…`.
# `./run.sh python [ARGS…]` starts Python with the package `arcas` on its path.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=arcas target=arcas
if [ "${1:-}" = python ]; then
  program=python target=arcas_python
fi
"$here/scripts/packages.sh" "$([ $program = python ] && echo python || echo build)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
start=$SECONDS
build() {
  # The Python module needs packages that may have come after the last configuration.
  (cd "$here" && { [ $program = arcas ] && [ -f build/release/build.ninja ] || cmake --preset release; } && cmake --build --preset release --target $target)
}
[ -x "$here/build/release/arcas" ] || echo "building arcas (a few minutes the first time)…" >&2
if ! build >"$log" 2>&1; then
  cat "$log" >&2
  echo "arcas: the build failed" >&2
  exit 1
fi
[ $((SECONDS - start)) -lt 5 ] || echo "built in $((SECONDS - start)) s" >&2
if [ $program = python ]; then
  shift
  rm -f "$log"
  PYTHONPATH="$here/build/release/python${PYTHONPATH:+:$PYTHONPATH}" exec /usr/bin/python3 "$@"
fi
if [ $# -eq 0 ]; then
  set -- sim run "$here/scenarios/az-outage-100k.yaml"
fi
rm -f "$log"
exec "$here/build/release/arcas" "$@"
