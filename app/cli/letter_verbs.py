"""`midesk letter`: write, check, release, send and export a letter."""

import argparse
from pathlib import Path
from typing import Any

from app.bootstrap import letter_painter
from app.cli.output import DONE, NO, Output
from app.cli.session import add_signing_option, opened, signing_passphrase
from app.errors import EnvironmentFaultError, InputRefusedError, RecordNotFoundError
from app.models.checks.registry import ran_rules
from app.services.intake import queries as intake
from app.services.letters import commands, queries
from app.services.letters.exports import FORMATS, WORD
from app.services.letters.queries import LetterView
from app.services.library import queries as library
from app.services.workspace.workspace import Workspace


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    parser = verbs.add_parser("letter", help="write, check, release, send and export letters")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    new = actions.add_parser("new", parents=[common], help="begin a letter for an inquiry in progress")
    new.add_argument("inquiry", metavar="INQUIRY", help="the number or id of the inquiry")
    new.add_argument("--template", default="response-en")
    new.set_defaults(run=_new)
    insert = _on_letter(actions, common, "insert", "insert a standard response or one section", _insert)
    insert.add_argument("source", metavar="SRD[#SECTION]", help="a code, with # and a heading or its number")
    insert.add_argument(
        "--question", action="append", type=int, default=[], metavar="N", help="which question it answers"
    )
    write = _on_letter(actions, common, "write", "add free text from a file", _write)
    write.add_argument("--from", dest="file", required=True, metavar="FILE.md")
    write.add_argument("--question", action="append", type=int, default=[], metavar="N")
    cite = _on_letter(actions, common, "cite", "cite a work of the reference library", _cite)
    cite.add_argument("key", metavar="KEY")
    _on_letter(actions, common, "check", "run the checks", _check)
    _on_letter(actions, common, "show", "show the letter block by block", _show)
    _on_letter(actions, common, "submit", "send it to review", _submit)
    release = _on_letter(
        actions, common, "release", "freeze and sign a letter that needs no review", _release
    )
    add_signing_option(release)
    send = _on_letter(actions, common, "send", "record that it goes out to the verified contact", _send)
    send.add_argument("--method", required=True, metavar="M", help="email, mail, fax ...")
    enclose = _on_letter(actions, common, "enclose", "let a PDF go with it", _enclose)
    enclose.add_argument("file", metavar="FILE.pdf")
    enclose.add_argument(
        "--kind", default="other", help="label, srd, faq, reprint, reference_list, form, other"
    )
    enclose.add_argument("--title", default="", help="default: the name of the file")
    unenclose = _on_letter(actions, common, "unenclose", "take an enclosure out again", _unenclose)
    unenclose.add_argument("place", type=int, metavar="N", help="which one, from 1")
    export = _on_letter(
        actions, common, "export", "write it as a Word file, a PDF or the draft of a mail", _export
    )
    export.add_argument("--to", required=True, metavar="FILE.docx/.pdf/.eml")


def _on_letter(
    actions: Any, common: argparse.ArgumentParser, name: str, text: str, run: Any
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, parents=[common], help=text)
    parser.add_argument("letter", metavar="LETTER", help="the reference or id of the letter, or its inquiry")
    parser.set_defaults(run=run)
    return parser


def _letter_id(args: argparse.Namespace, workspace: Workspace) -> str:
    return workspace.database.read(queries.resolve, args.letter)


def _letter(workspace: Workspace, letter_id: str) -> LetterView:
    return workspace.database.read(queries.letter, letter_id, now=workspace.database.clock.now())


def _told(workspace: Workspace, letter_id: str, output: Output, sentence: str) -> int:
    letter = _letter(workspace, letter_id)
    output.document(
        {
            "id": letter.id,
            "reference": letter.reference,
            "state": letter.state,
            "blocks": len(letter.blocks),
            "enclosures": len(letter.enclosures),
        }
    )
    output.line(f"{letter.reference}: {sentence}")
    return DONE


