"""Open a workspace for one verb: where it is, and what opens it."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import default_folder
from app.errors import EnvironmentFaultError, WrongKeyError
from app.services.workspace import vault as vaults
from app.services.workspace.hardening import take_passphrase
from app.services.workspace.system_keyring import SystemKeyring
from app.services.workspace.vault import Vault
from app.services.workspace.workspace import Workspace, open_workspace


def folder_of(args: argparse.Namespace) -> Path:
    """Return the folder that the verb works on."""
    return Path(args.workspace).expanduser().resolve() if args.workspace else default_folder()


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Workspace]:
    """Open the workspace for one verb and close it afterwards."""
    workspace = open_workspace(unlocked(folder_of(args)))
    try:
        yield workspace
    finally:
        workspace.close()


def unlocked(folder: Path) -> Vault:
    """Open the vault by the environment, the keyring or a prompt, in this order."""
    passphrase = take_passphrase()
    if passphrase is None:
        opening = vaults.open_with_keyring(folder, SystemKeyring())
        if opening.vault is not None:
            return opening.vault
        passphrase = asked("Passphrase: ")
    return vaults.open_with_passphrase(folder, passphrase)


def asked(prompt: str) -> str:
    """Ask on the terminal, without an echo; refuse where nobody can answer."""
    if not sys.stdin.isatty():
        raise WrongKeyError(
            "No passphrase was given and there is no terminal to ask on. Nothing was changed. "
            "Set MIDESK_PASSPHRASE or use a terminal."
        )
    return getpass.getpass(prompt)


def signing_passphrase(args: argparse.Namespace) -> str:
    """Return the passphrase for a signature: asked anew, never the one that opened the workspace."""
    if args.passphrase_fd is not None:
        try:
            with os.fdopen(args.passphrase_fd, encoding="utf-8") as stream:
                return stream.readline().rstrip("\n")
        except (OSError, ValueError) as exc:
            raise EnvironmentFaultError(
                f"No passphrase can be read from descriptor {args.passphrase_fd}. Nothing was changed. "
                "Open it before the call, or leave the option out to be asked."
            ) from exc
    return asked("Passphrase, to sign: ")


def add_signing_option(parser: argparse.ArgumentParser) -> None:
    """Give a verb the option that hands the signing passphrase over."""
    parser.add_argument(
        "--passphrase-fd", type=int, metavar="N", help="read the signing passphrase from this file descriptor"
    )
