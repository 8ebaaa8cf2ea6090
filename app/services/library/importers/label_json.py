"""Read labels from the JSON of openFDA and of DailyMed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.errors import InputRefusedError
from app.models.canonical import canonical_json, sha256_hex
from app.models.markup import (
    Document,
    List,
    ListItem,
    Paragraph,
    Text,
    canonical,
    render,
)  # fmt: skip
from app.models.rules_data import load_rules
from app.services.library.importers.spl import iso_day, label_kind
from app.services.library.importers.spl_text import SplText
from app.services.library.importers.word_listing import Listing
from app.services.library.parsing.xml_tree import parse_xml

_TABLE: Final = "_table"
_PRODUCT_DATA: Final = "48780-1"
# Identity and indexing of a record, which is no text of the label.
_NO_TEXT: Final = frozenset({"openfda", "set_id", "id", "version", "effective_time", "title"})
_MOST_RECORDS: Final = 20_000


def read_label_json(content: bytes) -> dict[str, Any]:
    """Return the labels of a file, and which of its records are none."""
    labels: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    for number, record in enumerate(_records(content), start=1):
        where = f"record {number}"
        try:
            labels.append(_label(record))
        except InputRefusedError as exc:
            refused.append({"where": where, "reason": str(exc)})
    return {"labels": labels, "refused": refused}


def _records(content: bytes) -> list[Any]:
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise InputRefusedError("It is not JSON in UTF-8. Nothing was taken in.") from exc
    records = read.get("results") if isinstance(read, Mapping) else read
    if isinstance(read, Mapping) and "set_id" in read:
        records = [read]
    if not isinstance(records, list) or not any(_is_label(record) for record in records):
        raise InputRefusedError("It holds no label: no record has a set id. Nothing was taken in.")
    if len(records) > _MOST_RECORDS:
        raise InputRefusedError(
            f"It holds more than {_MOST_RECORDS:,} records. Nothing was taken in. Split it."
        )
    return records


def _is_label(record: Any) -> bool:
    return isinstance(record, Mapping) and bool(_text(record.get("set_id")))


def _label(record: Any) -> dict[str, Any]:
    if not _is_label(record):
        raise InputRefusedError("It has no set id, so it is no label.")
    listing = Listing()
    is_dailymed = "products" in record and "labeler" in record
    written = _from_dailymed(record, listing) if is_dailymed else _from_openfda(record, listing)
    if not written["sections"]:
        raise InputRefusedError("It holds no section with text.")
    return {
        "set_id": _text(record["set_id"]),
        "document_id": _text(record.get("id")),
        "number": _text(record.get("version")),
        "effective_from": iso_day(_text(record.get("effective_time"))),
        "region": "US",
        "language": "en",
        "sha256": sha256_hex(canonical_json(_without_floats(record))),
        **written,
        **listing.plain(),
    }


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(key): _without_floats(item) for key, item in value.items()}
    return [_without_floats(item) for item in value] if isinstance(value, list) else value


def _from_openfda(record: Mapping[str, Any], listing: Listing) -> dict[str, Any]:
    names = record.get("openfda")
    names = names if isinstance(names, Mapping) else {}
    product_type = " ".join(_texts(names.get("product_type")))
    brand = _texts(names.get("brand_name"))
    generic = _texts(names.get("generic_name"))
    sections = sorted(_openfda_sections(record, listing), key=lambda section: section[0])
    return {
        "kind": label_kind("", product_type) if product_type else "label",
        "title": " ".join(_texts(record.get("title"))) or ", ".join(brand[:3] or generic[:3]),
        "source": "openFDA",
        "names": brand,
        "substances": [*generic, *_texts(names.get("substance_name"))],
        "codes": _texts(names.get("product_ndc")),
        "sections": [section for _order, section in sections],
    }


def _openfda_sections(
    record: Mapping[str, Any], listing: Listing
) -> Iterator[tuple[tuple[int, str], dict[str, Any]]]:
    known = {
        section.text("field"): (order, section)
        for order, section in enumerate(load_rules("label_sections.json").body.sections("sections"))
        if "field" in section
    }
    for name, value in record.items():
        if name in _NO_TEXT or name.endswith(_TABLE):
            continue
        texts = _texts(value)
        tables = _tables(record.get(name + _TABLE), listing)
        text = "\n\n".join([render(canonical(_plain(texts))), *tables]).strip()
        if not text:
            listing.add("field without text", name)
            continue
        order, section = known.get(name, (len(known), None))
        heading = section.text("heading") if section is not None else name.replace("_", " ").capitalize()
        if section is None:
            listing.add("section without a known code", heading)
        listing.count("sections")
        code = section.text("code") if section is not None else ""
        yield (order, name), {"code": code, "depth": 1, "heading": heading, "text": text}
    orphans = [name for name in record if name.endswith(_TABLE) and name.removesuffix(_TABLE) not in record]
    for name in orphans:
        tables = _tables(record[name], listing)
        if tables:
            heading = name.removesuffix(_TABLE).replace("_", " ").capitalize()
            order, section = known.get(name.removesuffix(_TABLE), (len(known), None))
            code = section.text("code") if section is not None else ""
            yield (order, name), {"code": code, "depth": 1, "heading": heading, "text": "\n\n".join(tables)}


def _plain(texts: list[str]) -> Document:
    return Document(tuple(Paragraph((Text(text),)) for text in texts))


def _tables(value: Any, listing: Listing) -> list[str]:
    """Return the HTML tables that openFDA gives beside its flat text."""
    tables = []
    for written in _texts(value):
        try:
            root = parse_xml(f"<text>{written}</text>".encode(), "A table")
        except InputRefusedError:
            listing.add("table that is not well-formed, its words stand in the text", written[:120])
            continue
        if markup := SplText(root, listing).markup(root):
            tables.append(markup)
    return tables


def _from_dailymed(record: Mapping[str, Any], listing: Listing) -> dict[str, Any]:
    products = [each for each in record["products"] if isinstance(each, Mapping)] if isinstance(
        record["products"], list
    ) else []  # fmt: skip
    names = [name for each in products if (name := _text(each.get("name")))]
    items = tuple(map(_product_item, products))
    labeler = _text(record.get("labeler"))
    text = [Paragraph((Text(f"Labeler: {labeler}"),))] if labeler else []
    sections = []
    if items:
        listing.count("sections")
        listing.add("no label text", "DailyMed's list holds the product data only.")
        markup = render(canonical(Document((*text, List(False, items)))))
        sections.append(
            {"code": _PRODUCT_DATA, "depth": 1, "heading": "Product data elements", "text": markup}
        )
    return {
        "kind": "label",
        "title": ", ".join(dict.fromkeys(names)) or "Label without a name",
        "source": "DailyMed",
        "names": list(dict.fromkeys(names)),
        "substances": [],
        "codes": [code for each in products if (code := _text(each.get("code")))],
        "sections": sections,
    }


def _product_item(product: Mapping[str, Any]) -> ListItem:
    head = _text(product.get("name"))
    if code := _text(product.get("code")):
        head += f" (NDC {code})"
    lines = []
    if schedule := _text(product.get("schedule")):
        lines.append(f"Schedule: {schedule}")
    for name, title in (("packages", "Packages"), ("inactive_ingredients", "Inactive ingredients")):
        entries = [each for each in product.get(name) or () if isinstance(each, Mapping)]
        words = [_text(each.get("code")) or _text(each.get("name")) for each in entries]
        if words:
            lines.append(f"{title}: {', '.join(word for word in words if word)}")
    below = List(False, tuple(ListItem((Text(line),)) for line in lines)) if lines else None
    return ListItem((Text(head or "Product"),), below)


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for each in values if (text := _text(each))]


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
