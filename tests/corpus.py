"""Find the shared public data that corpus tests read, or skip."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def corpus_path(*parts: str) -> Path:
    """Return a path of the shared data; the test is skipped where it is absent.

    The folder is `MIDESK_CORPUS`, or `shared/data` beside the repository.
    """
    path = Path(os.environ.get("MIDESK_CORPUS") or _BESIDE).joinpath(*parts)
    if not path.exists():
        pytest.skip("shared corpus absent")
    return path
