#!/usr/bin/env bash
# A fork with nothing changed is bit-equal to the run, whenever it begins; other runs and other builds
# are refused; two runs are compared event by event. Usage: time_travel.sh ARCAS
set -u
arcas=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
wrong() { echo "time travel: $*"; failed=1; }
hash_of() { grep -o '"trace_hash":"[0-9a-f]*' | head -1; }
run=$dir/smoke.run
plain=$("$arcas" sim run smoke --quiet --json - | hash_of)
recorded=$("$arcas" sim run smoke --quiet --snapshot-every 20s --run-file "$run" --json - | hash_of)
[ -n "$plain" ] && [ "$plain" = "$recorded" ] || wrong "snapshots change the run"
for at in 0s 61s 62s 200500ms 11m; do
  [ "$("$arcas" sim fork "$run" --at $at --json - | hash_of)" = "$plain" ] || wrong "the fork at $at differs"
done
[ "$("$arcas" sim fork "$run" --at 61s --set faults.0.lasts=10m --json - | hash_of)" = "$plain" ] || wrong "the same value again makes another run"
[ "$("$arcas" sim fork "$run" --at 70s --set faults.0.lasts=20s --json - | grep -o '"pods_displaced":[0-9]*')" = '"pods_displaced":12' ] || wrong "a shorter fault"
[ "$("$arcas" sim fork "$run" --at 70s --set faults.0.lasts=20s --json - | hash_of)" != "$plain" ] || wrong "a changed fork is the same run"
"$arcas" sim inspect "$run" --at 70s | grep -q 'node zone-a-node-6 *down' || wrong "inspect does not show the crashed node"
"$arcas" sim inspect "$run" --at 70s --json | grep -q '"kind":"RegionState"' || wrong "inspect --json"
refused() {  # $1: text the error must have, $2: exit code, rest: arguments
  local text=$1 want=$2 output code
  shift 2
  output=$("$arcas" "$@" 2>&1 >/dev/null)
  code=$?
  [ $code -eq "$want" ] && printf '%s' "$output" | grep -qF -- "$text" || wrong "$*: exit $code, said: $output"
}
refused "a fork cannot change it" 2 sim fork "$run" --at 70s --set tenants=3
refused "began before 1m10s" 2 sim fork "$run" --at 70s --set 'faults=[{kind: node_crash, at: 5s, lasts: 1s}]'
refused "is after the end of the run" 2 sim fork "$run" --at 20h
refused "is not a time" 2 sim inspect "$run" --at soon
refused "is not a recorded run" 2 sim fork "$0" --at 1s
refused "needs --run-file" 2 sim run smoke --snapshot-every 60s
sed 's/"build":"[0-9a-f]*/"build":"00ff/' "$run" >"$dir/other.run"
refused "was recorded by build 00ff, this is build " 2 sim fork "$dir/other.run" --at 1m
sed 's/"hash":"[0-9a-f]*/"hash":"00ff/' "$run" >"$dir/strange.run"
refused "recorded was 00ff" 4 sim fork "$dir/strange.run" --at 1m
"$arcas" sim bisect smoke "$run" | grep -q "no difference: .* ${plain##*\"}" || wrong "bisect of equal runs"
difference=$("$arcas" sim bisect smoke smoke --set-b faults.0.after_settled=40s)
[ $? -eq 4 ] && printf '%s' "$difference" | grep -q 'A  event 22028 at 62.000000000 s: fault' || wrong "bisect said: $difference"
[ $failed -eq 0 ] && echo "time travel: forks are bit-equal, other builds are refused, bisect finds the first event"
exit $failed
