#!/usr/bin/env bash
# Puts Debian's cloud kernel and its virtio modules into a directory, unless they are there: from this
# machine's package cache or mirror. usage: guest_kernel.sh DIRECTORY
set -euo pipefail
directory=$1
[ -s "$directory/vmlinuz" ] && exit 0
mkdir -p "$directory"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-/ {print $2; exit}')
[ -n "$package" ] || package=$(apt-cache search --names-only '^linux-image-6.*-cloud-amd64$' | awk '{print $1}' | sort -V | tail -1)
[ -n "$package" ] || { echo "no package linux-image-*-cloud-amd64 is known here" >&2; exit 1; }
timeout 120 apt-get download -qq "$package" >/dev/null 2>&1 || { echo "$package cannot be downloaded" >&2; exit 1; }
dpkg -x ./*.deb tree
mkdir -p "$directory/modules"
for module in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk failover net_failover \
  virtio_net button evdev; do
  find tree -name "$module.ko" -exec cp {} "$directory/modules/" \;
done
cp tree/boot/vmlinuz-* "$directory/vmlinuz.new"
mv "$directory/vmlinuz.new" "$directory/vmlinuz"
