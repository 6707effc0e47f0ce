"""Plants one fault in an honest paper, and says which control must find it and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from core.money import exact_sum, round_amount
from training.identifiers import broken_iban, iban
from training.papers import Line, Paper, TaxRow, Totals, totals_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fault: the control that must find it, what a clerk would say, and what is done to the paper.

    `spoil` is None where the fault lies elsewhere: in the books, in the file, or in who sends it.
    """

    code: str
    why: str
    spoil: Callable[[Random, Paper], Paper] | None = None


def foreign_account(rng: Random, paper: Paper) -> Paper:
    """Another valid account of the same country in place of the supplier's."""
    return _with_iban(paper, iban(rng, _iban_of(paper)[:2]))


def broken_account(rng: Random, paper: Paper) -> Paper:
    """The supplier's account with one digit changed: the check digits fail."""
    return _with_iban(paper, broken_iban(rng, _iban_of(paper)))


def unknown_order(rng: Random, paper: Paper) -> Paper:
    """An order number nobody has given out."""
    return replace(paper, purchase_order=f"45999{rng.randint(10000, 99999)}")


def raised_price(rng: Random, paper: Paper) -> Paper:
    """The dearest line at a price 8 to 15 % over the order's; everything else adds up."""
    place = max(range(len(paper.lines)), key=lambda index: paper.lines[index].net)
    line = paper.lines[place]
    price = (line.unit_price * (100 + rng.randint(8, 15)) / 100).quantize(Decimal("0.01"))
    net = round_amount(line.quantity * price, paper.currency)
    lines = (*paper.lines[:place], replace(line, unit_price=price, net=net), *paper.lines[place + 1 :])
    return with_lines(paper, lines)


def lines_do_not_add_up(rng: Random, paper: Paper) -> Paper:
    """Net, tax and gross agree with one another and are more than the lines come to."""
    totals = _totals(paper)
    extra = Decimal(rng.randint(3000, 19000)) / 100
    first, *others = totals.rows
    base = first.base + extra
    row = replace(first, base=base, tax=round_amount(base * first.rate / 100, paper.currency))
    return replace(paper, totals=_summed(totals, (row, *others)))


def sums_do_not_add_up(rng: Random, paper: Paper) -> Paper:
    """The gross total is more than net and tax."""
    totals = _totals(paper)
    return replace(paper, totals=replace(totals, gross=totals.gross + Decimal(rng.randint(1500, 9000)) / 100))


def wrong_tax(rng: Random, paper: Paper) -> Paper:
    """Tax is not rate times base, though net and tax make the gross."""
    totals = _totals(paper)
    first, *others = totals.rows
    extra = max(Decimal("7.00"), round_amount(first.tax * rng.randint(8, 14) / 100, paper.currency))
    return replace(paper, totals=_summed(totals, (replace(first, tax=first.tax + extra), *others)))


def shipped_too_many(rng: Random, paper: Paper) -> Paper:
    """A delivery note over 30 to 60 % more of its first line than was ordered."""
    return _with_first_quantity(paper, Decimal(rng.randint(130, 160)) / 100)


def shipped_too_few(rng: Random, paper: Paper) -> Paper:
    """A delivery note over 40 to 70 % of its first line."""
    return _with_first_quantity(paper, Decimal(rng.randint(40, 70)) / 100)


def lookalike_number(number: str) -> str:
    """The number with its first zero written as the letter O."""
    return number.replace("0", "O", 1)


def renumbered(paper: Paper) -> Paper:
    """The paper under another number of the same form: its last digit is one more."""
    place = max(index for index, sign in enumerate(paper.number) if sign.isdigit())
    digit = str((int(paper.number[place]) + 1) % 10)
    return replace(paper, number=paper.number[:place] + digit + paper.number[place + 1 :])


def with_lines(paper: Paper, lines: tuple[Line, ...]) -> Paper:
    """The paper with other lines and the sums they make."""
    return replace(paper, lines=lines, totals=totals_of(lines, paper.currency))


