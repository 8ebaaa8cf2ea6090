"""The child that reads foreign files: whatever becomes of it, the parent has an answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import InputRefusedError, JobCancelledError
from app.services.jobs import JobContext
from app.services.library.importers.reading import read_file
from app.services.library.parsing import limits, parent
from app.services.library.parsing.memory import resident_bytes
from tests.services.library.word_files import package


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "SRD-1 v1.2.docx"
    path.write_bytes(package())
    return path


@pytest.fixture
def child(monkeypatch):
    """Put another program in the place of the child."""

    def put(code):
        monkeypatch.setattr(parent, "command", lambda: [sys.executable, "-c", code])

    return put


def test_a_file_is_read_in_another_process(document):
    (form,) = read_file(document, product="Lumivex").documents
    assert (form.code, form.number, form.product, form.where) == ("SRD-1", "1.2", "Lumivex", document.name)


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), 9)",
        "print('not json')",
        "print('[]')",
        "print('{}')",
        "print('{\"read\": 3}')",
        "raise SystemExit('no')",
        "",
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_a_refusal(document, child, code):
    child(code)
    with pytest.raises(InputRefusedError, match=r"the reader stopped\. Nothing was taken in"):
        read_file(document)


def test_a_child_that_hangs_is_ended(document, child, monkeypatch):
    child("while True: pass")
    monkeypatch.setattr(limits, "CLOCK_SECONDS", 0.3)
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    with pytest.raises(InputRefusedError, match="could not be read within"):
        read_file(document)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal on this system")
def test_a_child_that_the_system_ends_for_its_time_is_too_slow(document, child):
    child("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)")
    with pytest.raises(InputRefusedError, match="could not be read within 10 seconds"):
        read_file(document)


def test_a_child_that_takes_too_much_memory_is_ended(document, child, monkeypatch):
    child("kept = bytearray(60_000_000)\nfor i in range(0, len(kept), 4096): kept[i] = 1\nwhile True: pass")
    monkeypatch.setattr(limits, "MEMORY_BYTES", 40 * limits.MEGABYTE)
    with pytest.raises(InputRefusedError, match="40 MB of memory"):
        read_file(document)


def test_a_cancelled_job_ends_the_child(document, child):
    child("while True: pass")
    job = JobContext()
    job.cancel()
    with pytest.raises(JobCancelledError):
        read_file(document, job=job)


def test_what_the_child_says_is_checked(document, child):
    said = {"read": {"documents": [{"id": "x", "title": "t", "kind": "poem", "sections": []}]}}
    child(f"print({json.dumps(json.dumps(said))})")
    with pytest.raises(InputRefusedError):
        read_file(document)


def test_the_child_limits_itself(tmp_path):
    if sys.platform == "win32":
        pytest.skip("no such limits on this system")
    code = (
        "from app.services.library.parsing.child import limit_process\n"
        "limit_process()\n"
        "from pathlib import Path\n"
        "try:\n    Path('made.txt').write_text('x' * 9)\nexcept OSError:\n    print('no file')\n"
        "try:\n    bytearray(400 * 2**20)\nexcept MemoryError:\n    print('no memory')\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    told = done.stdout.split("\n")
    assert "no file" in told
    assert "no memory" in told or sys.platform == "darwin"


def test_the_child_reads_no_module_of_the_current_folder(document, monkeypatch):
    (document.parent / "lxml.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(document.parent)
    assert read_file(document).documents


def test_a_frozen_program_starts_itself_again(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert parent.command() == [sys.executable, parent.REENTRY]


def test_the_program_knows_the_word_by_which_it_starts_itself(document):
    import subprocess

    asked = json.dumps({"kind": "word", "path": str(document)}) + "\n"
    done = subprocess.run(
        [sys.executable, "-m", "app", parent.REENTRY],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["read"]["documents"][0]["id"] == "SRD-1"


@pytest.mark.parametrize("name", ["none.docx", "", "."])
def test_what_is_no_file_is_refused(tmp_path, name):
    path = tmp_path / name if name != "." else tmp_path / "folder.docx"
    if name == ".":
        path.mkdir()
    with pytest.raises(InputRefusedError, match="Nothing was taken in"):
        read_file(path)


def test_a_large_file_is_not_even_opened(tmp_path):
    path = tmp_path / "large.docx"
    with path.open("wb") as stream:
        stream.truncate(limits.FILE_BYTES + 1)
    with pytest.raises(InputRefusedError, match="the limit is 25 MB"):
        read_file(path)


def test_the_memory_of_a_process_is_known():
    import os

    assert resident_bytes(os.getpid()) > limits.MEGABYTE
