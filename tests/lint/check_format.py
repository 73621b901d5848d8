#!/usr/bin/env python3
"""clang-format in its dry run over every C++ file, with the repository's .clang-format."""

import argparse
import re
import shutil
import subprocess
import sys

import common

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def check(root, binary):
    files = [path for path in common.list_files(root) if path.endswith(common.CXX)]
    findings, per_file = [], {}
    for start in range(0, len(files), 50):
        run = subprocess.run([binary, "--dry-run", "--style=file"] + files[start:start + 50],
                             cwd=root, capture_output=True, text=True, check=False)
        for match in re.finditer(r"^(\S+?):(\d+):\d+: (?:warning|error):", run.stderr, re.MULTILINE):
            per_file.setdefault(match.group(1), []).append(int(match.group(2)))
        if run.returncode != 0 and not per_file:
            findings.append(common.Finding("format", ".clang-format", 1, run.stderr.strip()))
    for path, lines in per_file.items():
        findings.append(common.Finding(
            "format", path, lines[0],
            f"{len(lines)} places differ from clang-format; run: clang-format -i {path}"))
    return findings, len(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True)
    parser.add_argument("--clang-format", default="clang-format")
    options = parser.parse_args()
    binary = shutil.which(options.clang_format)
    if not binary:
        print("format: skipped, clang-format is not installed")
        return SKIPPED
    findings, count = check(options.root, binary)
    return common.report("format", findings, f"{count} files")


if __name__ == "__main__":
    sys.exit(main())
