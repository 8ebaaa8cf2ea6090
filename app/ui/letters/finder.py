"""Going through what is found in the open letter, and showing where it stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from app.ui import theme
from app.ui.letters.finding import Place, ShownText, Wanted, folded, nearest
from app.ui.letters.formats import ATOM_CHARACTER, match_format
from app.ui.letters.replacing import Replaced, Replacer
from app.ui.letters.spans import span_of

if TYPE_CHECKING:
    from app.ui.letters.editor import LetterEditor

_KEEP = QTextCursor.MoveMode.KeepAnchor
_MARKS = "found"
_QUIET_MS = 150


class Finder(QObject):
    """Finds words in one editor; the caret is at the present match.

    `moved` comes when another match is present or their number changed. Only what is on screen is tinted, so
    that a letter full of matches costs no more than a page of them.
    """

    moved = Signal()

    def __init__(self, editor: "LetterEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._replacer = Replacer(editor)
        self._shown: ShownText | None = None
        self._wanted = Wanted("")
        self._length = 0
        self._offsets: list[int] = []
        self._held: list[int] | None = None
        self._present = -1
        self._is_on = False
        self._is_going = False
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self.refresh)
        editor.verticalScrollBar().valueChanged.connect(self._tint)
        editor.verticalScrollBar().rangeChanged.connect(self._tint)
        theme.theme_signals.changed.connect(self._tint)

    # What is found

    @property
    def wanted(self) -> Wanted:
        """What is looked for."""
        return self._wanted

    @property
    def count(self) -> int:
        """How many matches one steps through."""
        return len(self._steps())

    @property
    def number(self) -> int:
        """Which of them is present, counted from one, or nothing."""
        steps = self._steps()
        return steps.index(self._present) + 1 if self._present in steps else 0

    @property
    def is_among_held(self) -> bool:
        """Whether one steps only through what may not be replaced."""
        return self._held is not None

    def present(self) -> Place | None:
        """Return where the present match stands."""
        if self._quiet.isActive():
            self.refresh()
        return self._place(self._present) if self._present >= 0 else None

    def why_held(self) -> str:
        """Say why the present match may not be replaced; nothing means that it may."""
        place = self.present()
        return self._replacer.why_not(place) if place is not None else ""

    # Steps of the user

    def look_for(self, wanted: Wanted, start: int) -> None:
        """Look for other words: the first match from a position on becomes present."""
        self._is_on, self._held = True, None
        self._wanted = wanted
        self._search()
        if self._offsets:
            at, _ = nearest(self._offsets, self._shown_text().offset(start), 1)
            self._go_to(self._offsets[at])
        else:
            self._announce(-1)

    def step(self, by: int) -> bool:
        """Go to the next or previous match; tell whether that went round the end of the letter."""
        self._is_on = True
        self._search()
        steps = self._steps()
        if not steps:
            self._announce(-1)
            return False
        present = self._at_caret()
        from_here = self._caret() if present < 0 else present + 1 if by > 0 else present
        at, is_round = nearest(steps, from_here, by)
        self._go_to(steps[at])
        return is_round

    def replace(self, text: str) -> str:
        """Replace the present match and go on, or say why it stays."""
        place = self.present()
        if place is None:
            self.step(1)
            return ""
        behind = QTextCursor(self._editor.document())
        behind.setPosition(place.end)
        why = self._replacer.replace(place, text)
        if not why:
            # From behind the new words on, so that these are not found again.
            self._editor.setTextCursor(behind)
            self.refresh()
            if self._steps():
                self.step(1)
        return why

    def replace_all(self, text: str) -> Replaced:
        """Replace all that may be replaced, in one undo step."""
        self._search()
        replaced = self._replacer.replace_all([self._place(offset) for offset in self._offsets], text)
        self.refresh()
        return replaced

    def step_through_held(self) -> None:
        """Step only through what may not be replaced, from the first on."""
        self._hold()
        if self._held:
            self._go_to(self._held[0])

    @Slot()
    def note(self) -> None:
        """Take note that the letter changed: look again after a short quiet, the caret stays."""
        self._shown = None
        if self._is_on:
            self._quiet.start()

    @Slot()
    def refresh(self) -> None:
        """Look again now, because the letter changed; the caret stays."""
        self._quiet.stop()
        self._shown = None
        if not self._is_on:
            return
        self._search()
        self._announce(self._at_caret())

    def stop(self) -> None:
        """Take the tints away; the caret stays on the match."""
        self._quiet.stop()
        self._is_on, self._held = False, None
        self._tint()

    # Inside

    def _hold(self) -> None:
        places = ((offset, self._place(offset)) for offset in self._offsets)
        self._held = [offset for offset, place in places if self._replacer.why_not(place)]

    def _steps(self) -> list[int]:
        return self._offsets if self._held is None else self._held

    def _shown_text(self) -> ShownText:
        if self._shown is None:
            self._shown = self._editor.shown_text()
        return self._shown

    def _search(self) -> None:
        is_late, is_open = self._shown is None, self._editor.sheet is not None
        self._quiet.stop()
        self._offsets = self._shown_text().find(self._wanted) if is_open else []
        self._length = len(folded(self._wanted))
        if is_late and self._held is not None:
            self._hold()

    def _place(self, offset: int) -> Place:
        return self._shown_text().place(offset, self._length)

    def _caret(self) -> int:
        return self._shown_text().offset(self._editor.textCursor().selectionStart())

    def _at_caret(self) -> int:
        """Return the match that the caret is on, if it is on one."""
        cursor = self._editor.textCursor()
        if not self._offsets:
            return -1
        if self._present in self._offsets and self._is_at(self._place(self._present), cursor):
            return self._present
        at, is_round = nearest(self._offsets, self._caret(), 1)
        is_there = not is_round and self._is_at(self._place(self._offsets[at]), cursor)
        return self._offsets[at] if is_there else -1

    def _is_at(self, place: Place, cursor: QTextCursor) -> bool:
        end = place.start if place.has_object else place.end
        return (cursor.selectionStart(), cursor.selectionEnd()) == (place.start, end)

    def _go_to(self, offset: int) -> None:
        place = self._place(offset)
        self._present = offset
        # Scrolling would tint the matches, and so would entering another block; once is enough.
        self._is_going = True
        cursor = self._editor.textCursor()
        cursor.setPosition(place.start)
        if not place.has_object:
            cursor.setPosition(place.end, _KEEP)
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()
        if place.inner >= 0:
            self._scroll_into_list(place)
        self._is_going = False
        self._announce(offset)

    def _scroll_into_list(self, place: Place) -> None:
        """Bring a line of the reference list on screen, which is one object for the editor."""
        span = span_of(self._editor.document(), self._editor.current_block_id())
        if span is None:
            return
        bar, height = self._editor.verticalScrollBar(), self._editor.viewport().height()
        top = self._editor.block_rect(span).top() + int(self._editor.references.line_top(place.inner))
        if not 0 <= top < height - theme.SPACE.huge:
            bar.setValue(bar.value() + top - height // 2)

    def _announce(self, present: int) -> None:
        self._present = present
        self._tint()
        self.moved.emit()

    # Tints

    @Slot()
    def _tint(self) -> None:
        if self._editor.sheet is None or self._is_going or self._quiet.isActive():
            return
        places = self._on_screen() if self._is_on else []
        present = self.present() if self._is_on else None
        self._editor.mark(_MARKS, self._selections(places, present))
        self._mark_objects(places, present)

    def _selections(
        self, places: Sequence[Place], present: Place | None
    ) -> Iterator[QTextEdit.ExtraSelection]:
        usual, strong = match_format(), match_format(is_present=True)
        for place in places:
            for start, end in _stretches(self._editor.document(), place):
                selection = QTextEdit.ExtraSelection()
                cursor = QTextCursor(self._editor.document())
                cursor.setPosition(start)
                cursor.setPosition(end, _KEEP)
                selection.cursor = cursor
                selection.format = strong if place == present else usual
                yield selection

    def _mark_objects(self, places: Sequence[Place], present: Place | None) -> None:
        """Tint what objects show; they paint themselves."""
        document, atoms = self._editor.document(), {}
        inner = [place.inner for place in places if place.inner >= 0]
        at = present.inner if present is not None else -1
        for place in places:
            if place.has_object and place.inner < 0:
                at_object = (p for p in range(place.start, place.end) if _is_object(document, p))
                atoms.update(dict.fromkeys(at_object, place == present))
        self._editor.objects.mark(atoms)
        self._editor.references.mark(
            [(each, each + self._length) for each in inner], (at, at + self._length) if at >= 0 else None
        )
        self._editor.viewport().update()

    def _on_screen(self) -> list[Place]:
        if not self._offsets:
            return []
        shown, room = self._shown_text(), self._editor.viewport().rect()
        first = self._editor.cursorForPosition(QPoint(0, 0)).position()
        last = self._editor.cursorForPosition(QPoint(room.right(), room.bottom())).position()
        low, high = shown.offset(first) - self._length, shown.offset(last + 1)
        at, until = bisect_left(self._offsets, low), bisect_right(self._offsets, high)
        return [self._place(offset) for offset in self._offsets[at:until]]


def _is_object(document: QTextDocument, position: int) -> bool:
    return document.characterAt(position) == ATOM_CHARACTER


def _stretches(document: QTextDocument, place: Place) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a match that are text."""
    if not place.has_object:
        yield place.start, place.end
        return
    start = place.start
    for position in range(place.start, place.end + 1):
        if position == place.end or _is_object(document, position):
            if position > start:
                yield start, position
            start = position + 1
