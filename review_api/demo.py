"""The demo: a small retailer's feeds and papers, taken through the same doors as anyone's.

The retailer is made by `clearhold-train retailer`, another program: this room knows its files, not its code.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.clock import FixedClock, SystemClock
from core.database import ReadSession
from core.decisions import Decision
from core.documents import Document
from core.errors import UnavailableError
from core.settings import Settings
from ingest import documents
from ingest.feed_files import read_feed
from ingest.feed_load import store_feed
from ingest.feeds import FEEDS
from ingest.intake import take_in
from review_api import accounts
from review_api.demo_report import Found, Planted, Report, compare
from review_api.demo_weeks import people_work, weeks
from review_api.services import Services, build_services
from review_api.worker import Worker
from triage import decisions, policies

ACTOR = "user:demo"
MINUTES_APART = 2
PEOPLE = (("anna", "ap_clerk"), ("ben", "ap_approver"), ("pia", "planner"), ("olga", "auditor"), ("admin", "admin"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHome:
    """Where a demo lives: beside, never inside, the state of a real installation."""

    seed: int
    retailer: Path
    state: Path

    @staticmethod
    def under(home: Path, seed: int) -> "DemoHome":
        """`home/demo/<seed>/`, with the made files and the state apart."""
        folder = home / "demo" / str(seed)
        return DemoHome(seed=seed, retailer=folder / "retailer", state=folder / "state")

    @property
    def policy(self) -> Path:
        """The built-in policy with its thresholds typed in: a demo has no labelled history."""
        return self.retailer / "policy.toml"

    def settings(self) -> Settings:
        """The settings in force, but for a home and a database of its own."""
        workers = max(1, min(4, os.cpu_count() or 1))
        return Settings(home=self.state, database_url=None, checkpoint_dir=None, workers=workers, policy=self.policy)


def run_demo(home: DemoHome) -> Report:
    """Makes the retailer, loads its feeds, takes its papers in, has them decided, and compares."""
    _say(f"making a small retailer (seed {home.seed}) in {home.retailer}")
    _make_retailer(home)
    home.policy.write_text(policies.typed_text(), encoding="utf-8")
    shutil.rmtree(home.state, ignore_errors=True)
    past = tuple(weeks(home.retailer, SystemClock().now()))
    clock = FixedClock(past[0].at)
    services = build_services(home.settings(), clock)
    try:
        started = time.monotonic()
        for week in past:
            clock.instant = week.at - timedelta(minutes=MINUTES_APART * (len(week.files) + 1))
            _load_feeds(services, home.retailer / "feeds", everything=week in {past[0], past[-1]})
            taken = _take_in(services, clock, week.files)
            clock.instant = week.at
            _work(services, taken)
            if week.is_worked:
                people_work(services, clock, until=week.at + timedelta(hours=9))
        return _compare(services, home, time.monotonic() - started)
    finally:
        services.close()


def open_page(home: DemoHome, port: int | None) -> None:
    """Serves the demo and opens a browser on it; ends with Ctrl-C."""
    from review_api.serving import serve

    settings = home.settings()
    services = build_services(settings)
    password = _people(services)
    services.close()
    _say("\nlog in as " + ", ".join(f"{name} ({role})" for name, role in PEOPLE) + f" · password: {password}")
    serve(settings, port=port, open_browser=True)


def _make_retailer(home: DemoHome) -> None:
    shutil.rmtree(home.retailer, ignore_errors=True)
    today = SystemClock().now().date().isoformat()
    command = [sys.executable, "-m", "training.cli", "retailer", str(home.retailer), "--seed", str(home.seed)]
    command += ["--as-of", today]
    made = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if made.returncode:
        raise UnavailableError(
            "DEMO-RETAILER", "The demo's retailer could not be made.", "Read the lines above; free disk space may help."
        )


def _load_feeds(services: Services, folder: Path, *, everything: bool) -> None:
    """Loads the feeds, or those of them that papers are checked against and that would be too old otherwise."""
    needed = {feed for rules in services.policy.documents.values() for feed in rules.feeds}
    names = [name for name in FEEDS if (folder / f"{name}.csv").exists() and (everything or name in needed)]
    rows = 0
    for name in names:
        file = folder / f"{name}.csv"
        feed = read_feed(name, file.read_bytes(), file_name=file.name)
        with services.db.write() as session:
            rows += store_feed(session, feed, actor=ACTOR, at=services.clock.now()).rows
    _say(f"loaded {len(names)} feeds, {rows:,} rows")


def _take_in(services: Services, clock: FixedClock, files: Iterable[Path]) -> int:
    taken = 0
    for file in files:
        clock.instant += timedelta(minutes=MINUTES_APART)
        receipts = take_in(
            services.db,
            services.store,
            file.read_bytes(),
            file_name=file.name,
            origin="folder",
            received_by=ACTOR,
            at=services.clock.now(),
            settings=services.settings,
            executor=services.reader,
        )
        taken += len(receipts[1:] or receipts)
    _say(f"took in {taken} papers")
    return taken


def _work(services: Services, papers: int) -> None:
    done = 0

    def tell(_: Decision) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty() or done % 10 == 0:
            _progress(f"reading, checking and deciding: {done} of {papers}")

    _progress("starting the readers")
    Worker(services, node="demo", on_decided=tell).run(once=True)
    _say("")


def _compare(services: Services, home: DemoHome, seconds: float) -> Report:
    planted = [
        Planted(file=fault["file"], kind=fault["kind"], code=fault["code"], why=fault["why"])
        for fault in json.loads((home.retailer / "planted.json").read_text("utf-8"))
    ]
    clean = json.loads((home.retailer / "retailer.json").read_text("utf-8"))["clean"]
    with services.db.read() as session:
        papers = {document.file_name: _found(session, document) for document in documents.all_documents(session)}
    found = {name: paper for name, paper in papers.items() if paper is not None}
    return compare(planted, clean, found, seconds)


def _found(session: ReadSession, document: Document) -> Found | None:
    """What became of a paper; of a mail, what became of the paper it brought."""
    parts = documents.parts_of(session, document.document_id)
    if parts:
        return next((found for part in parts if (found := _found(session, part))), None)
    stored = decisions.latest_decision(session, document.document_id)
    if stored is None:
        return None
    codes = tuple(dict.fromkeys(finding.code for finding in stored.decision.findings))
    return Found(file=document.file_name, outcome=stored.decision.outcome, codes=codes)


def _people(services: Services) -> str:
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    with services.db.write() as session:
        for name, role in PEOPLE:
            accounts.add_user(session, name=name, password=password, role=role, at=SystemClock().now())
    return password


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _progress(text: str) -> None:
    """One line that is written over on a terminal, and line by line elsewhere."""
    start, end = ("\r\x1b[K", "") if sys.stderr.isatty() else ("", "\n")
    print(f"{start}{text}", end=end, file=sys.stderr, flush=True)
