#!/usr/bin/env bash
# Builds the wheel, installs it into an empty environment and runs a scenario there; the trace hash must be
# that of the command line. Usage: tests/python/wheel.sh ARCAS. Ends with 77 where no package index answers.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${1:?the program arcas}")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
/usr/bin/python3 -m venv --system-site-packages "$place/env" >"$place/log" 2>&1 || { cat "$place/log"; exit 1; }
pip() { PIP_DISABLE_PIP_VERSION_CHECK=1 timeout 900 "$place/env/bin/python" -m pip "$@" >"$place/log" 2>&1; }
if ! pip download --quiet --no-deps --dest "$place" 'scikit-build-core>=0.10'; then
  echo "wheel: no package index answers, or it has no scikit-build-core"
  exit 77
fi
cd "$root" || exit 1
if ! pip wheel --no-deps --wheel-dir "$place" .; then
  tail -40 "$place/log"
  echo "wheel: it does not build"
  exit 1
fi
wheel=$(ls "$place"/arcas-*.whl) || exit 1
pip install --no-deps "$wheel" || { cat "$place/log"; exit 1; }
cd "$place" || exit 1
env -u PYTHONPATH "$place/env/bin/python" - "$root/scenarios/smoke.yaml" >"$place/hash" <<'PY' || exit 1
import sys
import arcas
if not arcas.__file__.startswith(sys.prefix):
    sys.exit(f"wheel: arcas comes from {arcas.__file__}")
print(arcas.run(arcas.Scenario.load(sys.argv[1])).trace_hash)
PY
"$program" sim run "$root/scenarios/smoke.yaml" --quiet --json "$place/run.json" >/dev/null || exit 1
expected=$(sed -n 's/.*"trace_hash": *"\([0-9a-f]*\)".*/\1/p' "$place/run.json" | head -1)
if [ -z "$expected" ] || [ "$expected" != "$(cat "$place/hash")" ]; then
  echo "wheel: trace hash $(cat "$place/hash"), the command line has ${expected:-none}"
  exit 1
fi
echo "wheel: $(basename "$wheel"), $(du -k "$wheel" | cut -f1) KB, runs smoke with the hash of the command line"
