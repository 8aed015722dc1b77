#!/bin/sh
# Compares the kernels' digests between processors: this one, with and without the C library's FMA,
# x86-64 without AVX (Nehalem) and with AVX2 (Haswell) under qemu, and arm64 under qemu.
# Exits with 1 if a digest differs and with 2 if a program is missing.
# CC: a clang; by default that of the Swift toolchain.
set -u

here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../Sources/CKernels
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

need() {
  command -v "$1" > /dev/null && return
  echo "kernels.sh: $1 is missing; on Debian it is in the package $2" >&2
  exit 2
}

CC=${CC:-$(dirname "$(readlink -f "$(command -v swift || echo /usr/bin/swift)")")/clang}
need "$CC" clang
need qemu-x86_64 qemu-user
need qemu-aarch64 qemu-user
need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
if [ ! -e /usr/aarch64-linux-gnu/include/math.h ]; then
  echo "kernels.sh: the arm64 C library is missing; Debian package libc6-dev-arm64-cross" >&2
  exit 2
fi

# build NAME FLAG...: compiles the digest program.
build() {
  name=$1
  shift
  "$CC" -O3 -Wall -Wextra -Werror -I"$sources/include" "$@" -o "$work/$name" \
    "$here/kernels_digest.c" "$sources"/*.c -lm || exit 2
}

# compare LABEL COMMAND...: runs the program and compares with the first run.
compare() {
  label=$1
  shift
  echo "$label" >&2
  if ! "$@" > "$work/now"; then
    echo "kernels.sh: $label failed" >&2
    failed=1
  elif [ ! -e "$work/first" ]; then
    mv "$work/now" "$work/first"
    cat "$work/first"
  elif ! diff "$work/first" "$work/now" >&2; then
    echo "kernels.sh: $label differs from the first run" >&2
    failed=1
  fi
}

case $(uname -m) in
  x86_64) x86= arm=--target=aarch64-linux-gnu ;;
  *) x86=--target=x86_64-linux-gnu arm= ;;
esac

build native
compare "native" "$work/native"
compare "native, C library without FMA" \
  env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2_Usable,-AVX2 "$work/native"
# shellcheck disable=SC2086 # an empty target is no argument
build nehalem $x86 -march=nehalem -static
compare "Nehalem (qemu)" qemu-x86_64 -cpu Nehalem "$work/nehalem"
compare "Haswell (qemu)" qemu-x86_64 -cpu Haswell "$work/nehalem"
# shellcheck disable=SC2086
build arm64 $arm -static
compare "arm64 (qemu)" qemu-aarch64 "$work/arm64"

[ $failed = 0 ] && echo "all digests are equal" >&2
exit $failed
