#!/usr/bin/env bash
# Builds and tests everything. ./test.sh --quick: lint and unit tests of the release build only.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
quick=no
case "${1:-}" in
  "") ;;
  --quick) quick=yes ;;
  *)
    echo "usage: ./test.sh [--quick]"
    echo "  Builds with gcc (optimised, and with sanitizers) and clang, and runs lint, unit, property, exhaustive,"
    echo "  contract, fuzz, scenario and determinism tests. --quick: lint and unit tests only."
    [ "$1" = --help ] && exit 0 || exit 2
    ;;
esac
scripts/packages.sh test || exit 1

passed=0 failed=0 skipped=0
failures=() skips=()
note_ctest() {  # $1: name of the build, $2: ctest's output
  local ok bad skip
  ok=$(grep -cE '^ *[0-9]+/[0-9]+ Test .* Passed ' "$2")
  skip=$(grep -cE 'Test .*\*\*\*Skipped' "$2")
  bad=$(grep -cE 'Test .*\*\*\*(Failed|Timeout|Exception|Not Run)' "$2")
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
  while read -r line; do failures+=("$1: $line"); done < <(grep -E '\*\*\*(Failed|Timeout|Exception|Not Run)' "$2")
  while read -r line; do skips+=("$1: $line"); done < <(grep -E '\*\*\*Skipped' "$2")
}
step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }
build() {  # $1: preset, rest: targets
  local preset=$1 log
  shift
  log=$(mktemp)
  if ! { cmake --preset "$preset" && cmake --build --preset "$preset" ${1:+--target "$@"}; } >"$log" 2>&1; then
    tail -60 "$log"
    failed=$((failed + 1)) failures+=("build of preset $preset")
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}
run_ctest() {  # $1: preset, $2: label expression
  local log
  log=$(mktemp)
  ctest --test-dir "build/$1" -L "$2" --output-on-failure -j 2 2>&1 | tee "$log" | grep -vE '^ *Start |^Test project'
  note_ctest "$1" "$log"
  rm -f "$log"
}
# What hangs fails: no check may take the time of all the others (the longest takes about six minutes).
limited() { timeout -k 10 1200 "$@" </dev/null || { local code=$?; [ $code -ne 124 ] || echo "ended after 1200 s: $*"; return $code; }; }
check() {  # one check that is a command: $1 name, rest command
  local name=$1
  shift
  if limited "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) failures+=("$name")
  fi
}
check_or_skip() {  # the same for a command that ends with 77 where something that it needs is missing
  local name=$1
  shift
  limited "$@"
  case $? in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) skips+=("$name: not here, see above") ;;
    *) failed=$((failed + 1)) failures+=("$name") ;;
  esac
}

step "build, gcc optimised"
if build release; then
  step "lint and unit tests"
  run_ctest release 'lint|unit'
  if [ $quick = no ]; then
    step "property, exhaustive, contract and fuzz tests"
    run_ctest release 'property|exhaustive|contract|fuzz|scenario'
    if [ -z "$(tests/scenario/find_shared.sh vectors)" ]; then
      skipped=$((skipped + 1)) skips+=("kube-scheduler's recorded answers: not here (a folder shared/vectors beside the project)")
    fi
    step "the node agent, on containerd and QEMU"
    run_ctest release agent
    step "kubectl"
    # The one that is on the path, and the newest that is here.
    for program in $(tests/kubectl/find.sh | sed -n '1p;$p' | uniq); do
      check "kubectl: $program" tests/kubectl/run.sh build/release/arcas-server "$program"
    done
    check "kill -9 of the server" tests/real/server/kill9.py build/release/arcas-server --rounds 10
    check_or_skip "containers by kubectl" tests/kubectl/node.sh
    step "Python"
    check "Python package" tests/python/run.sh build/release
    check_or_skip "Python wheel" tests/python/wheel.sh build/release/arcas
    step "reports"
    check_or_skip "reports in a browser" tests/report/run.sh build/release/arcas
    step "scenarios"
    for scenario in smoke user-changes mixed-workloads gangs batch-evacuation az-outage-1k all-zones-dark rolling-node-failures zone-flapping preemption four-schedulers scheduler-shares az-outage-10k; do
      check "scenario $scenario" tests/scenario/run_scenario.sh build/release/arcas "$scenario"
    done
    for scenario in scenarios/regression/*.yaml; do
      check "$scenario" tests/scenario/run_scenario.sh build/release/arcas "$scenario"
    done
    check "conflicts of schedulers" tests/scenario/conflicts.sh build/release/arcas
    check "faults" tests/scenario/faults.sh build/release/arcas
    check "failover" tests/scenario/failover.sh build/release/arcas
    check "swarm" tests/scenario/swarm.sh build/release/arcas
    check "compare" tests/scenario/compare.sh build/release/arcas
    check "what-if" tests/scenario/whatif.sh build/release/arcas
    check "reference, manual pages, completions" tests/scenario/reference.sh build/release
    build release arcas_mutants && check "planted bugs" tests/scenario/mutants.sh build/release/arcas_mutants
    check "time travel" tests/scenario/time_travel.sh build/release/arcas
    check "bad input" tests/scenario/bad_input.sh build/release/arcas
    check "explain" tests/scenario/explain.sh build/release/arcas
    step "build, clang and gcc without optimisation"
    build clang arcas && build debug arcas
    step "determinism: same hash twice, by gcc and clang, optimised or not, either kind of heartbeat"
    check determinism tests/scenario/determinism.sh build/release/arcas build/clang/arcas build/debug/arcas
    step "build and unit tests with sanitizers"
    build dev && run_ctest dev unit
    check "smoke under sanitizers" tests/scenario/run_scenario.sh build/dev/arcas smoke
    traces=$(tests/scenario/find_shared.sh traces)
    if [ -n "$traces" ]; then
      check "imports of traces" tests/scenario/trace_import.sh build/release/arcas "$traces"
    else
      skipped=$((skipped + 1)) skips+=("imports of traces: they are not here (a folder shared/traces beside the project)")
    fi
    openb=$(tests/scenario/find_shared.sh traces/openb)
    if [ -n "$openb" ]; then
      check "scenario openb-az-outage" tests/scenario/run_scenario.sh build/release/arcas openb-az-outage \
        --trace "$openb" --set trace.time_divisor=200 --set faults.0.at=17h --set faults.0.lasts=10m --set run.limit=19h
      check "openb-az-outage, fgd" tests/scenario/run_scenario.sh build/release/arcas openb-az-outage --set scheduler.policy=fgd \
        --trace "$openb" --set trace.time_divisor=200 --set faults.0.at=17h --set faults.0.lasts=10m --set run.limit=19h
    else
      skipped=$((skipped + 1)) skips+=("scenario openb-az-outage: the trace is not here (a folder shared/traces/openb beside the project)")
    fi
  fi
fi

printf '\n'
for line in "${skips[@]}"; do echo "SKIPPED  $line"; done
for line in "${failures[@]}"; do echo "FAILED   $line"; done
echo "took $SECONDS s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
