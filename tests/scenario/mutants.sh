#!/usr/bin/env bash
# Every invariant of sim/check catches the bug that is planted for it, in one of a few seeds, and so was
# put to a test on a real run; without a bug the same runs are clean. Usage: mutants.sh ARCAS_MUTANTS
set -u
mutants=$1 failed=0 runs=0
out=$(mktemp)
cd "$(dirname "$0")/../.." || exit 1
case $mutants in /*) ;; *) mutants=$OLDPWD/$mutants ;; esac

# bug, invariant that must catch it, scenario and its arguments
table() {
  cat <<'TABLE'
revision-skipped      I01  smoke
removal-not-logged    I03  user-changes
generation-reset      I06  user-changes
uid-given-late        I07  user-changes
epoch-kept            I23  faults/process-crash
finished-pod-unbound  I25  mixed-workloads
bindings-crowded      I26  gangs
room-not-checked      I27  scheduler-conflicts
bindings-shifted      I29  mixed-workloads
gang-started-in-part  I30  gangs --set workload.jobs.0.runs=[5m,10m]
order-sent-twice      I34  smoke
replica-too-many      I36  smoke
daemon-ordered-twice  I41  mixed-workloads
deletion-taken-back   I46  user-changes
darkness-ignored      I49  all-zones-dark
evictions-uncapped    I50  rolling-node-failures --set faults.0.per_million_node_hours=300000 --set faults.0.down_min=10m --set faults.0.lasts=20m
tenant-mixed-up       I57  smoke
tenant-move-loses     I65  failover/tenant-moved
tenant-tail-forgotten I65  failover/tenant-moved
nomination-forgotten  I31  preemption
job-pod-not-marked    I39  mixed-workloads
owner-thought-gone    I45  user-changes
toleration-forgotten  I51  smoke
evicted-at-once       I52  user-changes
minority-commits      I56  faults/store-quorum-loss
status-flutters       L02  smoke --set run.quiet=2m
lease-never-free      L05  faults/process-crash --set run.quiet=2m
stop-not-reported     L07  user-changes --set run.quiet=2m
sets-left-behind      L08  user-changes --set run.quiet=2m
taint-left            L09  smoke --set run.quiet=2m
TABLE
}

while read -r bug invariant scenario; do
  caught=no
  for seed in 1 2 3 4 5; do
    runs=$((runs + 1))
    # shellcheck disable=SC2086 # the scenario and its arguments are words
    timeout 60 "$mutants" --mutant "$bug" sim run $scenario --seed $seed --quiet --json "$out" >/dev/null 2>&1
    grep -q "\"invariant\":\"$invariant " "$out" && caught=yes && break
  done
  if [ $caught = no ]; then echo "mutants: $bug survived $invariant on 5 seeds of $scenario"; failed=1; fi
done < <(table)

while read -r scenario; do
  # shellcheck disable=SC2086
  timeout 60 "$mutants" sim run $scenario --quiet --json "$out" >/dev/null 2>&1
  grep -q '"violations":0' "$out" || { echo "mutants: without a bug, $scenario breaks an invariant"; failed=1; }
done < <(table | awk '{$1 = $2 = ""; print}' | sort -u)

for invariant in $(grep -ohE 'return "[IL][0-9]+ ' sim/check/*.cc | cut -c9-11); do
  table | grep -q " $invariant " || { echo "mutants: no bug is planted for $invariant"; failed=1; }
done

rm -f "$out"
[ $failed -eq 0 ] && echo "mutants: $(table | wc -l) planted bugs caught in $runs runs"
exit $failed
