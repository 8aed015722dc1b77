#!/bin/sh
# Sets up .venv with the tool that draws figures. Without the network, figures stay Vega-Lite
# specifications and all else works, so this never fails a build.
set -u
cd "$(dirname "$0")/.."
if python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r Tools/requirements.txt
then
  touch .venv/.complete
else
  echo "warning: vl-convert could not be installed; figures will not be drawn" >&2
fi
