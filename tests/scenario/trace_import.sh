#!/usr/bin/env bash
# Imports recorded traces and replays the beginning of one. Usage: trace_import.sh ARCAS TRACES
set -u
arcas=$(realpath "$1") traces=$(realpath "$2")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
import() {  # $1: what must be said, rest: arguments
  local said=$1 told
  shift
  told=$("$arcas" trace import "$@" --out "$out" --force 2>&1) && printf '%s' "$told" | grep -qF -- "$said" || {
    echo "trace import $*: said: $told"
    failed=1
  }
}
import "1523 nodes, 8152 pods" openb "$traces"/openb/openb_node_list_all_node.csv "$traces"/openb/openb_pod_list_default.csv.gz
import "1213 nodes, 8324 pods" openb "$traces"/openb/openb_node_list_gpu_node.csv "$traces"/openb/openb_pod_list_multigpu20.csv.gz
import "from 18239 rows" swf "$traces"/swf/NASA-iPSC-1993-3.1-cln.swf.gz
import "25 of 3170 rows were left out" swf "$traces"/swf/hpc2n_head3170.swf.gz "$traces"/swf/alea_hpc2n.swf.machines
import "from 20597 rows" philly "$traces"/philly/philly_vc_11cb48_103959_0e4a51_ed69ec.csv.gz
import "1710 nodes, 4998 pods" huawei "$traces"/huawei_topology/PM_res.csv "$traces"/huawei_topology/VM_data_C1.csv.gz
import "instances: as many" azure-functions "$traces"/azure_functions/{invocations,durations,memory}.csv
import "2000 nodes, 259159 pods" azure-vm "$traces"/azure_v1/azure_v1_dev.csv.gz
"$arcas" sim run vm-trace --quiet --trace "$out" --set run.limit=2h >"$out/said" 2>&1 || {
  cat "$out/said"
  failed=1
}
[ $failed -eq 0 ] && echo "traces: imported and replayed"
exit $failed
