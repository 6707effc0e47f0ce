"""What a reader cannot do, tried from inside one: as a paper would that has taken it over."""

import errno
import logging
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core import limited
from core.cage import PROCESSES, Cage
from core.cage_filter import MACHINES, REFUSED, Machine, filter_for, machine_here
from core.limited import LimitedExecutor, ProcessLimits, cage_of_children


@pytest.fixture(scope="module")
def executor() -> Iterator[LimitedExecutor]:
    """One child as it is everywhere, on a kernel that can shut it in."""
    os.environ["CLEARHOLD_OIDC_CLIENT_SECRET"] = "not for readers"
    with LimitedExecutor(1, limits=ProcessLimits(seconds=20)) as executor:
        executor.submit(os.getpid).result(60)
        cage = cage_of_children()
        assert cage is not None
        if cage.missing():
            pytest.skip(f"this kernel does not keep readers from {', '.join(cage.missing())}")
        yield executor
    del os.environ["CLEARHOLD_OIDC_CLIENT_SECRET"]


def tried(act: Callable[[], object]) -> str:
    """What the kernel said: `done`, or the name of its refusal."""
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


def reach_loopback(port: int) -> list[str]:
    """Tries every way out there is."""
    ways = [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_UNIX, 1)]
    return [
        *(tried(lambda way=way: socket.socket(*way)) for way in ways),  # type: ignore[misc]
        tried(lambda: socket.create_connection(("127.0.0.1", port), timeout=2)),
        str(_exit_code("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}")),
    ]


def _exit_code(*program: str) -> int:
    return subprocess.run(program, capture_output=True, check=False).returncode


