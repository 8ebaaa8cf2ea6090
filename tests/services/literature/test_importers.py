import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InputRefusedError
from app.models.ama import ama_text
from app.services.literature.importers import (
    read_csl_json,
    read_file,
    read_medline,
    read_pubmed_xml,
    read_references,
)
from app.services.literature.publication_dates import date_parts

ARTICLE = """<PubmedArticle><MedlineCitation><PMID>123</PMID><Article>
<Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>12</Volume><Issue>3 Suppl 1</Issue>
<PubDate>{date}</PubDate></JournalIssue><Title>The Journal</Title></Journal>
<ArticleTitle>Effect of CO<sub>2</sub> in <i>E coli</i>.</ArticleTitle>
<Pagination><MedlinePgn>764-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1000/right</ELocationID>
<Abstract><AbstractText Label="AIM">To see.</AbstractText><AbstractText>It was seen.</AbstractText></Abstract>
<AuthorList><Author><LastName>de Roe</LastName><ForeName>Jean Paul</ForeName><Initials>JP</Initials></Author>
<Author><CollectiveName>Star Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList>
</Article><MedlineJournalInfo><MedlineTA>J Ex</MedlineTA></MedlineJournalInfo></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/wrong</ArticleId></ArticleIdList>
</Reference></ReferenceList></PubmedData></PubmedArticle>"""
DATE = "<Year>2020</Year><Month>May</Month><Day>7</Day>"

MEDLINE = """
PMID- 12230038
TI  - The Bio* toolkits--a brief
      overview.
FAU - Mangalam, Harry
AU  - Mangalam H
FAU - Gilstrap, Larry C 3rd
AU  - Gilstrap LC 3rd
CN  - Star Group
DP  - 2002 Sep-Oct
TA  - Brief Bioinform
VI  - 3
IP  - 3
PG  - 296-302
LID - 10.1000/abc [doi]
PT  - Journal Article
PMC - PMC77

PMID- 2
TI  - Early results.
AU  - Roe J
TA  - JAMA
DP  - 2024
DEP - 20240305
PST - aheadofprint
AID - 10.1000/early [doi]
"""


def pubmed(*articles: str, head: str = "") -> bytes:
    return f"<?xml version='1.0'?>{head}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode()


def test_a_pubmed_article_becomes_csl():
    (record,) = read_pubmed_xml("a.xml", pubmed(ARTICLE.format(date=DATE))).records
    assert record["id"] == "123"
    assert record["title"] == "Effect of CO<sub>2</sub> in <i>E coli</i>."
    assert record["issued"] == {"date-parts": [[2020, 5, 7]]}
    assert record["author"] == [{"family": "de Roe", "given": "Jean Paul"}, {"literal": "Star Group"}]
    assert record["abstract"] == "AIM: To see. It was seen."
    assert record["PMCID"] == "PMC9"
    assert record["custom"]["retracted"] is True
    assert ama_text(record) == (
        "de Roe JP; Star Group. Effect of CO2 in E coli. J Ex. 2020;12(3)(suppl 1):764-769. doi:10.1000/right"
    )


def test_the_doi_of_a_cited_work_is_never_taken_for_the_article():
    article = ARTICLE.format(date=DATE).replace("10.1000/right", "")
    (record,) = read_pubmed_xml("a.xml", pubmed(article)).records
    assert "DOI" not in record


def test_no_dose_between_angle_brackets_is_lost():
    article = ARTICLE.format(date=DATE).replace(
        "To see.", "Those with &lt;5 mg and &gt;2 mg<!-- x -->, p&lt;0.05."
    )
    (record,) = read_pubmed_xml("a.xml", pubmed(article)).records
    assert record["abstract"] == "AIM: Those with <5 mg and >2 mg, p<0.05. It was seen."


def test_an_article_ahead_of_print_keeps_its_online_date():
    early = """<PubmedArticle><MedlineCitation><PMID>5</PMID><Article><Journal><JournalIssue><PubDate>
    <Year>2026</Year></PubDate></JournalIssue><Title>Jx</Title></Journal><ArticleTitle>Soon.</ArticleTitle>
    <ArticleDate><Year>2026</Year><Month>11</Month><Day>02</Day></ArticleDate></Article></MedlineCitation>
    <PubmedData><PublicationStatus>aheadofprint</PublicationStatus><ArticleIdList>
    <ArticleId IdType="doi">10.1000/soon</ArticleId></ArticleIdList></PubmedData></PubmedArticle>"""
    (record,) = read_pubmed_xml("a.xml", pubmed(early)).records
    assert ama_text(record) == "Soon. Jx. Published online November 2, 2026. doi:10.1000/soon"


def test_a_book_article_becomes_a_chapter():
    book = b"""<PubmedBookArticle><BookDocument><PMID>7</PMID><Book><Publisher><PublisherName>NCBI
    </PublisherName></Publisher><BookTitle>Drugs</BookTitle><PubDate><Year>2024</Year></PubDate>
    <AuthorList Type="editors"><Author><LastName>Ed</LastName><Initials>A</Initials></Author></AuthorList>
    </Book><ArticleTitle>Examplix</ArticleTitle></BookDocument></PubmedBookArticle>"""
    (record,) = read_pubmed_xml("b.xml", book).records
    assert ama_text(record) == "Examplix. In: Ed A, ed. Drugs. NCBI; 2024."


