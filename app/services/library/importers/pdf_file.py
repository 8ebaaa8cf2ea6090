"""Whether a foreign PDF may go with a letter, and how many pages it has."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf

from app.errors import InputRefusedError

_MOST_PAGES: Final = 2_000
# What runs, opens or sends something where the reader opens the file (ISO 32000-1, 12.6.4).
_ACTIVE: Final = frozenset(
    f"/{name}" for name in ("JavaScript", "Launch", "SubmitForm", "ImportData", "Rendition", "Movie", "Sound")
)


def read_pdf(content: bytes) -> dict[str, Any]:
    """Return the number of pages; raises `InputRefusedError` for what nobody should be sent."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _refuse_active(pdf)
            pages = len(pdf.pages)
    except pikepdf.PasswordError as exc:
        raise InputRefusedError(
            "It is locked with a password. Nothing was taken in. Save it without one."
        ) from exc
    except pikepdf.PdfError as exc:
        raise InputRefusedError(
            "It is not a PDF, or it is damaged. Nothing was taken in. Save it again from where it comes from."
        ) from exc
    if not 0 < pages <= _MOST_PAGES:
        raise InputRefusedError(
            f"It has {pages:,} pages; from 1 to {_MOST_PAGES:,} can go with a letter. Nothing was taken in."
        )
    return {"pages": pages}


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/EmbeddedFiles" in names:
        raise InputRefusedError(
            "It holds other files. Nothing was taken in. Print it to a PDF and take that one."
        )
    if "/JavaScript" in names or any(_is_active(action) for action in _actions(pdf)):
        raise InputRefusedError(
            "It holds a script or opens something by itself. Nothing was taken in. "
            "Print it to a PDF and take that one."
        )


def _actions(pdf: pikepdf.Pdf) -> Iterator[Any]:
    yield pdf.Root.get("/OpenAction")
    for owner in (pdf.Root, *(page.obj for page in pdf.pages)):
        yield from owner.get("/AA", {}).values()
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            yield note.get("/A")
            yield from note.get("/AA", {}).values()


def _is_active(action: Any) -> bool:
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _ACTIVE
