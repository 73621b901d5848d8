#!/usr/bin/env bash
# A cluster of this one machine: `up [OPTIONS OF arcas-server…]`, `down`, `status`. See ./run.sh --help.
# Everything it makes lies in $ARCAS_HOME (default: ~/.arcas).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
home=${ARCAS_HOME:-$HOME/.arcas}
server=$root/build/release/arcas-server
runtime=$home/containerd

alive() { [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }
stop_by() {  # $1: file with a pid; waits for its end, 20 s at most
  alive "$1" || { rm -f "$1"; return 0; }
  local pid
  pid=$(cat "$1")
  kill -TERM "$pid"
  for _ in $(seq 200); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  rm -f "$1"
}

start_containerd() {
  alive "$runtime/pid" && return
  mkdir -p "$runtime/cni"
  local masquerade=false
  command -v iptables >/dev/null && masquerade=true
  cat >"$runtime/cni/10-arcas.conflist" <<EOF
{"cniVersion": "0.4.0", "name": "arcas", "plugins": [
  {"type": "bridge", "bridge": "arcas0", "isGateway": true, "ipMasq": $masquerade,
   "ipam": {"type": "host-local", "dataDir": "$runtime/ipam", "ranges": [[{"subnet": "10.88.64.0/20"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}}]}
EOF
  cat >"$runtime/config.toml" <<EOF
version = 2
root = "$runtime/root"
state = "$runtime/state"
[grpc]
  address = "$runtime/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "arcas.local/pause:1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$runtime/cni"
EOF
  nohup containerd -c "$runtime/config.toml" >"$runtime/log" 2>&1 &
  echo $! >"$runtime/pid"
  local ctr=(ctr -a "$runtime/containerd.sock" -n k8s.io)
  for _ in $(seq 100); do
    "${ctr[@]}" version >/dev/null 2>&1 && break
    alive "$runtime/pid" || { tail -3 "$runtime/log" >&2; echo "arcas: containerd does not start" >&2; return 1; }
    sleep 0.1
  done
  # Two images that need no registry: what holds a pod together, and a shell.
  if ! "${ctr[@]}" images ls -q | grep -q '^arcas.local/pause:1$'; then
    python3 "$root/scripts/make_images.py" image "$runtime/images.tar" arcas.local/pause:1 arcas.local/busybox:1
    "${ctr[@]}" images import "$runtime/images.tar" >/dev/null
    rm -f "$runtime/images.tar"
  fi
}

up() {
  if alive "$home/pid"; then
    echo "arcas is up already (process $(cat "$home/pid")); \`./run.sh down\` ends it" >&2
    exit 1
  fi
  mkdir -p "$home"
  chmod 700 "$home"
  [ "$(id -u)" -eq 0 ] || { echo "arcas: a node runs containers, and that needs root" >&2; exit 1; }
  start_containerd
  nohup "$server" --data-dir "$home/server" --kubeconfig "$home/kubeconfig" --node --virtual-machines \
    --containerd-socket "$runtime/containerd.sock" "$@" >"$home/log" 2>&1 &
  echo $! >"$home/pid"
  for _ in $(seq 200); do
    grep -q '^arcas-server: serving' "$home/log" && break
    alive "$home/pid" || { cat "$home/log" >&2; rm -f "$home/pid"; exit 1; }
    sleep 0.1
  done
  head -1 "$home/log"
  echo "export KUBECONFIG=$home/kubeconfig"
}

down() {
  stop_by "$home/pid"
  if alive "$runtime/pid"; then
    local ctr=(ctr -a "$runtime/containerd.sock" -n k8s.io) task
    for task in $("${ctr[@]}" tasks ls -q 2>/dev/null); do
      "${ctr[@]}" tasks kill -s KILL "$task" >/dev/null 2>&1 || true
    done
    sleep 0.5
    for task in $("${ctr[@]}" containers ls -q 2>/dev/null); do
      "${ctr[@]}" tasks delete "$task" >/dev/null 2>&1 || true
      "${ctr[@]}" containers delete "$task" >/dev/null 2>&1 || true
    done
    stop_by "$runtime/pid"
  fi
  # Machines outlive their agent: those that run from this home end now.
  pkill -TERM -f "^[^ ]*qemu-system[^ ]* .*$home/server/node/" || true
  { grep -o " $home/[^ ]*" /proc/mounts || true; } | sort -r | while read -r mount; do
    umount -l "$mount" 2>/dev/null || true
  done
  ip link delete arcas0 2>/dev/null || true
  echo "arcas is down; documents and images stay in $home"
}

status() {
  if alive "$home/pid"; then
    head -1 "$home/log"
    echo "kubeconfig: $home/kubeconfig, log: $home/log"
  else
    echo "arcas is not up"
    return 1
  fi
}

case "${1:-}" in
  up) shift; up "$@" ;;
  down) down ;;
  status) status ;;
  *) echo "usage: scripts/up.sh up [OPTIONS]|down|status" >&2; exit 2 ;;
esac
