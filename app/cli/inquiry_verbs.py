"""`midesk inquiry`: intake, triage, assignment, answer and closing."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from app.cli.output import DONE, REFUSED, Output
from app.cli.session import opened
from app.errors import InputRefusedError
from app.models.inquiry_forms import QuestionForm
from app.models.lifecycle_inquiry import Decision
from app.services.intake import commands, queries
from app.services.intake.queries import CaseView, InboxQuery, View
from app.services.jobs import JobContext
from app.services.safety import commands as safety
from app.services.settings import queries as settings
from app.services.workspace.database import Database
from app.services.workspace.workspace import Workspace

_SAFETY = ("adverse_event", "special_situation", "quality_complaint")


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    parser = verbs.add_parser("inquiry", help="take, triage, assign, answer and close inquiries")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", parents=[common], help="take one inquiry from a file")
    add.add_argument("--from", dest="files", nargs=1, required=True, metavar="FILE")
    add.set_defaults(run=_import, mapping=None)
    take_in = actions.add_parser(
        "import", parents=[common], help="take in .eml, .csv, .json and .jsonl files"
    )
    take_in.add_argument("files", nargs="+", metavar="FILE")
    take_in.add_argument("--mapping", metavar="FILE.json", help="which column of the file means which field")
    take_in.set_defaults(run=_import)
    listing = actions.add_parser("list", parents=[common], help="list a view of the inbox")
    listing.add_argument("--view", choices=get_args(View), default="all_open")
    listing.add_argument("--limit", type=int, default=100, metavar="N")
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


def _on_one(
    actions: Any, common: argparse.ArgumentParser, name: str, text: str, run: Any
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, parents=[common], help=text)
    parser.add_argument("id", metavar="ID", help="the number or id of the inquiry")
    parser.set_defaults(run=run)
    return parser


def _import(args: argparse.Namespace, output: Output) -> int:
    job = JobContext(lambda progress: output.note(f"{progress.done} rows"))
    mapping = commands.read_mapping(Path(args.mapping)) if args.mapping else None
    with opened(args) as workspace:
        paths = [Path(name) for name in args.files]
        reports = workspace.database.write(commands.import_files, paths, mapping=mapping, job=job)
        added = [
            {"id": case.id, "number": case.number}
            for report in reports
            for case in (_case(workspace, inquiry_id) for inquiry_id in report.added)
        ]
    files = [
        {"path": r.path, "read": r.read, "added": len(r.added), "known": r.known, "refused": r.refused}
        for r in reports
    ]
    output.document({"added": added, "files": files} if len(added) != 1 else {**added[0], "files": files})
    for report in reports:
        output.line(f"{report.path}: {report.sentence}")
        for row in report.refused:
            output.note(f"Refused: {report.path}, line {row.line}: {row.reason}")
    return REFUSED if any(report.refused for report in reports) else DONE


def _case(workspace: Workspace, inquiry_id: str) -> CaseView:
    database = workspace.database
    return database.read(queries.case, inquiry_id, database.identity.user, database.clock.now())


def _list(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        database = workspace.database
        query = InboxQuery(args.view, database.identity.user, database.clock.now(), database.clock.zone())
        page = database.read(queries.inbox_page, query, args.limit)
    if output.as_json:
        output.items(page.rows, as_lines=args.jsonl)
    for row in page.rows:
        output.line(f"{row.number:<16} {row.state:<12} {row.product[:24]:<24} {row.title[:60]}")
    return DONE


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
        "checklist": case.checklist,
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
    for step in case.steps:
        for blocker in step.blockers:
            output.line(f"  Before it can {step.deed}: {blocker}")
    return DONE


def _triage(args: argparse.Namespace, output: Output) -> int:
    facts = dict(_pair(text) for text in args.facts)
    with opened(args) as workspace:
        database, inquiry_id = workspace.database, _resolved(args, workspace)
        _decide(database, inquiry_id, facts)
        for name, value in facts.items():
            _set_fact(database, _case(workspace, inquiry_id), name, value)
        if _case(workspace, inquiry_id).state == "new":
            database.write(commands.triage, inquiry_id)
        return _told(workspace, inquiry_id, output)


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise InputRefusedError(f"“{text}” is not of the form FIELD=VALUE. Nothing was changed.")
    return name.strip(), value.strip()


def _decide(database: Database, inquiry_id: str, facts: dict[str, str]) -> None:
    """Take the safety answers out of the facts and record them together."""
    answers: Mapping[str, Decision] = {
        name: _decision(name, facts.pop(name)) for name in _SAFETY if name in facts
    }
    reason, description = facts.pop("safety_reason", ""), facts.pop("safety_description", "")
    if answers:
        database.write(safety.decide, inquiry_id, **answers, reason=reason, description=description)


def _decision(name: str, value: str) -> Decision:
    try:
        return Decision(value.lower())
    except ValueError as exc:
        raise InputRefusedError(f"{name} is yes, no or uncertain; “{value}” is none of them.") from exc


def _set_fact(database: Database, case: CaseView, name: str, value: str) -> None:
    part, _, field = name.partition(".")
    if part == "requester" and field:
        database.write(commands.edit_person, case.id, "requester", field, value)
    elif part == "contact" and field:
        database.write(commands.edit_person, case.id, "contact", field, value)
    elif part == "question" and field.isdigit():
        _set_question(database, case, int(field), value)
    elif name == "product":
        database.write(commands.edit_fact, case.id, "product_id", _product_id(database, value))
    elif name == "contact" and value == "same":
        database.write(commands.use_requester_as_contact, case.id)
    elif name == "duplicate":
        database.write(commands.decide_duplicate, case.id, value)
    elif name == "verified":
        method, _, evidence = value.partition(":")
        database.write(commands.verify_contact, case.id, method=method, evidence=evidence)
    elif name == "assessment":
        for question in case.questions:
            database.write(commands.assess_label, question.id, value)
    elif name == "no_product":
        database.write(commands.edit_fact, case.id, name, value.lower() in ("yes", "true", "1"))
    else:
        database.write(commands.edit_fact, case.id, name, value)


def _set_question(database: Database, case: CaseView, number: int, text: str) -> None:
    """Restate a question; the number after the last one adds it."""
    if number == len(case.questions) + 1:
        database.write(commands.add_question, case.id, QuestionForm(verbatim=text, restated=text))
    elif 1 <= number <= len(case.questions):
        database.write(commands.edit_question, case.questions[number - 1].id, restated=text)
    else:
        raise InputRefusedError(f"There is no question {number}; the inquiry has {len(case.questions)}.")


def _product_id(database: Database, name: str) -> str:
    for product in database.read(settings.products):
        if name.lower() in (product.name.lower(), product.substance.lower(), product.id):
            return product.id
    raise InputRefusedError(
        f"There is no product “{name}”. Nothing was changed. Look at the list of products."
    )


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
            questions = [question.id for question in case.questions if not question.coverage.kind]
            workspace.database.write(
                commands.answer_verbal, inquiry_id, text=args.verbal, question_ids=questions
            )
        workspace.database.write(commands.answered, inquiry_id)
        return _told(workspace, inquiry_id, output)


def _close(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        inquiry_id = _resolved(args, workspace)
        workspace.database.write(commands.close, inquiry_id, args.confirm)
        return _told(workspace, inquiry_id, output)
