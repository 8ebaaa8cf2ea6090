"""The command line: every verb calls the same services as the window."""

import argparse
import sys
from collections.abc import Sequence

from app import __version__
from app.cli import audit_verbs, inquiry_verbs, letter_verbs, srd_verbs, window_verbs, workspace_verbs
from app.cli.output import Output, exit_code, message_of
from app.errors import AppError
from app.services.workspace.hardening import harden_process


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; with no verb open the window."""
    harden_process()
    parser = build_parser()
    args = parser.parse_args(argv)
    output = Output(as_json=args.json or args.jsonl)
    try:
        code: int = args.run(args, output)
    except AppError as exc:
        output.error(message_of(exc))
        return exit_code(exc)
    except KeyboardInterrupt:
        output.error("Stopped. What was saved before is kept.")
        return 130
    except BrokenPipeError:
        return 0
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every verb."""
    # A verb leaves out what was not said after it, so what was said before it stands.
    common = _common(argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog="midesk",
        parents=[_common(None)],
        description="The offline workbench of Medical Information specialists. With no verb it opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"MI Desk {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    for module in (window_verbs, workspace_verbs, inquiry_verbs, srd_verbs, letter_verbs, audit_verbs):
        module.register(verbs, common)
    parser.set_defaults(run=window_verbs.open_window)
    return parser


def _common(default: str | None) -> argparse.ArgumentParser:
    """Return the options that stand before or after the verb."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    flag = False if default is None else default
    common.add_argument(
        "--json",
        action="store_true",
        default=flag,
        help="print one JSON document on stdout and nothing else",
    )
    common.add_argument("--jsonl", action="store_true", default=flag, help="print lists as JSON lines")
    common.add_argument(
        "-w", "--workspace", metavar="DIR", help="the workspace (default: the platform's data folder)"
    )
    return common


if __name__ == "__main__":
    sys.exit(main())