def _new(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        inquiry_id = workspace.database.read(intake.resolve, args.inquiry)
        made = workspace.database.write(commands.new_letter, inquiry_id, template=args.template)
        return _told(workspace, made.letter_id, output, "a new draft.")


def _insert(args: argparse.Namespace, output: Output) -> int:
    code, _, section = args.source.partition("#")
    with opened(args) as workspace:
        database, letter_id = workspace.database, _letter_id(args, workspace)
        name, _, number = code.partition("@")
        version_id = database.read(library.version_by_code, name, number or None)
        section_id = _section_id(workspace, version_id, section) if section else None
        questions = _question_ids(workspace, letter_id, args.question)
        inserted = database.write(
            commands.insert, letter_id, version_id, section_id=section_id, question_ids=questions
        )
        return _told(
            workspace, letter_id, output, f"{len(inserted.block_ids)} blocks inserted from {args.source}."
        )


def _section_id(workspace: Workspace, version_id: str, wanted: str) -> str:
    sections = workspace.database.read(library.document, version_id).sections
    for number, section in enumerate(sections, start=1):
        if wanted.lower() in (section.heading.lower(), str(number), section.id):
            return section.id
    raise RecordNotFoundError(f"section {wanted}")


def _question_ids(workspace: Workspace, letter_id: str, numbers: list[int]) -> tuple[str, ...]:
    questions = _letter(workspace, letter_id).questions
    wrong = [number for number in numbers if not 1 <= number <= len(questions)]
    if wrong:
        raise InputRefusedError(f"There is no question {wrong[0]}; the inquiry has {len(questions)}.")
    return tuple(questions[number - 1].id for number in numbers)


def _write(args: argparse.Namespace, output: Output) -> int:
    try:
        text = Path(args.file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputRefusedError(f"{args.file} cannot be read as UTF-8 text. Nothing was changed.") from exc
    with opened(args) as workspace:
        letter_id = _letter_id(args, workspace)
        questions = _question_ids(workspace, letter_id, args.question)
        added = workspace.database.write(commands.add_block, letter_id, text, question_ids=questions)
        return _told(workspace, letter_id, output, f"{len(added.block_ids)} blocks of free text added.")


def _cite(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        letter_id = _letter_id(args, workspace)
        workspace.database.write(commands.cite, letter_id, args.key)
        return _told(workspace, letter_id, output, f"{args.key} is cited.")


def _check(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        database, letter_id = workspace.database, _letter_id(args, workspace)
        findings = database.read(queries.check, letter_id, now=database.clock.now())
    output.document(
        {
            "findings": [
                {
                    "rule": f.rule,
                    "severity": f.severity,
                    "where": f.where,
                    "quote": f.quote,
                    "message": f.message,
                }
                for f in findings
            ],
            "ran": ran_rules(),
        }
    )
    for finding in findings:
        output.line(f"{finding.rule} {finding.severity}  {finding.message}  {finding.quote[:60]}")
    blocking = sum(finding.severity == "X" for finding in findings)
    output.line(f"{blocking} to fix, {len(findings) - blocking} to look at; {len(ran_rules())} checks ran.")
    return NO if blocking else DONE


def _show(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        letter = _letter(workspace, _letter_id(args, workspace))
    output.document(letter)
    output.line(f"{letter.reference}  {letter.state}  {letter.author}")
    for block in letter.blocks:
        output.line(f"[{block.state or '-'}] {block.text[:100]}")
    return DONE


def _submit(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        letter_id = _letter_id(args, workspace)
        workspace.database.write(commands.submit, letter_id)
        return _told(workspace, letter_id, output, "sent to review.")


def _release(args: argparse.Namespace, output: Output) -> int:
    passphrase = signing_passphrase(args)
    with opened(args) as workspace:
        letter_id = _letter_id(args, workspace)
        workspace.vault.verify_passphrase(passphrase)
        done = workspace.database.write(
            commands.release, letter_id, passphrase_verified=True, sign=workspace.sign
        )
        letter = _letter(workspace, letter_id)
    output.document(
        {
            "id": letter.id,
            "reference": letter.reference,
            "sha256": done.sha256,
            "manifest": done.manifest_sha256,
        }
    )
    output.line(f"{letter.reference} is released and frozen: SHA-256 {done.sha256}")
    return DONE


def _send(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        letter_id = _letter_id(args, workspace)
        workspace.database.write(commands.send, letter_id, args.method)
        return _told(workspace, letter_id, output, f"recorded as sent by {args.method}.")


def _enclose(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        letter_id = _letter_id(args, workspace)
        made = workspace.database.write(
            commands.enclose_file,
            workspace.blobs,
            letter_id,
            Path(args.file),
            kind=args.kind,
            title=args.title,
        )
        return _told(workspace, letter_id, output, f"an enclosure of {made.pages} pages.")


def _unenclose(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        letter = _letter(workspace, _letter_id(args, workspace))
        if not 1 <= args.place <= len(letter.enclosures):
            raise InputRefusedError(
                f"There is no enclosure {args.place}; the letter has {len(letter.enclosures)}. Nothing was changed."
            )
        gone = letter.enclosures[args.place - 1]
        workspace.database.write(commands.retire_enclosure, gone.id)
        return _told(workspace, letter.id, output, f"“{gone.title}” does not go with it any more.")


def _export(args: argparse.Namespace, output: Output) -> int:
    target = Path(args.to)
    file_format = target.suffix.lower().removeprefix(".")
    if file_format not in FORMATS:
        raise InputRefusedError(
            f"{target.name} is no form of a letter. Nothing was written. "
            "Choose a name ending in .docx, .pdf or .eml."
        )
    with opened(args) as workspace:
        exported = workspace.database.write(
            commands.export,
            _letter_id(args, workspace),
            to=target,
            file_format=file_format,
            paint=None if file_format == WORD else letter_painter(),
            blobs=workspace.blobs,
        )
    manifest = target.with_suffix(".manifest.json")
    try:
        manifest.write_text(exported.manifest + "\n", encoding="utf-8")
    except OSError as exc:
        raise EnvironmentFaultError(
            f"{manifest.name} could not be written ({exc.strerror}); the letter was."
        ) from exc
    output.document({"path": str(target), "sha256": exported.sha256, "manifest": str(manifest)})
    output.line(f"Written: {target}  SHA-256 {exported.sha256}{'  (draft)' if exported.is_draft else ''}")
    return DONE
