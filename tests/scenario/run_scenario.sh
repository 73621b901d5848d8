#!/usr/bin/env bash
# Runs one scenario and prints a line. Usage: run_scenario.sh ARCAS NAME [arguments…]
arcas=$1 name=$2
shift 2
out=$(mktemp)
start=$(date +%s.%N)
"$arcas" sim run "$name" --quiet --json "$out.json" "$@" >"$out" 2>&1
code=$?
wall=$(echo "$(date +%s.%N) $start" | awk '{printf "%.1f", $1 - $2}')
hash=$(grep -o '"trace_hash":"[0-9a-f]*"' "$out.json" 2>/dev/null | cut -d'"' -f4)
printf '%-24s exit %d  %6s s  %s\n' "$name" "$code" "$wall" "$hash"
[ $code -eq 0 ] || tail -40 "$out"
rm -f "$out" "$out.json"
exit $code
