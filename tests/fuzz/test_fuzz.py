"""Bytes that atheris makes up, guided by what they reach: readers answer or refuse with a code.

A second for some targets, five minutes for each with `make fuzz`; `CLEARHOLD_FUZZ_CORPUS` keeps what was worth keeping.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.papers import e_invoice, orders_feeds
from tests.extraction import test_edi_edifact as edifact
from tests.extraction import test_edi_x12 as x12

pytest.importorskip("atheris")
SECONDS = float(os.environ.get("CLEARHOLD_FUZZ_SECONDS", "0"))
SEEDS = {
    "xml": [e_invoice(1)],
    "edi": [edifact.interchange(edifact.INVOICE), x12.interchange(x12.INVOICE, "810")],
    "mail": [b"From: a@example.com\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n%PDF-\n--x--\n"],
    "archive": [b"PK\x05\x06" + bytes(18)],
    "feed": [orders_feeds(range(2))["suppliers"].encode()],
    "sniff": [b"ISA*00*", b"UNA:+.? 'UNB+", b"<?xml version='1.0'?><a/>"],
}


NOW = SEEDS if SECONDS else ("edi", "mail")


@pytest.mark.parametrize("name", NOW)
def test_a_reader_answers_made_up_bytes_or_refuses_them_with_a_code(name: str, tmp_path: Path) -> None:
    corpus = Path(os.environ.get("CLEARHOLD_FUZZ_CORPUS", str(tmp_path))) / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    seconds = max(round(SECONDS / len(SEEDS)), 1)
    program = [sys.executable, "-m", "tests.fuzz.targets", name, str(corpus), f"-max_total_time={seconds}"]
    done = subprocess.run(program, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
