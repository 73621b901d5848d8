#!/usr/bin/env bash
# The same scenario must give the same hash: on every run, with every binary, and the same decisions
# with heartbeats one by one. Usage: determinism.sh ARCAS…
set -u
failed=0
field() { grep -o "\"$1\":\"[0-9a-f]*\"" | head -1 | cut -d'"' -f4; }
for scenario in smoke az-outage-1k; do
  first=""
  for arcas in "$@"; do
    [ -x "$arcas" ] || { echo "missing binary: $arcas"; exit 1; }
    json=$("$arcas" sim run "$scenario" --quiet --json -)
    hash=$(printf '%s' "$json" | field trace_hash)
    printf '%-16s %-24s %s\n' "$scenario" "$arcas" "${hash:-none}"
    [ -n "$hash" ] || failed=1
    first=${first:-$hash}
    [ "$hash" = "$first" ] || { echo "  differs from the first"; failed=1; }
  done
  for profile in arcas kubernetes arktos; do
    run() { "$1" sim run "$scenario" --profile "$profile" --quiet --json - --heartbeats "$2" 2>/dev/null | field decisions_hash; }
    one=$(run "$1" coalesced) other=$(run "$1" individual)
    printf '%-16s %-24s %s\n' "$scenario" "heartbeats, $profile" "decisions ${one:-none}"
    [ -n "$one" ] && [ "$one" = "$other" ] || { echo "  differs one by one: ${other:-none}"; failed=1; }
  done
  "$1" sim run "$scenario" --quiet --twice --json /dev/null >/dev/null || { echo "$scenario --twice failed"; failed=1; }
done
exit $failed
