#!/usr/bin/env bash
# Installs the Debian packages that arcas needs and this machine lacks.
#   scripts/packages.sh run     what ./run.sh needs
#   scripts/packages.sh test    what ./test.sh needs too
# Does nothing, and takes no time, when nothing is missing.
set -euo pipefail

run_packages=(
  g++ cmake ninja-build ccache mold
  libboost1.81-dev libboost-json1.81-dev libcli11-dev libfmt-dev libspdlog-dev
  libsqlite3-dev libyaml-cpp-dev zlib1g-dev
  libgtest-dev libbenchmark-dev python3
)
test_packages=(clang clang-format binutils)

case "${1:-}" in
  run) wanted=("${run_packages[@]}") ;;
  test) wanted=("${run_packages[@]}" "${test_packages[@]}") ;;
  *)
    echo "usage: $0 run|test" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "arcas: this is no Debian system; these packages, or their like, must be there:" >&2
  echo "  ${wanted[*]}" >&2
  exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null |
  awk '$1 == "ii" { print $2 }' || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "arcas: missing packages, and neither root nor sudo to install them. As root, run:" >&2
    echo "  apt-get update && apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "arcas: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1
}
apt_get update || {
  cat "$log" >&2
  echo "arcas: apt-get update failed; trying with the package lists that are here" >&2
}
apt_get install -y --no-install-recommends "${missing[@]}" || {
  cat "$log" >&2
  echo "arcas: these packages could not be installed: ${missing[*]}" >&2
  echo "arcas: Debian 12 has all of them; see docs/dependencies.md for what each is for" >&2
  exit 1
}
