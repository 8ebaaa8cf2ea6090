"""`midesk srd suggest`: which documents answer a question, or each question of a file."""

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.output import DONE, NO, REFUSED, Output
from app.cli.session import opened
from app.errors import InputRefusedError
from app.services.jobs import JobContext
from app.services.jobs.context import Progress
from app.services.library.queries import ForWhom
from app.services.search.encoder import encoder
from app.services.search.suggest import Asked, Suggester, Suggestion
from app.services.search.vectors import make_vectors
from app.services.workspace.workspace import Workspace

_MOST = 100
# A small library is prepared on the way, in some seconds; a large one by `srd index`.
_SECTIONS_NOW = 200
_NOTED = 50


def register(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the verb to those of the library."""
    suggest = actions.add_parser("suggest", parents=[common], help="rank standard responses for a question")
    suggest.add_argument(
        "question", metavar="QUESTION", help='words, or a .jsonl file of {"id", "text"} a line'
    )
    suggest.add_argument(
        "--product", default="", metavar="P", help="only documents of this medicine, or of none"
    )
    suggest.add_argument(
        "-n", type=_count, default=10, metavar="N", dest="limit", help="how many (default: 10)"
    )
    suggest.add_argument("--country", default="", help="only documents for this country, such as GB")
    suggest.add_argument("--audience", choices=("hcp", "patient"), default="hcp", help="with --country")
    suggest.add_argument("--language", default="en", help="with --country (default: en)")
    suggest.set_defaults(run=_suggest)
    index = actions.add_parser(
        "index", parents=[common], help="prepare search by meaning for the whole library"
    )
    index.set_defaults(run=_index)


def _count(text: str) -> int:
    count = int(text) if text.isdigit() else 0
    if not 1 <= count <= _MOST:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {_MOST}")
    return count


def _suggest(args: argparse.Namespace, output: Output) -> int:
    path = Path(args.question)
    is_file = path.suffix.lower() == ".jsonl"
    questions = list(_questions(path)) if is_file else [("", args.question)]
    with opened(args) as workspace:
        left = make_vectors(workspace.database, JobContext(), _SECTIONS_NOW)
        if left:
            output.note(f"{left} sections are found by their words only. Prepare them: midesk srd index")
        rank = partial(_ranked, workspace, Suggester(), args)
        if not is_file:
            _print(rank(args.question), output)
            return DONE
        refused = 0
        # A file is a job for programs: its answers are JSON lines with or without the flag.
        lines = Output(as_json=True)
        for place, (name, asked) in enumerate(questions, start=1):
            if asked is None:
                output.note(f"Refused: line {place}: {name}")
                refused += 1
                continue
            lines.document({"id": name, "hits": [_hit(each) for each in rank(asked)]})
    return REFUSED if refused else DONE


def _index(args: argparse.Namespace, output: Output) -> int:
    if encoder() is None:
        output.note(
            "Search by meaning is not installed (the extra “semantic”). Search by words works without it."
        )
        output.document({"installed": False, "left": 0})
        return NO
    with opened(args) as workspace:
        left = make_vectors(workspace.database, JobContext(partial(_progress, output)))
    output.document({"installed": True, "left": left})
    output.line("Every section is prepared." if not left else f"{left} sections are left; run it again.")
    return DONE


def _progress(output: Output, progress: Progress) -> None:
    if progress.done % _NOTED == 0 or progress.done == progress.total:
        output.note(f"{progress.label}: {progress.done} of {progress.total} sections")


def _questions(path: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the id and text of each line; a line that is neither comes with its reason and no text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputRefusedError(
            f"{path.name} cannot be read as UTF-8 text. Nothing was changed. Check the path and the file."
        ) from exc
    for line in text.split("\n"):
        if line.strip():
            yield _question(line)


def _question(line: str) -> tuple[str, str | None]:
    try:
        fields = json.loads(line)
    except ValueError:
        return "it is not JSON", None
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return 'it needs "id" and "text"', None
    return str(fields.get("id", "")), fields["text"]


def _ranked(
    workspace: Workspace, suggester: Suggester, args: argparse.Namespace, question: str
) -> Sequence[Suggestion]:
    today = _today(workspace)
    country = args.country.upper()
    asked = Asked(
        question,
        today,
        product=args.product,
        only_product=bool(args.product),
        whom=ForWhom(country, args.audience, args.language, today) if country else None,
    )
    return workspace.database.read(suggester.suggest, asked, args.limit)


def _today(workspace: Workspace) -> date:
    clock = workspace.database.clock
    return datetime.fromtimestamp(clock.now() / 1000, UTC).astimezone(ZoneInfo(clock.zone())).date()


def _print(hits: Sequence[Suggestion], output: Output) -> None:
    output.document({"id": "", "hits": [_hit(each) for each in hits]})
    if not hits:
        output.line("Nothing in force answers this. Ask in other words, or without --product and --country.")
    for hit in hits:
        output.line(f"{hit.score:.2f}  {hit.row.code:<14} {hit.row.number:<6} {hit.row.title}")
        output.line(f"      {hit.heading or 'Text'}: {hit.sentence.text}")
        output.line(f"      {'; '.join(hit.why)}")


def _hit(hit: Suggestion) -> dict[str, Any]:
    return {
        "id": hit.row.code,
        "kind": hit.row.kind,
        "version": hit.row.number,
        "title": hit.row.title,
        "score": hit.score,
        "section": hit.heading,
        "section_id": hit.section_id,
        "sentence": hit.sentence.text,
        "why": "; ".join(hit.why),
    }
