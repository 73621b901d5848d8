#!/usr/bin/env bash
# Runs unmodified kubectl against a real server on loopback, on a store on disk.
# Usage: run.sh SERVER_BINARY [KUBECTL]. Prints each case that fails and how many there were.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
server=${1:?usage: run.sh SERVER_BINARY [KUBECTL]}
program=${2:-$("$here/find.sh" | head -1)}
if [ -z "$program" ]; then
  echo "kubectl: not here (Debian's package kubernetes-client has one)"
  exit 1
fi
folder=$(mktemp -d)
server_pid=
stop_server() {
  [ -z "$server_pid" ] || { kill -TERM "$server_pid" && wait "$server_pid"; }
}
trap 'stop_server 2>/dev/null; rm -rf "$folder"' EXIT
export HOME=$folder  # kubectl keeps what it has discovered there
export KUBECONFIG=$folder/data/admin.kubeconfig

start_server() {
  : >"$folder/server.out"
  "$server" --data-dir "$folder/data" --secure-port 0 --hollow-nodes 3 "$@" >"$folder/server.out" 2>&1 &
  server_pid=$!
  for _ in $(seq 200); do
    grep -q '^arcas-server: serving' "$folder/server.out" && return 0
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.05
  done
  cat "$folder/server.out"
  echo "the server did not start"
  exit 1
}

cases=0 failures=0
k() { timeout 40 "$program" "$@" >"$folder/out" 2>&1; }
report() {
  failures=$((failures + 1))
  echo "FAILED   $1"
  sed 's/^/         | /' "$folder/out" | head -20
}
# expect NAME PATTERN ARGS…: it succeeds and a line of its output matches.
expect() {
  local name=$1 pattern=$2
  shift 2
  cases=$((cases + 1))
  if ! k "$@" || ! grep -qE -- "$pattern" "$folder/out"; then report "$name: kubectl $*, expected /$pattern/"; fi
}
# soon NAME PATTERN ARGS…: the same within 30 s.
soon() {
  local name=$1 pattern=$2 end=$((SECONDS + 30))
  shift 2
  cases=$((cases + 1))
  while [ $SECONDS -lt $end ]; do
    k "$@" && grep -qE -- "$pattern" "$folder/out" && return
    sleep 0.3
  done
  report "$name: kubectl $*, expected /$pattern/ within 30 s"
}
# refuse NAME PATTERN ARGS…: it fails and says why.
refuse() {
  local name=$1 pattern=$2
  shift 2
  cases=$((cases + 1))
  if k "$@" || ! grep -qE -- "$pattern" "$folder/out"; then report "$name: kubectl $*, expected to fail with /$pattern/"; fi
}
# lacks NAME PATTERN ARGS…: it succeeds and no line matches.
lacks() {
  local name=$1 pattern=$2
  shift 2
  cases=$((cases + 1))
  if ! k "$@" || grep -qE -- "$pattern" "$folder/out"; then report "$name: kubectl $*, not expected /$pattern/"; fi
}

start_server
echo "kubectl: $("$program" version --client 2>/dev/null | head -1), server: $server"
for part in "$here"/cases/*.sh; do
  # shellcheck source=/dev/null
  source "$part"
done
cases=$((cases + 1))
if kill -TERM "$server_pid" && wait "$server_pid"; then
  server_pid=
else
  failures=$((failures + 1))
  echo "FAILED   the server does not end well on SIGTERM"
  server_pid=
fi
if [ -s "$folder/server.out" ] && grep -vE '^(arcas-server: (serving|stopped)|administrator)' "$folder/server.out"; then
  echo "(said by the server)"
fi
echo "kubectl: $((cases - failures)) of $cases cases passed"
[ "$failures" -eq 0 ]
