#!/bin/sh
# Feeds the readers of files with what libFuzzer makes of the fixtures, watched by AddressSanitizer.
#
#     Scripts/fuzz.sh [READER|all] [SECONDS]     # by default all of them, a minute each
#
# Needs Swift's own toolchain, which brings libFuzzer. All that is built and found is under .build/fuzz:
# corpora grow there from run to run, and an input that ends the program is kept in crashes/; to run it
# again: .build/fuzz/release/nnc-fuzz READER FILE. A new reader is a line in
# Scripts/fuzz/Targets/Targets.swift and one below.
set -eu

cd "$(dirname "$0")/.."
folder=.build/fuzz
readers="idx npy npz safetensors checkpoint sqlite gzip zstd png jpeg arff jsonl libsvm csv yaml"

# The files that a reader begins with: what the tests read, no second copy.
seeds() {
  case "$1" in
  idx) ls Tests/Fixtures/readers/*.idx Tests/Fixtures/readers/labels-idx1-ubyte ;;
  npy) ls Tests/Fixtures/readers/*.npy ;;
  npz) ls Tests/Fixtures/readers/*.npz ;;
  safetensors | checkpoint)
    ls Tests/Fixtures/readers/*.safetensors Tests/Fixtures/kinds/weights.safetensors
    ;;
  sqlite) ls Tests/Fixtures/readers/*.sqlite ;;
  gzip) ls Tests/Fixtures/readers/*.gz ;;
  zstd) ls Tests/Fixtures/readers/*.zst ;;
  png) ls Tests/Fixtures/images/*.png ;;
  jpeg) ls Tests/Fixtures/images/*.jpg ;;
  arff) ls Tests/Fixtures/readers/*.arff ;;
  jsonl) ls Tests/Fixtures/readers/*.jsonl ;;
  libsvm) ls Tests/Fixtures/readers/*.libsvm Tests/Fixtures/readers/*.svmlight ;;
  csv) ls datasets/iris.csv ;;
  yaml) ls models/*.yaml ;;
  *)
    echo "fuzz.sh: '$1' is none of: all $readers" >&2
    exit 2
    ;;
  esac
}

wanted=${1:-all}
seconds=${2:-60}
[ "$wanted" = all ] && wanted=$readers
for reader in $wanted; do seeds "$reader" >/dev/null; done

compiler=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
runtime=$(ls "$compiler"/lib/clang/*/lib/*/libclang_rt.fuzzer_no_main*"$(uname -m)"*.a \
  2>/dev/null | head -n 1)
if [ -z "$runtime" ]; then
  echo "fuzz.sh: this toolchain brings no libFuzzer" >&2
  exit 1
fi

# The packages that are there already need not be fetched again.
if [ ! -e "$folder/workspace-state.json" ] && [ -e .build/workspace-state.json ]; then
  mkdir -p "$folder"
  cp -R .build/checkouts .build/repositories .build/workspace-state.json "$folder/"
fi
NNC_FUZZ_RUNTIME=$runtime swift build -c release --scratch-path "$folder" --product nnc-fuzz \
  --sanitize address -Xswiftc -enable-testing -Xswiftc -use-ld=lld \
  -Xswiftc -sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table \
  -Xcc -fsanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table

mkdir -p "$folder/crashes"
failed=
for reader in $wanted; do
  mkdir -p "$folder/corpus/$reader" "$folder/seeds/$reader"
  # shellcheck disable=SC2046
  cp $(seeds "$reader") "$folder/seeds/$reader/"
  echo "== $reader"
  log=$folder/$reader.log
  # Not every byte of a large seed can be tried in time: what is longer is cut.
  nice "$folder/release/nnc-fuzz" "$reader" "$folder/corpus/$reader" "$folder/seeds/$reader" \
    -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=1024 \
    -artifact_prefix="$folder/crashes/$reader-" -print_final_stats=1 \
    </dev/null >"$log" 2>&1 || failed="$failed $reader"
  grep -E 'DONE|stat::|ERROR|Fatal error|Test unit written' "$log" || tail -n 12 "$log"
done
if [ -n "$failed" ]; then
  echo "fuzz.sh: problems of:$failed; what ended the program is in $folder/crashes" >&2
  exit 1
fi
