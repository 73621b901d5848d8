#!/usr/bin/env python3
"""Layering by the text of #include, names, sizes, unfinished work. See --help."""

import argparse
import sys

import common
import include_rules
import text_rules


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", required=True, help="the source tree")
    parser.add_argument("--rules", choices=("includes", "text"), required=True)
    options = parser.parse_args()
    files = common.list_files(options.root)
    rules = include_rules if options.rules == "includes" else text_rules
    return common.report(options.rules, rules.check(options.root, files), f"{len(files)} files")


if __name__ == "__main__":
    sys.exit(main())
