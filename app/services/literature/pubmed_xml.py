"""Read PubMed XML into raw CSL records, one article at a time."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Protocol

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types of its own

from app.errors import InputRefusedError
from app.services.literature.publication_dates import csl_date

Refuse = Callable[[int, str], InputRefusedError]

_ARTICLE, _BOOK = "PubmedArticle", "PubmedBookArticle"
_MARKS = {"i": "i", "em": "i", "sup": "sup", "sub": "sub"}


class Element(Protocol):
    """The little of an XML element that this module uses."""

    tag: str
    text: str | None
    tail: str | None
    sourceline: int | None

    def get(self, key: str, default: str = "") -> str:
        """Return an attribute."""

    def find(self, path: str) -> "Element | None":
        """Return the first element of a path."""

    def findall(self, path: str) -> "list[Element]":
        """Return all elements of a path."""

    def clear(self) -> None:
        """Drop the content."""

    def getprevious(self) -> "Element | None":
        """Return the sibling before."""

    def getparent(self) -> "Element | None":
        """Return the element around."""

    def remove(self, element: "Element") -> None:
        """Drop a child."""

    def __iter__(self) -> "Iterator[Element]": ...


def pubmed_records(stream: BinaryIO, refuse: Refuse) -> Iterator[tuple[int, object]]:
    """Yield the line and raw record of each article and book.

    No DTD is loaded, no entity resolved, no network used, and each element is freed after reading.
    """
    found = False
    try:
        # iterparse takes the same guards as an XMLParser of its own.
        events = etree.iterparse(
            stream,
            tag=(_ARTICLE, _BOOK),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for _, element in events:
            found = True
            line = element.sourceline or 1
            yield line, _book(element) if element.tag == _BOOK else _article(element)
            _release(element)
    except etree.XMLSyntaxError as fault:
        raise refuse(fault.lineno or 1, f"it is not well-formed XML ({fault.msg})") from fault
    if not found:
        raise refuse(1, "it holds no PubMed article")


def _release(element: Element) -> None:
    element.clear()
    parent, previous = element.getparent(), element.getprevious()
    if parent is not None and previous is not None:
        parent.remove(previous)


def _article(element: Element) -> dict[str, object]:
    citation = element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return {"PMID": _words(element, "MedlineCitation/PMID")}
    types = [_flat(each) for each in article.findall("PublicationTypeList/PublicationType")]
    doi, locator = _locators(element, article)
    paged = _pagination(article)
    raw: dict[str, object] = {
        "id": _words(citation, "PMID"),
        "type": "article" if "Preprint" in types else "article-journal",
        "title": _title(article.find("ArticleTitle")) or _title(article.find("VernacularTitle")),
        "container-title": _words(article, "Journal/Title"),
        "container-title-short": _words(citation, "MedlineJournalInfo/MedlineTA")
        or _words(article, "Journal/ISOAbbreviation"),
        "volume": _words(article, "Journal/JournalIssue/Volume"),
        "issue": _words(article, "Journal/JournalIssue/Issue"),
        "page": paged,
        "number": "" if paged else locator,
        "issued": _date(article.find("Journal/JournalIssue/PubDate")) or _date(article.find("ArticleDate")),
        "DOI": doi,
        "PMID": _words(citation, "PMID"),
        "PMCID": _article_id(element, "pmc"),
        "ISSN": _words(article, "Journal/ISSN"),
        "language": _words(article, "Language"),
        "abstract": _abstract(article),
        "author": _people(article, "AuthorList"),
        "custom": {"publication-types": types, "retracted": "Retracted Publication" in types},
    }
    if "Preprint" in types:
        raw["genre"] = "Preprint"
    if _words(element, "PubmedData/PublicationStatus") == "aheadofprint":
        raw["status"] = "advance online publication"
        raw["issued"] = _date(article.find("ArticleDate")) or raw["issued"]
    return raw


def _book(element: Element) -> dict[str, object]:
    document = element.find("BookDocument")
    book = document.find("Book") if document is not None else None
    if document is None or book is None:
        return {"PMID": _words(element, "BookDocument/PMID")}
    chapter, title = _title(document.find("ArticleTitle")), _title(book.find("BookTitle"))
    inside = bool(chapter) and chapter != title
    return {
        "id": _words(document, "PMID"),
        "type": "chapter" if inside else "book",
        "title": chapter if inside else title,
        "container-title": title if inside else "",
        "collection-title": _words(book, "CollectionTitle"),
        "edition": _words(book, "Edition"),
        "volume": _words(book, "Volume"),
        "page": _pagination(document),
        "publisher": _words(book, "Publisher/PublisherName"),
        "publisher-place": _words(book, "Publisher/PublisherLocation"),
        "issued": _date(document.find("ContributionDate")) or _date(book.find("PubDate")),
        "ISBN": _words(book, "Isbn"),
        "PMID": _words(document, "PMID"),
        "language": _words(document, "Language"),
        "abstract": _abstract(document),
        "author": _people(document, "AuthorList[@Type='authors']")
        or _people(book, "AuthorList[@Type='authors']"),
        "editor": _people(book, "AuthorList[@Type='editors']"),
    }


def _words(element: Element, path: str) -> str:
    found = element.find(path)
    return _flat(found) if found is not None else ""


def _flat(element: Element) -> str:
    return " ".join(_inner(element, {}).split())


def _title(element: Element | None) -> str:
    return " ".join(_inner(element, _MARKS).split()) if element is not None else ""


def _inner(element: Element, marks: Mapping[str, str]) -> str:
    pieces = [element.text or ""]
    for child in element:
        # Comments and unresolved entities have a tag that is no text; only what follows them is read.
        inner = _inner(child, marks) if isinstance(child.tag, str) else ""
        mark = marks.get(child.tag) if inner else None
        pieces += [f"<{mark}>{inner}</{mark}>" if mark else inner, child.tail or ""]
    return "".join(pieces)


def _people(element: Element, path: str) -> list[dict[str, str]]:
    return [
        {"literal": _words(author, "CollectiveName")}
        if author.find("CollectiveName") is not None
        else {
            "family": _words(author, "LastName"),
            "given": _words(author, "ForeName") or _words(author, "Initials"),
            "suffix": _words(author, "Suffix"),
        }
        for author in element.findall(f"{path}/Author")
        if author.get("ValidYN", "Y") != "N"
    ]


def _pagination(element: Element) -> str:
    written = _words(element, "Pagination/MedlinePgn")
    start, end = _words(element, "Pagination/StartPage"), _words(element, "Pagination/EndPage")
    return written or (f"{start}-{end}" if start and end else start)


def _locators(element: Element, article: Element) -> tuple[str, str]:
    found = {each.get("EIdType"): _flat(each) for each in article.findall("ELocationID[@ValidYN='Y']")}
    doi = found.get("doi") or _article_id(element, "doi")
    pii = found.get("pii", "")
    return doi, pii if re.fullmatch(r"[A-Za-z]{0,3}\d{1,8}", pii) else ""


def _article_id(element: Element, kind: str) -> str:
    # Only the article's own list: references further down have ids of the same form.
    return _words(element, f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']")


def _date(element: Element | None) -> dict[str, object] | None:
    if element is None:
        return None
    if written := _words(element, "MedlineDate"):
        return csl_date(written)
    return csl_date(" ".join(filter(None, (_words(element, part) for part in ("Year", "Month", "Day")))))


def _abstract(element: Element) -> str:
    parts: list[str] = []
    for each in element.findall("Abstract/AbstractText"):
        label = each.get("Label")
        parts.append(f"{label}: {_flat(each)}" if label else _flat(each))
    return " ".join(part for part in parts if part)
