"""Runs verbs one after another in one process, each as a process of its own would end.

A start costs more than most verbs. What a start itself decides is tested with real starts.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from app import cli


def main() -> None:
    """Take a verb a line on stdin; answer on the stdout this process was started with."""
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    devnull = os.open(os.devnull, os.O_RDONLY)
    os.dup2(devnull, 0)
    with tempfile.TemporaryDirectory() as folder:
        for line in commands:
            answers.write(json.dumps(_answer(json.loads(line), Path(folder))) + "\n")
            answers.flush()


def _answer(command: dict, folder: Path) -> dict:
    paths = {1: folder / "out", 2: folder / "err"}
    for descriptor, path in paths.items():
        opened = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(opened, descriptor)
        os.close(opened)
    if command["passphrase"] is not None:
        os.environ["MIDESK_PASSPHRASE"] = command["passphrase"]
    code = _run(command["words"])
    sys.stdout.flush()
    sys.stderr.flush()
    taken = "MIDESK_PASSPHRASE" not in os.environ
    os.environ.pop("MIDESK_PASSPHRASE", None)
    out, err = (path.read_bytes().decode() for path in paths.values())
    return {"code": code, "out": out, "err": err, "taken": taken}


def _run(words: list[str]) -> int:
    try:
        return cli.main(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as the interpreter itself ends a process
        traceback.print_exc()
        return 1


if __name__ == "__main__":
    main()
