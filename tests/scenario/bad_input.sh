#!/usr/bin/env bash
# Bad input gives one error that names the place, exit code 2, and nothing written.
# Usage: bad_input.sh ARCAS
set -u
arcas=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0
good='name: x
region: {zones: [a, b], node_shapes: [{name: n, count: 2, cpu: 1, memory: 1Gi}]}'
expect() {  # $1: what, $2: text the error must have, rest: arguments
  local what=$1 text=$2 code output
  shift 2
  output=$("$arcas" "$@" 2>&1 >out.txt)
  code=$?
  if [ $code -ne 2 ] || ! printf '%s' "$output" | grep -qF -- "$text" || [ -s out.txt ] || [ -e new.db ]; then
    echo "bad input \"$what\": exit $code, said: $output"
    failed=1
  fi
}
file() { printf '%s\n' "$1" >"$dir/s.yaml"; }
expect "unknown command" "bogus is not a command; allowed: " bogus
expect "nearly a command" "did you mean run?" sim rum
file "$good
sede: 1"; expect "unknown key" "s.yaml:3:1: sede:" sim run s.yaml --db new.db
file "$good
seed: many"; expect "wrong type" "s.yaml:3:7: seed: \"many\"" sim run s.yaml
file "$good
seed: 1
seed: 2"; expect "duplicate key" 'duplicate key "seed"' sim run s.yaml
file "$good
run: {limit: 10 parsecs}"; expect "wrong unit" "run.limit" sim run s.yaml
file "$good
tenants: -5"; expect "negative" "out of range" sim run s.yaml
file "$good
tenants: 99999999999999999999"; expect "absurd" "tenants" sim run s.yaml
file "$good
faults: [{kind: zone_power_loss, at: 1s, zone: c, lasts: 1m}]"; expect "unknown zone" '"c" is not a zone' sim run s.yaml
file "$good
faults: [{kind: meteor, at: 1s}]"; expect "unknown fault" "is not a kind of fault" sim run s.yaml
file "$good
workload: {jobs: [{name: j, completions: 0, pod: {cpu: 1}}]}"; expect "absurd job" "s.yaml:3:42: workload.jobs[0].completions" sim run s.yaml
file "$good
workload: {jobs: [{name: j, completions: 4, parallelism: 2, gang: 3, pod: {cpu: 1}}]}"; expect "gang that never starts" "workload.jobs[0].gang: is more than the Job's pods at once" sim run s.yaml
file "$good
scheduler: {gang_timeout: 0s}"; expect "no time-out" "scheduler.gang_timeout: \"0s\" is out of range" sim run s.yaml
file "$good
scheduler: {batch: magic}"; expect "no such batch" "allowed: off, min-cost-flow" sim run s.yaml
file "$good
scheduler: {batch: min-cost-flow, batch_threshold: 0}"; expect "no threshold" "scheduler.batch_threshold" sim run s.yaml
file "$good
scheduler: {batch: min-cost-flow, queue: fair-share}"; expect "batch in turns" "scheduler.batch: does not go with" sim run s.yaml
file "$good
workload: {daemon_sets: [{name: d, pod: {cpu: 9}}]}"; expect "daemon that fits nowhere" "workload.daemon_sets[0].pod: fits on no machine" sim run s.yaml
file "$good
workload: {daemon_sets: [{name: d}, {name: d}]}"; expect "duplicate name" 'workload.daemon_sets[1].name: "d" stands twice' sim run s.yaml
file "$good
workload: {changes: [{op: drain, at: 1s, node: 7}]}"; expect "change of no node" 's.yaml:3:22: workload.changes[0].node: "7" is not a node' sim run s.yaml
expect "shrink of what is well" "does not fail" sim shrink smoke
expect "unknown family" "did you mean rack_loss?" swarm --families rack_los
expect "seeds and minutes" "excludes" swarm --seeds 1 --minutes 1
file "extends: s.yaml
$good"; expect "cycle" "leads back to itself" sim run s.yaml
file ""; expect "empty" "the file is empty" sim run s.yaml
head -c 1000 /dev/zero >s.yaml; expect "binary" "not a text file" sim run s.yaml
{ echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'; for i in b c d e f g h; do p=$(echo "$i" | tr b-h a-g); echo "$i: &$i [*$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p, *$p]"; done; } >s.yaml
expect "YAML bomb" "more than" sim run s.yaml
head -c 17000000 /dev/zero | tr '\0' a >s.yaml; expect "too large" "larger than 16 MiB" sim run s.yaml
expect "no file" "no such file" sim run nothing.yaml
expect "a folder" "is a directory; allowed: a file" sim run "$dir"
file "$good"; expect "a trace for nothing" "--trace t: x replays no trace" sim run s.yaml --trace t
expect "option without value" "arcas: --seed" sim run s.yaml --seed
expect "unknown option" "arcas: The following arguments were not expected: 3 --sed" sim run s.yaml --sed 3
file 'name: x
region: {zones: [a], node_shapes: [{name: n, count: 2, cpu: 0, memory: 1Gi}]}'; expect "no cores" "region.node_shapes[0].cpu: is 0; allowed: cores" sim run s.yaml
file 'name: [x'; expect "torn YAML" "allowed: YAML" sim run s.yaml
file "$good"; expect "bad override" "--set seed" sim run s.yaml --set seed
expect "override of unknown key" "nonsense" sim run s.yaml --set nonsense=1
expect "unknown profile" "arcas, kubernetes, arktos" sim run s.yaml --profile nomad
file "$good
expect: [pods_lots == 0]"; expect "unknown metric" 's.yaml:3:10: expect: "pods_lots" is not a metric; did you mean "pods_lost"?' sim run s.yaml
file "$good
trace: {kind: openb}"; expect "no trace" "github.com/alibaba/clusterdata" sim run s.yaml
mkdir -p t; cd "$dir" || exit 1
nodes=t/openb_node_list_all_node.csv
printf 'sn,cpu_milli,memory_mib,gpu\nn,1,1,1\n' >$nodes; expect "missing column" 'column "model" is missing' sim run s.yaml --trace t
{ echo sn,cpu_milli,memory_mib,gpu,model; head -c 3000000 /dev/zero | tr '\0' x; } >$nodes; expect "endless line" "longer than 1 MiB" sim run s.yaml --trace t
printf 'sn,cpu_milli,memory_mib,gpu,model\n' >$nodes; expect "no nodes" "no node follows the header" sim run s.yaml --trace t
printf 'sn,cpu_milli,memory_mib,gpu,model,gpu\n' >$nodes; expect "column twice" 'column "gpu" stands twice' sim run s.yaml --trace t
printf 'sn,cpu_milli,memory_mib,gpu,model\nn,1000,1024,NaN,\n' >$nodes; expect "not a number" ":2: gpu:" sim run s.yaml --trace t
printf 'sn,cpu_milli,memory_mib,gpu,model\nn,1000,1024,0,\n' >$nodes
printf 'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,creation_time,deletion_time\np,1,1,0,0,,10,5\n' | gzip >t/openb_pod_list_default.csv.gz
expect "time backwards" "lies before the creation" sim run s.yaml --trace t
file "$good
faults: [{kind: node_crash, at: 1s, count: 500, lasts: 1m}]"; expect "validate finds what run would" "only 2 nodes" sim validate s.yaml
"$arcas" sim run smoke --quiet >/dev/full 2>/dev/null
[ $? -eq 1 ] || { echo "a summary that cannot be written must end with exit 1"; failed=1; }
# An expectation that fails: exit 3 and the value seen.
file "$good
tenants: 1
run: {limit: 30s}
expect: [nodes == 3]"
output=$("$arcas" sim run s.yaml --quiet 2>&1 >/dev/null); code=$?
[ $code -eq 3 ] && printf '%s' "$output" | grep -q 'nodes == 3  (seen: 2)' || { echo "failed expectation: exit $code: $output"; failed=1; }
# Ctrl-C: a summary so far and exit code 130.
file "$good
run: {limit: 360d, sample_every: 10m, until: limit}"
"$arcas" sim run s.yaml --quiet >out.txt 2>&1 & pid=$!
sleep 1; kill -INT $pid; wait $pid; code=$?
[ $code -eq 130 ] && grep -q INTERRUPTED out.txt || { echo "interrupt: exit $code"; failed=1; }
# A results file is never overwritten unless asked.
file "$good
run: {limit: 10s}"
"$arcas" sim run s.yaml --quiet --db new.db >/dev/null && ! "$arcas" sim run s.yaml --quiet --db new.db >/dev/null 2>&1 &&
  "$arcas" sim run s.yaml --quiet --db new.db --force >/dev/null || { echo "--db and --force"; failed=1; }
# Traces and results files of others.
rm -f new.db
mkdir -p out
expect "unknown kind of trace" '"borg" is not a kind of trace; allowed: openb' trace import borg s.yaml --out out
expect "trace file missing" "nothing.csv: no such file" trace import azure-vm nothing.csv --out out
printf 'vm_id,arrival_s\n' >vms.csv.gz; expect "gz that is no gz" "vms.csv.gz:1: is named .gz and is not compressed" trace import azure-vm vms.csv.gz --out out
expect "no such folder" "no/where: is no folder and cannot be made" trace import azure-vm vms.csv.gz --out no/where
expect "a new folder" "is not compressed" trace import azure-vm vms.csv.gz --out nowhere
[ ! -e nowhere ] || { echo "a refused import left its folder"; failed=1; }
[ -z "$(ls out)" ] || { echo "a refused import left files"; failed=1; }
expect "no results file" "s.yaml: file is not a database" report s.yaml --out new.html
expect "report of too many" "arcas: results" report a.db b.db c.db --out new.html
expect "report over its source" "is a results file itself" report new.html --out new.html
file "$good"; expect "report that cannot be written" "--report /nowhere/r.html: cannot be written" sim run s.yaml --report /nowhere/r.html
expect "report over the database" "is the file of --db" sim run s.yaml --report same --db same
[ ! -e new.html ] || { echo "a refused report left a file"; failed=1; }
[ $failed -eq 0 ] && echo "bad input: all cases refused as they should be"
exit $failed
