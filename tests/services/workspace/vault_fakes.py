"""Stand-ins for the world around a vault."""

from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from app.services.workspace.keys import Argon2Cost, KdfPolicy
from app.services.workspace.location import Host
from app.services.workspace.slot_store import Disk
from app.services.workspace.system_keyring import SystemKeyring
from app.services.workspace.vault import VaultPorts

PASSPHRASE = "seven quiet herons"
NEW_PASSPHRASE = "eight loud magpies"
QUICK_COST = Argon2Cost(memory_kib=64, time=1, lanes=1)
QUICK = KdfPolicy(cost=QUICK_COST, floor=QUICK_COST)
START = 1_795_000_000_000


class FakeClock:
    def __init__(self, now: int = START) -> None:
        self.millis = now

    def now(self) -> int:
        return self.millis

    def zone(self) -> str:
        return "Europe/London"


class CrashError(BaseException):
    """The power went off here; nothing in the program may catch it."""


class FailingDisk(Disk):
    """Stops at the n-th change, before it, halfway through it or after it."""

    def __init__(self, stop_at: int, moment: str, error: BaseException) -> None:
        self.calls = 0
        self._stop_at = stop_at
        self._moment = moment
        self._error = error

    def _step(self, moment: str) -> None:
        if moment == "before":
            self.calls += 1
        if self.calls == self._stop_at and moment == self._moment:
            raise self._error

    def _is_torn(self) -> bool:
        return self.calls == self._stop_at and self._moment == "halfway"

    def write(self, path: Path, content: bytes) -> None:
        self._step("before")
        if self._is_torn():
            super().write(path, content[: len(content) // 2])
            raise self._error
        super().write(path, content)
        self._step("after")

    def append(self, path: Path, content: bytes) -> None:
        self._step("before")
        if self._is_torn():
            super().append(path, content[: len(content) // 2])
            raise self._error
        super().append(path, content)
        self._step("after")

    def rename(self, source: Path, target: Path) -> None:
        self._step("before")
        super().rename(source, target)
        self._step("after")

    def claim(self, source: Path, target: Path) -> None:
        self._step("before")
        super().claim(source, target)
        self._step("after")

    def remove(self, path: Path) -> None:
        self._step("before")
        super().remove(path)
        self._step("after")

    def sync_folder(self, folder: Path) -> None:
        self._step("before")
        super().sync_folder(folder)
        self._step("after")


class MemoryBackend(KeyringBackend):
    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.secrets.get((service, username))

    def set_password(self, service, username, password):
        self.secrets[service, username] = password

    def delete_password(self, service, username):
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


def memory_keyring(backend: KeyringBackend | None = None) -> SystemKeyring:
    return SystemKeyring(backend or MemoryBackend(), trusted=frozenset({__name__}))


def local_host(mounts: str = "", platform: str = "linux", **changes: object) -> Host:
    parts = {
        "platform": platform,
        "home": Path("/home/nilsson"),
        "environ": {},
        "read_mounts": lambda: mounts,
        "drive_type": lambda _root: 3,
    }
    return Host(**{**parts, **changes})


def quick_ports(disk: Disk | None = None, clock: FakeClock | None = None) -> VaultPorts:
    return VaultPorts(policy=QUICK, clock=clock or FakeClock(), disk=disk or Disk(), host=local_host())
