#!/bin/sh
# Make the virtual environment, install what the lock file names, and see that Qt loads.
set -eu
cd "$(dirname "$0")/.."

find_python() {
    for name in python3.13 python3.12 python3.11 python3 python; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "MI Desk needs Python 3.11 or newer. Install it, then run this again." >&2
    exit 1
}

stamp=.venv/.installed
wanted=$(cat requirements.lock pyproject.toml | cksum)
if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "The virtual environment could not be made. On Debian or Ubuntu type: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installing the locked dependencies (once, some minutes) ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$wanted" > "$stamp"
fi

off_screen="libglib2.0-0 libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1"
on_screen="libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
packages="$off_screen"
probe=offscreen
if [ -n "${DISPLAY:-}" ]; then
    packages="$off_screen $on_screen"
    probe=xcb
fi
qt_loads() {
    QT_QPA_PLATFORM=$probe .venv/bin/python -c 'from PySide6.QtWidgets import QApplication; from PySide6 import QtSvg, QtPrintSupport; QApplication([])' >/dev/null 2>&1
}
case "$(uname -s)" in Linux) ;; *) exit 0 ;; esac
if qt_loads; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Qt does not load here. Install what your system calls: $packages" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Qt needs some system libraries. Type this line, then run again:" >&2
    echo "  sudo apt-get install -y $packages" >&2
    exit 1
fi
echo "Installing the system libraries that Qt needs ..."
apt-get update -qq >/dev/null
# shellcheck disable=SC2086 # the list is meant to be split
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
if ! qt_loads; then
    echo "Qt still does not load. What it says:" >&2
    QT_QPA_PLATFORM=$probe .venv/bin/python -c 'from PySide6.QtWidgets import QApplication; QApplication([])'
fi
