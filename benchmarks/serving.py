"""How fast orders are scored over HTTP: the service, MLflow's own server and a plain FastAPI app, same model.

`python -m benchmarks.serving [--seconds S] [--orders N] [--page]` prints a table and a RESULT line (3 minutes);
`--page` writes docs/serving-measured.md. `--soak MINUTES` asks for so long at 80 % of what was measured, `--overload`
sends three times what it can do; both ask the service alone.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.load_generator import ROOT, Measured, ask
from benchmarks.serving_house import new_orders, open_shop
from benchmarks.serving_page import page, svg, table

DOCS = ROOT / "docs"
Process = subprocess.Popen[bytes]
_PATH = "/v1/score/orders"
_MANY, _LIST = 16, 1_000


def main() -> int:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each way is asked")
    parser.add_argument("--orders", type=int, default=20_000, help="orders of the shop's year")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--overload", action="store_true")
    parser.add_argument("--page", action="store_true", help="write docs/serving-measured.md")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clearhold-serving-") as folder:
        home, now = Path(folder) / "home", datetime.now(UTC)
        services, secret = open_shop(home, now, orders=told.orders)
        services.close()
        with _service(home) as server:
            us = _Us(server, secret, now)
            found = {str(many): us.ask(many, told.seconds) for many in (1, _MANY)}
            capacity = found[str(_MANY)]
            print(f"capacity: {capacity.rate:,.0f} a second at {_MANY} connections", flush=True)
            if told.overload:
                return _overload(us, capacity, told.seconds)
            if told.soak is not None:
                return _soak(us, capacity, told.soak)
            listed = us.ask_lists(told.seconds)
        return _compare(home, found, listed, told)


def _compare(home: Path, ours: dict[str, Measured], listed: Measured, told: argparse.Namespace) -> int:
    found = {"clearhold": ours}
    model, rows = _peer_model(home)
    peers = {
        "mlflow models serve": [str(Path(sys.executable).parent / "mlflow"), "models", "serve", "-m", str(model),
                                "--env-manager", "local", "-h", "127.0.0.1", "-p"],
        "FastAPI + pyfunc": [sys.executable, "-m", "uvicorn", "benchmarks.plain_app:app", "--log-level", "warning",
                             "--host", "127.0.0.1", "--port"],
    }  # fmt: skip
    for name, command in peers.items():
        with _peer(command, model) as port:
            ask(port, "/invocations", rows, connections=1, seconds=10, headers={})  # until all its workers are up
            found[name] = {
                str(many): ask(port, "/invocations", rows, connections=many, seconds=told.seconds, headers={})
                for many in (1, _MANY)
            }
    figures = _figures(found, listed)
    print(table(found, figures))
    print("RESULT " + " ".join(f"{name}={value:.4g}" for name, value in figures.items()))
    if told.page:
        (DOCS / "serving-measured.md").write_text(page(found, figures), encoding="utf-8")
        (DOCS / "serving-measured.svg").write_text(svg(found), encoding="utf-8")
    return 0


def _figures(found: Mapping[str, Mapping[str, Measured]], listed: Measured) -> dict[str, float]:
    ours, mlflow, plain = found["clearhold"], found["mlflow models serve"], found["FastAPI + pyfunc"]
    return {
        "median_one": ours["1"].median,
        "p99_many": ours[str(_MANY)].p99,
        "rate_many": ours[str(_MANY)].rate,
        "times_mlflow": ours[str(_MANY)].rate / mlflow[str(_MANY)].rate,
        "times_plain": ours[str(_MANY)].rate / plain[str(_MANY)].rate,
        "orders_in_lists": listed.rate * _LIST,
        "failed": float(sum(one.failed for ways in found.values() for one in ways.values()) + listed.failed),
    }


def _soak(us: "_Us", capacity: Measured, minutes: float) -> int:
    """Asks at 80 % of capacity; memory is looked at after a tenth of the time, when all is loaded, and at the end."""
    rate, failed, asked = 0.8 * capacity.rate, 0, 0
    first = last = us.server.memory()
    rounds = max(2, round(minutes * 2))
    for turn in range(rounds):
        one = us.ask(_MANY, minutes * 60 / rounds, rate=rate, seed=100 + turn)
        failed, asked = failed + one.failed, asked + sum(one.statuses.values())
        last = us.server.memory()
        if turn <= rounds // 10:
            first = last
        print(f"{turn + 1:>3}/{rounds} {one.rate:>8,.0f}/s p99 {one.p99:>6.1f} ms {last / 1e6:,.0f} MB", flush=True)
    growth = (last - first) / first
    print(f"RESULT soak_minutes={minutes:g} asked={asked} failed={failed} growth_pct={growth * 100:.2f}")
    return 0


def _overload(us: "_Us", capacity: Measured, seconds: float) -> int:
    """Sends three times what it can do over many connections, then looks how soon one alone is served as before."""
    alone = us.ask(1, 2)
    over = us.ask(8 * _MANY, seconds, rate=3 * capacity.rate, seed=50)
    began = time.monotonic()
    recovered = None
    while time.monotonic() - began < 30:
        one = us.ask(1, 0.5)
        if one.median <= 2 * alone.median and not one.failed:
            recovered = time.monotonic() - began
            break
    print(f"at three times capacity: {over.rate:,.0f} a second answered, p99 {over.p99:,.0f} ms, {dict(over.statuses)}")
    print(
        f"RESULT overload_kept={over.rate / capacity.rate:.3g} failed={over.failed} p99={over.p99:.4g} "
        f"recovery_s={-1 if recovered is None else recovered:.3g}"
    )
    return 0


class _Us:
    """Our service, asked as orchestration asks: new orders with their facts."""

    def __init__(self, server: "_Server", secret: str, now: datetime) -> None:
        self.server, self._now = server, now
        self._headers = {"Authorization": f"Bearer {secret}"}
        # The first picture is taken, and every item looked up once.
        self.ask_lists(5)

    def ask(self, connections: int, seconds: float, *, rate: float | None = None, seed: int = 7) -> Measured:
        """One order a request."""
        bodies = [_body([one]) for one in new_orders(2_000, self._now, seed=seed)]
        headers = self._headers
        return ask(
            self.server.port, _PATH, bodies, connections=connections, seconds=seconds, headers=headers, rate=rate
        )

    def ask_lists(self, seconds: float) -> Measured:
        """A thousand orders a request."""
        bodies = [_body(new_orders(_LIST, self._now, seed=seed)) for seed in (11, 12)]
        return self._asked(bodies, connections=1, seconds=seconds)

    def _asked(self, bodies: Sequence[bytes], **how: Any) -> Measured:
        return ask(self.server.port, _PATH, bodies, headers=self._headers, **how)


def _body(subjects: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"subjects": subjects}).encode()


def _peer_model(home: Path) -> tuple[Path, list[bytes]]:
    """The same trees as MLflow logs a model, and requests with rows of their features."""
    from benchmarks.pyfunc_model import log_model
    from models.bundle import read_bundle

    file = home / "bundles" / "sla-miss.json"
    bundle = read_bundle(file, name="sla-miss")
    rows = [[float((at * 7 + number) % 23) for at in range(len(bundle.features))] for number in range(200)]
    folder = home.parent / "pyfunc"
    log_model(bundle, file, folder, rows[:5])
    told = [json.dumps({"dataframe_split": {"columns": list(bundle.features), "data": [row]}}).encode() for row in rows]
    return folder, told


class _Server:
    """A running service and what it holds of memory."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self._pid = port, pid

    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self._pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _service(home: Path) -> Iterator[_Server]:
    command = [sys.executable, "-m", "review_api.cli.main", "serve", "--no-work", "--port", "0"]
    environment = os.environ | {"CLEARHOLD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with _process(command, environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        yield _Server(int(line.rstrip().rstrip("/").rsplit(":", 1)[1]), process.pid)


@contextmanager
def _peer(command: Sequence[str], model: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    # MLflow starts uvicorn by its name.
    path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"
    own = {"PLAIN_MODEL": str(model), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PATH": path}
    environment = os.environ | own
    with _process([*command, str(port)], environment, stdout=subprocess.DEVNULL):
        _wait_for(port)
        yield port


@contextmanager
def _process(command: Sequence[str], environment: Mapping[str, str], stdout: int) -> Iterator[Process]:
    process = subprocess.Popen(
        command, env=dict(environment), stdout=stdout, stderr=subprocess.DEVNULL, start_new_session=True, cwd=ROOT
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"nothing listens on port {port}")


if __name__ == "__main__":
    raise SystemExit(main())
