"""The tour: the main job, through the real windows, with real clicks and keys."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.tour.stage import Stage


@dataclass(frozen=True, slots=True)
class TourResult:
    """What a tour leaves; the server's copy is None until that part exists."""

    letter_docx: str
    manifest: str
    letter_pdf: str
    letter_eml: str
    sha256: str
    screenshots: tuple[str, ...]
    synced: bool | None
    seconds: float


def perform(out: Path, say: Callable[[str], None]) -> TourResult:
    """Take one inquiry from the e-mail to the closed case; leave the letter and a picture a step."""
    from app.tour.steps import walk

    begin = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.png"), *out.glob("letter*")):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="midesk-tour-") as folder:
        stage = Stage(Path(folder) / "workspace", out, say)
        try:
            sha256 = walk(stage)
        finally:
            stage.close()
    return TourResult(
        letter_docx=str(out / "letter.docx"),
        manifest=str(out / "letter.manifest.json"),
        letter_pdf=str(out / "letter.pdf"),
        letter_eml=str(out / "letter.eml"),
        sha256=sha256,
        screenshots=tuple(str(path) for path in stage.pictures),
        synced=None,
        seconds=round(time.monotonic() - begin, 1),
    )
