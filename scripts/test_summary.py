#!/usr/bin/env python3
"""Counts tests. `collect` turns the result files of one ctest run into lines "outcome<TAB>name";
`total` adds such lines up. A GoogleTest executable counts by its cases, anything else as one."""

import os
import sys
import xml.etree.ElementTree as xml


def gtest_cases(path):
    """(outcome, name) of every case, or None if the file was cut short by a crash."""
    try:
        suites = xml.parse(path).getroot().iter("testcase")
    except (OSError, xml.ParseError):
        return None
    cases = []
    for case in suites:
        name = f'{case.get("classname")}.{case.get("name")}'
        if case.find("failure") is not None or case.find("error") is not None:
            cases.append(("failed", name))
        elif case.find("skipped") is not None or case.get("result") in ("skipped", "suppressed"):
            cases.append(("skipped", name))
        elif case.get("status") == "notrun":
            cases.append(("skipped", name + " (disabled)"))
        else:
            cases.append(("passed", name))
    return cases


def entry_outcome(entry):
    """ctest's own word on one executable."""
    status = entry.get("status")
    if status == "run":
        return "passed"
    if status == "disabled" or (status == "notrun" and _was_skipped(entry)):
        return "skipped"
    return "failed"  # also when the executable was never built


def _was_skipped(entry):
    skipped = entry.find("skipped")
    return skipped is not None and "SKIP" in (skipped.get("message") or "")


def collect(folder, group, exit_code):
    """The lines of one ctest run."""
    try:
        entries = list(xml.parse(os.path.join(folder, "ctest.xml")).getroot().iter("testcase"))
    except (OSError, xml.ParseError):
        return [("failed", f"{group}: ctest left no results")]
    lines = []
    for entry in entries:
        name, outcome = entry.get("name"), entry_outcome(entry)
        cases = gtest_cases(os.path.join(folder, f"test_{name}.xml"))
        if not cases:
            lines.append((outcome, f"{group} {name}"))
            continue
        lines += [(result, f"{group} {name}: {case}") for result, case in cases]
        if outcome == "failed" and all(result != "failed" for result, _ in cases):
            lines.append(("failed", f"{group} {name}: ended badly after its cases"))
    if exit_code != 0 and all(outcome != "failed" for outcome, _ in lines):
        lines.append(("failed", f"{group}: ctest ended with exit code {exit_code}"))
    return lines


def total(lines):
    """The report and the exit code."""
    named = {"passed": [], "failed": [], "skipped": []}
    for line in lines:
        outcome, name = line.rstrip("\n").split("\t", 1)
        named[outcome].append(name)
    report = [f"{outcome.upper()}: {name}" for outcome in ("skipped", "failed")
              for name in named[outcome]]
    report.append(", ".join(f"{len(named[o])} {o}" for o in ("passed", "failed", "skipped")))
    bad = named["failed"] or not named["passed"]
    return report, 1 if bad else 0


def main(arguments):
    if len(arguments) == 4 and arguments[0] == "collect":
        for outcome, name in collect(arguments[1], arguments[2], int(arguments[3])):
            print(f"{outcome}\t{name}")
        return 0
    if len(arguments) == 2 and arguments[0] == "total":
        with open(arguments[1], encoding="utf-8") as file:
            report, code = total(file)
        print("\n".join(report))
        return code
    print("usage: test_summary.py collect <folder> <group> <exit code> | total <file>",
          file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