KINDS: Mapping[str, Kind] = {
    "duplicate-number": Kind(code="INV-DUPLICATE", why="The same number and total of this supplier is posted already."),
    "duplicate-lookalike": Kind(
        code="INV-DUPLICATE", why="Posted already under the same number; here a zero is written as the letter O."
    ),
    "unknown-supplier": Kind(
        code="SUP-UNKNOWN", why="No supplier of the master data has this name, VAT id or account."
    ),
    "foreign-account": Kind(
        code="SUP-BANK", why="The account is a valid one, but not the supplier's.", spoil=foreign_account
    ),
    "broken-account": Kind(
        code="SUP-BANK",
        why="One digit of the supplier's account is changed: its check digits fail.",
        spoil=broken_account,
    ),
    "unknown-order": Kind(code="PO-UNKNOWN", why="There is no order of this number.", spoil=unknown_order),
    "price-raised": Kind(
        code="MATCH-PRICE", why="One line is charged at 8 to 15 % more than the order's price.", spoil=raised_price
    ),
    "quantity-over-received": Kind(
        code="MATCH-QUANTITY", why="The whole order is charged, and only a part of one line has been received."
    ),
    "nothing-received": Kind(code="MATCH-NOT-RECEIVED", why="Nothing has been received against this order."),
    "hybrid-differs": Kind(
        code="DOC-HYBRID", why="The e-invoice inside the PDF has another number than the page people see."
    ),
    "lines-do-not-add-up": Kind(
        code="DOC-ARITHMETIC", why="The net total is more than the lines come to.", spoil=lines_do_not_add_up
    ),
    "sums-do-not-add-up": Kind(
        code="DOC-ARITHMETIC", why="The gross total is more than net and tax.", spoil=sums_do_not_add_up
    ),
    "tax-wrong": Kind(code="TAX-SUM", why="The tax is more than the rate times its base.", spoil=wrong_tax),
    "split-invoices": Kind(
        code="LIMIT-SPLIT",
        why="Beside one posted the day before it exceeds what clears without a person; each alone does not.",
    ),
    "shipped-over": Kind(code="SHIP-OVER", why="30 to 60 % more of a line than was ordered.", spoil=shipped_too_many),
    "shipped-short": Kind(code="SHIP-SHORT", why="40 to 70 % of a line; the rest is open.", spoil=shipped_too_few),
    "shipped-late": Kind(code="SHIP-LATE", why="It comes weeks after the promised day."),
    "received-other": Kind(code="SHIP-RECEIPT", why="A part of the first line was received, not all of it."),
    "encrypted": Kind(code="DOC-UNREADABLE", why="The PDF asks for a password."),
    "truncated": Kind(code="DOC-UNREADABLE", why="The PDF ends before its pages do."),
    "illegible": Kind(code="DOC-CONFIDENCE", why="The scan is too poor to be trusted."),
}


def _with_first_quantity(paper: Paper, share: Decimal) -> Paper:
    first, *others = paper.lines
    quantity = max(Decimal(1), (first.quantity * share).to_integral_value())
    return replace(paper, lines=(replace(first, quantity=quantity), *others))


def _summed(totals: Totals, rows: tuple[TaxRow, ...]) -> Totals:
    net, tax = exact_sum(row.base for row in rows), exact_sum(row.tax for row in rows)
    return replace(totals, rows=rows, net=net, tax=tax, gross=net + tax)


def _totals(paper: Paper) -> Totals:
    assert paper.totals is not None
    return paper.totals


def _iban_of(paper: Paper) -> str:
    assert paper.seller.bank is not None
    return paper.seller.bank.iban


def _with_iban(paper: Paper, number: str) -> Paper:
    assert paper.seller.bank is not None
    return replace(paper, seller=replace(paper.seller, bank=replace(paper.seller.bank, iban=number)))
