"""The fault log: where the program was when it died hard."""

import faulthandler
from pathlib import Path
from typing import IO, Final

_NAME: Final = "fault.log"
_PREVIOUS: Final = "fault-previous.log"


class FaultLog:
    """A file in the workspace folder that a hard crash writes its stack to.

    It holds file names, line numbers and function names; Python writes no variable and no text there.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._previous = folder / _PREVIOUS
        self._file: IO[bytes] | None = None

    def start(self) -> str:
        """Begin to listen and return what the last crash left, if any."""
        left = self._take_left()
        self._file = self._path.open("wb")
        faulthandler.enable(self._file, all_threads=True)
        return left

    def stop(self) -> None:
        """End in good order; the empty file goes away."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        self._path.unlink(missing_ok=True)

    def _take_left(self) -> str:
        if not self._path.exists():
            return ""
        left = self._path.read_text(encoding="utf-8", errors="replace").strip()
        if left:
            self._path.replace(self._previous)
        return left
