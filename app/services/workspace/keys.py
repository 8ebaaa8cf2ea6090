"""Key material: secrets that print nothing, and how keys are derived."""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from typing import Final, NoReturn

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import EnvironmentFaultError, NotAllowedError

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
MIN_PASSPHRASE_LENGTH: Final = 8
MIB: Final = 1024


class SecretKey:
    """Key bytes that never show in a repr, log or pickle."""

    __slots__ = ("_material",)

    def __init__(self, material: bytes) -> None:
        self._material = bytes(material)

    def reveal(self) -> bytes:
        """Give the bytes to the code that needs them."""
        return self._material

    def hex(self) -> str:
        """Give the bytes as the hexadecimal text of a raw SQLCipher key."""
        return self._material.hex()

    def __repr__(self) -> str:
        return "<SecretKey>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretKey):
            return NotImplemented
        return hmac.compare_digest(self._material, other._material)

    # A hash in a set or a dict would be one more place that remembers the key.
    __hash__ = None  # type: ignore[assignment]  # the language's own way to say "unhashable"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret key is not pickled.")


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess of a passphrase costs an attacker."""

    memory_kib: int
    time: int
    lanes: int

    def reaches(self, floor: "Argon2Cost") -> bool:
        """Whether no part of this cost lies below the floor."""
        return self.memory_kib >= floor.memory_kib and self.time >= floor.time and self.lanes >= floor.lanes

    def is_payable(self) -> bool:
        """Whether a desktop can pay this cost at all."""
        highest = ARGON2_CEILING
        return (
            0 < self.lanes <= highest.lanes
            and 0 < self.time <= highest.time
            and 8 * self.lanes <= self.memory_kib <= highest.memory_kib
        )


ARGON2_DEFAULT: Final = Argon2Cost(memory_kib=64 * MIB, time=3, lanes=4)
# The smallest memory and time that OWASP's password storage cheat sheet accepts for Argon2id.
ARGON2_FLOOR: Final = Argon2Cost(memory_kib=19 * MIB, time=2, lanes=1)
# A slot file that asks for more is damaged or hostile: deriving would hang the program.
ARGON2_CEILING: Final = Argon2Cost(memory_kib=1024 * MIB, time=20, lanes=16)


@dataclass(frozen=True, slots=True)
class KdfPolicy:
    """The cost of new passphrase slots and the least one accepted."""

    cost: Argon2Cost = ARGON2_DEFAULT
    floor: Argon2Cost = ARGON2_FLOOR

    def __post_init__(self) -> None:
        if not (self.cost.is_payable() and self.cost.reaches(self.floor)):
            raise ValueError("the Argon2 cost lies outside its bounds")


DEFAULT_POLICY: Final = KdfPolicy()


@dataclass(frozen=True, slots=True)
class WorkspaceKeys:
    """The keys that one master key gives, each for one purpose."""

    master: SecretKey
    database_key: SecretKey
    blob_key: SecretKey
    backup_key: SecretKey
    key_id: str

    @classmethod
    def derive(cls, master: SecretKey, workspace_id: str) -> "WorkspaceKeys":
        """Derive every key of a workspace from its master key."""
        salt = workspace_id.encode()
        return cls(
            master=master,
            database_key=stretch(master, salt, b"midesk database key 1"),
            blob_key=stretch(master, salt, b"midesk blob key 1"),
            backup_key=stretch(master, salt, b"midesk backup key 1"),
            key_id=stretch(master, salt, b"midesk key id 1").hex()[:32],
        )


def stretch(secret: SecretKey, salt: bytes, purpose: bytes) -> SecretKey:
    """Derive a key for one purpose from a strong secret."""
    hkdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=purpose)
    return SecretKey(hkdf.derive(secret.reveal()))


def harden(passphrase: str, salt: bytes, cost: Argon2Cost) -> SecretKey:
    """Derive a key from a passphrase at the given cost."""
    try:
        raw = hash_secret_raw(
            spelled_alike(passphrase),
            salt,
            time_cost=cost.time,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except (HashingError, MemoryError) as exc:
        needed = -(-cost.memory_kib // MIB)
        raise EnvironmentFaultError(
            f"There is not enough free memory to check the passphrase. Nothing was changed. "
            f"Close another program to free {needed} MB and try again."
        ) from exc
    return SecretKey(raw)


def spelled_alike(passphrase: str) -> bytes:
    """Encode a passphrase the same way on every keyboard and system.

    The mapping is that of OpaqueString (RFC 8265, 4.2.2): spaces become plain ones, then NFC.
    """
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in passphrase)
    return unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass")


def refuse_weak(passphrase: str) -> None:
    """Refuse a new passphrase that is too short to protect anything."""
    length = len(passphrase.strip())
    if length < MIN_PASSPHRASE_LENGTH:
        raise NotAllowedError(
            f"This passphrase has {length} characters and needs at least {MIN_PASSPHRASE_LENGTH}. "
            "Nothing was changed. Choose a longer one: several words are easy to remember.",
            blockers=(f"The passphrase needs at least {MIN_PASSPHRASE_LENGTH} characters.",),
        )


def digest(content: bytes) -> str:
    """Give the SHA-256 of bytes as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()
