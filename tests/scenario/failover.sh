#!/usr/bin/env bash
# Every scenario of scenarios/failover does what it expects, all together within a minute. Usage: failover.sh ARCAS
SECONDS=0
"$(dirname "$0")/faults.sh" "$1" failover || exit 1
[ $SECONDS -le 60 ] || { echo "failover: took $SECONDS s, at most 60 are allowed"; exit 1; }
