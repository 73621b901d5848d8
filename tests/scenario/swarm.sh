#!/usr/bin/env bash
# A fixed set of seeds is clean, and a seed gives the same report every time. The families are named so
# that a new one draws nothing here; `arcas swarm` alone takes all. Usage: swarm.sh ARCAS
set -u
arcas=$1 failed=0
families=zone_power_loss,zone_partition,rack_loss,rack_uplink_loss,node_crash,node_crash_random,control_plane_cut,zone_flapping
"$arcas" swarm --first-seed 1 --seeds 25 --families $families --timeout 60 --quiet || failed=1
same() { "$arcas" swarm --first-seed 29 --seeds 2 --jobs "$1" --families $families --quiet --json - | sed 's/"cpu_seconds.*//'; }
[ "$(same 1)" = "$(same 2)" ] || { echo "swarm: one job and two jobs give different reports"; failed=1; }
# A scenario that fails is made smaller, and what is left fails the same way.
small=$(mktemp)
"$arcas" sim shrink user-changes --set 'expect=[evictions == 0]' --quiet --out "$small" || failed=1
[ "$(grep -c 'kind:' "$small")" -eq 1 ] && ! grep -q 'op:' "$small" || { echo "shrink: more than one fault is left"; failed=1; }
"$arcas" sim run "$small" --quiet >/dev/null 2>&1
[ $? -eq 3 ] || { echo "shrink: what is left does not fail"; failed=1; }
rm -f "$small"
exit $failed
