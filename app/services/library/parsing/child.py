"""The child: it limits itself, reads one file, and answers with one JSON document."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from app.errors import InputRefusedError
from app.services.library.parsing import limits

_TOO_MUCH = "It needs more memory than a document should. Nothing was taken in. Split it or make it simpler."
_TOO_DEEP = "It is nested too deeply. Nothing was taken in. Save it again from the program it was made in."


def main() -> int:
    """Read the request from standard input, and write the answer to standard output."""
    limit_process()
    request = json.loads(sys.stdin.buffer.readline())
    answer: dict[str, Any]
    try:
        answer = {"read": _read(str(request["kind"]), Path(request["path"]))}
    except InputRefusedError as exc:
        answer = {"refused": str(exc)}
    except MemoryError:
        answer = {"refused": _TOO_MUCH}
    except RecursionError:
        answer = {"refused": _TOO_DEEP}
    written = json.dumps(answer).encode()
    if len(written) > limits.ANSWER_BYTES:
        written = json.dumps({"refused": _TOO_MUCH}).encode()
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


def _read(kind: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        content = stream.read(limits.FILE_BYTES + 1)
    if len(content) > limits.FILE_BYTES:
        megabytes = limits.FILE_BYTES // limits.MEGABYTE
        raise InputRefusedError(f"It is larger than {megabytes} MB. Nothing was taken in. Split the file.")
    return {"sha256": hashlib.sha256(content).hexdigest(), **_parsed(kind, content, path.stem)}


def _parsed(kind: str, content: bytes, stem: str) -> dict[str, Any]:
    # A reader is imported only where it is used: each costs a tenth of a second.
    if kind == "word":
        from app.services.library.importers.word import read_word

        return {"documents": [read_word(content, stem)]}
    if kind == "pdf":
        from app.services.library.importers.pdf_file import read_pdf

        return read_pdf(content)
    if kind == "spl":
        from app.services.library.importers.spl import read_spl

        return {"labels": [read_spl(content)]}
    from app.services.library.importers.label_json import read_label_json

    return read_label_json(content)


def limit_process() -> None:
    """Take from this process memory beyond the limit, and every written file."""
    sys.dont_write_bytecode = True
    if sys.platform == "win32":
        return
    import resource  # on POSIX only

    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        # Beyond this the system ends the process with a signal that the parent knows.
        resource.RLIMIT_CPU: int(limits.SECONDS),
        # On Linux private memory counts here, and not the libraries that are mapped.
        resource.RLIMIT_DATA: limits.MEMORY_BYTES,
    }
    for limit, value in wanted.items():
        _lower(limit, value)


def _lower(limit: int, value: int) -> None:
    import resource  # on POSIX only

    try:
        hard = value + 1 if limit == resource.RLIMIT_CPU else value
        resource.setrlimit(limit, (value, hard))
    except (OSError, ValueError):
        return  # the system knows no such limit; the parent watches memory and time
