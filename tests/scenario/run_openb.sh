#!/usr/bin/env bash
# A zone dies under the openb trace. Usage: run_openb.sh ARCAS
# Exit code 77, skipped, when the trace is not on this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
trace=$("$here/find_shared.sh" traces/openb)
if [ -z "$trace" ]; then
  echo "skipped: no trace in shared/traces/openb beside the project, nor below ARCAS_SHARED"
  exit 77
fi
exec "$here/run_scenario.sh" "$1" openb-az-outage --trace "$trace" --set trace.time_divisor=200 \
  --set faults.0.at=17h --set faults.0.lasts=10m --set run.limit=19h
