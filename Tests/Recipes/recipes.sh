#!/bin/sh
# Follows docs/extending.md: applies all of its recipes, a patch each, to a copy of the tree, builds the
# program, and uses what was added. What the document shows must stand in the patches as it is.
# Exits with 1 where a recipe no longer does what it says.
#
#   recipes.sh [SCRATCH]      SCRATCH: a folder for the copy, which a later call builds upon
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scratch=${1:-$work}
tree=$scratch/tree

python3 "$here/check_snippets.py" "$top/docs/extending.md" "$here"/*.patch

# Files keep their times where they are the same, so that a later call builds little.
mkdir -p "$work/fresh" "$tree"
cp -r "$top/Package.swift" "$top/Sources" "$top/Tests" "$top/Benchmarks" "$work/fresh"
for patch in "$here"/*.patch; do
  echo "applying $(basename "$patch")" >&2
  patch -s --no-backup-if-mismatch -p1 -d "$work/fresh" < "$patch"
done
(cd "$work/fresh" && find . -type f) | while read -r file; do
  cmp -s "$work/fresh/$file" "$tree/$file" || {
    mkdir -p "$tree/$(dirname "$file")"
    cp "$work/fresh/$file" "$tree/$file"
  }
done
(cd "$tree" && find . -path ./.build -prune -o -type f -print) | while read -r file; do
  [ -e "$work/fresh/$file" ] || rm "$tree/$file"
done
swift build --package-path "$tree" -c debug --product mechanics >&2
binary=$(swift build --package-path "$tree" -c debug --show-bin-path)/mechanics

mkdir -p "$work/lab/manifests" "$work/bin" "$work/remote"
cat > "$work/lab/manifests/new.yaml" <<'END'
experiment: new
title: What the recipes add
data: {vocabulary: 4, dimension: 4, length: 3, sequences: 3, structure: acyclic, embedding: signs}
train: {loss: quartic, iterations: 50, record: {every: 10}}
seeds: 1..3
figures:
  - {name: density, y: edge-density, x: iteration}
claims:
  - {says: "W grows", metric: norm, statistic: mean, at-least: 0.05}
  - {says: "there are edges", metric: edge-density, statistic: min, at-least: 0.01}
END
# As much of rclone as a cache needs: a remote is a folder.
cat > "$work/bin/rclone" <<END
#!/bin/sh
path() { echo "\$1" | sed 's|^lab:|$work/remote/|'; }
case \$1 in
  copyto)
    [ "\$2" = --ignore-existing ] && { shift; [ -e "\$(path "\$3")" ] && exit 0; }
    [ -e "\$(path "\$2")" ] || exit 3
    mkdir -p "\$(dirname "\$(path "\$3")")" && cp "\$(path "\$2")" "\$(path "\$3")" ;;
  *) exit 1 ;;
esac
END
chmod +x "$work/bin/rclone"
export PATH="$work/bin:$PATH"
cd "$work/lab"

# run NAME WORDS…: the experiment with a cold cache of its own.
run() {
  name=$1
  shift
  MECHANICS_CACHE="$work/cache-$name" "$binary" run --no-draw --results "$work/$name" "$@" \
    > "$work/$name.log" 2>&1 || { cat "$work/$name.log" >&2; exit 1; }
  rm -f "$work/$name"/*/provenance.json "$work/$name"/*/timings.csv
  tail -n 1 "$work/$name.log"
}

run local | grep -q 'claims 2/2 held'
run processes --executor processes | grep -q 'claims 2/2 held'
diff -r "$work/local" "$work/processes"
run first --cache rclone://lab/cache | grep -q ' 0 remote; claims 2/2 held'
run second --cache rclone://lab/cache | grep -q ': 0 executed, .*; claims 2/2 held'
diff -r "$work/local" "$work/second"
"$binary" validate --set train.head=general 2>&1 | grep -q 'the quartic loss needs the tied head'
echo "the recipes of docs/extending.md do what they say" >&2
