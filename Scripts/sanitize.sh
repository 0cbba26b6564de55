#!/bin/sh
# Runs the tests under AddressSanitizer, which also looks for leaks, and under ThreadSanitizer.
#
#     Scripts/sanitize.sh [address|thread|all]     # by default both, one after the other
#
# Needs Swift's own toolchain, which brings both. All that is built and reported is under
# .build/asan and .build/tsan. Swift and C are watched, in the tests and in the nnc that some of them
# start. The system's libraries are not, and neither is the code that nnc writes for the processor
# while it runs (CKernels/tile_code.c): what goes wrong there is seen only where watched code meets
# it. What is reported of code that is not ours is named in Scripts/sanitize, each with its reason.
set -eu

cd "$(dirname "$0")/.."

case "${1:-all}" in
address | thread) wanted=$1 ;;
all) wanted="address thread" ;;
*)
  echo "sanitize.sh: '$1' is none of: address thread all" >&2
  exit 2
  ;;
esac

# As in the Makefile; but lld, because gold warns of each of the sanitizers' symbols.
export NNC_SANITIZED=1
flags="-c release --explicit-target-dependency-import-check=error -Xswiftc -enable-testing \
  -Xswiftc -use-ld=lld"

# Those of our targets that were compiled without the sanitizer: it would be silent about them.
unwatched() {
  for target in CKernels CImages NNData NNEngine NNTraining nnc; do
    nm "$folder/release/$target.build"/*.o | grep -q "__${short}_" || echo "$target"
  done
}

# Runs the tests under one sanitizer; fails where a test does or where anything is reported.
run() {
  short=asan
  skipped=
  if [ "$1" = thread ]; then
    short=tsan
    # These train whole models for many epochs, which would take most of the time. A race shows in
    # few steps, and SameBytesTests trains some of the same models on several threads.
    # Eight threads of a drawn model on two cores wait for each other by looking, each look watched.
    skipped="--skip (ModelTraining|BFloat16Training|RecomputationTraining)Tests/|killed.at.any.moment"
  fi
  folder=$PWD/.build/$short
  reports=$folder/reports
  log=$folder/tests.log
  # The packages that are there already need not be fetched again.
  if [ ! -e "$folder/workspace-state.json" ] && [ -e .build/workspace-state.json ]; then
    mkdir -p "$folder"
    cp -R .build/checkouts .build/repositories .build/workspace-state.json "$folder/"
  fi
  # shellcheck disable=SC2086
  swift build $flags --scratch-path "$folder" --sanitize "$1" --product nnc || return 1
  blind=$(unwatched)
  if [ -n "$blind" ]; then
    echo "sanitize.sh: compiled without the sanitizer:" $blind >&2
    return 1
  fi

  # A process that has something to report ends with a code that nnc has no use for, and each leaves
  # a file: what a killed one found counts too.
  rm -rf "$reports"
  mkdir "$reports"
  options=exitcode=86:log_exe_name=1:log_path=$reports/report
  export ASAN_OPTIONS="$options:detect_leaks=1:strict_string_checks=1"
  export LSAN_OPTIONS="suppressions=$PWD/Scripts/sanitize/leaks.supp:print_suppressions=0"
  export TSAN_OPTIONS="$options:suppressions=$PWD/Scripts/sanitize/threads.supp"
  # The tests wait ten times as long before they call anything slow or hanging, and draw fewer of the
  # models that are killed and gone on with.
  export NNC_PATIENCE=10 NNC_DRAWN=4
  begin=$(date +%s)
  code=0
  # shellcheck disable=SC2086
  nice swift test $flags --scratch-path "$folder" --sanitize "$1" \
    --disable-testable-imports --disable-xctest $skipped </dev/null >"$log" 2>&1 || code=$?
  seconds=$(($(date +%s) - begin))
  grep -E 'Test run with|skipped:|recorded an issue' "$log" || tail -n 20 "$log"
  count=$(cat "$reports"/* 2>/dev/null | grep -cE '(ERROR|WARNING|FATAL): [A-Za-z]+Sanitizer' || true)
  echo "$1: $count reports in $reports, after $((seconds / 60)) min $((seconds % 60)) s;" \
    "what the tests said is in $log"
  [ "$code" -eq 0 ] && [ "$count" -eq 0 ]
}

failed=
for sanitizer in $wanted; do
  echo "== $sanitizer"
  run "$sanitizer" || failed="$failed $sanitizer"
done
if [ -n "$failed" ]; then
  echo "sanitize.sh: problems under:$failed" >&2
  exit 1
fi
