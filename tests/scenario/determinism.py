#!/usr/bin/env python3
"""Same scenario, same seed, same trace hash: whatever compiler and optimisation built the binary.
Runs each scenario with each binary and compares `trace_hash` of its JSON result."""

import argparse
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCENARIOS = ("smoke", "az-outage-1k")


class RunFailed(Exception):
    pass


def run_hash(binary, scenario, timeout, key="trace_hash", extra=()):
    command = [binary, "sim", "run", scenario, "--json", "-", "--quiet", *extra]
    shown = " ".join(command)
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise RunFailed(f"{shown}: no answer within {timeout} s") from None
    except OSError as error:
        raise RunFailed(f"{shown}: cannot run: {error.strerror}") from None
    if run.returncode != 0:
        said = "\n    ".join((run.stderr or run.stdout).strip().splitlines()[-10:])
        raise RunFailed(f"{shown}: exit code {run.returncode}\n    {said}")
    try:
        found = json.loads(run.stdout)[key]
    except (ValueError, KeyError, TypeError):
        raise RunFailed(f"{shown}: no JSON object with {key} on standard output") from None
    if not isinstance(found, str) or not found.strip("0"):
        raise RunFailed(f"{shown}: {key} is {found!r}, not a hash")
    return found


def missing_files(binaries, scenarios):
    for binary in binaries:
        if not os.path.isfile(binary):
            yield f"binary {binary} is missing; build it first (scripts/build.sh <preset> arcas)"
        elif not os.access(binary, os.X_OK):
            yield f"binary {binary} is not executable"
    for scenario in scenarios:
        if not os.path.isfile(scenario):
            yield f"scenario {scenario} is missing"


def compare(scenario, binaries, options):
    """Prints each hash; returns what is wrong, or None."""
    hashes = []
    for binary in binaries:
        for turn in range(2 if options.twice else 1):
            found = run_hash(binary, scenario, options.timeout)
            print(f"  {found}  {binary}{' (again)' if turn else ''}", flush=True)
            hashes.append((found, binary))
    first, reference = hashes[0]
    different = sorted({binary for found, binary in hashes if found != first})
    if different:
        return f"trace hash of {', '.join(different)} differs from the first run of {reference}"
    return None


def compare_heartbeats(scenario, binary, timeout):
    """Heartbeats that cost nothing while nothing changes lead to the same decisions as heartbeats
    that are events, one by one. The traces differ, the commits do not."""
    key = "decisions_hash"
    coalesced = run_hash(binary, scenario, timeout, key)
    single = run_hash(binary, scenario, timeout, key, ("--heartbeats", "individual"))
    print(f"  {coalesced}  decisions\n  {single}  decisions, heartbeats one by one", flush=True)
    return None if single == coalesced else "the decisions depend on how heartbeats are simulated"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binaries", nargs="+", metavar="arcas", help="paths of arcas binaries")
    parser.add_argument("--scenario", action="append", metavar="NAME",
                        help=f"of scenarios/NAME.yaml; default {' and '.join(SCENARIOS)}")
    parser.add_argument("--scenarios", default=os.path.join(ROOT, "scenarios"), metavar="FOLDER")
    parser.add_argument("--twice", action="store_true", help="run each binary twice")
    parser.add_argument("--heartbeats", action="store_true",
                        help="also compare the decisions with heartbeats one by one")
    parser.add_argument("--timeout", type=int, default=600, metavar="SECONDS", help="for one run")
    parser.add_argument("--results", metavar="FILE", help="append passed/failed lines to FILE")
    options = parser.parse_args()
    if len(options.binaries) < 2 and not options.twice:
        parser.error("one binary and no --twice: nothing to compare")

    results = []
    for name in options.scenario or SCENARIOS:
        scenario = os.path.join(options.scenarios, f"{name}.yaml")
        print(f"{name}:", flush=True)
        wrong = "; ".join(missing_files(options.binaries, [scenario]))
        if not wrong:
            try:
                wrong = compare(scenario, options.binaries, options)
                if not wrong and options.heartbeats:
                    wrong = compare_heartbeats(scenario, options.binaries[0], options.timeout)
            except RunFailed as failure:
                wrong = str(failure)
        print(f"  FAILED: {wrong}" if wrong else "  same", flush=True)
        results.append(("failed" if wrong else "passed", f"determinism {name}"))
    if options.results:
        with open(options.results, "a", encoding="utf-8") as file:
            file.writelines(f"{outcome}\t{name}\n" for outcome, name in results)
    return 1 if any(outcome == "failed" for outcome, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main())
