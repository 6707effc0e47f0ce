"""Which calls of the kernel a reader of papers never makes, written as the small program that seccomp runs.

The numbers are the kernel's own and never change; each machine has its own.
"""

import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

_LOAD, _EQUALS, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW = 0x7FFF_0000
_REFUSE, _NOT_PERMITTED, _NO_SUCH_CALL = 0x0005_0000, 1, 38
_NEW_NAMESPACES = 0x7E02_0000
_OTHER_INTERFACE = 0x4000_0000

# Refused, by name: (x86-64, ARM 64); None where ARM has no such call.
REFUSED: Mapping[str, tuple[int, int | None]] = {
    # Networks, and sockets that are files.
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "bind": (49, 200), "listen": (50, 201),
    "accept4": (288, 242),
    # Other processes, and leaving the group that is killed together.
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "setsid": (112, 157), "setpgid": (109, 154),
    # Who one is, and where.
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
    "setresuid": (117, 147), "setresgid": (119, 149), "setgroups": (116, 159), "unshare": (272, 97),
    "setns": (308, 268), "chroot": (161, 51), "pivot_root": (155, 41), "mount": (165, 40), "umount2": (166, 39),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    # Whose files are, and what they are.
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54), "mknod": (133, None), "mknodat": (259, 33),
    "open_by_handle_at": (304, 265), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    # The kernel itself.
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "personality": (135, 92),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A kind of processor: how the kernel calls it, its number of `clone` and of `clone3`, and its column above."""

    audit: int
    clone: int
    clone3: int
    column: int


MACHINES = {
    "x86_64": Machine(audit=0xC000_003E, clone=56, clone3=435, column=0),
    "aarch64": Machine(audit=0xC000_00B7, clone=220, clone3=435, column=1),
}


def machine_here() -> Machine | None:
    """This machine; None where its numbers are not known here."""
    return MACHINES.get(platform.machine()) if struct.calcsize("P") == 8 else None


def filter_for(machine: Machine) -> bytes:
    """The filter: what is refused fails with `EPERM`, everything else goes on as before."""
    refused = sorted(number for numbers in REFUSED.values() if (number := numbers[machine.column]) is not None)
    steps: list[tuple[int, int, str, str]] = [
        (_LOAD, _ARCHITECTURE_AT, "", ""),
        (_EQUALS, machine.audit, "", "refuse"),
        (_LOAD, _NUMBER_AT, "", ""),
        (_AT_LEAST, _OTHER_INTERFACE, "refuse", ""),
        # Its flags are in memory, where a filter cannot look: libraries fall back on `clone`.
        (_EQUALS, machine.clone3, "no such call", ""),
        *((_EQUALS, number, "refuse", "") for number in refused),
        (_EQUALS, machine.clone, "", "allow"),
        (_LOAD, _FIRST_ARGUMENT_AT, "", ""),
        (_ANY_BIT, _NEW_NAMESPACES, "refuse", "allow"),
    ]
    ends = {"allow": _ALLOW, "refuse": _REFUSE | _NOT_PERMITTED, "no such call": _REFUSE | _NO_SUCH_CALL}
    place_of = {name: len(steps) + number for number, name in enumerate(ends)}
    code = []
    for place, (kind, operand, if_so, if_not) in enumerate(steps):
        # Jumps count from the next instruction on.
        jumps = [place_of[name] - place - 1 if name else 0 for name in (if_so, if_not)]
        code.append(struct.pack("=HBBI", kind, *jumps, operand))
    code += [struct.pack("=HBBI", _RETURN, 0, 0, answer) for answer in ends.values()]
    return b"".join(code)
