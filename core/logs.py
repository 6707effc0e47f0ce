"""The program's log: a line for people or for programs, and nothing in it of papers, people, banks and secrets.

Whoever logs names ids, codes and durations (`decided document_id=… seconds=…`). This is the second lock: what looks
like a bank account, a tax number, a key, a password or an address is blotted out of every line, of other people's
libraries too, and of an error only its kind and the places it went through are told.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from core.failures import frames_of, kind_of

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request being answered, for every line that is logged meanwhile."""

BLOT = "[…]"
_SECRETS = (
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)"),
    re.compile(r"\b(?:ck_|whsec_|whsk_)[\w+/=-]+"),
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.+/=~-]+"),
    re.compile(r"(?i)\b(?:password|passwd|secret|token|api[_-]?key|authorization|cookie)\b[\"']?\s*[:=]\s*[^\s,;&]+"),
    re.compile(r"\beyJ[\w-]+\.[\w.-]+"),
    re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b"),
    re.compile(r"\b(?:AT ?U|[A-Z]{2})[ -]?\d[\d .-]{6,13}\d\b"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
)
_FACT = re.compile(r"\b([a-z][a-z_]*)=(\S+)")
_LEVELS: Mapping[int, str] = {10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}


def redacted(text: str) -> str:
    """The text without what must not be in a log."""
    for pattern in _SECRETS:
        text = pattern.sub(BLOT, text)
    return text


class HumanFormatter(logging.Formatter):
    """One line for people: when, who, what."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        asked = request_id.get()
        ending = f" request_id={asked}" if asked else ""
        failure = f" {_failure(record)}" if record.exc_info else ""
        return f"{at} {_level(record)} {record.name} {_message(record)}{ending}{failure}"


class JsonFormatter(logging.Formatter):
    """One JSON object a line; facts of the message (`document_id=…`) are members of their own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        message = _message(record)
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": _level(record),
            "logger": record.name,
            "message": message,
            **{name: _number(value) for name, value in _FACT.findall(message) if name not in _OWN},
        }
        if (asked := request_id.get()) is not None:
            told["request_id"] = asked
        if record.exc_info:
            told["failure"] = _failure(record)
        return json.dumps(told, ensure_ascii=False)


_OWN = frozenset({"at", "level", "logger", "message", "request_id", "failure"})
_FORMATTERS: Mapping[str, type[logging.Formatter]] = {"human": HumanFormatter, "json": JsonFormatter}


def start_logging(form: str = "human", level: int = logging.INFO) -> None:
    """Sends every logger's lines to stderr, in one form; what was set up before is taken down."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATTERS[form]())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("alembic", "httpx", "httpcore", "distributed"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _message(record: logging.LogRecord) -> str:
    """The message on one line: who sends a paper must not be able to write lines of their own."""
    arguments = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(kind_of(one) if isinstance(one, BaseException) else one for one in arguments)
    message = record.msg
    text = kind_of(message) if isinstance(message, BaseException) else str(message)
    try:
        text = text % arguments if arguments else text
    except (TypeError, ValueError, KeyError):
        text = f"{text} (its arguments do not fit)"
    return redacted(" ".join(text.split()))


def _failure(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return "" if error is None else redacted(frames_of(error))


def _level(record: logging.LogRecord) -> str:
    return _LEVELS.get(record.levelno, record.levelname.lower())


def _number(value: str) -> str | float:
    try:
        return float(value) if value.replace(".", "", 1).isdigit() and len(value) < 16 else value
    except ValueError:
        return value
