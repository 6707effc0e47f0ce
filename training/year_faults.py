"""Spoils an honest bill of the year in one way, and says which control must find it: faults of the paper itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from core.documents import DocumentType
from core.money import exact_sum, round_amount
from training import faults
from training.faults import with_lines
from training.identifiers import countries_with_vat, is_valid_vat_id, vat_id
from training.names import VAT_RATES, company, goods
from training.papers import Adjustment, Line, Paper, Party, totals_of
from training.year_books import Bill, at_desk
from training.year_deals import price_within, with_price

Spoil = Callable[[Random, Bill], Bill | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """A way to spoil a paper: any of `codes` finds it. `spoil` answers None where the paper does not lend itself.

    Attributes:
        corrected: whether an honest paper of the same number may follow once this one was sent back.
    """

    codes: frozenset[str]
    why: str
    spoil: Spoil
    corrected: bool = False
    types: frozenset[DocumentType] = frozenset({DocumentType.INVOICE})


def future_date(rng: Random, bill: Bill) -> Bill | None:
    """Dated after the day it is decided."""
    return _dated(bill, (bill.arrives.date() - bill.paper.issue_date).days + rng.randint(3, 40))


def before_order(rng: Random, bill: Bill) -> Bill | None:
    """Dated before the order was placed: more than two months back, later than the limit of a year."""
    return _dated(bill, -rng.randint(75, 200))


def too_old(rng: Random, bill: Bill) -> Bill | None:
    """Dated longer ago than the limit."""
    return _dated(bill, -rng.randint(380, 900))


def other_currency(_rng: Random, bill: Bill) -> Bill | None:
    """The same figures in another currency than the order's."""
    return replace(bill, paper=replace(bill.paper, currency="USD" if bill.paper.currency != "USD" else "EUR"))


def short_terms(rng: Random, bill: Bill) -> Bill | None:
    """Due earlier than agreed."""
    due = bill.paper.due_date
    if due is None:
        return None
    return replace(bill, paper=replace(bill.paper, due_date=due - timedelta(days=rng.randint(2, 13))))


def no_order(_rng: Random, bill: Bill) -> Bill | None:
    """No order number anywhere."""
    return _referring(bill, None)


def unknown_order(rng: Random, bill: Bill) -> Bill | None:
    """An order number nobody has given out."""
    return _referring(bill, f"47{rng.randint(10_000_000, 99_999_999)}")


def stranger(rng: Random, bill: Bill) -> Bill | None:
    """A seller the retailer has never bought from."""
    seller = company(rng, bill.trader.party.country)
    return replace(bill, paper=replace(bill.paper, seller=replace(seller, name=f"Xanthor {seller.name} Zwölf")))


def broken_vat_id(rng: Random, bill: Bill) -> Bill | None:
    """One digit of the VAT id changed: its check digits fail."""
    number, country = bill.trader.party.vat_id, bill.trader.party.country
    if number is None or country not in countries_with_vat():
        return None
    place = rng.choice([place for place in range(3, len(number)) if number[place].isdigit()])
    digit = str((int(number[place]) + rng.randint(1, 8)) % 10)
    changed = number[:place] + digit + number[place + 1 :]
    return None if is_valid_vat_id(changed) else _with_seller(bill, vat=changed)


def other_vat_id(rng: Random, bill: Bill) -> Bill | None:
    """A valid VAT id of somebody else."""
    country = bill.trader.party.country
    return _with_seller(bill, vat=vat_id(rng, country)) if country in countries_with_vat() else None


def stray_line(rng: Random, bill: Bill) -> Bill | None:
    """A line for goods that are on no order."""
    first = bill.paper.lines[0]
    quantity, price = Decimal(rng.randint(2, 20)), Decimal(rng.randint(1500, 9000)) / 100
    line = Line(
        line_id=str(len(bill.paper.lines) + 1),
        description=f"Zubehör {rng.randint(1000, 9999)} {goods(rng, 'en')}",
        quantity=quantity,
        unit=first.unit,
        unit_price=price,
        tax_rate=first.tax_rate,
        net=round_amount(quantity * price, bill.paper.currency),
        seller_item_id=f"QX{rng.randint(100_000, 999_999)}",
    )
    return replace(bill, paper=with_lines(bill.paper, (*bill.paper.lines, line)))


def raised_price(rng: Random, bill: Bill) -> Bill | None:
    """The dearest line 8 to 15 % over the order's price."""
    return replace(bill, paper=faults.raised_price(rng, bill.paper))


