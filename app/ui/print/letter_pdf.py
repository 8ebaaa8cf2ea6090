"""Paint a letter as a PDF."""

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.services.letters.paper import Painted, Painter, Paper
from app.ui.print.pages import Pages

_DOTS_PER_INCH = 1200


def paint_pdf(paper: Paper) -> Painted:
    """Return the pages of a letter with fonts embedded and links kept; any thread may call it."""
    # The layout of a text document starts timers, for which a worker thread has no dispatcher of its own.
    QEventLoop()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    size = QPageSize(
        QSizeF(paper.sheet.width, paper.sheet.height),
        QPageSize.Unit.Point,
        "",
        QPageSize.SizeMatchPolicy.ExactMatch,
    )
    writer.setPageLayout(
        QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Point)
    )
    pages = Pages(paper, writer)
    with QPainter(writer) as painter:
        for number in range(pages.count):
            if number:
                writer.newPage()
            pages.paint(painter, number)
    marks = pages.marks()
    buffer.close()
    return Painted(bytes(content.data()), pages.count, marks)


_off_screen: list[QGuiApplication] = []  # Qt ends with the last reference to its application


def painter_off_screen() -> Painter:
    """Return `paint_pdf`, Qt started off screen unless it runs."""
    if QGuiApplication.instance() is None:
        _off_screen.append(QGuiApplication(["midesk", "-platform", "offscreen"]))
    return paint_pdf
