#!/usr/bin/env bash
# Configures and builds one preset quietly; shows the compiler's words only when something fails.
#   scripts/build.sh <preset> [target...]
# ARCAS_JOBS sets the number of compilers at once; otherwise cores and memory decide.
set -euo pipefail

if [ $# -lt 1 ]; then
  echo "usage: $0 <preset> [target...]" >&2
  exit 2
fi
preset=$1
shift
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=${ARCAS_JOBS:-}
if [ -z "$jobs" ]; then
  jobs=$(nproc)
  memory_kb=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo 2>/dev/null || echo 0)
  by_memory=$((memory_kb / 1500000))
  if [ "$by_memory" -ge 1 ] && [ "$by_memory" -lt "$jobs" ]; then jobs=$by_memory; fi
fi

folder=build/$preset
mkdir -p "$folder"
log=$folder/build.log
what=${*:-everything}
if [ $# -gt 3 ]; then what="$# targets"; fi
start=$SECONDS
fresh=
[ -f "$folder/build.ninja" ] || fresh=", from nothing: this takes minutes"
printf 'Building %s (%s%s) ... ' "$what" "$folder" "$fresh" >&2

run() { "$@" >"$log" 2>&1 || fail; }
fail() {
  printf 'failed after %d s\n' $((SECONDS - start)) >&2
  grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)|^ninja: (Entering|job)' "$log" |
    head -n 200 >&2
  echo "The whole log: $folder/build.log" >&2
  exit 1
}
if [ ! -f "$folder/build.ninja" ] || [ CMakePresets.json -nt "$folder/build.ninja" ]; then
  run cmake --preset "$preset"
fi
run cmake --build "$folder" -j "$jobs" ${@:+--target "$@"}
printf 'done in %d s\n' $((SECONDS - start)) >&2
