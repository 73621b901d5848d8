#!/usr/bin/env bash
# Installs the Debian packages that are missing. Usage: scripts/packages.sh build|python|node|test
set -euo pipefail
build="g++ cmake ninja-build ccache mold git ca-certificates libboost1.81-dev libyaml-cpp-dev libcli11-dev
  libfmt-dev libsqlite3-dev zlib1g-dev libgtest-dev libbenchmark-dev"
real="libssl-dev libre2-dev libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc"
python="python3 pybind11-dev python3-dev python3-numpy python3-pandas"
node="containerd runc containernetworking-plugins iproute2 procps busybox-static python3 qemu-system-x86 qemu-utils"
test="clang clang-format binutils $node python3-nbclient python3-ipykernel python3-venv"
# Another kubectl owns the same file as Debian's.
command -v kubectl >/dev/null || test="$test kubernetes-client"
# Without these, tests are skipped and say so: not every machine's archive has them.
optional="chromium fonts-dejavu-core zsh fish"
case "${1:-}" in
  build) wanted=$build ;;
  python) wanted="$build $python" ;;
  node) wanted="$build $real $node" ;;
  test) wanted="$build $real $python $test" ;;
  *) echo "usage: scripts/packages.sh build|python|node|test" >&2; exit 2 ;;
esac
installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }
missing=() missed=()
for package in $wanted; do installed "$package" || missing+=("$package"); done
if [ "$1" = test ]; then
  for package in $optional; do installed "$package" || missed+=("$package"); done
fi
[ $((${#missing[@]} + ${#missed[@]})) -eq 0 ] && exit 0
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    [ ${#missing[@]} -eq 0 ] && exit 0
    echo "arcas needs these Debian packages and cannot install them without root or sudo:" >&2
    echo "  ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
install() {
  echo "installing $# Debian packages: $*" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
"${as_root[@]}" apt-get update -qq >/dev/null
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
[ ${#missed[@]} -eq 0 ] || install "${missed[@]}" || echo "not installed: ${missed[*]}; tests that need them are skipped" >&2
