#!/bin/sh
# Sees to it that the system's libraries are here: installs them where it runs as root with apt,
# else prints the one line to paste and exits with 4. It never calls sudo.
set -eu

missing=""
need() { # header package
  printf '#include <%s>\n' "$1" | cc -E -x c - >/dev/null 2>&1 || missing="$missing $2"
}

command -v swift >/dev/null || { echo "Swift 6.2 or newer is needed: https://swift.org/install" >&2; exit 4; }
command -v cc >/dev/null || { command -v clang >/dev/null && cc() { clang "$@"; } || missing=" clang"; }
need yaml.h libyaml-dev
need openssl/evp.h libssl-dev
command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null ||
  missing="$missing python3-venv"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq -y $missing >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -qq -y $missing >/dev/null; }
else
  echo "System packages are missing. Install them with:" >&2
  echo "  sudo apt-get install -y$missing" >&2
  exit 4
fi
