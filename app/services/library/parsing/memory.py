"""How much memory another process holds, where the system says so."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

_QUERY_LIMITED = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION, winnt.h
_READ = 0x0010  # PROCESS_VM_READ, winnt.h


def resident_bytes(pid: int) -> int:
    """Return the memory that a process holds now, 0 when nobody knows."""
    if sys.platform == "win32":
        return _on_windows(pid)
    if sys.platform == "darwin":
        return _by_ps(pid)
    return _by_proc(pid)


def _by_proc(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _by_ps(pid: int) -> int:
    try:
        done = subprocess.run(  # noqa: S603 - the system's own program with a number
            ["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False, timeout=2
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return int(done.stdout.strip() or 0) * 1024


class _Counters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS of psapi.h."""

    _fields_ = (
        ("cb", ctypes.c_uint32),
        ("page_faults", ctypes.c_uint32),
        *((name, ctypes.c_size_t) for name in ("peak", "working_set", "a", "b", "c", "d", "pagefile", "e")),
    )


def _on_windows(pid: int) -> int:
    libraries = getattr(ctypes, "windll", None)
    if libraries is None:
        return 0
    libraries.kernel32.OpenProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(libraries.kernel32.OpenProcess(_QUERY_LIMITED | _READ, False, pid))
    if not process:
        return 0
    counters = _Counters(cb=ctypes.sizeof(_Counters))
    try:
        known = libraries.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    finally:
        libraries.kernel32.CloseHandle(process)
    return int(max(counters.working_set, counters.pagefile)) if known else 0
