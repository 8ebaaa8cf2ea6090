"""Putting other words in place of found ones, where the blocks allow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime
from PySide6.QtGui import QTextCursor

from app.ui.letters import guard
from app.ui.letters.document import id_at
from app.ui.letters.finding import Place
from app.ui.letters.formats import ATOM_CHARACTER

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor

_KEEP = QTextCursor.MoveMode.KeepAnchor
_BREAKS = str.maketrans({ATOM_CHARACTER: "", "\u2028": " ", "\u2029": " ", "\n": " ", "\t": " "})


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many were replaced, and why each of the others stayed."""

    done: int
    left: tuple[str, ...] = ()


class Replacer:
    """Replaces in one editor what its blocks allow."""

    def __init__(self, editor: "LetterEditor") -> None:
        self._editor = editor

    def why_not(self, place: Place) -> str:
        """Say why the text at a place stays as it is; nothing means that it may be replaced."""
        block_id = self._block_at(place)
        model = self._editor.model
        if block_id and model.is_closed(block_id):
            return guard.why_closed(model, block_id)
        return guard.MADE if place.has_object or not block_id else ""

    def replace(self, place: Place, text: str) -> str:
        """Replace one place in one undo step, or say why it stays."""
        why = self.why_not(place)
        if why:
            self._editor.refused.emit(self._block_at(place), why)
        else:
            self._write([place], text)
        return why

    def replace_all(self, places: Sequence[Place], text: str) -> Replaced:
        """Replace every place that may be replaced, in one undo step."""
        known: dict[str, str] = {}
        free: list[Place] = []
        left: list[str] = []
        for place in places:
            block_id = self._block_at(place)
            if block_id not in known:
                known[block_id] = self.why_not(place._replace(has_object=False))
            why = known[block_id] or (guard.MADE if place.has_object else "")
            left.append(why) if why else free.append(place)
        if free:
            self._write(free, text)
        return Replaced(len(free), tuple(left))

    def _write(self, places: Sequence[Place], text: str) -> None:
        text = text.translate(_BREAKS)
        touched = {self._block_at(place) for place in places}
        cursor = QTextCursor(self._editor.document())
        cursor.beginEditBlock()
        for place in sorted(places, reverse=True):
            cursor.setPosition(place.start + 1)
            # The marks of the first sign that goes are those of the words that come.
            shape = cursor.charFormat()
            cursor.setPosition(place.start)
            cursor.setPosition(place.end, _KEEP)
            cursor.removeSelectedText() if not text else cursor.insertText(text, shape)
        cursor.endEditBlock()
        now = QDateTime.currentMSecsSinceEpoch()
        for block_id in touched:
            self._editor.model.touch(block_id, now)

    def _block_at(self, place: Place) -> str:
        return id_at(self._editor.document(), place.start).partition("/")[0]
