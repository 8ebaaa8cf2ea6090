"""Verbs on the workspace as a whole: make, back up, restore, keys."""

import argparse
import getpass
import os
from pathlib import Path
from typing import Any

from app.cli.output import DONE, Output
from app.cli.session import asked, folder_of, opened, signing_passphrase
from app.errors import AppError, EnvironmentFaultError, NotAllowedError
from app.services.settings import keys
from app.services.workspace import copies, rekeying
from app.services.workspace import vault as vaults
from app.services.workspace.hardening import take_passphrase
from app.services.workspace.keyslots import SlotKind
from app.services.workspace.lock import alone
from app.services.workspace.system_keyring import KeyringState, SystemKeyring
from app.services.workspace.vault import Vault
from app.services.workspace.workspace import NewUser, Workspace, create, open_workspace


def register(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add the verbs of this module."""
    init = verbs.add_parser("init", parents=[common], help="make a workspace for one user on this device")
    init.add_argument("--sample", action="store_true", help="fill it with the sample of a fictional company")
    init.add_argument("--name", help="your name, as it stands under a letter (default: the account's)")
    init.add_argument("--credentials", default="", metavar="C", help="the letters after your name")
    init.add_argument("--recovery-out", metavar="FILE", help="write the recovery key to this new 0600 file")
    init.set_defaults(run=_init)
    backup = verbs.add_parser("backup", parents=[common], help="write an encrypted backup")
    backup.add_argument("file", metavar="FILE")
    backup.set_defaults(run=_backup)
    restore = verbs.add_parser("restore", parents=[common], help="restore a backup into an empty folder (-w)")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--recovery", action="store_true", help="open it with the recovery key")
    restore.set_defaults(run=_restore)
    rekey = verbs.add_parser("rekey", parents=[common], help="encrypt the workspace anew under a new key")
    rekey.add_argument(
        "--recovery-out", metavar="FILE", help="write the new recovery key to this new 0600 file"
    )
    rekey.set_defaults(run=_rekey)
    passphrase = verbs.add_parser(
        "passphrase", parents=[common], help="change the passphrase, or switch the system keyring on or off"
    )
    passphrase.add_argument(
        "--keyring", choices=("on", "off"), help="let the system keyring open the workspace too, or no longer"
    )
    passphrase.add_argument(
        "--passphrase-fd", type=int, metavar="N", help="read the passphrase of now from this file descriptor"
    )
    passphrase.set_defaults(run=_passphrase)
    recover = verbs.add_parser("recover", parents=[common], help="set a new passphrase with the recovery key")
    recover.set_defaults(run=_recover)


def _init(args: argparse.Namespace, output: Output) -> int:
    from app.sample import fill_sample

    _refuse_existing(args.recovery_out)
    passphrase = take_passphrase() or _asked_twice()
    user = NewUser(args.name or _account_name(), args.credentials)
    workspace, recovery_key = create(folder_of(args), passphrase, user)
    try:
        _hand_over(recovery_key, args.recovery_out, output)
        if args.sample:
            fill_sample(workspace.database)
        identity = workspace.identity
    finally:
        workspace.close()
    output.document({"workspace": identity.workspace, "device": identity.device, "user": user.name})
    output.line(f"The workspace is made: {folder_of(args)}")
    return DONE


def _account_name() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0] or getpass.getuser()
    except (ImportError, KeyError):
        return getpass.getuser()


def _asked_twice() -> str:
    first = asked("New passphrase: ")
    if asked("Once more: ") != first:
        raise NotAllowedError("The two passphrases differ. Nothing was changed. Try again.")
    return first


def _refuse_existing(target: str | None) -> None:
    """Refuse a file that is there before a key is made that could not be written to it."""
    if target is not None and os.path.lexists(target):
        raise EnvironmentFaultError(
            f"{target} is there already. Nothing was made. Name a new file for the recovery key."
        )


def _hand_over(recovery_key: str, target: str | None, output: Output) -> None:
    if target is None:
        output.note("Your recovery key, shown once. Write it down and keep it apart from this device:")
        output.note(f"\n    {recovery_key}\n")
        return
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(recovery_key + "\n")
    except OSError as exc:
        output.note(f"Your recovery key, shown once:\n\n    {recovery_key}\n")
        raise EnvironmentFaultError(
            f"The recovery key could not be written to {target} ({exc.strerror}), so it stands above. Note it down."
        ) from exc


def _backup(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as workspace:
        path = copies.backup(workspace, Path(args.file))
    output.document({"path": str(path), "bytes": path.stat().st_size})
    output.line(f"The backup is written and verified: {path}")
    return DONE


def _restore(args: argparse.Namespace, output: Output) -> int:
    if args.recovery:
        secret = copies.Secret(SlotKind.RECOVERY, asked("Recovery key: "))
    else:
        secret = copies.Secret(SlotKind.PASSPHRASE, take_passphrase() or asked("Passphrase of that day: "))
    identity = copies.restore(Path(args.file), folder_of(args), secret)
    output.document({"workspace": identity.workspace, "device": identity.device})
    output.line("The backup is restored. This folder is a new device; the trail goes on where it stood.")
    return DONE


def _rekey(args: argparse.Namespace, output: Output) -> int:
    _refuse_existing(args.recovery_out)
    passphrase = take_passphrase() or asked("Passphrase: ")
    vault = vaults.open_with_passphrase(folder_of(args), passphrase)
    recovery_key = rekeying.rekey(vault, passphrase)
    _hand_over(recovery_key, args.recovery_out, output)
    _note(vault, "rekeyed", "The workspace is encrypted anew.")
    output.document({"workspace": vault.workspace_id})
    output.line("The workspace is encrypted anew. The old recovery key no longer opens it.")
    return DONE


def _passphrase(args: argparse.Namespace, output: Output) -> int:
    # Neither the environment nor the keyring stands in for the person here.
    take_passphrase()
    passphrase = _passphrase_now(args)
    workspace = open_workspace(vaults.open_with_passphrase(folder_of(args), passphrase))
    try:
        if args.keyring is not None:
            return _switch_keyring(workspace, passphrase, args.keyring, output)
        keys.change_passphrase(workspace, passphrase, _asked_twice())
    finally:
        workspace.close()
    output.document({"workspace": workspace.identity.workspace})
    output.line("The passphrase is changed. The old one no longer opens the workspace.")
    return DONE


def _passphrase_now(args: argparse.Namespace) -> str:
    return asked("Passphrase now: ") if args.passphrase_fd is None else signing_passphrase(args)


def _switch_keyring(workspace: Workspace, passphrase: str, wanted: str, output: Output) -> int:
    is_on = wanted == "on"
    _, answer = keys.switch_keyring(workspace, passphrase, SystemKeyring(), is_on=is_on)
    if is_on and answer.state is not KeyringState.DONE:
        raise NotAllowedError(answer.message)
    output.document({"workspace": workspace.identity.workspace, "keyring": wanted})
    if is_on:
        output.line("The system keyring opens the workspace from now on. The passphrase does too.")
    else:
        output.line("The system keyring does not open the workspace. The passphrase does.")
    return DONE


def _recover(args: argparse.Namespace, output: Output) -> int:
    folder, text = folder_of(args), asked("Recovery key: ")
    vault = vaults.open_with_recovery_key(folder, text)
    new_passphrase = _asked_twice()
    with alone(folder):
        vault.recover_passphrase(text, new_passphrase)
    _note(vault, "passphrase_recovered", "The new passphrase is set.")
    output.document({"workspace": vault.workspace_id})
    output.line("The new passphrase is set. Open MI Desk with it.")
    return DONE


def _note(vault: Vault, event: str, done: str) -> None:
    """Write a change of the keys, made while nobody had the workspace open, to the trail."""
    try:
        workspace = open_workspace(vault)
    except AppError as exc:
        raise EnvironmentFaultError(f"{done} The audit trail could not take note of it. {exc}") from exc
    try:
        keys.note_change(workspace, event, done)
    finally:
        workspace.close()
