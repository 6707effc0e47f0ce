"""What a terminal shows of a preview, and of how far it is."""

import io
import sys
from typing import Any

import pytest

from review_api.cli.policy_table import preview_table
from review_api.cli.progress import progress

KNOWN = {"papers": 3, "labelled": 2, "wrong": 1, "effective": 2.0, "share": 0.5, "lower": 0.0126, "upper": 0.9874}
UNKNOWN = {"papers": 0, "labelled": 0, "wrong": 0, "effective": 0.0, "share": None, "lower": 0.0, "upper": 1.0}
OUTCOMES = ("clear", "sample", "hold", "block")


def result(**changes: Any) -> dict[str, Any]:
    matrix = {before: dict.fromkeys(OUTCOMES, 0) for before in OUTCOMES}
    matrix["hold"]["clear"] = 2
    example = {
        "document_id": "doc_1",
        "case_id": None,
        "supplier": None,
        "number": "R-1",
        "total": "1190.5",
        "currency": "EUR",
        "lifted": ["MATCH-PRICE"],
        "added": ["MATCH-TOTAL"],
    }
    move = {
        "from": "hold",
        "to": "clear",
        "papers": 2,
        "money": [{"currency": "CHF", "total": "10"}, {"currency": "EUR", "total": "1190.5"}],
        "codes": [{"code": "MATCH-PRICE", "change": "lifted", "papers": 2}],
        "examples": [example],
    }
    supplier = {
        "supplier_id": "S1",
        "supplier": "Nordlicht GmbH",
        "papers": 2,
        "moves": {"hold to clear": 2},
        "money": [{"currency": "EUR", "total": "1190.5"}],
    }
    told: dict[str, Any] = {
        "base": {"policy_hash": "a" * 64},
        "draft": {"policy_hash": "b" * 64},
        "papers": 3,
        "unread": 1,
        "re_decided": 2,
        "matrix": matrix,
        "moves": [move],
        "suppliers": [supplier],
        "error": {"would_pass": KNOWN, "would_newly_pass": UNKNOWN},
        "window": {"since": "2026-10-01T00:00:00.000000Z", "until": None},
    }
    return told | changes


def test_a_preview_is_told_with_matrix_moves_money_causes_suppliers_and_errors() -> None:
    shown = preview_table(result())
    for words in (
        "3 papers decided since 2026-10-01",
        "2 had been decided otherwise",
        "1 cannot be read",
        "hold → clear: 2 papers, 10.00 CHF, 1,190.50 EUR",
        "because MATCH-PRICE no more on 2",
        "-MATCH-PRICE +MATCH-TOTAL",
        "Nordlicht GmbH",
        "50.00%",
        "1.26% and 98.74%",
        "unknown",
        "0.00% and 100.00%",
    ):
        assert words in shown


def test_a_preview_without_moves_says_so() -> None:
    assert "Nothing would move." in preview_table(result(moves=[], suppliers=[]))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress("made again") as tell:
        tell(0, 2_000)
        tell(2_000, 2_000)
    assert "made again 2,000 of 2,000" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K") and "\n" not in terminal.getvalue()


def test_progress_says_nothing_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", pipe := io.StringIO())
    with progress("made again") as tell:
        tell(0, 1)
        tell(1, 1)
    assert pipe.getvalue() == ""