def lowered_price(rng: Random, bill: Bill) -> Bill | None:
    """The dearest line 25 to 60 % under the order's price: more than is plausible.

    Where bills carry no identifiers, a line at another price is another line.
    """
    if not bill.trader.shows:
        return None
    place = max(range(len(bill.paper.lines)), key=lambda at: bill.paper.lines[at].net)
    line = bill.paper.lines[place]
    price = (line.unit_price * rng.randint(40, 75) / 100).quantize(Decimal("0.01"))
    return with_price(bill, place, price)


def carriage_on_a_line(rng: Random, bill: Bill) -> Bill | None:
    """Carriage that was not ordered, as a line."""
    if bill.pattern == "carriage":
        return None
    first, amount = bill.paper.lines[0], Decimal(rng.randint(450, 12_000)) / 100
    words = {"de": "Frachtkosten", "fr": "Frais de port", "es": "Portes", "it": "Spedizione", "nl": "Verzendkosten"}
    line = Line(
        line_id=str(len(bill.paper.lines) + 1),
        description=words.get(bill.trader.language, "Freight"),
        quantity=Decimal(1),
        unit=first.unit,
        unit_price=amount,
        tax_rate=first.tax_rate,
        net=round_amount(amount, bill.paper.currency),
    )
    return replace(bill, paper=with_lines(bill.paper, (*bill.paper.lines, line)))


def carriage_on_the_whole(rng: Random, bill: Bill) -> Bill | None:
    """A charge on the whole bill that was not ordered."""
    charge = Adjustment(kind="freight", amount=Decimal(rng.randint(450, 9000)) / 100)
    totals = totals_of(bill.paper.lines, bill.paper.currency, adjustments=(charge,))
    extras = replace(bill.paper.extras, adjustments=(charge,))
    return replace(bill, paper=replace(bill.paper, totals=totals, extras=extras))


def many_small(_rng: Random, bill: Bill) -> Bill | None:
    """Every line a little dearer, each within its tolerance, all together beyond the header's."""
    lines = []
    for line in bill.paper.lines:
        price = price_within(line, Decimal("1.9"), Decimal("9.5"))
        lines.append(replace(line, unit_price=price, net=round_amount(line.quantity * price, bill.paper.currency)))
    paper = with_lines(bill.paper, tuple(lines))
    dearer = exact_sum(line.net for line in lines) - exact_sum(line.net for line in bill.paper.lines)
    return replace(bill, paper=paper) if dearer > 22 else None


def other_rate(_rng: Random, bill: Bill) -> Bill | None:
    """A line taxed at another rate of the country than the order's."""
    rates = [Decimal(rate) for rate in VAT_RATES[bill.trader.party.country]]
    line = bill.paper.lines[0]
    other = next((rate for rate in rates if rate != line.tax_rate), None)
    if other is None or bill.trader.rates[0] == 0:
        return None
    return replace(bill, paper=with_lines(bill.paper, (replace(line, tax_rate=other), *bill.paper.lines[1:])))


def wrong_line(rng: Random, bill: Bill) -> Bill | None:
    """The amount of one line is not its quantity times its price; the totals follow the line."""
    line = bill.paper.lines[0]
    wrong = replace(line, net=line.net + Decimal(rng.randint(200, 2000)) / 100)
    return replace(bill, paper=with_lines(bill.paper, (wrong, *bill.paper.lines[1:])))


def unsure_total(_rng: Random, bill: Bill) -> Bill | None:
    """The total was read, not surely."""
    return replace(bill, unsure=(("total_with_vat", 0.55),))


def no_number(_rng: Random, bill: Bill) -> Bill | None:
    """The invoice number could not be found."""
    return replace(bill, unsure=(("invoice_number", 0.0),))


def no_quantity(_rng: Random, bill: Bill) -> Bill | None:
    """The quantity of a line could not be read."""
    return replace(bill, unsure=(("lines.1.quantity", 0.0),))


def unsure_type(_rng: Random, bill: Bill) -> Bill | None:
    """It may be an invoice."""
    return replace(bill, unsure=(("document_type", 0.3),))


def _demo(change: Callable[[Random, Paper], Paper]) -> Spoil:
    """A fault of the demo's papers, planted in a bill."""

    def spoil(rng: Random, bill: Bill) -> Bill | None:
        return replace(bill, paper=change(rng, bill.paper))

    return spoil


_BILLS = frozenset({DocumentType.INVOICE})
_BOTH = frozenset({DocumentType.INVOICE, DocumentType.CREDIT_NOTE})

