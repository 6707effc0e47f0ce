"""A real browser before a real service over a small retailer: started once for all tests of the page."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select

from core.settings import Settings
from ingest.feed_load import load_feed
from ingest.feeds import FEEDS
from ingest.intake import take_in
from review_api import accounts
from review_api.app import create_app
from review_api.services import Services, build_services
from review_api.worker import Worker
from tests.conftest import ROOT
from triage import case_rows, cases, tables

PASSWORD = "four words that fit"
SCREENSHOTS = os.environ.get("CLEARHOLD_SCREENSHOTS") == "1"
SHOWN = ROOT / "docs" / "img"
MOST_BYTES = 150_000
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(slots=True, kw_only=True)
class Window:
    """A browser window and what it complained about."""

    page: Any
    context: Any
    complaints: list[str] = field(default_factory=list)

    def log_in(self, name: str = "ben") -> None:
        self.page.goto("/login")
        self.page.wait_for_selector("#name:focus")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.see("tbody a:focus")

    def see(self, selector: str) -> None:
        """Waits until the page shows this and its scripts have started."""
        self.page.wait_for_selector(f"html.scripted {selector}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def shoot(self, name: str) -> None:
        if SCREENSHOTS:
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=SHOWN / f"{name}.png")
            _make_small(SHOWN / f"{name}.png")


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A home with a small retailer's feeds and papers, read and decided by the real pipeline."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed; make test installs it")
    folder = tmp_path_factory.mktemp("browser")
    made = [sys.executable, "-m", "training.cli", "retailer", str(folder / "retailer"), "--seed", "7"]
    subprocess.run(made, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, timeout=120)
    services = build_services(Settings(home=folder / "home", workers=2))
    for name in FEEDS:
        file = folder / "retailer" / "feeds" / f"{name}.csv"
        if file.exists():
            with services.db.write() as session:
                load_feed(session, name, file.read_bytes(), file_name=file.name, actor="system", at=_now(services))
    for file in _papers(folder / "retailer"):
        take_in(
            services.db,
            services.store,
            file.read_bytes(),
            file_name=file.name,
            origin="folder",
            received_by="system",
            at=_now(services),
            settings=services.settings,
            executor=services.reader,
        )
    Worker(services, node="test").run(once=True)
    with services.db.write() as session:
        for name, role in (("ben", "ap_approver"), ("anna", "ap_clerk"), ("cleo", "ap_clerk")):
            accounts.add_user(session, name=name, password=PASSWORD, role=role, at=_now(services))
    yield services
    services.close()


@pytest.fixture
def nobody_works(seeded: Services) -> None:
    """Gives back what people of earlier tests still hold: the house is one for all of them."""
    with seeded.db.write() as session:
        held = session.all(select(tables.cases.c.case_id, tables.cases.c.claimed_by).where(case_rows.IS_CLAIMED))
        for case in held:
            cases.release(session, case["case_id"], user=case["claimed_by"], at=_now(seeded))


@pytest.fixture(scope="session")
def address(seeded: Services) -> Iterator[str]:
    """The service, listening on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(create_app(seeded), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any, address: str) -> Iterator[Window]:
    """A window of 1280 × 800 in which nothing may go wrong, not even in the console."""
    opened = open_window(chromium, address)
    yield opened
    opened.context.close()
    assert opened.complaints == []


def open_window(chromium: Any, address: str, **options: Any) -> Window:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": 1280, "height": 800},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        **options,
    )
    context.set_default_timeout(20_000)
    window = Window(page=context.new_page(), context=context)
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
    window.page.on(
        "console", lambda message: window.complaints.append(message.text) if message.type == "error" else None
    )
    return window


def _make_small(path: Path) -> None:
    """Keeps a picture under what a reader of the documents should have to load, with as many colours as fit."""
    import numpy as np
    from PIL import Image

    pixels = np.array(Image.open(path).convert("RGB"))
    light, spread = pixels.min(axis=2), pixels.max(axis=2) - pixels.min(axis=2)
    grain = (light > 120) & (spread < 8)
    for step in (1, 8, 16, 32):  # the grain of a scanned page, not the colours of the signs
        pixels[grain] = (pixels[grain] // step) * step + step // 2
        drawn = Image.fromarray(pixels).quantize(192, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        drawn.save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return


def _papers(retailer: Path) -> list[Path]:
    """Every paper for the screenshots; for the tests a few native PDFs with planted faults, which are quick to read."""
    papers = sorted((retailer / "papers").iterdir())
    if SCREENSHOTS:
        return papers
    planted = {fault["file"] for fault in json.loads((retailer / "planted.json").read_text("utf-8"))}
    return [paper for paper in papers if paper.suffix == ".pdf" and paper.name in planted][:10]


def _now(services: Services) -> Any:
    return services.clock.now()
