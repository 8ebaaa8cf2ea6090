"""The key slots: the master key, wrapped once for each way in.

The text is canonical JSON with a checksum over all the rest, so that damage is told from a wrong key.
The checksum is no protection against a person: the wrapping (AES-256-GCM, bound to the workspace) is.
"""

import json
import re
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import DamagedKeySlotsError, NewerDatabaseError, WrongKeyError
from app.services.workspace.keys import (
    KEY_BYTES,
    SALT_BYTES,
    Argon2Cost,
    KdfPolicy,
    SecretKey,
    WorkspaceKeys,
    digest,
    harden,
    stretch,
)

FORMAT: Final = 1
MAX_SLOT_FILE_BYTES: Final = 64 * 1024
NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_WORKSPACE_ID: Final = re.compile(r"[0-9a-f]{32}")
_SLOT_ID: Final = re.compile(r"[0-9a-f]{16}")

DAMAGED_MESSAGE: Final = (
    "The key slot file of this workspace is damaged, so no key was tried. "
    "Nothing was changed, and the records are still there, encrypted. "
    "Restore the key slots from a backup of this workspace."
)
NEWER_MESSAGE: Final = (
    "The key slots of this workspace were written by a newer version of MI Desk. "
    "Nothing was changed. Install the current version to open it."
)


class SlotKind(StrEnum):
    """The ways into a workspace."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the kind of slot, not a secret
    RECOVERY = "recovery"
    KEYRING = "keyring"


WRONG_KEY_MESSAGES: Final = {
    SlotKind.PASSPHRASE: "That passphrase does not open this workspace. Nothing was changed. "
    "Check Caps Lock and the keyboard layout and try again, or use the recovery key.",
    SlotKind.RECOVERY: "That recovery key belongs to another workspace, or was replaced by a newer one. "
    "Nothing was changed. Use the newest recovery key, or the passphrase.",
    SlotKind.KEYRING: "The system keyring no longer holds the right secret for this workspace. "
    "Nothing was changed. Open it with the passphrase.",
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A key under AES-256-GCM, with the nonce it was sealed with."""

    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeySlot:
    """One way in: how to derive its key, and the wrapped master key."""

    slot_id: str
    kind: SlotKind
    salt: bytes
    wrapped: Sealed
    cost: Argon2Cost | None = None


@dataclass(frozen=True, slots=True)
class KeySlots:
    """All ways into one workspace; `retired` is the old key while a re-key is under way."""

    workspace_id: str
    generation: int
    key_id: str
    slots: tuple[KeySlot, ...]
    retired: Sealed | None = None

    def find(self, kind: SlotKind) -> KeySlot | None:
        """Find the slot of this kind, if there is one."""
        return next((slot for slot in self.slots if slot.kind is kind), None)

    def with_slot(self, slot: KeySlot) -> "KeySlots":
        """Put a slot in the place of the one of its kind."""
        others = tuple(kept for kept in self.slots if kept.kind is not slot.kind)
        return replace(self, slots=(*others, slot))

    def without(self, kind: SlotKind) -> "KeySlots":
        """Leave out the slot of this kind."""
        return replace(self, slots=tuple(slot for slot in self.slots if slot.kind is not kind))


def new_workspace_id() -> str:
    """Make the random id that the wrapping is bound to."""
    return secrets.token_hex(16)


