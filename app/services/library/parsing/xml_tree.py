"""Parse XML that may be hostile: no entities, no network, no DTD, no huge nodes."""

from typing import TypeAlias

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from app.errors import InputRefusedError

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml gives the class of its elements no other name
_CHUNK = 1 << 16


def parse_xml(content: bytes, what: str, *, keep_spaces: bool = True) -> Element:
    """Return the root of a well-formed document without a DTD, or refuse it.

    Nothing is fetched and no entity is expanded; a document type is refused, because only it can define one.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_blank_text=not keep_spaces,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        for start in range(0, len(content), _CHUNK):
            parser.feed(content[start : start + _CHUNK])
        root = parser.close()
    except etree.XMLSyntaxError as exc:
        raise InputRefusedError(f"{what} is not well-formed XML. Nothing was taken in.") from exc
    if root.getroottree().docinfo.doctype or any(True for _ in root.iter(etree.Entity)):
        raise InputRefusedError(f"{what} declares XML entities, which is not allowed. Nothing was taken in.")
    return root


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
