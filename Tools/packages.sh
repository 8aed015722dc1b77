#!/bin/sh
# Sees to it that the system's libraries are here: installs them where it runs as root with apt,
# else prints the one line to paste and exits with 4. It never calls sudo.
set -eu

if ! command -v swift >/dev/null; then
  echo "Swift 6.2 or newer is not on the PATH: https://swift.org/install" >&2
  exit 4
fi

missing=""
for pair in yaml.h:libyaml-dev openssl/evp.h:libssl-dev curl/curl.h:libcurl4-openssl-dev; do
  header=${pair%%:*}
  ls "/usr/include/$header" /usr/include/*-linux-gnu/"$header" 2>/dev/null | grep -q . ||
    missing="$missing ${pair##*:}"
done
# Python draws the figures; all else works without it.
wanted=""
python3 -c 'import venv, ensurepip' 2>/dev/null || wanted=" python3-venv"
[ -z "$missing$wanted" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  echo "installing$missing$wanted" >&2
  # shellcheck disable=SC2086
  apt-get install -qq -y $missing $wanted >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -qq -y $missing $wanted >/dev/null; }
elif [ -n "$missing" ]; then
  echo "System packages are missing. Install them with:" >&2
  echo "  sudo apt-get install -y$missing$wanted" >&2
  exit 4
else
  echo "warning: python3-venv is missing, so figures will not be drawn" >&2
fi
