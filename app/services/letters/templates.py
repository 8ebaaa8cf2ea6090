"""Letter templates: those of the company, else those that the program ships."""

import json
import re
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import EnvironmentFaultError, InputRefusedError, RecordNotFoundError
from app.models.checks.snapshot import LetterKind
from app.models.ids import uuid7
from app.models.letter import LetterTemplate
from app.models.letter_templates import TemplateForm, letter_kind, template_form
from app.models.rules_data import resource_path

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,58}")
_FOOTER_TAG = b"midesk.footer_code"


def template_row(session: Session, code: str) -> LetterTemplate:
    """Return a template of this workspace."""
    row = session.scalars(
        select(LetterTemplate).where(LetterTemplate.code == code, LetterTemplate.retired_at.is_(None))
    ).first()
    if row is None:
        raise RecordNotFoundError(code)
    return row


def form_of(row: LetterTemplate) -> TemplateForm:
    """Return the slots of a template."""
    return template_form(row.code, row.number, row.title, row.language, row.slots)


def has_footer(row: LetterTemplate) -> bool:
    """Tell whether the Word file of a template prints the footer code."""
    return bool(row.slots.get("footer"))


def ensure_template(session: Session, code: str) -> LetterTemplate:
    """Return a template; one that the program ships is taken in at its first use."""
    try:
        return template_row(session, code)
    except RecordNotFoundError:
        row = shipped(code)
    session.add(row)
    session.flush()
    return row


def shipped(code: str) -> LetterTemplate:
    """Read a template of the program's own resources."""
    if not _CODE.fullmatch(code):
        raise RecordNotFoundError(code)
    path = resource_path("letter-templates", f"{code}.json")
    if not path.is_file():
        raise RecordNotFoundError(code)
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        document = path.with_name(form["document"]).read_bytes()
    except (OSError, ValueError, KeyError) as exc:
        raise EnvironmentFaultError(
            f"The letter template {code} cannot be read. Your work is untouched. Install MI Desk again."
        ) from exc
    return new_template(form, document)


def new_template(form: dict[str, Any], document: bytes) -> LetterTemplate:
    """Return a template made of its slots and its Word file."""
    return LetterTemplate(
        id=uuid7(),
        code=form["id"],
        number=form["version"],
        title=form["title"],
        language=form["language"],
        slots={
            "kind": _kind(form).value,
            "slots": form["slots"],
            "optional": form.get("optional", []),
            "footer": prints_footer(document),
        },
        document=document,
    )


def _kind(form: dict[str, Any]) -> LetterKind:
    try:
        return letter_kind(form)
    except ValueError as exc:
        raise InputRefusedError(
            f"The letter template {form['id']} names a kind of letter that is not known. Nothing was taken in. "
            "A kind is answer, interim or acknowledgement."
        ) from exc


def prints_footer(document: bytes) -> bool:
    """Tell whether a Word file has a place for the footer code."""
    try:
        with ZipFile(BytesIO(document)) as archive:
            names = [name for name in archive.namelist() if name.startswith("word/footer")]
            return any(_FOOTER_TAG in archive.read(name) for name in names)
    except BadZipFile as exc:
        raise InputRefusedError(
            "This template is not a Word file. Nothing was taken in. Choose a .docx file."
        ) from exc
