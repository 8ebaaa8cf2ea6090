"""The library on the command line: import, list, show, publish, hold."""

import pytest

from tests.cli.driving import write


def srd(code, **changed):
    sections = [{"heading": "Summary", "text": "Grapefruit raises the level [@a]."}]
    references = [{"id": "a", "type": "article-journal", "title": "On grapefruit"}]
    return {
        "id": code,
        "kind": "srd",
        "title": f"About {code}",
        "sections": sections,
        "references": references,
        **changed,
    }


def test_a_draft_is_imported_published_and_held(sample, tmp_path):
    path = write(tmp_path / "one.json", srd("SRD-CLI-1", version="1.0"))
    done = sample.json("srd", "import", path)
    assert [(item["code"], item["state"]) for item in done["imported"]] == [("SRD-CLI-1", "draft")]
    assert done["refused"] == []
    published = sample.json(
        "srd", "publish", "SRD-CLI-1@1.0", "--approved-by", "S. Okonjo", "--approved-on", "2026-11-01"
    )
    assert published["state"] == "effective"
    shown = sample.json("srd", "show", "SRD-CLI-1")
    assert shown["sections"][0]["heading"] == "Summary"
    held = sample.json("srd", "hold", "SRD-CLI-1", "--reason", "a label change is due")
    assert held["state"] == "on_hold"
    listed = {row["code"]: row["state"] for row in sample.json("srd", "list")}
    assert listed["SRD-CLI-1"] == "on_hold"


def test_an_import_may_take_over_an_approval(sample, tmp_path):
    path = write(tmp_path / "two.jsonl", [srd("SRD-CLI-2"), srd("FAQ-CLI-2", kind="faq")])
    words = ["--publish", "--approved-by", "S. Okonjo", "--approved-on", "2026-11-01"]
    done = sample.json("srd", "import", path, *words)
    assert {item["code"]: item["state"] for item in done["imported"]} == {
        "SRD-CLI-2": "effective",
        "FAQ-CLI-2": "effective",
    }
    again = sample.json("srd", "import", path, *words)
    assert [item["known"] for item in again["imported"]] == [True, True]


def test_a_line_separator_within_a_text_does_not_split_a_line(sample, tmp_path):
    section = {"heading": "Dose", "text": "First line\u2028second\u0085third\u2029fourth"}
    path = write(tmp_path / "separator.jsonl", [srd("SRD-CLI-3", sections=[section])])
    done = sample("srd", "import", path, "--json")
    assert done.document["refused"] == []
    assert done.code == 0


def test_good_documents_are_in_and_bad_ones_are_named(sample, tmp_path):
    lines = [srd("SRD-CLI-4"), {"id": "X"}, srd("SRD-CLI-5", kind="poem"), srd("SRD-CLI-6", sections=[])]
    path = write(tmp_path / "mixed.jsonl", lines)
    other = write(tmp_path / "broken.json", b'{"id": ')
    deep = write(tmp_path / "deep.json", b"[" * 200_000)
    done = sample("srd", "import", path, other, deep, tmp_path / "none.md", tmp_path, "--json")
    assert done.code == 3
    assert [item["code"] for item in done.document["imported"]] == ["SRD-CLI-4"]
    where = " ".join(refusal["where"] for refusal in done.document["refused"])
    assert all(
        name in where for name in ("line 2", "line 3", "line 4", "broken.json", "deep.json", "none.md")
    )
    assert all(refusal["reason"] for refusal in done.document["refused"])


def test_a_step_that_a_rule_forbids_is_answered_with_no(sample):
    superseded = sample("srd", "publish", "SRD-ATO-001@1.0")
    assert superseded.code == 1
    assert superseded.err.strip()


@pytest.mark.parametrize("code", ["SRD-NONE", "SRD-ATO-001@9.9", "@", ""])
def test_what_is_not_there_is_wrong_usage(sample, code):
    assert sample("srd", "show", code).code == 2


def test_a_day_that_is_none_is_refused_before_anything_is_imported(sample, tmp_path):
    path = write(tmp_path / "day.json", srd("SRD-CLI-7"))
    refused = sample("srd", "import", path, "--publish", "--approved-on", "2026-13-01")
    assert refused.code in (1, 2)
    assert sample("srd", "show", "SRD-CLI-7").code == 2


def test_a_hold_needs_its_reason(sample):
    assert sample("srd", "hold", "SRD-ATO-002").code == 2
    assert sample("srd", "hold", "SRD-ATO-002", "--reason", " ").code != 0
    assert sample.json("srd", "show", "SRD-ATO-002")["row"]["state"] == "effective"
