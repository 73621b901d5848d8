#!/usr/bin/env python3
"""Compiles every header alone, with the include roots of its layer and no others. A header that
passed is not compiled again until it or a file it includes changes."""

import argparse
import concurrent.futures
import hashlib
import os
import re
import subprocess
import sys

import common


def layer_rows(path):
    """Folder -> include directories."""
    rows = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                folder, includes, _ = line.rstrip("\n").split("|")
                rows[folder] = [entry for entry in includes.split(";") if entry]
    return rows


def layer_of(header, rows):
    """The longest folder of the table that holds the header."""
    inside = [folder for folder in rows if header.startswith(folder + "/")]
    return max(inside, key=len) if inside else None


class Stamps:
    """Remembers, for each header that passed, what it included and under which command."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def base(self, header):
        return os.path.join(self.folder, hashlib.sha256(header.encode()).hexdigest()[:24])

    def fresh(self, header, command):
        try:
            with open(self.base(header) + ".ok", encoding="utf-8") as file:
                if file.read() != "\0".join(command):
                    return False
            stamp = os.stat(self.base(header) + ".ok").st_mtime_ns
            with open(self.base(header) + ".d", encoding="utf-8") as file:
                names = file.read().replace("\\\n", " ").split()[1:]
            return all(os.stat(name).st_mtime_ns < stamp for name in names)
        except OSError:
            return False

    def passed(self, header, command):
        with open(self.base(header) + ".ok", "w", encoding="utf-8") as file:
            file.write("\0".join(command))


def compile_alone(root, header, includes, options, stamps):
    """None if the header compiles, else (line, message)."""
    command = [options.compiler, "-x", "c++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra"]
    command += [f"-I{entry}" for entry in includes]
    if stamps.fresh(header, command):
        return None
    source = stamps.base(header) + ".cc"
    with open(source, "w", encoding="utf-8") as file:
        file.write(f'#include "{os.path.abspath(os.path.join(root, header))}"\n')
    run = subprocess.run(command + ["-MD", "-MF", stamps.base(header) + ".d", source], cwd=root,
                         capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamps.passed(header, command)
        return None
    errors = [line for line in run.stderr.splitlines() if "error:" in line] or [run.stderr.strip()]
    place = re.search(re.escape(os.path.basename(header)) + r":(\d+):", errors[0])
    return int(place.group(1)) if place else 1, errors[0].split("error:", 1)[-1].strip()


def check(root, options):
    rows, stamps = layer_rows(options.layers), Stamps(options.cache)
    headers = [path for path in common.list_files(root) if path.endswith(".h")]
    work = [(header, layer_of(header, rows)) for header in headers]
    work = [(header, layer) for header, layer in work if layer]

    def one(item):
        header, layer = item
        return compile_alone(root, header, rows[layer], options, stamps)

    findings = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (header, _), failure in zip(work, pool.map(one, work)):
            if failure:
                findings.append(common.Finding(
                    "header-alone", header, failure[0],
                    f"does not compile by itself ({failure[1]}); include what it uses, from layers "
                    "it may see"))
    return findings, len(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True)
    parser.add_argument("--layers", required=True, help="build/<preset>/lint/layers.txt")
    parser.add_argument("--cache", required=True)
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    findings, count = check(options.root, options)
    return common.report("headers", findings, f"{count} headers")


if __name__ == "__main__":
    sys.exit(main())
