"""`midesk srd import` takes Word files and labels, and lists and shows labels."""

import shutil
from pathlib import Path

from tests.cli.driving import write

DATA = Path(__file__).resolve().parents[1] / "data" / "library"


def test_word_files_and_labels_come_in_and_bad_ones_are_named(sample, tmp_path):
    document = shutil.copy(DATA / "footnotes.docx", tmp_path / "SRD-CLI-W1 v1.2.docx")
    bad = write(tmp_path / "cut.docx", (DATA / "footnotes.docx").read_bytes()[:900])
    done = sample(
        "srd",
        "import",
        document,
        bad,
        DATA / "strict-format.docx",
        DATA / "cough.xml",
        DATA / "openfda.json",
        "--json",
    )
    assert done.code == 3
    assert "Traceback" not in done.err
    imported = {item["kind"]: item for item in done.document["imported"]}
    assert (imported["srd"]["code"], imported["srd"]["number"]) == ("SRD-CLI-W1", "1.2")
    assert {"what": "notes", "count": 2} in imported["srd"]["understood"]
    assert len([item for item in done.document["imported"] if item["kind"] == "label"]) == 6
    reasons = {refusal["where"].split("/")[-1]: refusal["reason"] for refusal in done.document["refused"]}
    assert reasons.keys() == {"cut.docx", "strict-format.docx"}
    assert "damaged or cut off" in reasons["cut.docx"]
    assert "Strict Open XML" in reasons["strict-format.docx"]

    rows = sample.json("srd", "list", "--kind", "label")
    assert len(rows) == 6
    assert {row["state"] for row in rows} == {"current"}
    assert all(row["code"] != "SRD-CLI-W1" for row in sample.json("srd", "list", "--kind", "faq"))
    shown = sample.json("srd", "show", "00f66f25", "--kind", "label")
    assert shown["row"]["title"] == "Drug Facts"
    assert any("Diphenhydramine" in section["text"] for section in shown["sections"])
    again = sample.json("srd", "import", DATA / "cough.xml")
    assert [item["known"] for item in again["imported"]] == [True]


def test_a_document_gets_the_product_that_is_named(sample, tmp_path):
    document = shutil.copy(DATA / "endnotes.docx", tmp_path / "SRD-CLI-W2.docx")
    done = sample.json("srd", "import", document, "--product", "atorvastatin TABLETS", "--publish")
    assert [item["state"] for item in done["imported"]] == ["effective"]
    assert sample.json("srd", "show", "SRD-CLI-W2")["row"]["product"] == "Atorvastatin tablets"


def test_a_product_or_label_that_is_not_there_is_wrong_usage(sample, tmp_path):
    document = shutil.copy(DATA / "endnotes.docx", tmp_path / "SRD-CLI-W3.docx")
    assert sample("srd", "import", document, "--product", "none such").code == 2
    assert sample("srd", "show", "SRD-CLI-W3").code == 2
    assert sample("srd", "show", "none", "--kind", "label").code == 2


def test_words_for_people_say_what_was_read_and_what_was_not(sample):
    done = sample("srd", "import", DATA / "text-box.docx")
    assert done.code == 0
    assert "understood:" in done.out
    assert "listed: no headings" in done.out
