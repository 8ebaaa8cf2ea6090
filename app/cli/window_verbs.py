"""Verbs that show the window: open it, or perform the tour."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from app.bootstrap import default_folder
from app.cli.output import DONE, NO, Output


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    tour = verbs.add_parser("tour", parents=[common], help="perform the main job through the real windows")
    tour.add_argument("--out", required=True, metavar="DIR", help="where letter and screenshots go")
    tour.set_defaults(run=_tour)


def open_window(args: argparse.Namespace, _output: Output) -> int:
    """Open the window on the workspace."""
    from app.desktop import run_desktop

    return run_desktop(Path(args.workspace).expanduser().resolve() if args.workspace else default_folder())


def _tour(args: argparse.Namespace, output: Output) -> int:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.tour import perform

    result = perform(Path(args.out), output.note)
    output.document(result)
    output.line(f"The letter: {result.letter_docx}")
    output.line(f"Its package: {result.sha256}")
    output.line(f"{len(result.screenshots)} screenshots in {args.out}, {result.seconds:.0f} s")
    return DONE if result.letter_docx else NO
