#!/bin/sh
# Open MI Desk; with no display, perform the tour off screen instead.
set -eu
cd "$(dirname "$0")/.."
if [ "$(uname -s)" = Darwin ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec .venv/bin/python -m app "$@"
fi
echo "No display here: performing the tour off screen."
exec .venv/bin/python -m app tour --out tour-output
