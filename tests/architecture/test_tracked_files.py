"""What the repository holds: no machine of ours, no registry, no secret, no package."""

import re
import shutil
import subprocess

import pytest

from tests.architecture.code import ROOT

GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(
    GIT is None or not (ROOT / ".git").exists(), reason="no git checkout: the tracked files are unknown"
)
# Put together from parts, or this file would be found.
INDEX = "|".join(["py" + "pi", "python" + "hosted", "conda", "npm" + "js", "arti" + "factory", "nexus"])
FORBIDDEN = {
    "a folder of a machine": re.compile(
        r"(?<![\w.:/~-])/(?:work|root|home/[\w.-]+|Users/[\w.-]+)/[\w.-]+|[A-Z]:\\Users\\\w+"
    ),
    "an index of packages": re.compile(rf"https?://[^\s\"'<>]*(?:{INDEX})[^\s\"'<>]*", re.IGNORECASE),
    "an option that names an index": re.compile(
        r"--(?:extra-)?index-url[ =]\S|--find-" + r"links|--trusted-" + "host"
    ),
    "a private address": re.compile(
        r"\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b|https?://[^\s/]+\.(?:internal|corp|lan)\b"
    ),
    "a private key": re.compile("BEGIN [A-Z ]*PRIVATE" + " KEY"),
}
# Paths that a person could have, made up for a test.
MADE_UP = re.compile(
    r"/home/(?:ana|jane|user|someone|me|you|n|u|x|nilsson|priya)\b|/Users/(?:ana|jane|n|user|priya)\b|C:\\Users\\n\b"
)
PACKAGES = (
    ".whl",
    ".tar.gz",
    ".zip",
    ".exe",
    ".msi",
    ".dmg",
    ".so",
    ".dll",
    ".dylib",
    ".pyc",
    ".db",
    ".sqlite",
)
# Databases that tests open: encrypted, of made-up content.
GOLDEN = "tests/data/golden/"


def tracked():
    listed = subprocess.run(
        [GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def readable():
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8", "replace")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_names(what):
    found = [
        f"{name}:{number} {match.group(0)}"
        for name, content in readable()
        for number, line in enumerate(content.split("\n"), start=1)
        for match in FORBIDDEN[what].finditer(line)
        if not MADE_UP.search(match.group(0))
    ]
    assert found == []


def test_no_package_and_no_database_is_tracked():
    assert [name for name in tracked() if name.endswith(PACKAGES) and not name.startswith(GOLDEN)] == []


def test_no_tracked_file_is_large():
    assert {
        name: (ROOT / name).stat().st_size for name in tracked() if (ROOT / name).stat().st_size > 2_000_000
    } == {}


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a folder of a machine", "path = '/wo" + "rk/main/app'"),
        ("a folder of a machine", "/ho" + "me/builder/x"),
        ("an index of packages", "https://py" + "pi.org/simple"),
        ("an option that names an index", "pip install --index" + "-url https://x"),
        ("a private address", "http://10.1.2" + ".3/x"),
    ],
)
def test_each_trace_is_seen(what, line):
    assert FORBIDDEN[what].search(line)
