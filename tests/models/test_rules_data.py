import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import errors
from app.errors import EnvironmentFaultError
from app.models import rules_data
from app.models.rules_data import load_rules, parse_rules, resource_path

GOOD = {"version": "1", "source": "a book", "row": {"text": "x", "n": 3, "on": True, "all": ["a"], "ns": [1]}}


def test_every_rules_file_has_a_version_and_a_source():
    names = sorted(path.name for path in resource_path("rules").glob("*.json"))
    assert {"clocks.json", "sla.json", "letter_checks.json"} <= set(names)
    for name in ("clocks.json", "sla.json", "letter_checks.json"):
        rules = load_rules(name)
        assert rules.version
        assert rules.source


@pytest.mark.parametrize("gone", ["version", "source"])
@pytest.mark.parametrize("value", [None, "", "  ", 7])
def test_rules_without_version_or_source_are_refused(gone, value):
    with pytest.raises(EnvironmentFaultError, match=gone):
        parse_rules("x.json", json.dumps(GOOD | {gone: value}))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null"])
def test_what_is_not_an_object_is_refused(text):
    with pytest.raises(EnvironmentFaultError):
        parse_rules("x.json", text)


def test_a_file_that_is_not_there_says_what_to_do():
    with pytest.raises(EnvironmentFaultError, match="Install MI Desk again"):
        load_rules("nothing.json")


def test_a_section_gives_each_field_in_its_type():
    row = parse_rules("x.json", json.dumps(GOOD)).body.section("row")
    assert (row.text("text"), row.number("n"), row.flag("on"), row.flag("off")) == ("x", 3, True, False)
    assert (row.texts("all"), row.numbers("ns")) == (("a",), (1,))
    assert "n" in row
    assert row.names() == ("text", "n", "on", "all", "ns")


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("text", "n"),
        ("number", "text"),
        ("number", "on"),
        ("flag", "n"),
        ("texts", "ns"),
        ("numbers", "all"),
        ("texts", "text"),
        ("section", "n"),
        ("sections", "all"),
        ("text", "gone"),
    ],
)
def test_a_field_of_another_type_is_named(method, name):
    row = parse_rules("x.json", json.dumps(GOOD)).body.section("row")
    with pytest.raises(EnvironmentFaultError, match=rf"x\.json\.row\.{name}"):
        getattr(row, method)(name)


@pytest.mark.parametrize("inside", ["resources", "app/resources"])
def test_an_installed_program_finds_its_own_resources(tmp_path, inside):
    models = tmp_path / "app" / "models"
    models.mkdir(parents=True)
    for package in (models, models.parent):
        (package / "__init__.py").touch()
    for module in (errors, rules_data):
        source = Path(module.__file__)
        shutil.copy(source, tmp_path / source.relative_to(Path(errors.__file__).parents[1]))
    (tmp_path / inside / "rules").mkdir(parents=True)
    script = "from app.models.rules_data import resource_path; print(resource_path('rules', 'x.json'))"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).resolve() == (tmp_path / inside / "rules" / "x.json").resolve()
