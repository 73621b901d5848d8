#!/usr/bin/env bash
# Builds arcas and runs it: without arguments the main job, else `arcas ARGS…`.
# `./run.sh python [ARGS…]` starts Python with the package `arcas` on its path.
# `./run.sh up [OPTIONS]` starts a real cluster of this machine, `down` ends it, `status` tells.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=arcas target=arcas
packages=build
case "${1:-}" in
  python) program=python target=arcas_python packages=python ;;
  up) program=up target=arcas-server packages=node ;;
  down | status) exec "$here/scripts/up.sh" "$1" ;;
esac
"$here/scripts/packages.sh" $packages
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
if [ $program = up ]; then
  shift
  rm -f "$log"
  exec "$here/scripts/up.sh" up "$@"
fi
if [ $# -eq 0 ]; then
  set -- sim run "$here/scenarios/az-outage-100k.yaml"
fi
rm -f "$log"
exec "$here/build/release/arcas" "$@"
