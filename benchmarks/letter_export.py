"""Exports of a letter of some twenty pages, beside the bare libraries writing the same words.

python -m benchmarks.letter_export
"""

import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter, QTextCursor, QTextDocument, QTextTableFormat
from PySide6.QtWidgets import QApplication

from app.models.checks.snapshot import BlockKind
from app.models.letter_drawing import Drawing
from app.models.letter_references import References, number_letter
from app.models.rules_data import resource_path
from app.services.letters.paper import Flow, Grid, Line, Piece
from app.services.letters.paper_read import read_paper
from app.services.letters.pdf import build_pdf
from app.services.letters.word import LetterContent, LetterPart, build_docx
from app.ui.print.letter_pdf import paint_pdf
from app.ui.theme.fonts import load_fonts
from benchmarks.measure import compare

WORDS = (
    "the concentration of atorvastatin rose by 37 % with 240 mL of grapefruit juice once daily in volunteers"
)
SECTIONS = 28


def parts() -> tuple[LetterPart, ...]:
    made: list[tuple[BlockKind, str]] = []
    for number in range(SECTIONS):
        made.append((BlockKind.HEADING, f"## Section {number}"))
        made += [
            (BlockKind.PARAGRAPH, f"In study {number} **{WORDS}** and {WORDS}^1^, {WORDS}.") for _ in range(4)
        ]
        made.append((BlockKind.LIST, "\n".join(f"- {WORDS}" for _ in range(4))))
        rows = "\n".join(f"| {row} mg | {row * 7} | {row * 3} (1 to {row}) |" for row in range(5))
        made.append((BlockKind.TABLE, f"| Dose | Patients | Response |\n| --- | :---: | ---: |\n{rows}"))
    return tuple(LetterPart(f"block-{place}", kind, "", text, ()) for place, (kind, text) in enumerate(made))


def content() -> LetterContent:
    blocks = parts()
    references = References({}, {})
    numbering = number_letter(((each.kind, each.text, each.origins) for each in blocks), references)
    return LetterContent(
        id="letter", reference="MI-1", edition=1, title="Letter", company="Fairmere", language="en",
        dated=datetime(2026, 11, 22, tzinfo=UTC), parts=blocks, references=(),
        drawing=Drawing({}, numbering, references), manifest_sha256="0" * 64, is_draft=False,
    )  # fmt: skip


def bare_docx(flow: Sequence[Flow]) -> bytes:
    """The same paragraphs, runs and cells, by python-docx alone."""
    document = docx.Document()
    for each in flow:
        if isinstance(each, Line):
            paragraph = document.add_paragraph()
            for piece in each.pieces:
                if isinstance(piece, Piece):
                    paragraph.add_run(piece.text).bold = piece.look.bold or None
        else:
            table = document.add_table(len(each.rows), each.columns)
            for cells, row in zip(table.rows, each.rows, strict=True):
                for cell, held in zip(cells.cells, row, strict=True):
                    cell.text = "".join(
                        p.text for line in held.lines for p in line.pieces if isinstance(p, Piece)
                    )
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def bare_pdf(flow: Sequence[Flow]) -> bytes:
    """The same words and tables in one look, laid out and painted by Qt alone."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDefaultFont(QFont("Source Serif 4", 10))
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for each in flow:
        if isinstance(each, Grid):
            _bare_table(cursor, each)
        else:
            for piece in each.pieces:
                if isinstance(piece, Piece):
                    form = cursor.charFormat()
                    form.setFontWeight(QFont.Weight.Bold if piece.look.bold else QFont.Weight.Normal)
                    cursor.insertText(piece.text, form)
            cursor.insertBlock()
    cursor.endEditBlock()
    page = QSizeF(writer.width(), writer.height())
    document.setPageSize(page)
    with QPainter(writer) as painter:
        for number in range(document.pageCount()):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0, -number * page.height())
            document.drawContents(painter, QRectF(QPointF(0, number * page.height()), page))
            painter.restore()
    buffer.close()
    return bytes(data.data())


def _bare_table(cursor: QTextCursor, grid: Grid) -> None:
    table = cursor.insertTable(len(grid.rows), grid.columns, QTextTableFormat())
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            words = "".join(p.text for line in cell.lines for p in line.pieces if isinstance(p, Piece))
            table.cellAt(row, column).firstCursorPosition().insertText(words)
    cursor.movePosition(QTextCursor.MoveOperation.End)


def main() -> None:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_fonts()
    letter, template = content(), resource_path("letter-templates", "response-en.docx").read_bytes()
    word = build_docx(letter, template)
    flow = read_paper(word).body
    print(f"a letter of {build_pdf(word, paint_pdf).pages} pages, {len(flow)} paragraphs and tables")
    compare("Word, python-docx alone", lambda: build_docx(letter, template), lambda: bare_docx(flow))
    compare("PDF, Qt alone", lambda: build_pdf(word, paint_pdf), lambda: bare_pdf(flow))
    del application


if __name__ == "__main__":
    main()