def seal(key: SecretKey, content: SecretKey, workspace_id: str) -> Sealed:
    """Encrypt one key under another, bound to the workspace."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(nonce, AESGCM(key.reveal()).encrypt(nonce, content.reveal(), workspace_id.encode()))


def unseal(key: SecretKey, sealed: Sealed, workspace_id: str) -> SecretKey | None:
    """Decrypt a key, or give nothing if the key is wrong."""
    try:
        raw = AESGCM(key.reveal()).decrypt(sealed.nonce, sealed.sealed, workspace_id.encode())
    except InvalidTag:
        return None
    return SecretKey(raw)


def passphrase_slot(master: SecretKey, workspace_id: str, passphrase: str, policy: KdfPolicy) -> KeySlot:
    """Wrap the master key for a passphrase."""
    salt = secrets.token_bytes(SALT_BYTES)
    wrapping = harden(passphrase, salt, policy.cost)
    wrapped = seal(wrapping, master, workspace_id)
    return KeySlot(new_slot_id(), SlotKind.PASSPHRASE, salt, wrapped, policy.cost)


def strong_slot(
    kind: SlotKind, master: SecretKey, workspace_id: str, secret: SecretKey, slot_id: str | None = None
) -> KeySlot:
    """Wrap the master key for a secret that needs no slow derivation."""
    salt = secrets.token_bytes(SALT_BYTES)
    wrapped = seal(_strong_wrapping(kind, secret, salt), master, workspace_id)
    return KeySlot(slot_id or new_slot_id(), kind, salt, wrapped)


def open_passphrase(slots: KeySlots, passphrase: str) -> WorkspaceKeys:
    """Unwrap the master key with a passphrase."""
    slot = slots.find(SlotKind.PASSPHRASE)
    if slot is None or slot.cost is None:
        raise DamagedKeySlotsError(DAMAGED_MESSAGE)
    return _opened(slots, slot, harden(passphrase, slot.salt, slot.cost))


def open_strong(slots: KeySlots, kind: SlotKind, secret: SecretKey) -> WorkspaceKeys:
    """Unwrap the master key with a recovery key or keyring secret."""
    slot = slots.find(kind)
    if slot is None:
        raise WrongKeyError(WRONG_KEY_MESSAGES[kind])
    return _opened(slots, slot, _strong_wrapping(kind, secret, slot.salt))


def open_retired(slots: KeySlots, keys: WorkspaceKeys) -> WorkspaceKeys | None:
    """Unwrap the key that an unfinished re-key retires, if any."""
    if slots.retired is None:
        return None
    master = unseal(_retirement_wrapping(keys), slots.retired, slots.workspace_id)
    if master is None:
        raise DamagedKeySlotsError(DAMAGED_MESSAGE)
    return WorkspaceKeys.derive(master, slots.workspace_id)


def retire(old: WorkspaceKeys, new: WorkspaceKeys, workspace_id: str) -> Sealed:
    """Seal the old master key under the new one."""
    return seal(_retirement_wrapping(new), old.master, workspace_id)


def _opened(slots: KeySlots, slot: KeySlot, wrapping: SecretKey) -> WorkspaceKeys:
    master = unseal(wrapping, slot.wrapped, slots.workspace_id)
    if master is None:
        raise WrongKeyError(WRONG_KEY_MESSAGES[slot.kind])
    keys = WorkspaceKeys.derive(master, slots.workspace_id)
    if keys.key_id != slots.key_id:
        raise DamagedKeySlotsError(DAMAGED_MESSAGE)
    return keys


def _strong_wrapping(kind: SlotKind, secret: SecretKey, salt: bytes) -> SecretKey:
    return stretch(secret, salt, f"midesk {kind.value} slot 1".encode())


def _retirement_wrapping(keys: WorkspaceKeys) -> SecretKey:
    return stretch(keys.master, keys.key_id.encode(), b"midesk retired key 1")


def new_slot_id() -> str:
    """Make the random id of a slot, which also names its keyring secret."""
    return secrets.token_hex(8)


def write_key_slots(slots: KeySlots) -> bytes:
    """Give the canonical text of the key slots, with its checksum."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "generation": slots.generation,
        "key_id": slots.key_id,
        "retired": None if slots.retired is None else _sealed_fields(slots.retired),
        "slots": [_slot_fields(slot) for slot in slots.slots],
        "workspace": slots.workspace_id,
    }
    fields["checksum"] = digest(_canonical(fields))
    return _canonical(fields)


