"""The letter of a case: begin, fill from the library, release, send."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Slot

from app.errors import AppError
from app.models.changes import Changes
from app.models.checks.snapshot import LetterKind
from app.models.letter_origins import LABEL, SRD, Origin, TextOrigin
from app.services.letters import commands
from app.services.letters.queries import BlockView
from app.services.letters.release import Sign
from app.services.settings.queries import UserView, user
from app.services.workspace.unit_of_work import UnitOfWork
from app.ui.case.delivery_sheet import ChooseFile, DeliverySheet
from app.ui.case.enclosures_sheet import EnclosuresSheet
from app.ui.case.ports import ChoosePdf, LabelPane, LibraryPane, as_library, ask_which_pdf
from app.ui.case.reading import CaseRead
from app.ui.case.release_sheet import ReleaseSheet, Verify
from app.ui.case.right_pane import LABEL as LABEL_TAB
from app.ui.case.right_pane import LIBRARY

if TYPE_CHECKING:
    from app.ui.case.page import CasePage

_CHECK_AFTER_MS = 600
WORDS = {LetterKind.ACKNOWLEDGEMENT: "acknowledgement-en", LetterKind.INTERIM: "interim-en"}
_WHOLE = -1


def new_letter(uow: UnitOfWork, inquiry_id: str, template: str) -> Changes:
    """Begin a letter for an inquiry."""
    return commands.new_letter(uow, inquiry_id, template=template).changes


def submit(uow: UnitOfWork, letter_id: str) -> Changes:
    """Send a letter to review."""
    return commands.submit(uow, letter_id).changes


class LetterWork(QObject):
    """What the page does with its letter and the library beside it."""

    def __init__(
        self,
        page: "CasePage",
        *,
        verify: Verify,
        sign: Sign,
        template: str,
        choose_file: ChooseFile,
        choose_pdf: ChoosePdf = ask_which_pdf,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._verify, self._sign = verify, sign
        self._template, self._choose_file, self._choose_pdf = template, choose_file, choose_pdf
        self._block = ""
        self.library: LibraryPane = as_library(page.right.library)
        self.label = cast("LabelPane | None", page.right.label)
        self._quiet = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._quiet.timeout.connect(page.reload)
        self.library.insert_requested.connect(self._on_insert_requested)
        if self.label is not None:
            self.label.insert_requested.connect(self._on_insert_requested)
        page.middle.letter_saved.connect(self._quiet.start)
        page.middle.source_requested.connect(self._on_source_requested)
        page.middle.block_entered.connect(self._on_block_entered)
        page.right.block_requested.connect(self._on_block_requested)

    def show_read(self, read: CaseRead) -> None:
        """Tell the library what is asked and what stands in the letter."""
        self.library.set_inserted(read.inserted)
        if self.label is not None:
            self.label.set_inserted(read.inserted)
            self.label.set_product(read.view.product, read.whom)
        self.follow_question(self._page.left.questions.chosen)

    def clear(self) -> None:
        """Forget what the library and the label beside the letter have read."""
        self.library.clear()
        if self.label is not None:
            self.label.clear()

    @Slot(str)
    def follow_question(self, question_id: str) -> None:
        """Let the library answer the chosen question."""
        read = self._page.read
        if read is None:
            return
        question = next((item for item in read.view.questions if item.id == question_id), None)
        asked = (question.restated or question.verbatim) if question is not None else ""
        self.library.set_question(asked or str(read.view.facts["verbatim"]), read.view.product, read.whom)

    @Slot()
    def begin(self) -> None:
        """Begin a letter and open the library beside it."""
        if self._begin(self._template):
            self._page.right.show_tab(LIBRARY)

    def begin_word(self, kind: LetterKind) -> None:
        """Begin an acknowledgement or an interim reply, or say why none is owed."""
        refusal = self.why_not(kind)
        if refusal is not None:
            self._page.message_requested.emit(refusal)
        else:
            self._begin(WORDS[kind])

    def why_not(self, kind: LetterKind) -> str | None:
        """Say why such a word cannot be begun now, if so; the command judges once more."""
        read = self._page.read
        if read is None:
            return self._page.why_no_case()
        view, service = read.view, read.view.service
        if view.state != "in_progress":
            return self.tr("A letter is written while the inquiry is in progress.")
        if kind is LetterKind.ACKNOWLEDGEMENT and view.facts["acknowledged_at"] is not None:
            return self.tr("The requester knows that it arrived.")
        if kind is LetterKind.INTERIM and service.interim_at is not None:
            return self.tr("An interim reply is recorded.")
        if kind is LetterKind.INTERIM and service.interim_by is None:
            return self.tr("No interim reply is owed: it is not complex, or it waits for the requester.")
        return None

    def _begin(self, template: str) -> bool:
        read = self._page.read
        if read is None:
            return False
        command = partial(new_letter, inquiry_id=read.view.id, template=template)
        self._page.desk.write(command, on_failed=self._page.desk.report)
        return True

    def run(self, key: str) -> None:
        """Take a step of the letter."""
        if key == "new_letter":
            self.begin()
            return
        try:
            self._page.middle.flush()
        except AppError as error:
            self._page.desk.report(error)
            return
        read = self._page.read
        if read is None or read.letter is None:
            return
        if key == "submit":
            self._page.desk.write(partial(submit, letter_id=read.letter.id), on_failed=self._page.desk.report)
        elif key == "release":
            self._ask_release()
        elif key == "send":
            self.show_delivery()

    @Slot()
    def show_delivery(self) -> None:
        """Open the sheet with the frozen bytes and the way out."""
        read = self._page.read
        if read is not None and read.letter is not None:
            sheet = DeliverySheet(
                self._page,
                self._page.desk,
                read.letter,
                read.package,
                read.view,
                choose_file=self._choose_file,
            )
            sheet.open()

    @Slot()
    def show_enclosures(self) -> None:
        """Open the sheet with what goes with the letter."""
        read = self._page.read
        if read is None or read.letter is None:
            self._page.message_requested.emit(self.why_no_letter() or "")
            return
        EnclosuresSheet(self._page, self._page.desk, read.letter, choose_pdf=self._choose_pdf).open()

    def why_no_letter(self) -> str | None:
        """Say why there is no letter that something could go with, if so."""
        read = self._page.read
        if read is None:
            return self._page.why_no_case()
        return None if read.letter is not None else self.tr("There is no letter yet.")

    def _ask_release(self) -> None:
        desk = self._page.desk
        desk.read(partial(desk.database.read, user, desk.user_id), on_done=self._open_release)

    def _open_release(self, who: UserView) -> None:
        read = self._page.read
        if read is None or read.letter is None:
            return
        sheet = ReleaseSheet(
            self._page, self._page.desk, read.letter, who, verify=self._verify, sign=self._sign
        )
        sheet.released.connect(self._on_released)
        sheet.open()

    @Slot()
    def _on_released(self) -> None:
        self._page.message_requested.emit(self.tr("Released and saved. Send it now, or later."))

    @Slot(str, str, int)
    def _on_insert_requested(self, version_id: str, section_id: str, paragraph: int) -> None:
        read = self._page.read
        if read is None or read.letter is None or read.letter.state != "draft":
            self._page.message_requested.emit(
                self.tr("There is no draft to insert into. Begin a letter first.")
            )
            return
        try:
            self._page.middle.flush()
        except AppError as error:
            self._page.desk.report(error)
            return
        letter_id, after = read.letter.id, self._landing(read)
        questions = [self._page.left.questions.chosen] if self._page.left.questions.chosen else []

        def command(uow: UnitOfWork) -> Changes:
            done = commands.insert(
                uow,
                letter_id,
                version_id,
                section_id=section_id or None,
                paragraph=None if paragraph == _WHOLE else paragraph,
                after=after,
                question_ids=questions,
            )
            inserted.extend(done.block_ids)
            return done.changes

        inserted: list[str] = []
        desk = self._page.desk
        take = partial(self._page.middle.take_inserted, inserted)
        desk.write(command, on_done=take, on_failed=desk.report)

    def _landing(self, read: CaseRead) -> str | None:
        """Return the end of the passage with the caret; elsewhere the text goes behind the answers."""
        blocks = read.letter.blocks if read.letter is not None else ()
        at = next((place for place, block in enumerate(blocks) if block.id == self._block), None)
        if at is None or blocks[at].slot or blocks[at].is_fixed:
            return None
        while at + 1 < len(blocks) and _is_one_passage(blocks[at], blocks[at + 1]):
            at += 1
        return blocks[at].id

    @Slot(str, object)
    def _on_block_entered(self, block_id: str, origins: Sequence[Origin]) -> None:
        self._block = block_id
        self._reveal(origins)

    @Slot(str)
    def _on_source_requested(self, block_id: str) -> None:
        read = self._page.read
        block = read.letter.block(block_id) if read is not None and read.letter is not None else None
        if block is not None:
            self._page.body.reveal_right()
            is_label = any(isinstance(each, TextOrigin) and each.kind == LABEL for each in block.origins)
            self._page.right.show_tab(LABEL_TAB if is_label and self.label is not None else LIBRARY)
            self._reveal(block.origins)

    def _reveal(self, origins: Sequence[Origin]) -> None:
        for kind, pane in ((SRD, self.library), (LABEL, self.label)):
            found = (each for each in origins if isinstance(each, TextOrigin) and each.kind == kind)
            origin = next(found, None)
            if origin is not None and pane is not None:
                paragraph = _WHOLE if origin.paragraph is None else origin.paragraph
                pane.reveal_source(origin.version, origin.section, paragraph)

    @Slot(str)
    def _on_block_requested(self, block_id: str) -> None:
        self._page.middle.choose("letter")
        self._page.bar.switch.choose("letter")
        letter = self._page.middle.letter
        if letter is not None:
            finding = self._page.right.checks.open_finding
            is_quoted = finding is not None and finding.where == block_id
            letter.reveal(block_id, finding.quote if finding is not None and is_quoted else "")


def _is_one_passage(block: BlockView, following: BlockView) -> bool:
    """Tell whether two neighbours come from the same section of one version."""
    sections = [
        {(origin.version, origin.section) for origin in each.origins if isinstance(origin, TextOrigin)}
        for each in (block, following)
    ]
    return bool(sections[0] & sections[1])
