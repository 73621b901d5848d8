#!/usr/bin/env bash
# Several schedulers over the same nodes: without claims the agents find the conflicts, and no node is
# over-committed; with claims there are none to find. Usage: conflicts.sh ARCAS
set -u
arcas=$1 failed=0
field() { printf '%s' "$json" | grep -o "\"$1\":[0-9]*" | head -1 | cut -d: -f2; }
check() {  # $1: what was run, rest: conditions on the fields above
  local what=$1
  shift
  for condition in "$@"; do
    # shellcheck disable=SC2086  # operand, operator, operand
    [ $condition ] || { echo "conflicts, $what: $condition does not hold"; failed=1; }
  done
}
json=$("$arcas" sim run scheduler-conflicts --quiet --json - --set 'expect=[]')
check "profile arktos" "$(field pods_rejected) -gt 0" "$(field violations) -eq 0" "$(field granted) -eq 0"
echo "arktos: $(field pods_rejected) pods refused by agents, $(field pods_running) of $(field pods) run, 0 over-commits"
json=$("$arcas" sim run scheduler-conflicts --quiet --json - --set 'expect=[]' --profile arcas)
check "profile arcas" "$(field pods_rejected) -eq 0" "$(field violations) -eq 0" "$(field granted) -gt 0" \
  "$(field pods_running) -eq $(field pods)"
echo "arcas: $(field pods_rejected) pods refused by agents, $(field pods_running) of $(field pods) run"
exit $failed