SPOILED: Mapping[str, Spoiled] = {
    name: Spoiled(codes=frozenset({code}), why=why, spoil=spoil, corrected=corrected, types=types)
    for name, code, why, spoil, corrected, types in (
        ("unsure-total", "DOC-CONFIDENCE", "The total was not read surely.", unsure_total, False, _BOTH),
        ("no-number", "DOC-CONFIDENCE", "The number could not be found.", no_number, False, _BOTH),
        ("no-quantity", "DOC-CONFIDENCE", "A quantity could not be read.", no_quantity, False, _BOTH),
        ("unsure-type", "DOC-TYPE", "It is not sure what it is.", unsure_type, False, _BOTH),
        ("lines-wrong", "DOC-ARITHMETIC", "Net is not the lines.", _demo(faults.lines_do_not_add_up), True, _BOTH),
        ("sums-wrong", "DOC-ARITHMETIC", "Gross is not net and tax.", _demo(faults.sums_do_not_add_up), True, _BOTH),
        ("line-wrong", "DOC-ARITHMETIC", "A line is not quantity × price.", wrong_line, True, _BOTH),
        ("tax-wrong", "TAX-SUM", "Tax is not rate × base.", _demo(faults.wrong_tax), True, _BOTH),
        ("other-rate", "TAX-RATE", "A rate is not the order's.", other_rate, True, _BOTH),
        ("stranger", "SUP-UNKNOWN", "Nobody knows the seller.", stranger, False, _BOTH),
        ("foreign-account", "SUP-BANK", "Somebody else's account.", _demo(faults.foreign_account), True, _BOTH),
        ("broken-account", "SUP-BANK", "Check digits of the IBAN fail.", _demo(faults.broken_account), True, _BOTH),
        ("broken-vat-id", "SUP-VAT", "Check digits of the VAT id fail.", broken_vat_id, False, _BOTH),
        ("other-vat-id", "SUP-VAT", "Somebody else's VAT id.", other_vat_id, False, _BOTH),
        ("future-date", "INV-DATE", "Dated in the future.", future_date, True, _BOTH),
        ("before-order", "INV-DATE", "Dated before its order.", before_order, True, _BOTH),
        ("too-old", "INV-DATE", "Older than the limit.", too_old, False, _BOTH),
        ("currency", "INV-CURRENCY", "Not the order's currency.", other_currency, True, _BOTH),
        ("short-terms", "INV-TERMS", "Due before the agreed day.", short_terms, False, _BILLS),
        ("no-order", "INV-NO-PO", "It names no order.", no_order, True, _BILLS),
        ("unknown-order", "PO-UNKNOWN", "There is no such order.", unknown_order, True, _BOTH),
        ("stray-line", "MATCH-LINE", "A line is on no order.", stray_line, True, _BOTH),
        ("price-raised", "MATCH-PRICE", "A price 8 to 15 % too high.", raised_price, True, _BILLS),
        ("price-lowered", "MATCH-PRICE", "A price far too low.", lowered_price, False, _BILLS),
        ("charge-line", "MATCH-CHARGE", "Carriage nobody ordered.", carriage_on_a_line, False, _BILLS),
        ("charge-whole", "MATCH-CHARGE", "A charge nobody ordered.", carriage_on_the_whole, False, _BILLS),
        ("many-small", "MATCH-TOTAL", "Many small differences.", many_small, False, _BILLS),
    )
}  # fmt: skip


def corrected(rng: Random, bill: Bill) -> Bill:
    """The honest paper that comes after a spoiled one was sent back: the same number, printed some days later."""
    days = timedelta(days=rng.randint(4, 12))
    due = bill.paper.due_date
    paper = replace(bill.paper, issue_date=bill.paper.issue_date + days, due_date=None if due is None else due + days)
    return replace(bill, paper=paper, arrives=at_desk(rng, (bill.arrives + days).date()), pattern="corrected")


def _dated(bill: Bill, days: int) -> Bill:
    shift = timedelta(days=days)
    due = bill.paper.due_date
    paper = replace(bill.paper, issue_date=bill.paper.issue_date + shift, due_date=None if due is None else due + shift)
    return replace(bill, paper=paper)


def _referring(bill: Bill, number: str | None) -> Bill:
    lines = tuple(replace(line, purchase_order_reference=None) for line in bill.paper.lines)
    return replace(bill, paper=replace(bill.paper, purchase_order=number, lines=lines))


def _with_seller(bill: Bill, *, vat: str) -> Bill:
    seller: Party = replace(bill.paper.seller, vat_id=vat)
    return replace(bill, paper=replace(bill.paper, seller=seller))
