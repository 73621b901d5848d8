#!/usr/bin/env python3
"""Builds what the agent's tests run, offline, from the static busybox.

make_images.py image OUT.tar NAME...   an OCI archive that holds one image under each of the names
make_images.py initrd OUT.gz INIT [MODULES_DIR MODULE...]   a root file system for a guest
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile

BUSYBOX = shutil.which("busybox") or "/bin/busybox"
LINKS = ("sh sleep cat echo ls id env true false httpd wget nc mkdir rm stat grep touch dd tail head wc date "
         "hostname ip ps kill yes tr mount umount insmod poweroff reboot ln mknod sync od free nproc ifconfig "
         "tar stty sha256sum").split()


def image(out, names):
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        def folder(path, mode=0o755):
            entry = tarfile.TarInfo(path)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)

        def file(path, data, mode):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), mode
            tar.addfile(entry, io.BytesIO(data))

        for path in ("bin", "etc", "proc", "sys", "dev"):
            folder(path)
        folder("tmp", 0o1777)
        with open(BUSYBOX, "rb") as source:
            file("bin/busybox", source.read(), 0o755)
        for link in LINKS:
            entry = tarfile.TarInfo("bin/" + link)
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(entry)
        file("etc/passwd", b"root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n", 0o644)
        file("etc/group", b"root:x:0:\nnobody:x:65534:\n", 0o644)
    blobs = {}

    def blob(data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}

    oci = "application/vnd.oci.image."
    layer_at = blob(layer.getvalue(), oci + "layer.v1.tar")
    config = {"architecture": "amd64", "os": "linux",
              "config": {"Env": ["PATH=/bin"], "Cmd": ["/bin/sleep", "2147483647"], "WorkingDir": "/"},
              "rootfs": {"type": "layers", "diff_ids": [layer_at["digest"]]}}
    manifest = {"schemaVersion": 2, "mediaType": oci + "manifest.v1+json",
                "config": blob(json.dumps(config).encode(), oci + "config.v1+json"), "layers": [layer_at]}
    at = blob(json.dumps(manifest).encode(), oci + "manifest.v1+json")
    index = {"schemaVersion": 2,
             "manifests": [{**at, "annotations": {"io.containerd.image.name": name}} for name in names]}
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as tar:
        files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": json.dumps(index).encode()}
        files.update({"blobs/sha256/" + digest: data for digest, data in blobs.items()})
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def initrd(out, init, modules_dir=None, modules=()):
    archive = io.BytesIO()
    number = 0

    def entry(path, mode, data=b"", device=(0, 0)):
        nonlocal number
        number += 1
        name = path.encode() + b"\0"
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, device[0], device[1], len(name), 0]
        archive.write(b"070701" + b"".join(b"%08x" % field for field in fields) + name)
        archive.write(b"\0" * (-archive.tell() % 4) + data)
        archive.write(b"\0" * (-archive.tell() % 4))

    for path in ("bin", "dev", "proc", "sys", "etc", "lib", "tmp"):
        entry(path, 0o040755)
    entry("dev/console", 0o020600, device=(5, 1))
    entry("dev/null", 0o020666, device=(1, 3))
    with open(BUSYBOX, "rb") as source:
        entry("bin/busybox", 0o100755, source.read())
    for link in LINKS:
        entry("bin/" + link, 0o120777, b"busybox")
    with open(init, "rb") as source:
        entry("init", 0o100755, source.read())
    order = []
    for module in modules:
        for root, _, files in os.walk(modules_dir):
            if module + ".ko" in files:
                with open(os.path.join(root, module + ".ko"), "rb") as source:
                    entry(f"lib/{module}.ko", 0o100644, source.read())
                order.append(module)
                break
    entry("etc/modules", 0o100644, "".join(name + "\n" for name in order).encode())
    entry("TRAILER!!!", 0)
    with gzip.open(out, "wb", compresslevel=1) as target:
        target.write(archive.getvalue())


def main():
    if len(sys.argv) >= 4 and sys.argv[1] == "image":
        image(sys.argv[2], sys.argv[3:])
    elif len(sys.argv) >= 4 and sys.argv[1] == "initrd":
        initrd(sys.argv[2], sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None, sys.argv[5:])
    else:
        sys.exit(__doc__)


main()
