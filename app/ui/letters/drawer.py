"""What the editor shows for fields, citations and the reference list."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QTextDocument

from app.models.fields import FIELDS
from app.models.letter_drawing import OPTIONAL
from app.models.markup import Citation, Field
from app.services.letters.views import ReferenceView
from app.ui import theme
from app.ui.letters.document import id_at
from app.ui.letters.inline_objects import Shown
from app.ui.letters.model import LetterModel


class _Open(Protocol):
    """An editor with a letter in it, or none yet."""

    @property
    def sheet(self) -> object: ...

    @property
    def model(self) -> LetterModel: ...

    def document(self) -> QTextDocument: ...


class Drawer:
    """Draws the atoms of the letter that is open in an editor."""

    def __init__(self, editor: _Open) -> None:
        self._editor = editor

    def draw(self, atom: Citation | Field, position: int) -> Shown:
        """Return what stands for an atom at a position."""
        if self._editor.sheet is None:
            return Shown("")
        model = self._editor.model
        if isinstance(atom, Field):
            return _field(atom.name, model.drawing.values.get(atom.name))
        origins = model.read_tag(id_at(self._editor.document(), position))[1]
        number = model.drawing.callout(atom, origins)
        return Shown(number, raised=True, color=theme.color("over" if "?" in number else "accent"))

    def lines(self) -> Sequence[ReferenceView]:
        """Return the reference list as it stands now."""
        return () if self._editor.sheet is None else self._editor.model.reference_lines()


def _field(name: str, value: str | None) -> Shown:
    if value is not None:
        return Shown(value, color=theme.color("text.1"))
    if name in OPTIONAL:
        return Shown("")
    label = FIELDS[name].label if name in FIELDS else name
    return Shown(f"[{label}]", color=theme.color("soon"))
