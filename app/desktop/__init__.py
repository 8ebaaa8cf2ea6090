"""The composition root of the window: vault, database, services, job runner, pages."""

from pathlib import Path


def run_desktop(folder: Path) -> int:
    """Open the window on a workspace and return the exit code of the program."""
    from app.desktop.application import Desktop

    return Desktop.launch(folder)
