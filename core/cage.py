"""Shuts a process in, as far as its kernel can: no network, no file but its own, few processes, nobody to signal.

Linux only, and only what needs no privilege: a user namespace with a network of its own that leads nowhere, Landlock
for files and signals, seccomp for what no reader of papers ever asks a kernel. Each stands for itself, and what could
not be had is told. It cannot be undone, holds for every program started afterwards, and must come before threads do.
"""

import ctypes
import os
import resource
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.cage_filter import Machine, filter_for, machine_here

PROCESSES = 256
"""Most processes and threads at once, where they can be counted by child."""

_NOBODY = 65_534
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x1000_0000, 0x4000_0000, 0x0800_0000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_CAPABILITY_VERSION = 0x2008_0522

_LANDLOCK_CREATE, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION, _LANDLOCK_PATH_BENEATH = 1, 1
_WRITE_FILE, _REFER, _TRUNCATE = 1 << 1, 1 << 13, 1 << 14
# Removing and making of every kind of file, as the first version of Landlock knows them.
_CHANGES = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))
_TCP = 0b11
_SIGNALS_AND_SOCKETS = 0b11


@dataclass(frozen=True, slots=True, kw_only=True)
class Cage:
    """What holds a process in.

    Attributes:
        network: it cannot open a socket of any kind.
        files: it can change no file outside its own folder.
        processes: it cannot start more than `PROCESSES`, and reads no other process's memory or environment.
        signals: it can end no process but those it started.
    """

    network: bool = False
    files: bool = False
    processes: bool = False
    signals: bool = False

    def missing(self) -> tuple[str, ...]:
        """What this machine's kernel does not keep a reader from, in words."""
        said = {
            "reaching the network": self.network,
            "changing files outside its folder": self.files,
            "starting many processes": self.processes,
            "ending other processes of its user": self.signals,
        }
        return tuple(what for what, holds in said.items() if not holds)


def shut_in(folder: Path) -> Cage:
    """Shuts this process in; `folder` is the only one it may still write to."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
    except OSError:
        return Cage()
    has_namespace = _leave_users_and_network(libc)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return Cage(network=has_namespace, processes=has_namespace)
    version = _keep_files(libc, folder)
    machine = machine_here()
    is_filtered = machine is not None and _filter_calls(libc, machine)
    return Cage(
        # A namespace alone still reaches sockets that are files: a database beside it, a container engine.
        network=is_filtered,
        files=version > 0,
        processes=has_namespace,
        signals=version >= 6,
    )


def _leave_users_and_network(libc: ctypes.CDLL) -> bool:
    """A namespace of users, so that processes are counted by child, and a network with nothing in it."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        # The kernel counts no processes of root; by its real user alone it decides whose they are.
        with suppress(OSError):
            os.setresuid(_NOBODY, 0, 0)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) != 0:
        return False
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    # Rights over its own namespace would be of use to an attacker only.
    libc.capset(ctypes.byref((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)), ctypes.byref((ctypes.c_uint32 * 6)()))
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = PROCESSES if hard == resource.RLIM_INFINITY else min(PROCESSES, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    return True


def _keep_files(libc: ctypes.CDLL, folder: Path) -> int:
    """Landlock: nothing is changed outside the folder. The version that holds; 0 without."""
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
    if version < 1:
        return 0
    changes = _CHANGES | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    asked = struct.pack("QQQ", changes, _TCP if version >= 4 else 0, _SIGNALS_AND_SOCKETS if version >= 6 else 0)
    known = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = libc.syscall(_LANDLOCK_CREATE, asked[:known], known, 0)
    if rules < 0:
        return 0
    try:
        written = _WRITE_FILE | (_TRUNCATE if version >= 3 else 0)
        allowed = _allow(libc, rules, folder, changes) and _allow(libc, rules, Path(os.devnull), written)
        return version if allowed and libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, changes: int) -> bool:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        beneath = struct.pack("=Qi", changes, opened)
        return bool(libc.syscall(_LANDLOCK_ADD_RULE, rules, _LANDLOCK_PATH_BENEATH, beneath, 0) == 0)
    finally:
        os.close(opened)


def _filter_calls(libc: ctypes.CDLL, machine: Machine) -> bool:
    program = filter_for(machine)
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    whole = Program(len(program) // 8, ctypes.addressof(code))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(whole), 0, 0) == 0)
