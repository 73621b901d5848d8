#!/usr/bin/env bash
# Builds arcas four ways and runs its tests. See ./test.sh --help.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: ./test.sh [--quick] [--help]

  (nothing)  builds release (gcc), dev (gcc, address and undefined-behaviour sanitizers), clang and
             debug; runs lint, property and scenario tests in release; unit, contract, fuzz and
             smoke tests in dev; unit tests in clang; and compares the trace hashes of all four
  --quick    builds release only; runs lint and unit tests
  --help     this text

The last line is "N passed, N failed, N skipped". The exit code is 0 only if nothing failed.
EOF
}

quick=
for argument in "$@"; do
  case "$argument" in
    --quick) quick=1 ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")"
scripts/packages.sh test
results=build/test-results
rm -rf "$results"
mkdir -p "$results"
lines=$PWD/$results/lines.txt
: >"$lines"
start=$SECONDS

# build <preset> [target...]: a build that fails is a failed test; the others still run.
build() {
  if scripts/build.sh "$@"; then
    printf 'passed\tbuild %s\n' "$1" >>"$lines"
  else
    printf 'failed\tbuild %s\n' "$1" >>"$lines"
  fi
}

# group <preset> <label>: the tests of one label in one build.
group() {
  local preset=$1 label=$2 out=$PWD/$results/$1-$2 begun=$SECONDS
  mkdir -p "$out"
  if [ ! -f "build/$preset/CTestTestfile.cmake" ]; then
    printf 'failed\t%s/%s: never built\n' "$preset" "$label" >>"$lines"
    return
  fi
  printf 'Running %s tests (build/%s) ... ' "$label" "$preset"
  local code=0
  GTEST_OUTPUT="xml:$out/" ctest --test-dir "build/$preset" -L "^$label\$" -j "$(nproc)" \
    --output-on-failure --no-tests=ignore --output-junit "$out/ctest.xml" >"$out/log.txt" 2>&1 ||
    code=$?
  printf 'done in %d s\n' $((SECONDS - begun))
  [ "$code" -eq 0 ] || cat "$out/log.txt"
  python3 scripts/test_summary.py collect "$out" "$preset/$label" "$code" >>"$lines"
}

if [ -n "$quick" ]; then
  build release layers tests_unit
  group release lint
  group release unit
else
  build release
  group release lint
  group release property
  group release scenario
  build dev layers tests_unit tests_contract tests_fuzz arcas
  group dev unit
  group dev contract
  group dev fuzz
  group dev smoke
  build clang
  group clang unit
  build debug arcas
  echo "Comparing the trace hashes of release, clang, debug and dev:"
  python3 tests/scenario/determinism.py --twice --heartbeats --results "$lines" \
    build/release/arcas build/clang/arcas build/debug/arcas build/dev/arcas || true
fi

echo
echo "Time: $((SECONDS - start)) s"
python3 scripts/test_summary.py total "$lines"
