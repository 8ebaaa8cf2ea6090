from pathlib import Path, PureWindowsPath

import pytest

from app.errors import EnvironmentFaultError, UnsafeLocationError
from app.services.workspace import location
from app.services.workspace.location import make_private, refuse_unsafe, this_host
from tests.services.workspace.vault_fakes import local_host

MOUNTINFO = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw - proc proc rw
30 22 0:40 / /mnt/team rw,relatime shared:5 - cifs //files/team rw,vers=3.1.1
31 22 0:41 / /mnt/nfs rw - nfs4 server:/export rw
32 22 0:42 / /mnt/ssh rw - fuse.sshfs me@host:/home rw
33 22 0:43 / /mnt/My\\040Share rw - cifs //files/mine rw
34 22 0:44 / /mnt/auto rw - autofs systemd-1 rw
35 34 0:45 / /mnt/auto rw - nfs server:/auto rw
36 30 254:2 / /mnt/team/local rw - xfs /dev/vdb1 rw
37 22 0:46 / /mnt/usb rw - fuseblk /dev/sdb1 rw
38 22 0:47 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
39 22 0:48 / /mnt/rclone rw - fuse.rclone drive: rw
garbage
"""
MACOS_MOUNTS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//nilsson@files/team on /Volumes/team (smbfs, nodev, nosuid, mounted by nilsson)
server:/export on /Volumes/with (odd) name (nfs, nodev, nosuid)
me@host:/home on /Volumes/ssh (macfuse, nodev, synchronous)
/dev/disk9s1 on /Volumes/stick (msdos, local, nodev)
"""


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/home/n/OneDrive/MI", "OneDrive"),
        ("/home/n/OneDrive - Norvane Ltd/MI", "OneDrive"),
        ("/home/n/onedrive", "OneDrive"),
        ("/home/n/Dropbox/MI", "Dropbox"),
        ("/home/n/Dropbox (Norvane)/MI", "Dropbox"),
        ("/home/n/Google Drive/MI", "Google Drive"),
        ("/home/n/GoogleDrive/MI", "Google Drive"),
        ("/Users/n/Library/Mobile Documents/com~apple~CloudDocs/MI", "iCloud"),
        ("/Users/n/Library/CloudStorage/Anything-x/MI", "a cloud drive"),
        ("/home/n/iCloudDrive/MI", "iCloud"),
        ("/home/nilsson/Box/MI", "Box"),
        ("/home/n/Box Sync/MI", "Box"),
        ("/home/n/Nextcloud/MI", "Nextcloud"),
        ("/home/n/Nextcloud2/MI", "Nextcloud"),
    ],
)
def test_folders_of_cloud_drives_are_refused_by_name(folder, name):
    with pytest.raises(UnsafeLocationError, match=name):
        refuse_unsafe(Path(folder), local_host())


@pytest.mark.parametrize(
    "folder",
    [
        "/home/n/.local/share/midesk",
        "/srv/toolbox/Box/midesk",
        "/home/n/dropboxes",
        "/home/n/OneDriver",
        "/home/n/my onedrive notes",
        "/home/n/Library/midesk",
        "/home/n/my-google-drive-export",
    ],
)
def test_other_folders_are_let_be(folder):
    refuse_unsafe(Path(folder), local_host(MOUNTINFO))


@pytest.mark.parametrize(
    ("marker", "name"),
    [(".dropbox", "Dropbox"), ("._sync_1a2b.db", "Nextcloud"), (".nextcloudsync.log", "Nextcloud")],
)
def test_a_renamed_cloud_folder_is_known_by_its_marker(tmp_path, marker, name):
    (tmp_path / marker).write_bytes(b"")
    with pytest.raises(UnsafeLocationError, match=name):
        refuse_unsafe(tmp_path / "deep" / "below", local_host())


def test_the_settings_folder_of_dropbox_makes_no_home_a_dropbox(tmp_path):
    (tmp_path / ".dropbox").mkdir()
    refuse_unsafe(tmp_path / "midesk", local_host())


def test_onedrive_under_any_name_is_known_by_its_variable(tmp_path):
    host = local_host(environ={"OneDriveCommercial": str(tmp_path / "Work")})
    with pytest.raises(UnsafeLocationError, match="OneDrive"):
        refuse_unsafe(tmp_path / "Work" / "MI", host)
    refuse_unsafe(tmp_path / "Workshop", host)


def test_a_link_into_a_cloud_folder_is_followed(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "innocent").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(UnsafeLocationError, match="Dropbox"):
        refuse_unsafe(tmp_path / "innocent" / "midesk", local_host())


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/mnt/team/midesk", "cifs"),
        ("/mnt/nfs", "nfs4"),
        ("/mnt/ssh/a/b", "sshfs"),
        ("/mnt/My Share/midesk", "cifs"),
        ("/mnt/auto/midesk", "nfs"),
        ("/run/user/1000/gvfs/smb", "gvfsd-fuse"),
        ("/mnt/rclone/x", "rclone"),
    ],
)
def test_network_shares_are_refused_on_linux(folder, kind):
    with pytest.raises(UnsafeLocationError, match=kind):
        refuse_unsafe(Path(folder), local_host(MOUNTINFO))


@pytest.mark.parametrize("folder", ["/mnt/team/local/midesk", "/mnt/usb/midesk", "/mnt/teams", "/proc/x"])
def test_local_disks_are_let_be_on_linux(folder):
    refuse_unsafe(Path(folder), local_host(MOUNTINFO))


@pytest.mark.parametrize("folder", ["/Volumes/team/midesk", "/Volumes/with (odd) name", "/Volumes/ssh/x"])
def test_network_shares_are_refused_on_macos(folder):
    with pytest.raises(UnsafeLocationError, match="network drive"):
        refuse_unsafe(Path(folder), local_host(MACOS_MOUNTS, platform="darwin"))


@pytest.mark.parametrize("folder", ["/Users/n/midesk", "/Volumes/stick/midesk", "/Volumes/teams"])
def test_local_disks_are_let_be_on_macos(folder):
    refuse_unsafe(Path(folder), local_host(MACOS_MOUNTS, platform="darwin"))


def windows_says(folder: str, drives: dict[str, int]) -> str | None:
    host = local_host(platform="win32", drive_type=lambda root: drives.get(root, 3))
    return location.network_share_of(PureWindowsPath(folder), host)


@pytest.mark.parametrize(
    "folder",
    [r"\\files\team\midesk", r"\\?\UNC\files\team", r"N:\midesk", "//files/team/x", r"\\?\N:\midesk"],
)
def test_network_folders_are_known_on_windows(folder):
    assert windows_says(folder, {"N:\\": 4}) == "a network folder"


@pytest.mark.parametrize("folder", [r"C:\Users\n\midesk", r"\\?\C:\midesk", r"D:\midesk", r"\midesk"])
def test_local_disks_are_let_be_on_windows(folder):
    assert windows_says(folder, {"N:\\": 4}) is None


def test_without_a_list_of_mounts_a_folder_is_let_be():
    refuse_unsafe(Path("/home/n/midesk"), local_host(""))


def test_this_machine_answers(tmp_path):
    refuse_unsafe(tmp_path, this_host())


def test_the_folder_is_made_private(tmp_path):
    folder = tmp_path / "a" / "b"
    make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentFaultError, match="could not be made private"):
        make_private(tmp_path / "file" / "below")
