"""Has e-invoices checked against their standard after they are read, in a child process of its own.

The child is started at the first e-invoice: a house that gets none never pays for it.
"""

import threading
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.documents import Extraction, Remark, Source
from core.errors import ClearholdError

if TYPE_CHECKING:
    from core.settings import Settings
    from extraction.parts import Several
    from extraction.pipeline import ReadOptions

# Saxon's runtime reserves 32 GB for a heap that grows as it is needed.
RESERVED_BYTES = 40_000_000_000
_DATA = frozenset({Source.UBL, Source.CII})


class SchemaChecker:
    """Adds what the standard's rules say to readings of e-invoices.

    Args:
        executor: runs the checks; a child of its own when None, started when the first is needed.
    """

    def __init__(self, settings: "Settings", executor: Executor | None = None) -> None:
        self._settings = settings
        self._executor = executor
        self._gate = threading.Lock()
        self._closed = False

    def checked(
        self, reading: "Future[Extraction | Several]", data: bytes, options: "ReadOptions"
    ) -> "Future[Extraction | Several]":
        """The reading, with a remark where it is an e-invoice that breaks rules or could not be checked."""
        whole: Future[Extraction | Several] = Future()

        def when_read(read: "Future[Extraction | Several]") -> None:
            if read.cancelled() or read.exception() is not None or not _is_einvoice(read.result()):
                _pass_on(read, whole)
                return
            try:
                checking = self._submit(data, options)
            except RuntimeError:  # closed meanwhile
                _pass_on(None, whole)
                return
            checking.add_done_callback(lambda done: _add(read.result(), done, whole))

        whole.add_done_callback(lambda end: end.cancelled() and reading.cancel())
        reading.add_done_callback(when_read)
        return whole

    def close(self) -> None:
        """Ends the child."""
        with self._gate:
            self._closed = True
            executor = self._executor
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, data: bytes, options: "ReadOptions") -> "Future[tuple[Remark, ...]]":
        from extraction.schema import check
        from ingest.sniff import sniff

        with self._gate:
            if self._closed:
                raise RuntimeError("closed")
            if self._executor is None:
                self._executor = _executor(self._settings)
            executor = self._executor
        return executor.submit(check, data, media_type=options.media_type or sniff(data), limits=options.limits)


def _executor(settings: "Settings") -> Executor:
    from core.limited import LimitedExecutor, ProcessLimits
    from extraction.schema import warm_up

    limits = ProcessLimits(
        seconds=settings.read_seconds, memory_bytes=settings.read_memory_bytes, reserved_bytes=RESERVED_BYTES
    )
    return LimitedExecutor(1, limits=limits, initializer=warm_up)


def _is_einvoice(result: "Extraction | Several") -> bool:
    return isinstance(result, Extraction) and result.source in _DATA


def _add(
    extraction: "Extraction | Several",
    checking: "Future[tuple[Remark, ...]]",
    whole: "Future[Extraction | Several]",
) -> None:
    assert isinstance(extraction, Extraction)
    if checking.cancelled():
        _pass_on(None, whole)
        return
    error = checking.exception()
    remarks = (_unchecked(error),) if error is not None else checking.result()
    if whole.set_running_or_notify_cancel():
        whole.set_result(replace(extraction, findings=(*extraction.findings, *remarks)))


def _unchecked(error: BaseException) -> Remark:
    why = error.message if isinstance(error, ClearholdError) else "The check broke down."
    message = f"The e-invoice could not be checked against the rules of EN 16931. {why}"
    return Remark(code="DOC-SCHEMA", outcome="hold", message=message)


def _pass_on(read: "Future[Any] | None", whole: "Future[Any]") -> None:
    """Ends a future as another one ended; None stands for a cancelled one."""
    if read is None or read.cancelled():
        whole.cancel()
        whole.set_running_or_notify_cancel()
    elif whole.set_running_or_notify_cancel():
        error = read.exception()
        if error is not None:
            whole.set_exception(error)
        else:
            whole.set_result(read.result())
