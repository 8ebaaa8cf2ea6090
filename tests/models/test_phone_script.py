import json

import pytest

from app.errors import EnvironmentFaultError, InputRefusedError
from app.models.phone_script import call_outcomes, outcomes_from, phone_script, script_from
from app.models.rules_data import parse_rules, resource_path


def body():
    return json.loads(resource_path("rules", "phone_script.json").read_text(encoding="utf-8"))


def parsed(fields):
    return parse_rules("phone_script.json", json.dumps(fields))


def test_the_script_says_what_must_be_said_in_this_order():
    steps = [step.id for step in phone_script().steps]
    assert steps == [
        "greeting",
        "recording",
        "privacy",
        "reporter",
        "question",
        "adverse_event",
        "special_situation",
        "quality_complaint",
        "answer_way",
        "closing",
    ]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_step_has_its_own_words_in_each_language(language):
    assert {step.language for step in phone_script(language).steps} == {language}
    assert all(step.text and step.title and step.marks for step in phone_script(language).steps)


def test_the_country_is_nearer_than_the_language():
    privacy = {step.id: step for step in phone_script("en", "US").steps}["privacy"]
    assert "FDA" in privacy.text
    assert "FDA" not in {step.id: step for step in phone_script("en", "IE").steps}["privacy"].text


def test_a_language_without_a_wording_falls_back_and_says_so():
    assert {step.language for step in phone_script("it", "IT").steps} == {"en"}


def test_safety_is_asked_on_every_call():
    asked = [step.asks for step in phone_script().steps if step.asks]
    assert asked == ["adverse_event", "special_situation", "quality_complaint"]
    assert all(step.is_required for step in phone_script().steps if step.asks)


def test_outcomes_are_checked_by_direction():
    assert call_outcomes().check("out", "voicemail") == "voicemail"
    with pytest.raises(InputRefusedError, match="no outcome"):
        call_outcomes().check("in", "voicemail")


def test_damaged_scripts_are_named():
    twice = body()
    twice["steps"].append(twice["steps"][0])
    with pytest.raises(EnvironmentFaultError, match="twice"):
        script_from(parsed(twice), "en", "")
    silent = body()
    silent["steps"][0]["text"] = [{"language": "de", "text": "Guten Tag"}]
    with pytest.raises(EnvironmentFaultError, match="no wording in en"):
        script_from(parsed(silent), "en", "")
    unknown = body()
    unknown["call_only"] = ["vanished"]
    with pytest.raises(EnvironmentFaultError, match="vanished"):
        outcomes_from(parsed(unknown))
