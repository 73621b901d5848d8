#!/usr/bin/env bash
# `arcas whatif`: a generated cluster of 30 nodes in three zones, the dumps
# of real clusters where they are here, and bad input. Usage: whatif.sh ARCAS
set -u
arcas=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
say() { echo "whatif: $1"; failed=1; }
has() {  # $1: what, $2: text that is there, $3: where
  grep -qF -- "$2" <<<"$3" || say "$1: \"$2\" is missing in: $3"
}
ask() {  # $1: exit code that is right, rest: arguments; the answer is in $output
  local right=$1 code
  shift
  output=$("$arcas" whatif "$@" 2>"$dir/err"); code=$?
  [ $code -eq "$right" ] || say "$*: exit $code: $output $(cat "$dir/err")"
}
python3 "$here/tests/support/make_snapshot.py" 30 400 >"$dir/cluster.json"
gzip -k "$dir/cluster.json"

# A zone of three: everything finds a place; the same every time.
ask 0 az-fail eu-1b --from "$dir/cluster.json.gz"
has "az-fail" "zone eu-1b fails, by the scheduler of profile kubernetes" "$output"
has "az-fail" "133 pods need a place: 133 find one, 0 do not" "$output"
has "az-fail" "pods of DaemonSets and of nodes that go with their nodes: 10" "$output"
has "az-fail" "read: 1 DaemonSet, 20 Deployment, 30 Node, 430 Pod, 4 PodDisruptionBudget, 20 ReplicaSet" "$(cat "$dir/err")"
has "az-fail" "how long it takes, simulated: 133 of 133 displaced pods run again" "$output"
has "az-fail" "half within 6m" "$output"
first=$output
ask 0 az-fail eu-1b --from "$dir/cluster.json.gz"
[ "$output" = "$first" ] || say "az-fail: two answers differ"
ask 0 az-fail eu-1b --from "$dir/cluster.json" --profile arcas --json -
has "az-fail as JSON" '"apiVersion":"arcas/v1","kind":"WhatIf","question":"zone eu-1b fails","profile":"arcas","feasible":true' "$output"
has "az-fail as JSON" '"recovery":{"simulated":true,"displaced":133,"recovered":133,"waiting":0' "$output"
ask 0 az-fail eu-1b --from "$dir/cluster.json" --profile arcas --no-hints
has "az-fail by arcas" "the slowest after 6." "$output"
ask 0 az-fail eu-1b --from "$dir/cluster.json" --no-recovery
grep -q simulated <<<"$output" && say "--no-recovery simulates"
# Half of the machines are too few; nodes that would do are named, and adding them is feasible.
ask 5 remove-nodes node.kubernetes.io/instance-type=m5.4xlarge --from "$dir/cluster.json" --json "$dir/few.json"
has "remove-nodes" "NOT FEASIBLE" "$output"
has "remove-nodes" "Insufficient cpu" "$output"
has "remove-nodes" "more of " "$output"
grep -q '"feasible":false' "$dir/few.json" || say "remove-nodes: no JSON"
ask 0 drain ip-10-0-0-3.internal ip-10-0-0-4.internal --from "$dir/cluster.json"
has "drain" "disruption budgets:" "$output"
ask 0 add-nodes m5.4xlarge×3 --from "$dir/cluster.json"
has "add-nodes" "30 nodes that take pods, 33 afterwards" "$output"
has "add-nodes" "nodes could go, all their pods find other places" "$output"
ask 0 scale deploy/app-2=25 --from "$dir/cluster.json" --no-hints
has "scale" "5 pods need a place: 5 find one" "$output"
ask 5 scale app-3=100000 --from "$dir/cluster.json" --no-hints
ask 0 upgrade --batch 5 --from "$dir/cluster.json"
has "upgrade" "6 batches; in every one all pods find places" "$output"
has "upgrade" "the last one runs 1m" "$output"
cat >"$dir/tight.yaml" <<'YAML'
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- pluginConfig:
  - name: NodeResourcesFit
    args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
YAML
ask 0 scheduler "$dir/tight.yaml" --from "$dir/cluster.json"
has "scheduler" "every pod of a controller placed anew" "$output"

# The dumps of real clusters.
dumps=$("$here/tests/scenario/find_shared.sh" traces/k8s_dumps)
if [ -n "$dumps" ]; then
  ask 0 add-nodes biggernode-3i745x1 --from "$dumps/troubleshoot_files"
  has "dumps" "0/8 nodes are available" "$output"
  has "dumps" "Insufficient nvidia.com/gpu" "$output"
  ask 0 drain minikube --from "$dumps/k9s"
fi

refuse() {  # $1: text the error must have, rest: arguments
  local text=$1 code
  shift
  output=$("$arcas" "$@" 2>&1 >"$dir/out"); code=$?
  [ $code -eq 2 ] && [ ! -s "$dir/out" ] || say "$*: exit $code"
  has "$*" "$text" "$output"
}
head -c 200000 "$dir/cluster.json" >"$dir/cut.json"
cp "$dir/cluster.json" "$dir/not.json.gz"
head -c 9000 "$dir/cluster.json.gz" >"$dir/cut.json.gz"
echo '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}' >"$dir/pod.json"
refuse "the file is cut off" whatif az-fail a --from "$dir/cut.json"
refuse "is called .gz and is no gzip file" whatif az-fail a --from "$dir/not.json.gz"
refuse "cut.json.gz" whatif az-fail a --from "$dir/cut.json.gz"
refuse "no node can be read" whatif az-fail a --from "$dir/pod.json"
refuse "no such file" whatif az-fail a --from "$dir/none.json"
refuse "\"eu-1z\" is no zone of any node; allowed: eu-1a, eu-1b, eu-1c" whatif az-fail eu-1z --from "$dir/cluster.json"
refuse "is no node; allowed: ip-10-0-0-0.internal, " whatif drain nobody --from "$dir/cluster.json"
refuse "selects no node" whatif remove-nodes pool=x --from "$dir/cluster.json"
refuse "does not say how many" whatif add-nodes m5.4xlarge --from "$dir/cluster.json"
refuse "is no workload" whatif scale nobody=3 --from "$dir/cluster.json"
refuse "nomad" whatif az-fail eu-1a --from "$dir/cluster.json" --profile nomad
refuse "cannot be written" whatif az-fail eu-1a --from "$dir/cluster.json" --json /no/such/folder/x
exit $failed
