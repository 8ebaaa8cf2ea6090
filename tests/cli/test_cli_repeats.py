"""What looks like a repeat is shown with its reasons, and a person's decision leaves a link."""

from tests.cli.driving import question, write


def test_proposals_and_links_are_shown_and_decided(sample, tmp_path):
    asked = "May the tablets be crushed and given by a feeding tube?"
    rows = [question("REPEAT-1", question=asked), question("REPEAT-2", question=asked)]
    added = sample.json("inquiry", "import", write(tmp_path / "two.jsonl", rows))["added"]
    first, second = (each["number"] for each in added)

    (proposal,) = [
        each for each in sample.json("inquiry", "show", second)["proposals"] if each["number"] == first
    ]
    assert "Same words" in proposal["reasons"]
    assert proposal["score"] >= 50

    facts = ("--set", f"duplicate=follow_up:{first}", "--set", "contact=same")
    linked = sample.json("inquiry", "triage", second, *facts)
    assert [(link["kind"], link["number"]) for link in linked["links"]] == [("follow_up", first)]
    assert first not in [each["number"] for each in linked["proposals"]]
    assert linked["calls"] == []


def test_an_unknown_first_inquiry_changes_nothing(sample, tmp_path):
    path = write(tmp_path / "one.jsonl", [question("REPEAT-3", question="Is it stable above 30 degrees?")])
    number = sample.json("inquiry", "import", path)["added"][0]["number"]
    refused = sample("inquiry", "triage", number, "--set", "duplicate=follow_up:MI-NONE", "--json")
    assert (refused.code != 0, refused.out) == (True, "")
    assert sample.json("inquiry", "show", number)["links"] == []
