#!/usr/bin/env bash
# Runs the tests of the Python package. Usage: tests/python/run.sh BUILD [UNITTEST ARGS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?the folder of a build}")
shift
export ARCAS=$build/arcas PYTHONPATH=$build/python PYTHONDONTWRITEBYTECODE=1
cd "$here"
if [ $# -eq 0 ]; then
  set -- discover
fi
exec timeout 600 /usr/bin/python3 -m unittest "$@"
