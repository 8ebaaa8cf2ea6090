"""Change the ways into a workspace; each change is a row of the trail."""

from app.errors import AppError, EnvironmentFaultError
from app.models.changes import Changes
from app.services.workspace.system_keyring import KeyringAnswer, KeyringState, SystemKeyring
from app.services.workspace.unlock_attempts import KeyPurpose
from app.services.workspace.workspace import Workspace


def change_passphrase(workspace: Workspace, old: str, new: str) -> Changes:
    """Put a new passphrase in the place of the old one."""
    workspace.vault.change_passphrase(old, new)
    return note_change(workspace, "passphrase_changed", "The passphrase is changed.")


def replace_recovery_key(workspace: Workspace, passphrase: str) -> tuple[Changes, str]:
    """Make a new recovery key, to be shown once; the old one ends."""
    key = workspace.vault.replace_recovery_key(passphrase)
    done = "The old recovery key no longer opens the workspace, and the new one was not shown: make another."
    return note_change(workspace, "recovery_key_replaced", done), key


def switch_keyring(
    workspace: Workspace, passphrase: str, keyring: SystemKeyring, *, is_on: bool
) -> tuple[Changes, KeyringAnswer]:
    """Let the system keyring open the workspace, or no longer.

    Both ask for the passphrase. A keyring that proves unreliable is not taken; the answer says so.
    """
    vault = workspace.vault
    if is_on:
        answer = vault.add_keyring_slot(passphrase, keyring)
        if answer.state is not KeyringState.DONE:
            return Changes(), answer
        return note_change(
            workspace, "keyring_switched_on", "The system keyring opens the workspace."
        ), answer
    vault.verify_passphrase(passphrase, KeyPurpose.CHANGE)
    had_slot = vault.has_keyring_slot
    answer = vault.remove_keyring_slot(keyring)
    if not had_slot:
        return Changes(), answer
    done = "The system keyring no longer opens the workspace."
    return note_change(workspace, "keyring_switched_off", done), answer


def note_change(workspace: Workspace, event: str, done: str) -> Changes:
    """Write a change of the keys, which is in force already, to the trail; `done` says what it is."""
    try:
        with workspace.database.unit() as uow:
            uow.record_event(event, type_="workspace", entity_id=workspace.identity.workspace)
            return uow.commit()
    except AppError as exc:
        raise EnvironmentFaultError(f"{done} The audit trail could not take note of it. {exc}") from exc