def read_key_slots(content: bytes, floor: Argon2Cost) -> KeySlots:
    """Read the key slots, refusing damage and too weak a derivation."""
    try:
        fields = _checked_fields(content)
        if fields["format"] > FORMAT:
            raise NewerDatabaseError(NEWER_MESSAGE)
        slots = _slots_from(fields)
        _check_ways_in(slots, floor)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise DamagedKeySlotsError(DAMAGED_MESSAGE) from exc
    return slots


def _checked_fields(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_SLOT_FILE_BYTES:
        raise ValueError("longer than any slot file")
    fields: dict[str, Any] = json.loads(content)
    body = {name: value for name, value in fields.items() if name != "checksum"}
    if digest(_canonical(body)) != fields["checksum"] or _canonical(fields) != content:
        raise ValueError("the checksum does not match")
    return fields


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, indent=1, allow_nan=False).encode("ascii") + b"\n"


def _slots_from(fields: dict[str, Any]) -> KeySlots:
    retired = fields["retired"]
    return KeySlots(
        workspace_id=_matching(_WORKSPACE_ID, fields["workspace"]),
        generation=int(fields["generation"]),
        key_id=_matching(_WORKSPACE_ID, fields["key_id"]),
        slots=tuple(_slot_from(slot) for slot in fields["slots"]),
        retired=None if retired is None else _sealed_from(retired),
    )


def _check_ways_in(slots: KeySlots, floor: Argon2Cost) -> None:
    kinds = [slot.kind for slot in slots.slots]
    if len(set(kinds)) != len(kinds) or not {SlotKind.PASSPHRASE, SlotKind.RECOVERY} <= set(kinds):
        raise ValueError("a way in is missing or double")
    for slot in slots.slots:
        if (slot.kind is SlotKind.PASSPHRASE) != (slot.cost is not None):
            raise ValueError("a slot has the wrong derivation")
        if slot.cost is not None and not (slot.cost.is_payable() and slot.cost.reaches(floor)):
            raise ValueError("the Argon2 cost lies outside its bounds")


def _slot_fields(slot: KeySlot) -> dict[str, Any]:
    kdf: dict[str, Any] = {"name": "hkdf-sha256"}
    if slot.cost is not None:
        cost = slot.cost
        kdf = {"name": "argon2id", "memory_kib": cost.memory_kib, "time": cost.time, "lanes": cost.lanes}
    kdf["salt"] = slot.salt.hex()
    return {"id": slot.slot_id, "kdf": kdf, "kind": slot.kind.value, "wrapped": _sealed_fields(slot.wrapped)}


def _slot_from(fields: dict[str, Any]) -> KeySlot:
    kdf = fields["kdf"]
    cost = None
    if kdf["name"] == "argon2id":
        cost = Argon2Cost(int(kdf["memory_kib"]), int(kdf["time"]), int(kdf["lanes"]))
    elif kdf["name"] != "hkdf-sha256":
        raise ValueError("an unknown derivation")
    return KeySlot(
        slot_id=_matching(_SLOT_ID, fields["id"]),
        kind=SlotKind(fields["kind"]),
        salt=_exactly(SALT_BYTES, kdf["salt"]),
        wrapped=_sealed_from(fields["wrapped"]),
        cost=cost,
    )


def _sealed_fields(sealed: Sealed) -> dict[str, str]:
    return {"nonce": sealed.nonce.hex(), "sealed": sealed.sealed.hex()}


def _sealed_from(fields: dict[str, str]) -> Sealed:
    return Sealed(_exactly(NONCE_BYTES, fields["nonce"]), _exactly(KEY_BYTES + _TAG_BYTES, fields["sealed"]))


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError("not an id")
    return text


def _exactly(length: int, text: str) -> bytes:
    content = bytes.fromhex(text)
    if len(content) != length:
        raise ValueError("a field has the wrong length")
    return content
