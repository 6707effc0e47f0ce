"""Runs a worker beside the server, in a thread of its own; reading itself happens in limited child processes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from review_api.services import Services
from review_api.worker import Worker

STOP_SECONDS = 20.0


@contextmanager
def worker_beside(services: Services) -> Iterator[Worker]:
    """A worker for as long as the block lasts; afterwards what it had not finished is given back."""
    worker = Worker(services)
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(STOP_SECONDS)
