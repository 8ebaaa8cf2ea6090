"""The sample workspace: well-formed, sourced to the last number, and without a real person."""

import json
import re
from datetime import date, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from lxml import etree

from app.models.ama import ama_text
from app.models.markup import citations, fields, parse, render

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
SRDS = sorted((SAMPLE / "srds").glob("*.json"))
SRD_KEYS = {
    "id",
    "kind",
    "title",
    "product",
    "audience",
    "country",
    "language",
    "version",
    "effective_from",
    "review_due",
    "sections",
    "references",
}
INQUIRY_KEYS = {
    "external_id",
    "received_at",
    "channel",
    "requester_name",
    "requester_role",
    "requester_email",
    "requester_phone",
    "institution",
    "country",
    "language",
    "product",
    "question",
    "topic",
    "solicited",
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MEASURE = re.compile(
    r"(\d+(?:[.,]\d+)*)[ -]?"
    r"(%|mg/kg/day|mg/kg|mg|mL/min|mL|lit(?:er|re)s?|hours?|years?|fold|mmHg|ng/mL|weeks?|days?|minutes|kg|caplets"
    r"|patients|subjects)(?!\w)"
)
CITATION = re.compile(r"\[(@[^\]]+)\]")
PHONE = re.compile(r"\+1 [2-9]\d\d-555-01\d\d|\+44 20 7946 0\d{3}")
WRITTEN_BY_US = [
    SAMPLE / name
    for name in ("company.json", "inquiries.jsonl", "inquiry.eml", "products.json", "library.json")
]


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def inquiries():
    return [
        json.loads(line) for line in (SAMPLE / "inquiries.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def cited_keys(text):
    return {item.key for citation in citations(parse(text)) for item in citation.items}


def measures(text):
    return {(number, unit.replace("re", "er").rstrip("s")) for number, unit in MEASURE.findall(text)}


@pytest.fixture(scope="module")
def label_texts():
    found = {}
    for path in (SAMPLE / "labels").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".xml":
            text = " ".join(etree.fromstring(text.encode()).itertext())
        found[path.stem] = re.sub(r"\s+", " ", text)
    return found


@pytest.fixture(scope="module")
def label_numbers(label_texts):
    return {set_id: set(NUMBER.findall(text)) for set_id, text in label_texts.items()}


@pytest.fixture(params=SRDS, ids=lambda path: path.stem)
def srd(request):
    return read(request.param)


def test_an_srd_has_the_form_that_the_import_takes(srd):
    assert set(srd) == SRD_KEYS
    assert srd["kind"] in {"srd", "faq"}
    assert re.fullmatch(r"(SRD|FAQ)-[A-Z]{3}-\d{3}", srd["id"])
    assert srd["audience"] in {"hcp", "patient"}
    assert re.fullmatch(r"\d+\.0", srd["version"])
    assert date.fromisoformat(srd["effective_from"]) < date.fromisoformat(srd["review_due"])
    assert srd["product"] in {product["name"] for product in read(SAMPLE / "products.json")}


def test_sections_have_headings_and_text_in_the_markup(srd):
    headings = [section["heading"] for section in srd["sections"]]
    assert len(headings) == len(set(headings))
    for section in srd["sections"]:
        assert set(section) == {"heading", "text"}
        assert section["heading"]
        assert section["text"].strip() == section["text"] != ""
        assert not re.search(r"<[a-z/!]|^#|!\[|\t|\r| $", section["text"], re.MULTILINE)
        tree = parse(section["text"])
        assert render(tree) == section["text"]
        assert not fields(tree)


def test_tables_have_as_many_cells_in_every_row(srd):
    for section in srd["sections"]:
        for table in re.findall(r"(?:^\|.*\|$\n?)+", section["text"], re.MULTILINE):
            rows = [row.strip("|").split("|") for row in table.strip().splitlines()]
            assert len({len(row) for row in rows}) == 1
            assert all(re.fullmatch(r" :?-{2,}:? ", cell) for cell in rows[1])


def test_every_citation_has_a_reference_and_the_other_way_round(srd):
    used = set().union(*(cited_keys(section["text"]) for section in srd["sections"]))
    keys = [reference["id"] for reference in srd["references"]]
    assert used == set(keys)
    assert len(keys) == len(set(keys))


def test_every_reference_can_be_found_again(srd):
    for reference in srd["references"]:
        assert reference["title"]
        assert re.fullmatch(r"\d{5,8}", reference.get("PMID", "")) or re.fullmatch(
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", reference["number"]
        )
        assert 1970 <= reference["issued"]["date-parts"][0][0] <= 2026
        assert ama_text(reference).startswith(
            reference["author"][0]["family"] if "author" in reference else reference["title"]
        )
        assert reference["URL"].startswith(
            ("https://dailymed.nlm.nih.gov/", "https://pubmed.ncbi.nlm.nih.gov/")
        )


def test_every_number_of_an_srd_stands_in_a_label_it_cites(srd, label_numbers):
    known = set().union(*(label_numbers[r["number"]] for r in srd["references"] if "number" in r))
    for section in srd["sections"]:
        # The years of the sample's literature are ours, and so are the numbers of list items.
        if section["heading"] == "Literature search":
            continue
        text = re.sub(r"^\d+\. ", "", CITATION.sub("", section["text"]), flags=re.MULTILINE)
        assert set(NUMBER.findall(text)) <= known


def test_every_measure_of_an_srd_stands_with_its_unit_in_a_label(srd, label_texts):
    labels = " ".join(label_texts[r["number"]] for r in srd["references"] if "number" in r)
    text = " ".join(CITATION.sub("", section["text"]) for section in srd["sections"])
    assert measures(text) <= measures(labels)


def test_the_library_shows_every_case_that_a_reader_meets():
    srds = [read(path) for path in SRDS]
    library = read(SAMPLE / "library.json")
    assert len({s["id"] for s in srds if s["kind"] == "srd"}) >= 8
    assert len({s["id"] for s in srds if s["kind"] == "faq"}) >= 4
    assert len({s["product"] for s in srds}) >= 3
    assert {"patient", "hcp"} == {s["audience"] for s in srds}
    assert len({s["country"] for s in srds}) >= 2
    versions = {(s["id"], s["version"]) for s in srds}
    assert len(versions) == len(srds)
    for entry in library["superseded"]:
        assert {(entry["id"], entry["version"]), (entry["id"], entry["by_version"])} <= versions
    assert library["superseded"]
    assert library["on_hold"]
    assert {(entry["id"], entry["version"]) for entry in library["on_hold"]} <= versions
    text = "\n".join(section["text"] for s in srds for section in s["sections"])
    assert "| --- |" in text
    assert re.search(r"^- ", text, re.MULTILINE)
    assert re.search(r"^1\. ", text, re.MULTILINE)


def test_the_library_loads_every_file_once_and_no_other():
    library = read(SAMPLE / "library.json")
    assert sorted(library["import_order"]) == [f"srds/{path.name}" for path in SRDS]
    assert {label["file"] for label in library["labels"]} == {
        f"labels/{path.name}" for path in (SAMPLE / "labels").iterdir()
    }
    people = {user["name"] for user in read(SAMPLE / "company.json")["users"] if user["role"] == "approver"}
    assert library["approved_by"] in people


def test_products_point_to_the_label_that_is_there(label_numbers):
    for product in read(SAMPLE / "products.json"):
        label = product["label"]
        path = SAMPLE / label["file"]
        assert path.stem == label["set_id"]
        assert label["set_id"] in path.read_text(encoding="utf-8")
        assert date.fromisoformat(label["effective_date"]).strftime("%Y%m%d") in path.read_text(
            encoding="utf-8"
        )
        assert re.fullmatch(r"[A-Z]\d\d[A-Z]{2}\d\d", product["atc"])
        assert {strength.split()[0] for strength in product["strengths"]} <= label_numbers[label["set_id"]]


def test_the_literature_holds_every_cited_record_and_no_abstract():
    literature = read(SAMPLE / "literature.json")
    by_id = {record["id"]: record for record in literature}
    assert len(by_id) == len(literature)
    for path in SRDS:
        for reference in read(path)["references"]:
            if "PMID" in reference:
                assert by_id[reference["id"]] == reference
    assert all("abstract" not in record for record in literature)


def test_inquiries_have_the_form_that_the_import_takes():
    rows = inquiries()
    assert len(rows) >= 14
    assert len({row["external_id"] for row in rows}) == len(rows)
    anchor = date.fromisoformat(read(SAMPLE / "company.json")["anchor_date"])
    products = {product["name"] for product in read(SAMPLE / "products.json")}
    for row in rows:
        assert set(row) == INQUIRY_KEYS
        received = datetime.fromisoformat(row["received_at"])
        assert received.tzinfo is not None
        assert 0 <= (anchor - received.date()).days <= 7
        assert row["product"] in products
        assert row["question"].strip()
        assert re.fullmatch(r"[A-Z]{2}", row["country"])
        assert re.fullmatch(r"[a-z]{2}", row["language"])
        assert isinstance(row["solicited"], bool)


def test_inquiries_spread_over_channels_roles_and_countries():
    rows = inquiries()
    for key, least in (("channel", 5), ("requester_role", 5), ("country", 4), ("topic", 6), ("product", 4)):
        assert len({row[key] for row in rows}) >= least, key
    text = "\n".join(row["question"] for row in rows)
    for words in (
        "URGENT",
        "soreness",
        "stiff and drowsy",
        "seal already broken",
        "pregnant",
        "not moved at all",
    ):
        assert words in text


def test_the_email_of_the_tour_asks_what_the_library_answers():
    message = BytesParser(policy=policy.default).parsebytes((SAMPLE / "inquiry.eml").read_bytes())
    assert message["message-id"]
    assert message["date"].datetime.tzinfo is not None
    assert message["to"].addresses[0].addr_spec == read(SAMPLE / "company.json")["mi_email"]
    body = message.get_content().replace("\r\n", "\n")
    questions = re.findall(r"^\d\. (.+?\?)\s*?(?=\n\d\.|\n\n)", body, re.MULTILINE | re.DOTALL)
    assert len(questions) == 3
    titles = " ".join(read(path)["title"] for path in SRDS if "ATO" in path.name).lower()
    assert all(
        word in " ".join(question.lower().split()) and word in titles
        for word, question in zip(("grapefruit juice", "renal impairment", "missed"), questions, strict=True)
    )


@pytest.mark.parametrize("path", WRITTEN_BY_US, ids=lambda path: path.name)
def test_no_address_or_number_can_reach_a_real_person(path):
    text = path.read_text(encoding="utf-8")
    for domain in re.findall(r"@([\w.-]+\w)", text):
        assert domain.endswith("example.org")
    for number in re.findall(r"\+\d[\d -]{7,}\d", text):
        assert PHONE.fullmatch(number)
    for host in re.findall(r"https?://([\w.-]+)", text):
        assert host.endswith("example.org")


def test_the_company_can_be_reached_for_safety_from_everywhere():
    company = read(SAMPLE / "company.json")
    countries = [line["country"] for line in company["safety_lines"]]
    assert len(countries) == len(set(countries))
    assert "*" in countries
    assert {row["country"] for row in inquiries()} - {"DE"} <= set(countries)
    for line in company["safety_lines"]:
        assert line["phone"] in line["text"]
        assert line["email"] in line["text"]
    assert {user["office"] for user in company["users"]} <= {office["id"] for office in company["offices"]}


def test_the_readme_names_the_source_of_every_file():
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    for path in SRDS:
        assert f"`srds/{path.name}`" in readme
    for path in (SAMPLE / "labels").iterdir():
        assert path.stem in readme
    for record in read(SAMPLE / "literature.json"):
        assert record["PMID"] in readme
    for notice in ("CC0", "CC BY 4.0", "National Library of Medicine"):
        assert notice in readme
