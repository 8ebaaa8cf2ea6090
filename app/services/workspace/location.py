"""Where a workspace may lie: on a disk of this device, in a private folder.

Cloud drives copy an open database in pieces and network shares lose its locks and syncs; both damage it
(https://www.sqlite.org/howtocorrupt.html, sections 2 and 3) and move patient data off the device.
"""

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Final

from app.errors import EnvironmentFaultError, UnsafeLocationError

_DRIVE_REMOTE: Final = 4  # winbase.h
_DRIVE_UNKNOWN: Final = 0

# The folder names that the sync clients give to what they copy.
_CLOUD_FOLDERS: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("OneDrive", r"onedrive([ -].+)?"),
        ("Dropbox", r"dropbox( \(.+\)|-.+)?"),
        ("Google Drive", r"google ?drive([ -].+)?"),
        ("iCloud Drive", r"icloud ?drive|com~apple~clouddocs|mobile documents"),
        ("Box", r"box sync|box-box"),
        ("Nextcloud", r"nextcloud\d*"),
        ("ownCloud", r"owncloud\d*"),
    )
)
# Too common a word to be refused anywhere but where Box Drive puts it.
_BOX: Final = re.compile(r"box", re.IGNORECASE)
# Everything below it is kept by a sync client (macOS 12.1 and later).
_MACOS_CLOUD: Final = ("library", "cloudstorage")
_ROOT_MARKERS: Final = (
    ("Dropbox", ".dropbox"),
    ("Dropbox", ".dropbox.cache"),
    ("Nextcloud", ".nextcloudsync.log"),
    ("ownCloud", ".owncloudsync.log"),
)
_ROOT_MARKER_GLOBS: Final = (("Nextcloud", ".sync_*.db"), ("Nextcloud", "._sync_*.db"))
_CLOUD_VARIABLES: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")

