"""A house for one working day: fourteen papers as if read a minute ago, planners' cases, and people of every role."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from core.documents import Box, Evidence, Extraction, Field, Source
from core.money import plain
from core.settings import Settings
from review_api import accounts
from review_api.services import Services, build_services
from tests.review_api.browsing import PASSWORD
from tests.review_api.planners_morning import open_planners_cases
from tests.triage_shell.conftest import FEEDS, House, invoice, row
from triage.run import decide_document

PAPERS = 14
CORRECT = range(10)
FEWEST = 5
PEOPLE = {
    "anna": "ap_clerk",
    "ben": "ap_approver",
    "pia": "planner",
    "rita": "auditor",
    "ada": "admin",
}
_SIZE = (595.0, 842.0)


def open_house(home: Path) -> Services:
    """The services over a home in which the day begins."""
    services = build_services(Settings(home=home, workers=1))
    house = House(db=services.db, store=services.store, clock=services.clock, policy=services.policy)  # type: ignore[arg-type]
    house.load_feeds(**dict(_feeds(services.clock.now().date())))
    for number in range(PAPERS):
        paper = _paper(number, services.clock.now().date())
        house.take_in(_pdf(paper))
        decide_document(services.db, house.lease(), paper, services.policy, services.clock)
    open_planners_cases(services)
    with services.db.write() as session:
        for name, role in PEOPLE.items():
            accounts.add_user(session, name=name, password=PASSWORD, role=role, at=services.clock.now())
    return services


def _paper(number: int, today: date) -> Extraction:
    """An invoice over lamps, its number not read quite surely; one with a wrong total."""
    quantity = FEWEST + number
    net, vat = Decimal(20 * quantity), Decimal(20 * quantity) * 19 / 100
    total = net + vat
    said = {
        "invoice_number": f"{number + 3}{number * 7919 % 9000 + 1000}",
        "purchase_order_reference": f"{4600000 + number}",
        "issue_date": (today - timedelta(days=3)).isoformat(),
        "due_date": (today + timedelta(days=27)).isoformat(),
        "total_without_vat": plain(net),
        "total_vat": plain(vat),
        "total_with_vat": plain(total if number in CORRECT else total + 45),
        "amount_due": plain(total if number in CORRECT else total + 45),
    }
    paper = invoice(said, {"quantity": f"{quantity}", "line_net_amount": plain(net)})
    fields = dict(_placed(paper.fields))
    if number in CORRECT:
        fields["invoice_number"] = replace(fields["invoice_number"], confidence=0.71, reasons=("label beside it",))
    tax = row({"rate": "19", "taxable_amount": plain(net), "tax_amount": plain(vat)})
    return replace(
        paper,
        sha256=f"{number:064d}",
        source=Source.TEXT_LAYER,
        page_sizes=(_SIZE,),
        fields=fields,
        tax_breakdown=(tax,),
    )


def _placed(fields: Mapping[str, Field]) -> Iterator[tuple[str, Field]]:
    for place, (name, value) in enumerate(fields.items()):
        top = 60.0 + 24 * place
        box = Box(220.0, top, 220.0 + 6.2 * len(value.value), top + 13.0)
        seen = (Evidence(page=1, box=box, text=value.value),)
        yield name, replace(value, source=Source.TEXT_LAYER, evidence=seen)


def _pdf(paper: Extraction) -> bytes:
    """The page that fits the boxes."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=_SIZE)
    canvas.setFont("Helvetica", 11)
    for name, value in paper.fields.items():
        (seen,) = value.evidence
        canvas.drawString(60, _SIZE[1] - seen.box.bottom + 3, name.replace("_", " ").capitalize())
        canvas.drawString(seen.box.x0, _SIZE[1] - seen.box.bottom + 3, value.value)
    canvas.save()
    return out.getvalue()


def _feeds(today: date) -> Iterator[tuple[str, str]]:
    """The small ERP of other tests, with an order of ten lamps for every paper, received in full."""
    ordered, received = today - timedelta(days=20), today - timedelta(days=6)
    orders, lines, receipts = (FEEDS[name] for name in ("purchase_orders", "purchase_order_lines", "goods_receipts"))
    for number in range(PAPERS):
        po = 4600000 + number
        orders += f"{po},S-1,{ordered}T08:00:00Z,EUR,open\n"
        lines += f"{po},1,I-1,{FEWEST + number},20,PCE,Desk lamp,19\n"
        receipts += f"G-{po},{po},1,{FEWEST + number},{received}T08:00:00Z\n"
    yield from (("purchase_orders", orders), ("purchase_order_lines", lines), ("goods_receipts", receipts))
