#!/bin/sh
# Builds the documentation of each room from its comments into .build/docs, with the toolchain's DocC;
# whatever DocC warns of is an error, such as a link that leads nowhere or a parameter that is not there.
# That a parameter has no words of its own is none: its name may say it all.
set -eu
cd "$(dirname "$0")/.."
modules=.build/release/Modules
out=.build/docs
status=0
rm -rf "$out" && mkdir -p "$out"
maps=""
for map in Sources/C*/module.modulemap .build/release/C*.build/module.modulemap; do
  maps="$maps -Xcc -fmodule-map-file=$map"
done
triple=$(swift -print-target-info | sed -n 's/.*"triple": "\(.*\)",/\1/p' | head -n 1)

for folder in Sources/*/; do
  room=$(basename "$folder")
  [ "$room" != mechanics ] && [ -n "$(find "$folder" -name '*.swift')" ] || continue
  mkdir "$out/$room.symbols"
  # shellcheck disable=SC2086
  swift symbolgraph-extract -module-name "$room" -I "$modules" $maps -target "$triple" \
    -minimum-access-level package -skip-inherited-docs -output-dir "$out/$room.symbols"
  docc convert --additional-symbol-graph-dir "$out/$room.symbols" --fallback-display-name "$room" \
    --fallback-bundle-identifier "mechanics.$room" --output-path "$out/$room.doccarchive" \
    > "$out/$room.log" 2>&1
  rm -r "$out/$room.symbols"
  if grep '^\(warning\|error\):' "$out/$room.log" | grep -v "' is missing documentation$" >&2; then
    echo "  in $room: $out/$room.log shows where" >&2
    status=1
  fi
done
exit $status