_NETWORK_TYPES: Final = frozenset(
    {
        *(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "ncpfs",
            "ncp",
            "afs",
            "auristorfs",
            "coda",
        ),
        *(
            "afpfs",
            "webdav",
            "davfs",
            "ftp",
            "ceph",
            "lustre",
            "gpfs",
            "beegfs",
            "orangefs",
            "pvfs2",
            "glusterfs",
        ),
    }
)
_NETWORK_FUSE: Final = frozenset(
    {
        *(
            "sshfs",
            "rclone",
            "davfs",
            "davfs2",
            "smbnetfs",
            "s3fs",
            "s3ql",
            "gcsfuse",
            "glusterfs",
            "ceph",
            "curlftpfs",
        ),
        *(
            "gvfsd-fuse",
            "kio-fuse",
            "onedriver",
            "google-drive-ocamlfuse",
            "mfs",
            "seadrive",
            "blobfuse",
            "blobfuse2",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted file system: where, and of what type."""

    point: Path
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Host:
    """What the operating system says about its disks, as a port."""

    platform: str
    home: Path
    environ: Mapping[str, str]
    read_mounts: Callable[[], str]
    drive_type: Callable[[str], int]


def this_host() -> Host:
    """Describe the machine that the program runs on."""
    return Host(sys.platform, Path.home(), os.environ, _read_mounts, _windows_drive_type)


def refuse_unsafe(folder: Path, host: Host | None = None) -> None:
    """Refuse a folder that is copied elsewhere or lies elsewhere."""
    host = host or this_host()
    for path in dict.fromkeys((Path(os.path.abspath(folder)), folder.resolve())):  # noqa: PTH100 - keeps links
        cloud = cloud_drive_of(path, host)
        if cloud is not None:
            raise UnsafeLocationError(
                f"This folder belongs to {cloud}, which copies files while they are being written and "
                "would damage the workspace. Nothing was written there. Choose a folder outside of it."
            )
        share = network_share_of(path, host)
        if share is not None:
            raise UnsafeLocationError(
                f"This folder lies on a network drive ({share}), where a lost connection would damage the "
                "workspace. Nothing was written there. Choose a folder on this device."
            )


def make_private(folder: Path) -> None:
    """Make the folder if needed and close it to other accounts.

    On Windows the profile folder above it does that.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            folder.chmod(0o700)
    except OSError as exc:
        raise EnvironmentFaultError(
            "The folder of the workspace could not be made private: the system refused it. "
            "Nothing was written there. Choose a folder that belongs to you."
        ) from exc


def cloud_drive_of(path: Path, host: Host) -> str | None:
    """Name the sync client that keeps this folder, if any."""
    parts = [part.casefold() for part in path.parts]
    if any(tuple(parts[at : at + 2]) == _MACOS_CLOUD for at in range(len(parts))):
        return "a cloud drive"
    for part in path.parts:
        for name, pattern in _CLOUD_FOLDERS:
            if pattern.fullmatch(part):
                return name
    return _cloud_root_of(path, host)


def network_share_of(path: Path, host: Host) -> str | None:
    """Name the kind of network share that holds this folder, if any."""
    if host.platform == "win32":
        return _windows_share_of(str(path), host)
    mounts = _parsed_mounts(host)
    holding = [mount for mount in mounts if path == mount.point or mount.point in path.parents]
    if not holding:
        return None
    # The deepest mount counts, and of several on one point the last, which hides the others.
    mount = max(reversed(holding), key=lambda found: len(found.point.parts))
    return mount.kind if _is_network(mount) else None


def _cloud_root_of(path: Path, host: Host) -> str | None:
    for variable in _CLOUD_VARIABLES:
        root = host.environ.get(variable)
        if root and (path == Path(root) or Path(root) in path.parents):
            return "OneDrive"
    for folder in (path, *path.parents):
        if folder.parent == host.home and _BOX.fullmatch(folder.name):
            return "Box"
        # A home folder has `.dropbox` too, as a folder with the settings of the client.
        for name, marker in _ROOT_MARKERS:
            if (folder / marker).is_file():
                return name
        for name, pattern in _ROOT_MARKER_GLOBS:
            if any(_listed(folder, pattern)):
                return name
    return None


def _listed(folder: Path, pattern: str) -> Iterator[Path]:
    try:
        yield from folder.glob(pattern)
    except OSError:
        return


def _is_network(mount: Mount) -> bool:
    kind = mount.kind.casefold()
    if kind in _NETWORK_TYPES:
        return True
    if kind.startswith(("fuse.", "fuseblk.")):
        return kind.split(".", 1)[1] in _NETWORK_FUSE
    # macFUSE tells its type alone; a host and a colon is how sshfs names what it shows.
    return kind in {"macfuse", "osxfuse", "fuse"} and ":" in mount.source


def _parsed_mounts(host: Host) -> list[Mount]:
    text = host.read_mounts()
    lines = text.splitlines()
    parse = _macos_mount if host.platform == "darwin" else _linux_mount
    return [mount for mount in map(parse, lines) if mount is not None]


def _linux_mount(line: str) -> Mount | None:
    before, dash, after = line.partition(" - ")
    left, right = before.split(" "), after.split(" ")
    if not dash or len(left) < 5 or len(right) < 2:
        return None
    return Mount(Path(_unescaped(left[4])), right[0], _unescaped(right[1]))


def _unescaped(text: str) -> str:
    # The kernel writes space, tab, line end and backslash in octal (proc(5), mountinfo).
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _macos_mount(line: str) -> Mount | None:
    found = re.fullmatch(r"(.*?) on (/.*) \(([^,)]+).*\)", line)
    return Mount(Path(found[2]), found[3].strip(), found[1]) if found else None


def _windows_share_of(path: str, host: Host) -> str | None:
    drive = PureWindowsPath(path).drive
    if drive.casefold().startswith("\\\\?\\unc\\"):
        return "a network folder"
    if drive.startswith(("\\\\?\\", "\\\\.\\")):
        drive = drive[4:]
    elif drive.startswith("\\\\"):
        return "a network folder"
    return "a network folder" if drive and host.drive_type(f"{drive}\\") == _DRIVE_REMOTE else None


def _read_mounts() -> str:
    try:
        if sys.platform == "darwin":
            command = ["/sbin/mount"]
            return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603 - fixed command
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except (OSError, subprocess.SubprocessError):
        # Without the list nothing is known of a share; a local disk must not be refused for that.
        return ""


def _windows_drive_type(root: str) -> int:
    if sys.platform == "win32":
        return int(ctypes.windll.kernel32.GetDriveTypeW(root))
    return _DRIVE_UNKNOWN
