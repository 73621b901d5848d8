#!/usr/bin/env bash
# Opens reports in Chromium and looks at them. Usage: tests/report/run.sh ARCAS [UNITTEST ARGS]
# Exit code 77: there is no Chromium.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ARCAS=$(realpath "${1:?the arcas binary}")
export ARCAS PYTHONDONTWRITEBYTECODE=1
shift
cd "$here"
python3 -c 'import browser, sys; sys.exit(browser.find() is None)' || {
  echo "the report in a browser: there is no Chromium here (Debian's package chromium)"
  exit 77
}
[ $# -gt 0 ] || set -- discover
exec timeout 300 python3 -m unittest "$@"
