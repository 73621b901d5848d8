#!/usr/bin/env bash
# Every scenario of scenarios/faults does what it expects. Usage: faults.sh ARCAS
arcas=$1 failed=0
here=$(cd "$(dirname "$0")" && pwd)
for file in "$here"/../../scenarios/faults/*.yaml; do
  "$here/run_scenario.sh" "$arcas" "$file" | sed "s|$here/../../||"
  [ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
done
exit $failed
