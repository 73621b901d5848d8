#!/usr/bin/env bash
# Puts a small guest for virtual machines into the node's images, under the name `demo`: Debian's cloud kernel and a
# root file system of busybox that says GUEST READY on its console. Usage: scripts/demo_machine.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
image=${ARCAS_HOME:-$HOME/.arcas}/server/node/images/demo
guest=$(mktemp -d)
trap 'rm -rf "$guest"' EXIT
"$root/tests/agent/guest_kernel.sh" "$guest"
mkdir -p "$image"
cp "$guest/vmlinuz" "$image/vmlinuz"
python3 "$root/scripts/make_images.py" initrd "$image/initrd" "$root/tests/agent/guest_init.sh" "$guest/modules" \
  virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk failover net_failover virtio_net \
  button evdev
echo "$image"