def test_an_empty_article_is_refused_and_the_others_are_taken():
    imported = read_pubmed_xml("a.xml", pubmed(ARTICLE.format(date=DATE), "\n<PubmedArticle/>"))
    assert len(imported.records) == 1
    (refusal,) = imported.refusals
    assert refusal.line == ARTICLE.count("\n") + 2
    assert "no title" in refusal.reason


def test_no_entity_of_a_hostile_file_is_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret", "utf-8")
    head = f"<!DOCTYPE x [<!ENTITY e SYSTEM '{secret.as_uri()}'>]>"
    article = ARTICLE.format(date=DATE).replace("To see.", "To see &e;.")
    imported = read_pubmed_xml("a.xml", pubmed(article, head=head))
    assert "secret" not in json.dumps(imported.records)


def test_nested_entities_are_refused_before_they_grow():
    head = "<!DOCTYPE x [<!ENTITY a 'haha'>" + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 50}'>" for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    article = ARTICLE.format(date=DATE).replace("To see.", "&h;")
    with pytest.raises(InputRefusedError, match="amplification"):
        read_pubmed_xml("a.xml", pubmed(article, head=f"{head}]>"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pubmed(ARTICLE.format(date=DATE)).replace(b"</PubmedArticleSet>", b""), "not well-formed XML"),
        (b"<html><body>Not found</body></html>", "no PubMed article"),
        (b"<", "not well-formed XML"),
    ],
)
def test_a_broken_pubmed_file_is_refused_with_its_line(content, reason):
    with pytest.raises(InputRefusedError, match=rf"^a\.xml, line \d+: .*{reason}"):
        read_pubmed_xml("a.xml", content)


def test_medline_text_becomes_csl():
    first, second = read_medline("a.nbib", MEDLINE.encode()).records
    assert first["id"] == "12230038"
    assert ama_text(first) == (
        "Mangalam H, Gilstrap LC 3rd; Star Group. The Bio* toolkits--a brief overview. "
        "Brief Bioinform. 2002;3(3):296-302. doi:10.1000/abc"
    )
    assert ama_text(second) == "Roe J. Early results. JAMA. Published online March 5, 2024. doi:10.1000/early"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_medline_text_of_every_system_reads_alike(ending):
    content = MEDLINE.replace("\n", ending).encode()
    assert read_medline("a.nbib", content) == read_medline("a.nbib", MEDLINE.encode())


@pytest.mark.parametrize(
    ("text", "line"),
    [("PMID- 1\nTI  - x\nnonsense here\n", 3), ("PMID-12345678\n", 1), ("      continued\nPMID- 1\n", 1)],
)
def test_a_line_that_would_lose_digits_refuses_the_file(text, line):
    with pytest.raises(InputRefusedError, match=rf"^a\.nbib, line {line}: "):
        read_medline("a.nbib", text.encode())


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"items": items}])
def test_csl_json_keeps_its_ids(wrap):
    items = [{"id": "a", "type": "book", "title": "A"}, {"id": "b", "title": "B"}]
    imported = read_csl_json("a.json", json.dumps(wrap(items)).encode())
    assert [record["id"] for record in imported.records] == ["a", "b"]


def test_one_csl_object_is_one_record():
    assert len(read_csl_json("a.json", b'\xef\xbb\xbf{"title": "A"}').records) == 1


def test_a_bad_csl_record_is_named_by_its_place():
    imported = read_csl_json("a.json", b'[{"title": "A"}, {"type": "book"}, 7]')
    assert [refusal.line for refusal in imported.refusals] == [2, 3]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'[{"title": "A"},\n{"title": ]', 2),
        (b"[]", 1),
        (b'{"items": []}', 1),
        (b'[{"title": NaN}]', 1),
        (b"[" * 100_000, 1),
        (b'["\xff"]', 1),
        (b'[{"type": "book"}]', 1),
    ],
)
def test_broken_csl_json_is_refused_with_its_line(content, line):
    with pytest.raises(InputRefusedError, match=rf"^a\.json, line {line}: "):
        read_csl_json("a.json", content)


@pytest.mark.parametrize(
    ("content", "count"),
    [(b' \n[{"title": "A"}]', 1), (pubmed(ARTICLE.format(date=DATE)), 1), (MEDLINE.encode(), 2)],
)
def test_the_form_is_told_by_the_content(tmp_path, content, count):
    path = tmp_path / "references.txt"
    path.write_bytes(content)
    assert len(read_file(path).records) == count


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content):
    try:
        outcome = str(len(read_references("x", content).records))
    except InputRefusedError as refusal:
        outcome = str(refusal)
    assert re.match(r"[1-9]|x, line \d+: ", outcome)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2002 Sep 12", [2002, 9, 12]),
        ("2002 Sep-Oct", [2002, 9]),
        ("1998 Dec-1999 Jan", [1998, 12]),
        ("2013 Spring", [2013]),
        ("20240305", [2024, 3, 5]),
        ("2020 05 07", [2020, 5, 7]),
        ("1976 Dec 31", [1976, 12, 31]),
        ("Spring", None),
        ("", None),
    ],
)
def test_publication_dates_are_read(written, expected):
    assert date_parts(written) == expected
