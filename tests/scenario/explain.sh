#!/usr/bin/env bash
# `arcas explain`: where a pod is and why another has no node; names that no pod has; and a scheduler's
# configuration that is obeyed or refused. Usage: explain.sh ARCAS
set -u
arcas=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$here" || exit 1
failed=0
say() { echo "explain: $1"; failed=1; }
has() {  # $1: what, $2: text that is there, $3: where
  printf '%s' "$3" | grep -qF -- "$2" || say "$1: \"$2\" is missing in: $3"
}

output=$("$arcas" explain --scenario pending --pod default/app-0 2>&1); code=$?
[ $code -eq 2 ] || say "unknown pod: exit $code"
has "unknown pod" "there are 5 pods then; near: tenant-1/default/app-0-" "$output"
names=$(printf '%s' "$output" | grep -o 'tenant-1/default/app-0-[a-z0-9-]*')
bound=0 pending=0
for name in $names; do
  output=$("$arcas" explain --scenario pending --pod "$name") || say "$name: exit $?"
  case $output in
    *": bound at "*)
      bound=$((bound + 1))
      has "$name" "by the scheduler of tenant partition 1" "$output"
      has "$name" "would have taken it then" "$output" ;;
    *": pending at "*)
      pending=$((pending + 1)) waiting=$name
      has "$name" "0/6 nodes are available: 3 Insufficient cpu, 3 node(s) had untolerated taint {team: red}. preemption: 0/6 nodes are available: 3 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling." "$output"
      has "$name" "with 1 less cpu on 3 nodes" "$output"
      has "$name" "with a toleration of team=red:NoSchedule on 3 nodes" "$output"
      has "$name" "if 1 node of 4 cpu, 16Gi memory were added in zone-a, zone-b or zone-c" "$output" ;;
    *) say "$name: neither bound nor pending: $output" ;;
  esac
done
[ "$bound" -eq 3 ] && [ "$pending" -eq 2 ] || say "$bound bound and $pending pending, not 3 and 2"
# The answers hold: what they advise places every pod. At a given time, as JSON, without the tenant.
output=$("$arcas" explain --scenario pending --pod "${waiting#*/}" --at 90s --json)
has "JSON" '"state":"pending","at_seconds":9E1' "$output"
has "JSON" '{"kind":"resources","text":"with 1 less cpu","nodes":3}' "$output"
"$arcas" sim run pending --quiet --set 'workload.pods[0].cpu=1500m' --set 'expect=[pods_running == 5]' >/dev/null ||
  say "with 1 less cpu the pods do not run"
# All waiting pods at once: the bottleneck, its place and its size; as a tenant sees it; as JSON.
output=$("$arcas" explain --scenario pending --batch) || say "batch: exit $?"
has "batch" "tenant partition 1: 0 of 2 waiting pods find places as one batch" "$output"
has "batch" "cpu" "$output"
has "batch" "tenant-1/default/app-0" "$output"
output=$("$arcas" explain --scenario pending --batch --tenant tenant-1 --at 90s --json) || say "batch as JSON: exit $?"
has "batch as JSON" '"at_seconds":9E1,"partitions":[{"tenant_partition":1,"wanted":2,"placed":0,"left_out":0,"bottlenecks":[{"kind":"' "$output"
output=$("$arcas" explain --scenario pending --batch --set 'workload.pods[0].cpu=1500m') || say "batch: exit $?"
has "batch without waiting pods" "no pod waits" "$output"
# Two tenants: of the other one nothing is said, not even how many pods it has.
output=$("$arcas" explain --scenario preemption --pod tenant-2/default/same-x --at 150s 2>&1); code=$?
[ $code -eq 2 ] || say "unknown pod of a tenant: exit $code"
has "unknown pod of a tenant" "the tenant has 18 pods then; near: tenant-2/default/same-" "$output"
same=$(printf '%s' "$output" | grep -o 'tenant-2/default/same-[a-z0-9-]*' | tail -1)
output="$output $("$arcas" explain --scenario preemption --pod "$same" --at 150s) $("$arcas" explain --scenario preemption \
  --batch --tenant tenant-2 --at 150s)"
has "a tenant's pod" "6 Insufficient cpu" "$output"
has "a tenant's batch" "0 of 15 waiting pods find places as one batch" "$output"
case $output in *tenant-1*) say "another tenant is named: $output" ;; esac
refuse() {  # $1: text the error must have, rest: arguments
  local text=$1 code output
  shift
  output=$("$arcas" "$@" 2>&1 >"$dir/out"); code=$?
  [ $code -eq 2 ] && [ ! -s "$dir/out" ] || say "$*: exit $code"
  has "$*" "$text" "$output"
}
refuse "allowed: NS/NAME or TENANT/NS/NAME" explain --scenario pending --pod app-0
refuse "allowed: a duration such as 90s" explain --scenario pending --pod a/b --at soon
refuse "is after the end of the run" explain --scenario pending --pod a/b --at 3h
refuse "no such file" explain --scenario nothing --pod a/b
refuse "allowed: either --pod or --batch" explain --scenario pending
refuse "allowed: either --pod or --batch" explain --scenario pending --batch --pod a/b
refuse "no such tenant" explain --scenario pending --batch --tenant nobody
refuse "is for --batch" explain --scenario pending --pod a/b --tenant tenant-1

# A configuration of the scheduler.
config() { printf 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: %s\nprofiles:\n%s\n' "$1" "$2" >"$dir/c.yaml"; }
run_config() { refuse "$1" sim run pending --quiet --scheduler-config "$dir/c.yaml"; }
config KubeSchedulerConfiguration '- {plugins: {score: {enabled: [{name: NodeSpread}]}}}'
run_config 'c.yaml:4:39: profiles[0].plugins.score.enabled[0].name: "NodeSpread" is no plugin; allowed: '
config KubeSchedulerConfiguration '- {plugins: {score: {enabled: [{name: ImageLocality, weight: 0}]}}}'
run_config 'profiles[0].plugins.score.enabled[0].weight: 0 is out of range; allowed: 1..2147483647'
config KubeSchedulerConfiguration '- {plugins: {score: {enabled: [{name: NodeResourcesFit}, {name: NodeResourcesFit}]}}}'
run_config 'profiles[0].plugins.score.enabled[1].name: is enabled twice'
config Pod '- {}'
run_config 'c.yaml:2:7: kind: "Pod" is unknown; allowed: KubeSchedulerConfiguration'
refuse "no such file" sim run pending --quiet --scheduler-config "$dir/none.yaml"
[ $failed -eq 0 ] && echo "explain: $bound bound, $pending pending, all told as they should be"
exit $failed
