# exec, attach, cp and port-forward with real containers. Sourced by node.sh, for each kubectl.
# shellcheck shell=bash disable=SC2154

# stream NAME PATTERN COMMAND…: a line of what it prints matches (whatever its exit code).
stream() {
  local name=$1 pattern=$2
  shift 2
  cases=$((cases + 1))
  "$@" >"$ARCAS_HOME/out" 2>&1
  grep -qE -- "$pattern" "$ARCAS_HOME/out" && return
  failures=$((failures + 1))
  echo "FAILED   $name ($stream_program): expected /$pattern/"
  sed 's/^/         | /' "$ARCAS_HOME/out" | head -10
}
forwarded() {
  local port pid
  "$stream_program" port-forward streams :8080 >"$ARCAS_HOME/forward" 2>&1 &
  pid=$!
  for _ in $(seq 100); do
    port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\) .*/\1/p' "$ARCAS_HOME/forward")
    [ -n "$port" ] && break
    sleep 0.1
  done
  python3 -c "import urllib.request as u; [print(u.urlopen('http://127.0.0.1:$port/', timeout=5).read().decode()) for _ in range(3)]"
  kill "$pid" && wait "$pid" 2>/dev/null
}
copied() {
  head -c 1000000 /dev/urandom >"$ARCAS_HOME/blob"
  "${talk[@]}" cp "$ARCAS_HOME/blob" streams:/tmp/blob -c web &&
    "${talk[@]}" cp streams:/tmp/blob "$ARCAS_HOME/back" -c web && cmp "$ARCAS_HOME/blob" "$ARCAS_HOME/back" && echo the same
  rm -f "$ARCAS_HOME/back"
}
piped() { head -c 300000 "$ARCAS_HOME/pid" >/dev/null; seq 100000 | "${talk[@]}" exec -i streams -c web -- sha256sum; }
with_terminal() {
  SHELL=/bin/bash timeout -k 5 40 script -qec "stty rows 33 cols 99; timeout --foreground -k 2 20 $stream_program exec -c web -it streams -- sh -c 'tty; sleep 1; stty size'" /dev/null </dev/null
}
exit_code() { "${talk[@]}" exec streams -c web -- sh -c 'echo to stderr >&2; exit 7'; echo "code $?"; }
streams_of() {
  stream_program=$1
  talk=(timeout -k 2 20 "$1")
  stream "the exit code" '^code 7$' exit_code
  stream "standard error" '^to stderr$' exit_code
  stream "standard input to its end" "^$(seq 100000 | sha256sum | cut -c1-64)" piped
  stream "a terminal of the client's size" '33 99' with_terminal
  stream "attach to output" '^tick' timeout -k 2 3 "$stream_program" attach streams -c loud
  stream "copies" '^the same$' copied
  stream "port-forward" '^served by the pod' forwarded
  stream "a container that is not there" 'container (no|not found in pod|no is not valid)' "${talk[@]}" exec streams -c no -- true
  stream "a pod that is not there" 'pods "no" not found' "${talk[@]}" exec no -- true
  stream "a program that is not there" 'executable file not found' "${talk[@]}" exec streams -c web -- nosuch
}
stream_program=$program
within 20 "a pod to talk with" 'created|unchanged' apply -f "$here/manifests/streams.yaml"
within 30 "runs" '^streams +3/3 +Running' get pods
for found in $("$here/find.sh"); do streams_of "$found"; done
within 10 "one who may look" created create rolebinding eve --clusterrole=view --user=eve
stream "who may not, cannot" 'pods "streams" is forbidden: .* cannot create resource "pods/exec"' \
  timeout -k 2 20 "$program" --kubeconfig "$ARCAS_HOME/eve" exec streams -c web -- true
cases=$((cases + 1))
if ! grep -q '"verb":"create".*pods/streams/exec.*"code":101' "$ARCAS_HOME/server/audit.log"; then
  failures=$((failures + 1))
  echo "FAILED   exec is in the audit log"
fi
within 10 "it goes" 'deleted' delete pod streams --wait=true
