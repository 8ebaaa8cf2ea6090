"""`midesk srd`: the library of standard responses and FAQs."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from app.cli import suggest_verbs
from app.cli.output import DONE, REFUSED, Output, plain
from app.cli.session import opened
from app.errors import InputRefusedError, NotAllowedError
from app.models.library_forms import Approval, Refusal, Understood
from app.services.library import commands, imports, labels, queries
from app.services.settings import queries as settings
from app.services.workspace.clock import in_zone
from app.services.workspace.workspace import Workspace

_KINDS = ("srd", "faq", "label")
_SHOWN = 5


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    parser = verbs.add_parser("srd", help="the library: import, list, show, publish, hold")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    take_in = actions.add_parser(
        "import", parents=[common], help="take in .docx, .md, .json, .jsonl and .xml files"
    )
    take_in.add_argument("files", nargs="+", metavar="FILE")
    take_in.add_argument(
        "--product", metavar="P", default="", help="the medicine of documents that name none"
    )
    take_in.add_argument("--publish", action="store_true", help="take over an approval given elsewhere")
    _add_approval(take_in)
    take_in.set_defaults(run=_import)
    listing = actions.add_parser("list", parents=[common], help="list every version")
    listing.add_argument("--kind", choices=_KINDS, help="only documents of this kind, or the labels")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", parents=[common], help="show one document")
    show.add_argument(
        "id", metavar="ID", help="a code such as SRD-0412, with @VERSION for another than the effective"
    )
    show.add_argument("--kind", choices=_KINDS, help="label: ID is a set id, a title or a product")
    show.set_defaults(run=_show)
    publish = actions.add_parser("publish", parents=[common], help="make a draft effective")
    publish.add_argument("id", metavar="ID")
    _add_approval(publish)
    publish.set_defaults(run=_publish)
    hold = actions.add_parser(
        "hold", parents=[common], help="put a version on hold: nobody can insert it any more"
    )
    hold.add_argument("id", metavar="ID")
    hold.add_argument("--reason", required=True)
    hold.set_defaults(run=_hold)
    suggest_verbs.register(actions, common)


def _add_approval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--approved-by", metavar="NAME", help="who approved it (default: you)")
    parser.add_argument("--approved-on", metavar="DATE", help="on which day (default: today)")


def _approval(args: argparse.Namespace, workspace: Workspace) -> Approval:
    day = args.approved_on or date.today().isoformat()  # noqa: DTZ011 - the day on the user's own calendar
    try:
        date.fromisoformat(day)
    except ValueError as exc:
        raise NotAllowedError(f"--approved-on is “{day}”; it must be a day such as 2026-11-22.") from exc
    user = workspace.database.read(settings.user, workspace.identity.user)
    return Approval(args.approved_by or user.name, day)


def _import(args: argparse.Namespace, output: Output) -> int:
    imported: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    with opened(args) as workspace:
        approval = _approval(args, workspace) if args.publish else None
        product = workspace.database.read(imports.product_name, args.product) if args.product else ""
        for done, name in enumerate(args.files, start=1):
            if len(args.files) > 1:
                output.note(f"Reading {done} of {len(args.files)}: {name}")
            try:
                outcome = workspace.database.write(
                    imports.import_file, Path(name), approval=approval, product=product
                )
            except InputRefusedError as exc:
                refused.append(Refusal(name, str(exc)))
                continue
            imported += [{"path": name, **plain(item)} for item in outcome.imported]
            refused += outcome.refused
    output.document({"imported": imported, "refused": refused})
    for item in imported:
        _tell_imported(item, output)
    for refusal in refused:
        output.note(f"Refused: {refusal.where}: {refusal.reason}")
    return REFUSED if refused else DONE


def _tell_imported(item: dict[str, Any], output: Output) -> None:
    known = "  (known)" if item["known"] else ""
    output.line(f"{item['code']} {item['number']}  {item['state']}{known}  {item['title']}")
    counts = [Understood(**each).words for each in item["understood"]]
    if counts:
        output.line(f"  understood: {', '.join(counts)}")
    for each in item["listed"][:_SHOWN]:
        output.line(f"  listed: {each['kind']}: {each['text']}")
    if len(item["listed"]) > _SHOWN:
        output.line(f"  and {len(item['listed']) - _SHOWN:,} more things listed; --json names them all")
    if item["note"]:
        output.line(f"  {item['note']}")


def _list(args: argparse.Namespace, output: Output) -> int:
    if args.kind == "label":
        return _list_labels(args, output)
    with opened(args) as workspace:
        rows = workspace.database.read(queries.documents)
    rows = [row for row in rows if args.kind in (None, row.kind)]
    if output.as_json:
        output.items(rows, as_lines=args.jsonl)
    for row in rows:
        output.line(
            f"{row.code:<14} {row.number:<6} {row.state:<12} {row.country or '--':<3} {row.audience:<8} {row.title}"
        )
    return DONE


def _list_labels(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        rows = workspace.database.read(labels.labels, today=_today(workspace))
    if output.as_json:
        output.items(rows, as_lines=args.jsonl)
    for row in rows:
        output.line(
            f"{row.set_id:<38} {row.number:<6} {row.effective_from or '--':<11} {row.state:<8} {row.title}"
        )
    return DONE


def _today(workspace: Workspace) -> date:
    clock = workspace.database.clock
    return in_zone(clock.now(), clock.zone()).date()


def _show_label(args: argparse.Namespace, output: Output) -> int:
    name, _, number = args.id.partition("@")
    with opened(args) as workspace:
        today = _today(workspace)
        version_id = workspace.database.read(labels.version_by_name, name, number or None, today=today)
        document = workspace.database.read(labels.label, version_id, today=today)
    output.document(document)
    row = document.row
    output.line(f"{row.title}\n{row.set_id} version {row.number} of {row.effective_from} ({row.state})")
    for section in document.sections:
        output.line(f"\n{'#' * min(section.depth, 4)} {section.heading}\n{section.text}".rstrip())
    return DONE


def _show(args: argparse.Namespace, output: Output) -> int:
    if args.kind == "label":
        return _show_label(args, output)
    with opened(args) as workspace:
        document = workspace.database.read(queries.document, _version_id(args, workspace))
    output.document(document)
    output.line(f"{document.row.code} {document.row.number} ({document.row.state}): {document.row.title}")
    for section in document.sections:
        output.line(f"\n# {section.heading}\n{section.text}")
    return DONE


def _version_id(args: argparse.Namespace, workspace: Workspace) -> str:
    code, _, number = args.id.partition("@")
    return workspace.database.read(queries.version_by_code, code, number or None)


def _publish(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        version_id = _version_id(args, workspace)
        workspace.database.write(commands.publish, version_id, _approval(args, workspace))
        row = workspace.database.read(queries.document, version_id).row
    output.document(row)
    output.line(f"{row.code} {row.number} is {row.state}.")
    return DONE


def _hold(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        version_id = _version_id(args, workspace)
        workspace.database.write(commands.hold, version_id, args.reason)
        row = workspace.database.read(queries.document, version_id).row
    output.document(row)
    output.line(f"{row.code} {row.number} is on hold. Nobody can insert it from now on.")
    return DONE