@pytest.mark.enable_socket
def test_a_reader_reaches_no_network_not_even_by_a_program_it_starts(executor: LimitedExecutor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        said = executor.submit(reach_loopback, listener.getsockname()[1]).result(30)
    assert said == ["EPERM", "EPERM", "EPERM", "EPERM", "1"]


def write_everywhere(elsewhere: str) -> dict[str, str]:
    """Tries to change files that are not the reader's."""
    there = Path(elsewhere)
    return {
        "make": tried(lambda: (there / "new").write_text("x")),
        "change": tried(lambda: (there / "kept").write_text("x")),
        "append": tried(lambda: (there / "kept").open("a").close()),
        "remove": tried((there / "kept").unlink),
        "rename": tried(lambda: (there / "kept").rename(there / "moved")),
        "steal": tried(lambda: (there / "kept").rename(Path(tempfile.gettempdir()) / "kept")),
        "open up": tried(lambda: (there / "kept").chmod(0o777)),
        "link": tried(lambda: (there / "link").symlink_to("/etc/passwd")),
        "own": tried(lambda: (Path(tempfile.gettempdir()) / "own").write_text("x")),
        "null": tried(lambda: Path(os.devnull).write_text("x")),
    }


def test_a_reader_changes_no_file_outside_its_own_folder(executor: LimitedExecutor, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("as it was")
    said = executor.submit(write_everywhere, str(tmp_path)).result(30)
    assert {said.pop("own"), said.pop("null")} == {"done"}
    assert set(said.values()) <= {"EACCES", "EPERM", "EXDEV"}
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text() == "as it was"


def bomb() -> tuple[int, list[int]]:
    """Starts as many processes as the kernel lets it."""
    started: list[int] = []
    with suppress(OSError):
        while len(started) < 2_000:
            if (process := os.fork()) == 0:
                time.sleep(60)
                os._exit(0)
            started.append(process)
    return len(started), [int(tried(os.setsid) == "EPERM"), int(tried(lambda: os.setpgid(0, 0)) == "EPERM")]


def test_a_fork_bomb_ends_at_the_limit_and_goes_with_its_reader() -> None:
    with LimitedExecutor(1, limits=ProcessLimits(seconds=20)) as own:
        group = own.submit(os.getpid).result(60)
        if (cage := cage_of_children()) and "starting many processes" in cage.missing():
            pytest.skip("this kernel does not count a reader's processes by themselves")
        started, stays = own.submit(bomb).result(60)
        assert 1 < started < PROCESSES
        assert stays == [1, 1]
    # Killed with the group; a moment for whoever collects orphans.
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and tried(lambda: os.killpg(group, 0)) == "done":
        time.sleep(0.02)
    assert tried(lambda: os.killpg(group, 0)) == "ESRCH"


def look_for_secrets(parent: int) -> tuple[list[str], list[str]]:
    """Looks into its own environment, and into its parent's."""
    ways = [Path(f"/proc/{parent}/environ"), Path(f"/proc/{parent}/mem"), Path(f"/proc/{parent}/fd/0")]
    return [name for name in os.environ if "CLEARHOLD" in name], [tried(way.read_bytes) for way in ways]


def test_a_reader_sees_no_secret_of_its_own_environment_or_of_its_parents(executor: LimitedExecutor) -> None:
    own, parents = executor.submit(look_for_secrets, os.getpid()).result(30)
    assert own == []
    assert set(parents) <= {"EACCES", "EPERM"}


def do_harm(parent: int) -> list[str]:
    """Tries to end its parent, to become somebody else, and to move into a world of its own."""
    return [
        tried(lambda: os.kill(parent, signal.SIGTERM)),
        tried(lambda: os.setresuid(0, 0, 0)),
        str(_exit_code("unshare", "-U", "true")),
    ]


def test_a_reader_ends_nobody_else_and_becomes_nobody_else(executor: LimitedExecutor) -> None:
    assert executor.submit(do_harm, os.getpid()).result(30) == ["EPERM", "EPERM", "1"]


def own_folder() -> str:
    """Where the call may write."""
    (Path(tempfile.gettempdir()) / "left behind").write_text("x")
    return tempfile.gettempdir()


def test_its_folder_goes_with_it_and_those_of_killed_programs_are_swept() -> None:
    done = subprocess.run(["true"], check=True)
    assert done.returncode == 0
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = Path(tempfile.mkdtemp(prefix=f"clearhold-child-{gone.pid}-"))
    with LimitedExecutor(1) as own:
        folder = Path(own.submit(own_folder).result(60))
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()
    assert not left.exists()


def test_a_kernel_that_cannot_shut_readers_in_is_told_of_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limited, "_seen", [])
    with caplog.at_level(logging.WARNING):
        limited._tell_once(Cage(files=True))
        limited._tell_once(Cage(files=True))
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1
    not_kept = "reaching the network, starting many processes, ending other processes of its user"
    assert not_kept in told[0]
    assert limited.readers_in_a_word() == f"not kept from {not_kept}"
    monkeypatch.setattr(limited, "_seen", [Cage(network=True, files=True, processes=True, signals=True)])
    assert limited.readers_in_a_word() == "shut in"
    monkeypatch.setattr(limited, "_seen", [])
    assert limited.readers_in_a_word() == "not started"


def verdict(program: bytes, architecture: int, number: int, argument: int = 0) -> int:
    """What a filter answers, worked out step by step as the kernel's documentation describes its machine."""
    call = struct.pack("=IIQQ", number, architecture, 0, argument)
    steps = list(struct.iter_unpack("=HBBI", program))
    value = place = 0
    while True:
        code, if_so, if_not, operand = steps[place]
        place += 1
        if code == 0x06:
            return int(operand)
        if code == 0x20:
            value = struct.unpack_from("=I", call, operand)[0]
            continue
        holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
        place += if_so if holds else if_not


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_a_filter_refuses_what_is_named_and_lets_everything_else_through(machine: Machine) -> None:
    program, allow, refuse = filter_for(machine), 0x7FFF0000, 0x00050001
    refused = {numbers[machine.column] for numbers in REFUSED.values()}
    for number in range(600):
        if number != machine.clone3:
            assert verdict(program, machine.audit, number) == (refuse if number in refused else allow), number
    assert verdict(program, machine.audit, machine.clone3) == 0x00050026
    assert verdict(program, machine.audit, machine.clone, 0x11) == allow
    assert verdict(program, machine.audit, machine.clone, 0x1000_0011) == refuse
    assert verdict(program, machine.audit, 0x4000_0000 + 41) == refuse
    assert verdict(program, 0x4000_0003, 102) == refuse


def test_an_unknown_machine_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "vax")
    assert machine_here() is None
