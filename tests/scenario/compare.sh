#!/usr/bin/env bash
# `arcas compare`: the same whatever the number of processes, in words and as JSON, and bad input refused.
# Usage: compare.sh ARCAS
set -u
arcas=$1 failed=0
say() { echo "compare: $1"; failed=1; }
late() {
  "$arcas" compare smoke smoke --seeds 3 --b-set parameters.node_grace=80s --metrics detection_seconds,pods_lost "$@"
}
text=$(late --jobs 2) || say "exit $?"
grep -q '^detection_seconds .*higher in b at 95% confidence: a is better$' <<<"$text" || say "no verdict in: $text"
grep -q '^pods_lost .*the same in every pair$' <<<"$text" || say "pods_lost differs in: $text"
[ "$(late --jobs 1 --json -)" = "$(late --jobs 2 --json -)" ] || say "one job and two jobs differ"
late --json - | grep -q '"apiVersion":"arcas/v1","kind":"Comparison"' || say "no JSON"
refuse() {  # $1: text the error must have, rest: arguments
  local text=$1 output code
  shift
  output=$("$arcas" compare "$@" 2>&1); code=$?
  [ $code -eq 2 ] || say "$*: exit $code"
  grep -qF -- "$text" <<<"$output" || say "$*: \"$text\" is missing in: $output"
}
refuse "did you mean pods_lost?" smoke smoke --metrics pods_lots
refuse "no-such-file" smoke no-such-file
refuse "--seeds" smoke smoke --seeds 1
refuse "cannot be written" smoke smoke --json /no/such/folder/x.json
exit $failed
