#!/usr/bin/env bash
# A fixed set of seeds is clean, and a seed gives the same report every time. The families are named so
# that a new one draws nothing here; `arcas swarm` alone takes all. Usage: swarm.sh ARCAS
set -u
arcas=$1 failed=0
families=zone_power_loss,zone_partition,rack_loss,rack_uplink_loss,node_crash,node_crash_random,control_plane_cut,zone_flapping
"$arcas" swarm --first-seed 27 --seeds 10 --families $families --timeout 60 --quiet || failed=1
same() { "$arcas" swarm --first-seed 29 --seeds 2 --jobs "$1" --families $families --quiet --json - | sed 's/"cpu_seconds.*//'; }
[ "$(same 1)" = "$(same 2)" ] || { echo "swarm: one job and two jobs give different reports"; failed=1; }
exit $failed
