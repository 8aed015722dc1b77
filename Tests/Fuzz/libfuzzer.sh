#!/bin/sh
# Fuzzes the manifest reader with libFuzzer and AddressSanitizer, guided by coverage:
#
#     Tests/Fuzz/libfuzzer.sh [SECONDS]
#
# SwiftPM cannot link libFuzzer without flags that it calls unsafe; so the modules are compiled
# here. What stops the reader is written to crash-* in the folder named at the end.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${TMPDIR:-/tmp}/manifest-libfuzzer
mkdir -p "$work/corpus" "$work/seeds"
cd "$work"
cat > target.swift <<'SWIFT'
@_cdecl("LLVMFuzzerTestOneInput")
public func read(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  _ = Properties.outcome(of: Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
SWIFT
compile() {
  swiftc -O -wmo -swift-version 6 -package-name mechanics -parse-as-library \
    -sanitize=fuzzer,address -I . -I "$root/Sources/CYAML" -I "$root/Sources/CCrypto" "$@"
}
for module in Canonical Manifests ManifestToys; do
  folder=$root/Sources/$module
  [ -d "$folder" ] || folder=$root/Tests/$module
  find "$folder" -name '*.swift' > "$module.files"
  compile -emit-module -emit-object -module-name "$module" "@$module.files" \
    -emit-module-path "$module.swiftmodule" -o "$module.o"
done
compile -module-name ManifestLibFuzzer "$root/Tests/Fuzz/ManifestFuzz/Properties.swift" \
  target.swift Canonical.o Manifests.o ManifestToys.o -lyaml -lcrypto -use-ld=lld -o fuzz
cp "$root"/Tests/ManifestsTests/Good/*.yaml "$root"/Tests/ManifestsTests/Malformed/*.yaml seeds/
ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no \
  ./fuzz corpus seeds -max_total_time="${1:-300}" -timeout=30 -max_len=8192 -print_final_stats=1
echo "corpus and findings are in $work"
