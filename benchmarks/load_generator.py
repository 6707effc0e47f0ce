"""One process that asks over HTTP as fast as answers come, on kept connections: requests a second and percentiles.

It is run as a process of its own, so that asking takes nothing from answering: `python -m benchmarks.load_generator`
reads one job as JSON on standard input and prints what it measured as JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one run measured; times in milliseconds, of answers with status 200 only.

    Attributes:
        lost: requests without any answer.
    """

    seconds: float
    rate: float
    median: float
    p95: float
    p99: float
    statuses: Mapping[str, int]
    lost: int

    @property
    def failed(self) -> int:
        """Answers that were none of what was asked for: neither 200 nor a refusal that says to come again."""
        return self.lost + sum(many for status, many in self.statuses.items() if status not in {"200", "429", "503"})


def ask(
    port: int,
    path: str,
    bodies: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    headers: Mapping[str, str],
    rate: float | None = None,
) -> Measured:
    """Asks for so many seconds.

    Args:
        bodies: sent one after another, again from the first after the last.
        rate: requests a second over all connections, as far as answers allow; as fast as they come when None.
    """
    job = {
        "port": port, "path": path, "bodies": [one.decode("latin-1") for one in bodies], "connections": connections,
        "seconds": seconds, "headers": dict(headers), "rate": rate,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load_generator"],
        input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=True, cwd=ROOT,
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


async def _run(job: Mapping[str, Any]) -> Measured:
    requests = [_request(job, body.encode("latin-1")) for body in job["bodies"]]
    gap = job["connections"] / job["rate"] if job["rate"] else 0.0
    asker, began = _Asker(job["port"], job["seconds"], gap), time.perf_counter()
    many = job["connections"]
    await asyncio.gather(*(asker.connection(requests[at::many] or requests) for at in range(many)))
    took = time.perf_counter() - began
    ranked = sorted(asker.times) or [float("nan")]

    def percentile(share: float) -> float:
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] * 1_000

    return Measured(
        seconds=took,
        rate=asker.statuses["200"] / took,
        median=percentile(0.5),
        p95=percentile(0.95),
        p99=percentile(0.99),
        statuses=dict(asker.statuses),
        lost=asker.lost,
    )


class _Asker:
    """What all connections of a run share: how long, how often, and what came."""

    def __init__(self, port: int, seconds: float, gap: float) -> None:
        self.port, self.gap, self.until = port, gap, time.perf_counter() + seconds
        self.times: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.lost = 0

    async def connection(self, requests: Sequence[bytes]) -> None:
        """Asks on one connection until the time is over."""
        at, due = 0, time.perf_counter()
        reader, writer = await self._opened()
        while time.perf_counter() < self.until:
            if self.gap:
                due += self.gap
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            began = time.perf_counter()
            try:
                writer.write(requests[at % len(requests)])
                status, closes = await _answer(reader)
            except (OSError, asyncio.IncompleteReadError, ValueError, IndexError):
                self.lost += 1
                status, closes = "", True
            at += 1
            await self._count(status, time.perf_counter() - began)
            if closes:
                writer.close()
                reader, writer = await self._opened()
        writer.close()

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection; one that is refused is counted as lost and tried again."""
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                if time.perf_counter() >= self.until:
                    raise
                self.lost += 1
                await asyncio.sleep(0.05)

    async def _count(self, status: str, took: float) -> None:
        if status:
            self.statuses[status] += 1
        if status == "200":
            self.times.append(took)
        elif status and not self.gap:
            await asyncio.sleep(0.005)


async def _answer(reader: asyncio.StreamReader) -> tuple[str, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = head.split(" ", 2)[1]
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in lines:
        await reader.readexactly(int(lines["content-length"]))
    elif "chunked" in lines.get("transfer-encoding", ""):
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status, lines.get("connection") == "close"


def _request(job: Mapping[str, Any], body: bytes) -> bytes:
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json", **job["headers"], "Content-Length": len(body)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {job['path']} HTTP/1.1\r\n{lines}\r\n".encode() + body


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_run(json.loads(sys.stdin.read()))))))
