"""The program itself: it serves, reads what comes, ends in good order; people and keys are added from the terminal."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.papers import broken_pdf
from tests.conftest import ROOT, run_clearhold

PASSWORD = "four words that fit"


@contextmanager
def serving(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The running service, its address, and what it said when it started."""
    process = subprocess.Popen(
        [str(ROOT / ".venv" / "bin" / "clearhold"), "serve", "--port", "0", *options],
        env=os.environ | {"CLEARHOLD_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address is not None
        wait_until_ready(address[0])
        yield process, address[0], said
    finally:
        process.kill()
        process.communicate(timeout=30)


def wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}readyz", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def ask(address: str, key: str) -> dict[str, object]:
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        told: dict[str, object] = json.load(answer)
    return told


@pytest.mark.enable_socket
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_reads_what_comes_and_ends_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    secret = run_clearhold("key", "add", "watcher", "--scope", "cases:read", home=tmp_path).stdout.strip()
    (tmp_path / "broken.pdf").write_bytes(broken_pdf(1))
    with serving(tmp_path) as (process, address, _):
        assert run_clearhold("ingest", str(tmp_path / "broken.pdf"), home=tmp_path).returncode == 0
        deadline = time.monotonic() + 60
        while not ask(f"{address}v1/cases", secret)["cases"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(30) == 0


@pytest.mark.enable_socket
def test_without_a_worker_papers_wait(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(broken_pdf(1))
    run_clearhold("ingest", str(tmp_path / "broken.pdf"), home=tmp_path)
    secret = run_clearhold("key", "add", "watcher", "--scope", "cases:read", home=tmp_path).stdout.strip()
    with serving(tmp_path, "--no-work") as (_, address, _):
        time.sleep(1.5)
        assert ask(f"{address}v1/cases", secret)["cases"] == []


@pytest.mark.enable_socket
def test_an_address_that_is_taken_is_told_so(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-work") as (_, address, _):
        port = address.rstrip("/").rpartition(":")[2]
        second = run_clearhold("serve", "--port", port, "--no-work", home=tmp_path)
    assert second.returncode == 1
    assert "SERVE-ADDRESS" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_person_is_added_listed_and_disabled(tmp_path: Path) -> None:
    added = add_user(tmp_path, "anna", PASSWORD)
    assert (added.returncode, added.stdout) == (0, "anna may log in as ap_clerk.\n")
    listed = json.loads(run_clearhold("user", "list", "--json", home=tmp_path).stdout)
    assert [(user["name"], user["role"], user["disabled_at"]) for user in listed] == [("anna", "ap_clerk", None)]
    assert run_clearhold("user", "disable", "anna", home=tmp_path).returncode == 0
    again = run_clearhold("user", "disable", "anna", home=tmp_path)
    assert (again.returncode, "USER-NOT-FOUND" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [("anna", "short", "USER-PASSWORD"), ("Anna Smith", PASSWORD, "USER-NAME"), ("-", PASSWORD, "USER-NAME")],
)
def test_a_person_who_cannot_be_added_is_told_why(tmp_path: Path, name: str, password: str, code: str) -> None:
    added = add_user(tmp_path, name, password)
    assert added.returncode == 1
    assert code in added.stderr


def test_a_key_is_shown_once_and_ended(tmp_path: Path) -> None:
    added = run_clearhold("key", "add", "mailbox", "--scope", "documents:write", home=tmp_path)
    assert added.stdout.startswith("ck_")
    listed = run_clearhold("key", "list", "--json", home=tmp_path).stdout
    assert added.stdout.strip() not in listed
    assert json.loads(listed)[0]["scopes"] == ["documents:write"]
    assert run_clearhold("key", "disable", "mailbox", home=tmp_path).returncode == 0
    assert json.loads(run_clearhold("key", "list", "--json", home=tmp_path).stdout)[0]["disabled_at"] is not None


def add_user(home: Path, name: str, password: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(ROOT / ".venv" / "bin" / "clearhold"),
            "user",
            "add",
            "--role",
            "ap_clerk",
            "--password-stdin",
            "--",
            name,
        ],
        env=os.environ | {"CLEARHOLD_HOME": str(home)},
        input=f"{password}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
