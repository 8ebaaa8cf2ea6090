"""`midesk audit`: verify and export the trail."""

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, NO, Output, plain
from app.cli.session import opened
from app.services.audit import commands, queries


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    parser = verbs.add_parser("audit", help="verify or export the audit trail")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    verify = actions.add_parser("verify", parents=[common], help="check every hash and value of the trail")
    verify.add_argument("file", nargs="?", help="verify an exported trail instead of the workspace")
    verify.set_defaults(run=_verify)
    export = actions.add_parser(
        "export", parents=[common], help="write the trail to a file, readable and verifiable"
    )
    export.add_argument("--to", required=True, metavar="FILE.json", help="the file to write")
    export.set_defaults(run=_export)


def _verify(args: argparse.Namespace, output: Output) -> int:
    if args.file:
        report = queries.verify_file(Path(args.file))
    else:
        with opened(args) as workspace:
            report = workspace.database.read(queries.verify_trail)
    result = report.verification
    output.document(
        {
            "events": result.events,
            "ok": report.ok,
            "first_bad": result.first_bad,
            "head": result.head,
            "head_signed_at": report.head_signed_at,
            "erased": result.erased,
            "flaws": [plain(flaw) for flaw in result.flaws[:100]],
            "missing_triggers": report.missing_triggers,
        }
    )
    for flaw in result.flaws[:20]:
        output.line(f"Row {flaw.n}: {flaw.message}.")
    for trigger in report.missing_triggers:
        output.line(f"The protection {trigger} is missing from the database.")
    verdict = "The trail is whole" if report.ok else "The trail is NOT whole"
    output.line(f"{verdict}: {result.events} rows checked, head {result.head[:16]}.")
    output.line(queries.LIMITS)
    return DONE if report.ok else NO


def _export(args: argparse.Namespace, output: Output) -> int:
    target = Path(args.to)
    with opened(args) as workspace:
        written = workspace.database.write(commands.export_trail, target)
    output.document({"path": str(target), "events": written.events, "sha256": written.sha256})
    output.line(f"{written.events} rows written to {target}.")
    return DONE
