"""Read files in a small process of their own, which can tell how much memory its children needed.

    python -m tests.services.library.read_apart FILE... > pickled

The system counts the memory of whoever starts a child as the child's until the child's own program begins, so the
test runner with its thousand tests cannot measure this itself.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import InputRefusedError
from app.services.library.importers.reading import FileReading, read_file


@dataclass(frozen=True)
class Apart:
    """Each file with what was read of it or the reason of its refusal, and the largest child in megabytes."""

    files: tuple[tuple[Path, FileReading | None, str], ...]
    peak: float


def read_apart(paths: Sequence[Path]) -> Apart:
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.library.read_apart", *map(str, paths)],
        stdout=subprocess.PIPE,
        check=True,
    )
    apart = pickle.loads(done.stdout)  # noqa: S301 - of our own process
    assert isinstance(apart, Apart)
    return apart


def _read(path: Path) -> tuple[Path, FileReading | None, str]:
    try:
        return path, read_file(path), ""
    except InputRefusedError as exc:
        return path, None, str(exc)


def _peak_megabytes() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    from tests.services.library.read_apart import Apart as Answer  # pickled under its name, not as __main__

    read = tuple(_read(Path(name)) for name in sys.argv[1:])
    sys.stdout.buffer.write(pickle.dumps(Answer(read, _peak_megabytes())))
