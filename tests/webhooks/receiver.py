"""A receiver of webhooks: a real HTTP server on loopback that verifies, remembers, and answers as the test says."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Mapping[str, str]]


@dataclass(slots=True)
class Receiver:
    """What came, in the order it came.

    Attributes:
        answer: status and headers for an event; 204 unless the test says otherwise.
    """

    url: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], Answer] = lambda event: (204, {})
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ids(self) -> list[str]:
        return [event["id"] for event in self.events]

    def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        event = json.loads(body)
        with self.lock:
            self.events.append(event)
            self.headers.append({name.lower(): value for name, value in headers.items()})
            self.bodies.append(body)
        return self.answer(event)


def after(seconds: float) -> Callable[[dict[str, Any]], Answer]:
    """Takes an event, but not before so long."""

    def answer(_: dict[str, Any]) -> Answer:
        time.sleep(seconds)
        return 204, {}

    return answer


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts; afterwards nobody listens there."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, headers = receiver.take(dict(self.headers), body)
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook?from=clearhold"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
