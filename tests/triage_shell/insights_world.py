"""A house with some weeks of history: papers that clear, are held, corrected, approved by two, rejected, taken back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core.documents import Extraction
from tests.triage_shell.conftest import House, invoice, row
from triage import cases, taking_back

ORDERS = "po_number,supplier_id,ordered_at,currency,status,ship_to_location_id,legal_entity\n" + "".join(
    f"45000{number:02d},S-{1 + number % 2},2026-08-01T08:00:00Z,EUR,open,{'DC-1' if number % 3 else 'ST-2'},"
    f"{'DE01' if number % 2 else 'FR01'}\n"
    for number in range(1, 41)
)
LINES = "po_number,line_number,item_id,quantity,unit_price,unit,description,tax_rate\n" + "".join(
    f"45000{number:02d},1,I-1,20,20,PCE,Desk lamp,{20 if number % 2 else 19}\n" for number in range(1, 41)
)
RECEIPTS = "receipt_id,po_number,line_number,quantity,received_at\n" + "".join(
    f"R-{number},45000{number:02d},1,10,2026-08-05T08:00:00Z\n" for number in range(1, 41)
)
SELLERS = {
    0: {"seller_name": "Nordlicht GmbH", "seller_vat_id": "DE136695976", "payment_iban": "DE02120300000000202051"},
    1: {
        "seller_name": "Atelier Blanc",
        "seller_vat_id": "FR83404833048",
        "payment_iban": "FR1420041010050500013M02606",
    },
}


@dataclass(slots=True)
class Past:
    """The house, and the number of the next order to bill."""

    house: House
    order: int = 1

    def paper(self, quantity: int = 10, *, terms: str | None = None) -> Extraction:
        """An invoice over lamps of an order nobody has billed yet; more than ten are more than were received."""
        number, seller = self.order, SELLERS[self.order % 2]
        self.order += 1
        net, rate = Decimal(20 * quantity), Decimal(20 if number % 2 else 19)
        issued = self.house.clock.now().date() - timedelta(days=3)
        tax = net * rate / 100
        header = {
            **seller,
            "invoice_number": f"R-{number}",
            "issue_date": issued.isoformat(),
            "due_date": (issued + timedelta(days=30)).isoformat(),
            "purchase_order_reference": f"45000{number:02d}",
            "total_without_vat": f"{net}",
            "total_vat": f"{tax}",
            "total_with_vat": f"{net + tax}",
            "amount_due": f"{net + tax}",
            "payment_terms": terms,
        }
        made = invoice(header, {"quantity": f"{quantity}", "tax_rate": f"{rate}", "line_net_amount": f"{net}"})
        (group,) = made.tax_breakdown
        taxed = row({"rate": f"{rate}", "taxable_amount": f"{net}", "tax_amount": f"{tax}"})
        return replace(made, sha256=f"{number:064d}", tax_breakdown=({**group, **taxed},))

    def approve(self, case_id: str, user: str, role: str, reason: str = "quantity_confirmed") -> None:
        """Claims and approves."""
        house = self.house
        with house.db.write() as session:
            cases.claim(session, case_id, user=user, at=house.clock.now())
        house.later(7)
        with house.db.write() as session:
            cases.resolve(
                session, case_id, user=user, role=role, at=house.clock.now(), resolution="approve", reason_code=reason,
                policy=house.policy,
            )  # fmt: skip

    def reject(self, case_id: str, user: str) -> None:
        """Rejects without claiming first."""
        with self.house.db.write() as session:
            cases.resolve(
                session, case_id, user=user, role="ap_clerk", at=self.house.clock.now(), resolution="reject",
                reason_code="wrong_quantity", policy=self.house.policy,
            )  # fmt: skip

    def take_back(self, case_id: str, user: str) -> None:
        """Undoes what the user has just decided."""
        with self.house.db.write() as session:
            taking_back.undo(session, case_id, user=user, at=self.house.clock.now())

    def put_right(self, case_id: str, user: str) -> None:
        """Corrects what the paper says to what was received."""
        changes = {"lines.1.quantity": "10", "lines.1.line_net_amount": "200", "total_without_vat": "200"}
        more = {"total_vat": "40", "total_with_vat": "240", "amount_due": "240"}
        with self.house.db.write() as session:
            cases.correct(
                session, case_id, user=user, role="ap_clerk", at=self.house.clock.now(), changes=changes | more,
                policy=self.house.policy,
            )  # fmt: skip

    def say(self, case_id: str, user: str, text: str = "Asked the warehouse.") -> None:
        """Leaves a note."""
        with self.house.db.write() as session:
            cases.comment(session, case_id, user=user, at=self.house.clock.now(), text=text)


def some_weeks(house: House) -> Past:
    """Four weeks of work up to the clock's Monday, and what is open since."""
    end = house.clock.now()
    past = Past(house)
    for week in range(4):
        house.clock.instant = datetime(2026, 10, 26, 8, 0, tzinfo=UTC) + timedelta(weeks=week)
        house.load_feeds(purchase_orders=ORDERS, purchase_order_lines=LINES, goods_receipts=RECEIPTS)
        for _ in range(2):
            house.decide(past.paper(terms="2 % 10 days, net 30"))
            house.later(30)
        held = [house.case(past.paper(12 + week, terms="3 % Skonto innerhalb 5 Tagen")) for _ in range(4)]
        house.later(60 * 5)
        past.approve(held[0].case_id, "anna", "ap_clerk")
        past.say(held[1].case_id, "anna")
        house.later(60 * 24 * 3)
        past.reject(held[1].case_id, "ben")
        if week < 3:
            past.approve(held[2].case_id, "ben", "ap_approver", "receipt_follows")
        if week == 1:
            past.take_back(held[2].case_id, "ben")
        if week == 2:
            past.put_right(held[3].case_id, "anna")
        over = house.case(past.paper(25))
        past.approve(over.case_id, "ben", "ap_approver")
        house.later(60 * 20)
        past.approve(over.case_id, "carla", "ap_approver")
    house.clock.instant = end
    return past
