#!/usr/bin/env bash
# Every scenario of a folder below scenarios does what it expects. Usage: faults.sh ARCAS [FOLDER, else faults]
arcas=$1 folder=${2:-faults} failed=0
here=$(cd "$(dirname "$0")" && pwd)
for file in "$here"/../../scenarios/"$folder"/*.yaml; do
  "$here/run_scenario.sh" "$arcas" "$file" | sed "s|$here/../../||"
  [ "${PIPESTATUS[0]}" -eq 0 ] || failed=1
done
exit $failed
