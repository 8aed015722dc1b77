#!/bin/sh
# Compares the results of every variant between builds: the program as it is built for release, and
# a debug build of it, made here. Tests/MechanicsTests/Variants has the experiments; the tests of
# the same name compare processors, vector paths and numbers of jobs.
# Exits with 1 if a byte differs.
#
#   variants.sh [PROGRAM]      PROGRAM: a release build; by default .build/release/mechanics
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
release=${1:-$top/.build/release/mechanics}
scratch=$top/.build/debug-variants
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -x "$release" ]; then
  echo "variants.sh: there is no $release; build it or name another" >&2
  exit 2
fi
release=$(readlink -f "$release")
swift build --package-path "$top" -c debug --scratch-path "$scratch" --product mechanics >&2
debug=$(swift build --package-path "$top" -c debug --scratch-path "$scratch" --show-bin-path)

# results NAME PROGRAM: runs all variants with a cold cache.
results() {
  mkdir -p "$work/$1"
  cp -r "$top/Tests/MechanicsTests/Variants" "$work/$1/manifests"
  (cd "$work/$1" && MECHANICS_CACHE="$work/$1/cache" "$2" accept --no-draw) 2>&1 | tail -n 1 >&2
  find "$work/$1/results" -name provenance.json -delete -o -name timings.csv -delete
}

results release "$release"
results debug "$debug/mechanics"
[ -s "$work/release/results/digests.txt" ]
diff -r "$work/release/results" "$work/debug/results" >&2
echo "debug and release give the same bytes" >&2
