"""`midesk inquiry`: intake, triage, assignment, answer and closing."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from app.cli.output import DONE, REFUSED, USAGE, Output
from app.cli.session import opened
from app.cli.triage_facts import enter_facts
from app.errors import AppError, NotAllowedError, RecordNotFoundError
from app.models import inbox_filter as inbox_grammar
from app.models.lifecycle_inquiry import InquiryState
from app.models.vocabulary import vocabulary
from app.services.intake import commands, inbox_filter, queries
from app.services.intake.inbox_views import SavedQuery, saved_views
from app.services.intake.queries import CaseView, InboxQuery, Sort, View
from app.services.jobs import JobContext
from app.services.workspace.clock import in_zone
from app.services.workspace.database import Database
from app.services.workspace.workspace import Workspace


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    parser = verbs.add_parser("inquiry", help="take, triage, assign, answer and close inquiries")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", parents=[common], help="take one inquiry from a file")
    add.add_argument("--from", dest="files", nargs=1, required=True, metavar="FILE")
    add.set_defaults(run=_add)
    take_in = actions.add_parser(
        "import", parents=[common], help="take in .eml, .msg, .csv, .xlsx, .json and .jsonl files"
    )
    take_in.add_argument("files", nargs="+", metavar="FILE")
    take_in.add_argument(
        "--mapping",
        metavar="NAME|FILE.json",
        help="which column means which field: a mapping that is known (veeva_vault, zendesk ...) or a file",
    )
    take_in.add_argument(
        "--keep-mapping", metavar="NAME", help="keep the mapping file under this name for later imports"
    )
    take_in.set_defaults(run=_import)
    listing = actions.add_parser("list", parents=[common], help="list a view of the inbox")
    listing.add_argument(
        "--view", metavar="VIEW", default="all_open", help=f"{', '.join(get_args(View))}, or a saved one"
    )
    listing.add_argument(
        "--filter",
        metavar="FILTER",
        default="",
        help='as in the inbox, such as: product:atorvastatin due:<2d tag:kol "grapefruit juice" -closed',
    )
    listing.add_argument("--sort", choices=get_args(Sort), help="the order; due unless the view has its own")
    listing.add_argument("--limit", type=_count, default=100, metavar="N")
    listing.set_defaults(run=_list)
    _register_steps(actions, common)


def _register_steps(actions: Any, common: argparse.ArgumentParser) -> None:
    show = _on_one(actions, common, "show", "show one inquiry", _show)
    show.set_defaults(run=_show)
    triage = _on_one(actions, common, "triage", "enter what triage asks for", _triage)
    triage.add_argument(
        "--set",
        dest="facts",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="a fact: product=NAME, requester.role=pharmacist, contact=same, question.1=TEXT, assessment=on_label, "
        "adverse_event=yes|no|uncertain ...",
    )
    assign = _on_one(actions, common, "assign", "assign it, to yourself by default", _assign)
    assign.add_argument("--to", metavar="USER", help="the id of a colleague")
    _on_one(actions, common, "start", "start to work on it", _start)
    answer = _on_one(actions, common, "answer", "log a spoken answer, or say that all is answered", _answer)
    answer.add_argument("--verbal", metavar="TEXT", help="what was said, in answer to every open question")
    close = _on_one(actions, common, "close", "close it against its checklist", _close)
    close.add_argument(
        "--confirm", action="append", default=[], metavar="ITEM", help="an item that you confirm"
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 9 and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of rows from 1 on")
    return int(text)


def _on_one(
    actions: Any, common: argparse.ArgumentParser, name: str, text: str, run: Any
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, parents=[common], help=text)
    parser.add_argument("id", metavar="ID", help="the number or id of the inquiry")
    parser.set_defaults(run=run)
    return parser


def _add(args: argparse.Namespace, output: Output) -> int:
    reports, added = _taken_in(args, output)
    files = [_file(report) for report in reports]
    # A file of one inquiry gives its number at the top; one that was known already gives none.
    first = added[0] if added else {}
    output.document({**first, "files": files} if len(added) <= 1 else {"added": added, "files": files})
    return _reported(reports, output)


def _import(args: argparse.Namespace, output: Output) -> int:
    reports, added = _taken_in(args, output)
    output.document({"added": added, "files": [_file(report) for report in reports]})
    return _reported(reports, output)


def _mapping(args: argparse.Namespace, workspace: Workspace) -> queries.ColumnMapping | None:
    named = getattr(args, "mapping", None)
    if not named:
        return None
    if Path(named).suffix.lower() == ".json":
        mapping = commands.read_mapping(Path(named))
    else:
        mapping = workspace.database.read(queries.mapping_named, named)
    if args.keep_mapping:
        workspace.database.write(commands.save_mapping, args.keep_mapping, mapping)
    return mapping


def _taken_in(
    args: argparse.Namespace, output: Output
) -> tuple[Sequence[commands.ImportReport], list[dict[str, str]]]:
    job = JobContext(lambda progress: output.note(f"{progress.done} rows"))
    with opened(args) as workspace:
        paths = [Path(name) for name in args.files]
        mapping = _mapping(args, workspace)
        reports = workspace.database.write(
            commands.import_files, paths, mapping=mapping, blobs=workspace.blobs, job=job
        )
        ids = [inquiry_id for report in reports for inquiry_id in report.added]
        cases = [_case(workspace, inquiry_id) for inquiry_id in ids]
    return reports, [{"id": case.id, "number": case.number} for case in cases]


def _file(report: commands.ImportReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "read": report.read,
        "added": len(report.added),
        "known": report.known,
        "refused": report.refused,
        "joined": report.joined,
        "notes": report.notes,
        "mapping": report.mapping,
    }


def _reported(reports: Sequence[commands.ImportReport], output: Output) -> int:
    for report in reports:
        output.line(f"{report.path}: {report.sentence}")
        if report.mapping_reason:
            output.note(f"Read by the mapping {report.mapping}. {report.mapping_reason}")
        for note in report.notes:
            output.note(note)
        for row in report.refused:
            output.note(f"Refused: {report.path}, line {row.line}: {row.reason}")
    return REFUSED if any(report.refused for report in reports) else DONE


def _case(workspace: Workspace, inquiry_id: str) -> CaseView:
    database = workspace.database
    return database.read(queries.case, inquiry_id, database.identity.user, database.clock.now())


def _list(args: argparse.Namespace, output: Output) -> int:
    try:
        inbox_grammar.parse(args.filter)
    except inbox_grammar.FilterError as exc:
        output.error(str(exc))
        return USAGE
    with opened(args) as workspace:
        database = workspace.database
        query = _query(args, database)
        doubts = database.read(inbox_filter.doubts, inbox_grammar.read(query.text))
        page = database.read(queries.inbox_page, query, args.limit)
        zone = database.clock.zone()
    for doubt in doubts:
        output.note(doubt.sentence)
    if output.as_json:
        output.items(page.rows, as_lines=args.jsonl)
    for row in page.rows:
        output.line(_line(row, zone))
    return DONE


def _line(row: queries.InboxRow, zone: str) -> str:
    """Write one inquiry; its due time is that of the clock by which the list is sorted."""
    clock, due = row.clock, ""
    if clock is not None:
        due = "paused"
        if clock.due_at is not None:
            due = in_zone(clock.due_at, zone).strftime("%Y-%m-%d %H:%M")
    came = vocabulary().label("channel", row.channel)
    calls = f" ({row.calls})" if row.calls else ""
    columns = f"{row.number:<16} {row.state:<18} {due:<16} {came + calls:<14}"
    return f"{columns} {row.product[:24]:<24} {row.title[:60]}"


def _query(args: argparse.Namespace, database: Database) -> InboxQuery:
    """Return what a list asks for; an unknown view is wrong usage."""
    wanted = inbox_grammar.parse(args.filter)
    saved = next(
        (view.query for view in database.read(saved_views) if view.name.lower() == args.view.lower()), None
    )
    if saved is None and args.view not in get_args(View):
        raise RecordNotFoundError(f"called “{args.view}” among the views")
    found = saved or SavedQuery(args.view)
    text = str(inbox_grammar.joined(inbox_grammar.read(found.text).filter, wanted))
    now, zone = database.clock.now(), database.clock.zone()
    sort = args.sort or found.sort
    return InboxQuery(found.view, database.identity.user, now, zone, text, sort, found.is_descending)


def _resolved(args: argparse.Namespace, workspace: Workspace) -> str:
    return workspace.database.read(queries.resolve, args.id)


def _told(workspace: Workspace, inquiry_id: str, output: Output) -> int:
    case = _case(workspace, inquiry_id)
    output.document(_summary(case))
    output.line(f"{case.number} is {case.state.replace('_', ' ')}.")
    return DONE


def _summary(case: CaseView) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "state": case.state,
        "product": case.product,
        "owner": case.owner,
        "facts": case.facts,
        "requester": case.requester,
        "contact": case.contact,
        "questions": case.questions,
        "safety": case.safety,
        "responses": case.responses,
        "due": case.facts["due_at"],
        "acknowledge_by": case.facts["acknowledge_by"],
        "paused": case.facts["paused_since"] is not None,
        "office": case.service,
        "escalation": [each for each in case.escalations if each.is_open],
        "checklist": case.checklist,
        "calls": case.calls,
        "proposals": case.proposals,
        "links": case.links,
        "next": [{"step": step.name, "blockers": step.blockers} for step in case.steps],
    }


def _show(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        case = _case(workspace, _resolved(args, workspace))
    output.document(_summary(case))
    output.line(f"{case.number}  {case.state}  {case.product}")
    for question in case.questions:
        output.line(f"  {question.position}. {question.restated or question.verbatim}")
    for record in case.safety:
        output.line(f"  {record.number}  {record.state}")
    for call in case.calls:
        output.line(f"  Call {call.direction}: {call.outcome_label}, {call.seconds or 0} s")
    for item in case.links:
        output.line(f"  {item.kind.replace('_', ' ')}: {item.number}")
    for proposal in case.proposals:
        output.line(f"  May be a repeat of {proposal.number} ({proposal.score}): {proposal.reason}")
    for step in case.steps:
        for blocker in step.blockers:
            output.line(f"  Before it can {step.deed}: {blocker}")
    return DONE


def _triage(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        database, inquiry_id = workspace.database, _resolved(args, workspace)
        enter_facts(database, inquiry_id, args.facts, output.note)
        if _case(workspace, inquiry_id).state == "new":
            try:
                database.write(commands.triage, inquiry_id)
            except AppError:
                entered = ", ".join(text.partition("=")[0] for text in args.facts) or "none"
                output.note(f"Facts entered: {entered}. Only the step to triage is refused:")
                raise
        return _told(workspace, inquiry_id, output)


def _assign(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        inquiry_id = _resolved(args, workspace)
        workspace.database.write(commands.assign, inquiry_id, args.to)
        return _told(workspace, inquiry_id, output)


def _start(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        inquiry_id = _resolved(args, workspace)
        workspace.database.write(commands.start, inquiry_id)
        return _told(workspace, inquiry_id, output)


def _answer(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        inquiry_id = _resolved(args, workspace)
        if args.verbal is not None:
            case = _case(workspace, inquiry_id)
            _refuse_too_early(case)
            questions = [question.id for question in case.questions if not question.coverage.kind]
            workspace.database.write(
                commands.answer_verbal, inquiry_id, text=args.verbal, question_ids=questions
            )
        workspace.database.write(commands.answered, inquiry_id)
        return _told(workspace, inquiry_id, output)


def _refuse_too_early(case: CaseView) -> None:
    """Refuse before the spoken answer is stored, not at the step after it."""
    if case.state != InquiryState.IN_PROGRESS:
        raise NotAllowedError(
            f"{case.number} is {case.state.replace('_', ' ')}, so no answer can be logged. Nothing was changed. "
            "Bring it in progress first."
        )


def _close(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        inquiry_id = _resolved(args, workspace)
        workspace.database.write(commands.close, inquiry_id, args.confirm)
        return _told(workspace, inquiry_id, output)
