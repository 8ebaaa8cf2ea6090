"""Run the command line as a person or a script would: another process, words in, words out."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.code import ROOT

PASSPHRASE = "seven quiet herons at noon"


@dataclass
class Done:
    """How one verb ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; anything else there is a fault."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.split("\n") if line]


def checked(done: Done) -> Done:
    """What holds of every verb, however it ends."""
    assert "Traceback" not in done.out + done.err, done.err
    assert PASSPHRASE not in done.out + done.err
    return done


@dataclass
class Cli:
    """The command line on one workspace, away from the user's own folders and keyring."""

    workspace: Path
    home: Path
    worker: subprocess.Popen[str] | None = None

    def on(self, workspace: Path) -> "Cli":
        return Cli(workspace, self.home, self.worker)

    def copy(self, target: Path) -> "Cli":
        """The same workspace in another folder, to be spoilt."""
        shutil.copytree(self.workspace, target)
        return self.on(target)

    def environment(self, passphrase: str | None) -> dict[str, str]:
        named = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR")
        own = {name: str(self.home) for name in named}
        own["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        if passphrase is not None:
            own["MIDESK_PASSPHRASE"] = passphrase
        kept = {name: value for name, value in os.environ.items() if name != "MIDESK_PASSPHRASE"}
        return {**kept, **own}

    def with_worker(self) -> "Cli":
        """The same, with one process for all verbs; a start is what costs."""
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.worker"],
            cwd=ROOT,
            env=self.environment(None),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return Cli(self.workspace, self.home, worker)

    def close(self) -> None:
        if self.worker is not None:
            self.worker.communicate()

    def bare(self, *words: object, passphrase: str | None = PASSPHRASE) -> Done:
        """Run exactly these words, in the worker where there is one."""
        if self.worker is None:
            return self.fresh(*words, passphrase=passphrase)
        self.worker.stdin.write(
            json.dumps({"words": [str(word) for word in words], "passphrase": passphrase}) + "\n"
        )
        self.worker.stdin.flush()
        answer = json.loads(self.worker.stdout.readline())
        return checked(Done(answer["code"], answer["out"], answer["err"]))

    def fresh(self, *words: object, passphrase: str | None = PASSPHRASE) -> Done:
        """Run exactly these words in a process of their own."""
        ran = subprocess.run(
            [sys.executable, "-m", "app", *map(str, words)],
            cwd=ROOT,
            env=self.environment(passphrase),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return checked(Done(ran.returncode, ran.stdout.decode(), ran.stderr.decode()))

    def __call__(self, *words: object, passphrase: str | None = PASSPHRASE) -> Done:
        return self.bare(*words, "-w", self.workspace, passphrase=passphrase)

    def json(self, *words: object) -> Any:
        """Run a verb that must succeed and return its document."""
        done = self(*words, "--json")
        assert done.code == 0, done.err
        return done.document

    def contents(self) -> dict[str, bytes]:
        return {name: (self.workspace / name).read_bytes() for name in ("workspace.db", "keyslots.json")}


def write(path: Path, content: object) -> Path:
    """Write JSON, JSON lines for a list of lines, or bytes as they are."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in content), "utf-8")
    else:
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def question(external_id: str, **changed: object) -> dict[str, object]:
    return {
        "external_id": external_id,
        "received_at": "2026-11-20T10:00:00+00:00",
        "channel": "phone",
        "requester_name": "Dana Whitfield",
        "requester_role": "physician",
        "requester_email": "dana@clinic.example.org",
        "country": "GB",
        "language": "en",
        "product": "Atorvastatin tablets",
        "question": "May a patient on ciclosporin take atorvastatin?",
        "topic": "drug_interaction",
        "solicited": False,
        **changed,
    }
