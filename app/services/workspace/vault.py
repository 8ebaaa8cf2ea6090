"""The vault: every way into a workspace, and the keys behind them.

A vault is opened by passphrase, recovery key or system keyring. It keeps no passphrase: what changes the
slots, or signs, asks for it again, and the keyring never stands in for it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import AppError, NotAllowedError, WorkspaceBusyError, WrongKeyError
from app.services.workspace import keyslots
from app.services.workspace.clock import Clock, SystemClock
from app.services.workspace.keys import (
    DEFAULT_POLICY,
    KEY_BYTES,
    Argon2Cost,
    KdfPolicy,
    SecretKey,
    WorkspaceKeys,
    refuse_weak,
    spelled_alike,
)
from app.services.workspace.keyslots import KeySlot, KeySlots, SlotKind
from app.services.workspace.location import Host, make_private, refuse_unsafe, this_host
from app.services.workspace.recovery_key import new_recovery_key, parse_recovery_key
from app.services.workspace.slot_store import Disk, SlotStore, StoredSlots, already_here
from app.services.workspace.system_keyring import KeyringAnswer, KeyringState, SystemKeyring
from app.services.workspace.unlock_attempts import KeyPurpose, UnlockAttempts


@dataclass(frozen=True)
class VaultPorts:
    """The world around a vault; tests replace its parts."""

    policy: KdfPolicy = DEFAULT_POLICY
    clock: Clock = field(default_factory=SystemClock)
    disk: Disk = field(default_factory=Disk)
    host: Host = field(default_factory=this_host)

    def store(self, folder: Path) -> SlotStore:
        """Give the slot store of a folder on this disk."""
        return SlotStore(folder, self.policy.floor, self.disk)

    def attempts(self, folder: Path) -> UnlockAttempts:
        """Give the failed tries of a folder on this disk."""
        return UnlockAttempts(folder, self.clock, self.disk)


@dataclass(frozen=True)
class Rekey:
    """A new master key that is not in force yet; nothing is written."""

    keys: WorkspaceKeys
    recovery_key: str = field(repr=False)
    slots: KeySlots = field(repr=False)


@dataclass(frozen=True)
class KeyringOpening:
    """The vault if the keyring opened it, and what the keyring said."""

    vault: "Vault | None"
    answer: KeyringAnswer


class Vault:
    """An opened workspace: its keys, and the ways into it."""

    def __init__(
        self, folder: Path, stored: StoredSlots, keys: WorkspaceKeys, kind: SlotKind, ports: VaultPorts
    ) -> None:
        self.folder = folder
        self.workspace_id = stored.slots.workspace_id
        self.opened_by = kind
        self.opened_from_previous = stored.from_previous
        self.keys = keys
        self.retired_keys = keyslots.open_retired(stored.slots, keys)
        self.attempts = ports.attempts(folder)
        self._store = ports.store(folder)
        self._policy = ports.policy

    def __repr__(self) -> str:
        return f"<Vault of workspace {self.workspace_id}>"

    @property
    def database_key(self) -> SecretKey:
        """The raw key of the database."""
        return self.keys.database_key

    @property
    def blob_key(self) -> SecretKey:
        """The key of attachments outside the database."""
        return self.keys.blob_key

    @property
    def backup_key(self) -> SecretKey:
        """The raw key of backup files."""
        return self.keys.backup_key

    @property
    def has_keyring_slot(self) -> bool:
        """Whether the system keyring is one of the ways in."""
        return self._store.read().slots.find(SlotKind.KEYRING) is not None

    def slots_bytes(self) -> bytes:
        """Copy the key slots as they stand, for a backup."""
        return self._store.read().content

    def verify_passphrase(self, passphrase: str, purpose: KeyPurpose = KeyPurpose.SIGN) -> None:
        """Raise unless this is the passphrase; failures are counted."""
        self._verified(
            SlotKind.PASSPHRASE, purpose, lambda slots: keyslots.open_passphrase(slots, passphrase)
        )

    def change_passphrase(self, old: str, new: str) -> None:
        """Put a new passphrase in the place of the old one.

        On any failure the old one opens the workspace as before.
        """
        refuse_weak(new)
        if spelled_alike(old) == spelled_alike(new):
            raise NotAllowedError(
                "The new passphrase is the same as the old one. Nothing was changed. Choose another one.",
                blockers=("The new passphrase must differ from the old one.",),
            )
        self.verify_passphrase(old, KeyPurpose.CHANGE)
        self._set_passphrase(new)

    def recover_passphrase(self, recovery_key: str, new: str) -> None:
        """Put a new passphrase in place by the recovery key."""
        refuse_weak(new)
        secret = parse_recovery_key(recovery_key)
        self._verified(
            SlotKind.RECOVERY,
            KeyPurpose.CHANGE,
            lambda slots: keyslots.open_strong(slots, SlotKind.RECOVERY, secret),
        )
        self._set_passphrase(new)

    def replace_recovery_key(self, passphrase: str) -> str:
        """Make a new recovery key, to be shown once; the old one ends."""
        self.verify_passphrase(passphrase, KeyPurpose.CHANGE)
        text = new_recovery_key()
        self._put(self._slots().with_slot(self._recovery_slot(self.keys, text)))
        return text

    def add_keyring_slot(self, passphrase: str, keyring: SystemKeyring) -> KeyringAnswer:
        """Let the system keyring open the workspace, if it proves reliable."""
        self.verify_passphrase(passphrase, KeyPurpose.CHANGE)
        slots = self._slots()
        slot_id = keyslots.new_slot_id()
        answer = keyring.store_new(self._keyring_name(slot_id))
        if answer.secret is None:
            return answer
        slot = keyslots.strong_slot(
            SlotKind.KEYRING, self.keys.master, self.workspace_id, answer.secret, slot_id
        )
        try:
            self._put(slots.with_slot(slot))
        except AppError:
            keyring.delete(self._keyring_name(slot_id))
            raise
        self._forget_keyring_slot(slots, keyring)
        return answer

    def remove_keyring_slot(self, keyring: SystemKeyring) -> KeyringAnswer:
        """Take the system keyring out of the ways in."""
        slots = self._slots()
        if slots.find(SlotKind.KEYRING) is None:
            return KeyringAnswer(KeyringState.ABSENT)
        self._put(slots.without(SlotKind.KEYRING))
        return self._forget_keyring_slot(slots, keyring)

    def prepare_rekey(self, passphrase: str) -> Rekey:
        """Make a new master key and recovery key; nothing is written.

        Show the recovery key and make the copy of the database under `keys` before `commit_rekey`.
        """
        self.verify_passphrase(passphrase, KeyPurpose.CHANGE)
        slots = self._slots()
        if slots.retired is not None:
            raise WorkspaceBusyError(
                "An earlier change of keys is not finished. Both keys were kept and the workspace works. "
                "Close MI Desk and open it again to finish, then try again."
            )
        keys = _new_keys(self.workspace_id)
        text = new_recovery_key()
        by_passphrase = keyslots.passphrase_slot(keys.master, self.workspace_id, passphrase, self._policy)
        changed = KeySlots(
            workspace_id=self.workspace_id,
            generation=slots.generation + 1,
            key_id=keys.key_id,
            slots=(by_passphrase, self._recovery_slot(keys, text)),
            retired=keyslots.retire(self.keys, keys, self.workspace_id),
        )
        return Rekey(keys, text, changed)

    def commit_rekey(self, rekey: Rekey, keyring: SystemKeyring | None = None) -> None:
        """Put the new master key in force; the slots keep the old one too.

        From here until `finish_rekey` either key may be that of the database on disk: try `database_key`,
        then that of `retired_keys`. The keyring slot ends: add it anew if the user wants it.
        """
        before = self._slots()
        self._store.replace(rekey.slots)
        self.retired_keys, self.keys = self.keys, rekey.keys
        if keyring is not None:
            self._forget_keyring_slot(before, keyring)

    def finish_rekey(self) -> None:
        """Drop the old master key once nothing on disk needs it."""
        slots = self._slots()
        if slots.retired is not None:
            self._put(replace(slots, retired=None))
        self.retired_keys = None

    def _verified(
        self, kind: SlotKind, purpose: KeyPurpose, unwrap: Callable[[KeySlots], WorkspaceKeys]
    ) -> None:
        self.attempts.refuse_too_early()
        slots = self._slots()
        _counted(self.attempts, kind, purpose, lambda: unwrap(slots))

    def _set_passphrase(self, passphrase: str) -> None:
        slot = keyslots.passphrase_slot(self.keys.master, self.workspace_id, passphrase, self._policy)
        changed = self._slots().with_slot(slot)
        # A slot that does not open would lock the owner out: prove it before it is in force.
        keyslots.open_passphrase(changed, passphrase)
        self._put(changed)

    def _recovery_slot(self, keys: WorkspaceKeys, text: str) -> KeySlot:
        secret = parse_recovery_key(text)
        return keyslots.strong_slot(SlotKind.RECOVERY, keys.master, self.workspace_id, secret)

    def _slots(self) -> KeySlots:
        # Read anew each time: another window or command may have changed them.
        slots = self._store.read().slots
        if slots.workspace_id != self.workspace_id or slots.key_id != self.keys.key_id:
            raise WorkspaceBusyError(
                "The keys of this workspace were changed by another window or command. "
                "That change was kept, yours was not made. Close MI Desk and open it again."
            )
        return slots

    def _put(self, changed: KeySlots) -> None:
        self._store.replace(replace(changed, generation=changed.generation + 1))

    def _keyring_name(self, slot_id: str) -> str:
        return keyring_name(self.workspace_id, slot_id)

    def _forget_keyring_slot(self, slots: KeySlots, keyring: SystemKeyring) -> KeyringAnswer:
        slot = slots.find(SlotKind.KEYRING)
        if slot is None:
            return KeyringAnswer(KeyringState.ABSENT)
        return keyring.delete(self._keyring_name(slot.slot_id))


def create(folder: Path, passphrase: str, ports: VaultPorts | None = None) -> tuple[Vault, str]:
    """Make the vault of a new workspace and its recovery key.

    The recovery key is shown once and kept nowhere; a workspace that is there already stays untouched.
    """
    ports = ports or VaultPorts()
    refuse_weak(passphrase)
    refuse_unsafe(folder, ports.host)
    store = ports.store(folder)
    if store.exists():
        raise already_here()
    make_private(folder)
    workspace_id = keyslots.new_workspace_id()
    keys = _new_keys(workspace_id)
    text = new_recovery_key()
    slots = KeySlots(
        workspace_id=workspace_id,
        generation=1,
        key_id=keys.key_id,
        slots=(
            keyslots.passphrase_slot(keys.master, workspace_id, passphrase, ports.policy),
            keyslots.strong_slot(SlotKind.RECOVERY, keys.master, workspace_id, parse_recovery_key(text)),
        ),
    )
    store.create(slots)
    return Vault(folder, store.read(), keys, SlotKind.PASSPHRASE, ports), text


def open_with_passphrase(folder: Path, passphrase: str, ports: VaultPorts | None = None) -> Vault:
    """Open a workspace with its passphrase."""
    return _opened(
        folder,
        SlotKind.PASSPHRASE,
        lambda slots: keyslots.open_passphrase(slots, passphrase),
        ports or VaultPorts(),
    )


def open_with_recovery_key(folder: Path, text: str, ports: VaultPorts | None = None) -> Vault:
    """Open a workspace with its recovery key, however it was typed."""
    secret = parse_recovery_key(text)
    return _opened(
        folder,
        SlotKind.RECOVERY,
        lambda slots: keyslots.open_strong(slots, SlotKind.RECOVERY, secret),
        ports or VaultPorts(),
    )


def open_with_keyring(
    folder: Path, keyring: SystemKeyring, ports: VaultPorts | None = None
) -> KeyringOpening:
    """Open a workspace with the system keyring, or say why not.

    No keyring makes this raise; a missing or damaged slot file does, as with the other ways in.
    """
    ports = ports or VaultPorts()
    slots = ports.store(folder).read().slots
    slot = slots.find(SlotKind.KEYRING)
    if slot is None:
        return KeyringOpening(None, KeyringAnswer(KeyringState.ABSENT))
    answer = keyring.fetch(keyring_name(slots.workspace_id, slot.slot_id))
    secret = answer.secret
    if secret is None:
        return KeyringOpening(None, answer)
    try:
        vault = _opened(
            folder,
            SlotKind.KEYRING,
            lambda stored: keyslots.open_strong(stored, SlotKind.KEYRING, secret),
            ports,
        )
    except WrongKeyError:
        return KeyringOpening(None, KeyringAnswer(KeyringState.WRONG))
    return KeyringOpening(vault, answer)


def unlock_copy(content: bytes, kind: SlotKind, text: str, floor: Argon2Cost | None = None) -> WorkspaceKeys:
    """Unwrap the keys from a copy of key slots, as in a backup."""
    slots = keyslots.read_key_slots(content, floor or DEFAULT_POLICY.floor)
    if kind is SlotKind.PASSPHRASE:
        return keyslots.open_passphrase(slots, text)
    return keyslots.open_strong(slots, kind, parse_recovery_key(text))


def restore_slots(folder: Path, content: bytes, ports: VaultPorts | None = None) -> None:
    """Put the key slots of a backup into a folder that has none."""
    ports = ports or VaultPorts()
    slots = keyslots.read_key_slots(content, ports.policy.floor)
    refuse_unsafe(folder, ports.host)
    make_private(folder)
    ports.store(folder).create(slots)


def keyring_name(workspace_id: str, slot_id: str) -> str:
    """Name the secret of a slot in the system keyring."""
    return f"{workspace_id}:{slot_id}"


def _opened(
    folder: Path, kind: SlotKind, unwrap: Callable[[KeySlots], WorkspaceKeys], ports: VaultPorts
) -> Vault:
    refuse_unsafe(folder, ports.host)
    store, attempts = ports.store(folder), ports.attempts(folder)
    stored = store.read()
    if kind is not SlotKind.KEYRING:
        attempts.refuse_too_early()
    keys = _counted(attempts, kind, KeyPurpose.UNLOCK, lambda: unwrap(stored.slots))
    vault = Vault(folder, stored, keys, kind, ports)
    store.settle(stored)
    return vault


def _counted(
    attempts: UnlockAttempts, kind: SlotKind, purpose: KeyPurpose, unwrap: Callable[[], WorkspaceKeys]
) -> WorkspaceKeys:
    try:
        keys = unwrap()
    except WrongKeyError:
        attempts.record_failure(kind, purpose)
        raise
    # The keyring opens by itself: it must not wipe out the delay of a person who guesses.
    if kind is not SlotKind.KEYRING:
        attempts.record_success()
    return keys


def _new_keys(workspace_id: str) -> WorkspaceKeys:
    return WorkspaceKeys.derive(SecretKey(secrets.token_bytes(KEY_BYTES)), workspace_id)
