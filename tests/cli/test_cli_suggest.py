"""`midesk srd suggest`: one question, or a file of them."""

import json


def test_a_question_is_answered_with_ranked_hits(sample):
    ran = sample("--json", "srd", "suggest", "grapefruit juice with Lipitor", "-n", "3")
    assert ran.code == 0, ran.err
    answer = json.loads(ran.out)
    assert len(answer["hits"]) == 3
    best = answer["hits"][0]
    assert best["id"].startswith("SRD-ATO-")
    assert {"id", "title", "score", "section", "why"} <= set(best)
    assert "grapefruit" in best["why"]
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_a_file_gets_one_ranking_a_line_in_its_order_and_bad_lines_are_named(sample, tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(
        '{"id": "q1", "text": "torsades"}\nnot json\n{"id": 2, "text": "zzzz"}\n{"id": 3}\n', encoding="utf-8"
    )
    ran = sample("srd", "suggest", path, "-n", "1")
    assert ran.code == 3
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["id"] for line in lines] == ["q1", "2"]
    assert lines[0]["hits"][0]["id"] == "SRD-HAL-001"
    assert "line 2: it is not JSON" in ran.err
    assert "line 4" in ran.err
    assert "Traceback" not in ran.err


def test_a_product_leaves_out_the_documents_of_others(sample):
    ran = sample("--json", "srd", "suggest", "storage of the tablets", "--product", "Haldol")
    found = [hit["id"] for hit in json.loads(ran.out)["hits"]]
    # Labels that another test took in have ids of another kind.
    assert {each.split("-")[1] for each in found if each.startswith(("SRD-", "FAQ-"))} == {"HAL"}


def test_wrong_usage_is_told_in_a_sentence(sample, tmp_path):
    assert sample("srd", "suggest", "x", "-n", "0").code == 2
    ran = sample("srd", "suggest", tmp_path / "none.jsonl")
    assert ran.code == 3
    assert "cannot be read" in ran.err


def test_a_question_of_signs_alone_is_answered_with_nothing(sample):
    ran = sample("--json", "srd", "suggest", '" * (?!')
    assert ran.code in (0, 1)
    assert json.loads(ran.out)["hits"] == []
    assert "Traceback" not in ran.err
