#!/usr/bin/env bash
# kubectl, arcas-server and real containers: a cluster of this machine by ./run.sh's own script, in a home
# of its own. Usage: node.sh [KUBECTL]. Prints each case that fails and how many there were.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=${1:-$("$here/find.sh" | head -1)}
for needed in containerd runc ip busybox python3 "$program"; do
  command -v "$needed" >/dev/null || { echo "containers by kubectl: $needed is not here"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "containers by kubectl: needs root"; exit 77; }
export ARCAS_HOME
ARCAS_HOME=$(mktemp -d)
export HOME=$ARCAS_HOME KUBECONFIG=$ARCAS_HOME/kubeconfig
trap '"$root/scripts/up.sh" down >/dev/null 2>&1; rm -rf "$ARCAS_HOME"' EXIT
if ! "$root/scripts/up.sh" up --secure-port 0 >"$ARCAS_HOME/out" 2>&1; then
  if grep -q 'containerd does not start' "$ARCAS_HOME/out"; then
    echo "containers by kubectl: this machine runs no containers"
    exit 77
  fi
  cat "$ARCAS_HOME/out"
  exit 1
fi

cases=0 failures=0
# within SECONDS NAME PATTERN ARGS…: soon a line of kubectl's output matches.
within() {
  local patience=$1 name=$2 pattern=$3 end
  shift 3
  cases=$((cases + 1))
  end=$((SECONDS + patience))
  while [ $SECONDS -lt $end ]; do
    timeout -k 2 20 "$program" "$@" >"$ARCAS_HOME/out" 2>&1 && grep -qE -- "$pattern" "$ARCAS_HOME/out" && return
    sleep 0.3
  done
  failures=$((failures + 1))
  echo "FAILED   $name: kubectl $*, expected /$pattern/ within $patience s"
  sed 's/^/         | /' "$ARCAS_HOME/out" | head -20
}

within 30 "the machine is a node" ' Ready ' get nodes
within 10 "a deployment" 'deployment.apps/shell created' apply -f "$here/manifests/shell.yaml"
within 30 "its containers run" '^shell-.* 1/1 +Running' get pods
within 10 "they have addresses" '10\.88\.' get pods -o 'jsonpath={.items[*].status.podIP}'
within 10 "they say what the config map says" '^hello from shell-' logs deploy/shell
within 10 "the last line alone" '^hello' logs deploy/shell --tail=1
"$root/build/release/arcas-server" kubeconfig --data-dir "$ARCAS_HOME/server" --tenant system --user eve --output "$ARCAS_HOME/eve" \
  --server "$(sed -n 's/^arcas-server: serving on //p' "$ARCAS_HOME/log")" >/dev/null
# shellcheck source=streams.sh
source "$here/streams.sh"
# shellcheck source=probes.sh
source "$here/probes.sh"
cases=$((cases + 1))
before=$(timeout -k 2 20 "$program" get pods -o 'jsonpath={.items[*].status.containerStatuses[*].containerID}')
kill -9 "$(cat "$ARCAS_HOME/pid")"
rm -f "$ARCAS_HOME/pid"
"$root/scripts/up.sh" up --secure-port 0 >"$ARCAS_HOME/out" 2>&1 || cat "$ARCAS_HOME/out"
within 30 "the server is back after kill -9" '^shell-.* 1/1 +Running' get pods
after=$(timeout -k 2 20 "$program" get pods -o 'jsonpath={.items[*].status.containerStatuses[*].containerID}')
if [ -z "$before" ] || [ "$before" != "$after" ]; then
  failures=$((failures + 1))
  echo "FAILED   the same containers run after kill -9: \"$before\" before, \"$after\" after"
fi
within 10 "a pod whose image is not there" 'created' apply -f "$here/manifests/no-image.yaml"
within 20 "says so" 'ErrImage|ImagePull' get pods no-image
within 10 "and goes" 'deleted' delete pod no-image --wait=true
within 10 "a shell that ends badly" 'created' apply -f "$here/manifests/crash.yaml"
within 30 "is begun again" '^crash .* [1-9][0-9]* ' get pods
within 20 "and goes, too" 'deleted' delete pod crash --wait=true
within 20 "the deployment goes" 'deleted' delete deployment shell
within 30 "with all its pods" 'No resources found' get pods
cases=$((cases + 1))
if [ "$(ctr -a "$ARCAS_HOME/containerd/containerd.sock" -n k8s.io tasks ls -q | wc -l)" -ne 0 ]; then
  failures=$((failures + 1))
  echo "FAILED   no container is left"
fi
echo "containers by kubectl: $((cases - failures)) of $cases cases passed"
[ $failures -eq 0 ]
