"""Blocks that say what it comes to: sums, taxes, terms and the account."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from core.documents import DocumentType
from core.money import round_amount
from training.bill_parties import pairs
from training.bill_sheet import GREY, PALE, BillSheet
from training.pen import Token, words_of

Sum = tuple[list[Token], str, str | None, bool]


def sums(s: BillSheet, *, taxes: bool = True) -> list[Sum]:
    """The rows of sums: label, amount, field, whether it stands out."""
    paper, totals = s.paper, s.paper.totals
    assert totals is not None
    credit = paper.document_type is DocumentType.CREDIT_NOTE
    rows: list[Sum] = []
    if paper.extras.adjustments:
        line_sum = totals.net - sum((a.amount for a in paper.extras.adjustments), Decimal(0))
        rows.append((words_of(s.word("line_sum")), s.amount(line_sum), None, False))
        rows += [(words_of(s.word(a.kind)), s.amount(a.amount), None, False) for a in paper.extras.adjustments]
    rows.append((words_of(s.word("net_total")), s.amount(totals.net), "total_without_vat", False))
    single = len(totals.rows) == 1
    for index, row in enumerate(totals.rows if taxes else (), start=1):
        values: dict[str, tuple[str, str | None]] = {
            "rate": (s.rate(row.rate), f"tax_breakdown.{index}.rate"),
            "base": (s.amount(row.base, sign=False), f"tax_breakdown.{index}.taxable_amount"),
        }
        key = "total_vat" if single else f"tax_breakdown.{index}.tax_amount"
        rows.append((s.fill(s.word("tax_total"), values), s.amount(row.tax), key, False))
    if not single or not taxes:
        rows.append((words_of(s.word("tax_sum")), s.amount(totals.tax), "total_vat", False))
    rows.append(
        (words_of(s.word("credit_total" if credit else "gross_total")), s.amount(totals.gross), "total_with_vat", True)
    )
    if totals.prepaid is not None:
        rows.append((words_of(s.word("prepaid")), s.amount(totals.prepaid), "prepaid_amount", False))
    if totals.rounding is not None:
        rows.append((words_of(s.word("rounding")), s.amount(totals.rounding), None, False))
    if not credit and (totals.due != totals.gross or s.style.show_due):
        rows.append((words_of(s.word("due_total")), s.amount(totals.due), "amount_due", True))
    return rows


def totals(s: BillSheet, x: float, top: float, width: float) -> float:
    """Sums one below the other, amounts in line at the right."""
    y, size = top + 2, s.style.size
    fill, boxed = s.chance(0.2), s.chance(0.15)
    for label, amount, key, strong in sums(s):
        room = width - s.pen.text_width(amount, bold=True) - 12
        if strong and fill:
            s.pen.box(x, y, x + width, y + size * 1.6, fill=PALE, line=None)
        elif strong and not boxed:
            s.pen.rule(x, y, x + width, y, weight=s.pick(0.5, 1.0))
        s.pen.text(x + width - 3, y + size * 1.15, amount, key=key, bold=strong, align="right")
        end = s.pen.paragraph(x + 3, y + size * 1.15, label, room, leading=s.line, bold=strong)
        bottom = max(y + size * 1.65, end - size * 0.6)
        if boxed:
            s.pen.box(x, y, x + width, bottom)
        y = bottom
    return y


def totals_near(s: BillSheet, x: float, top: float, width: float) -> float:
    """Sums with the amount close behind its label."""
    drawn = []
    for label, amount, key, _ in sums(s):
        last = label[-1]
        colon = Token(last.text, last.key, last.before, last.after + ":")
        drawn.append([*label[:-1], colon, Token(amount, key)])
    return s.stack(x, top, width, drawn, align=s.pick("left", "right"))


def totals_dotted(s: BillSheet, x: float, top: float, width: float) -> float:
    """Sums with dots between label and amount."""
    y, size = top, s.style.size
    for label, amount, key, strong in sums(s):
        end = s.pen.run(x, y + size, label, bold=strong)
        start = x + width - s.pen.text_width(amount, bold=strong)
        dots = int((start - end - 8) / s.pen.text_width("."))
        if dots > 2:
            s.pen.text(end + 4, y + size, "." * dots, colour=GREY)
        s.pen.text(x + width, y + size, amount, key=key, bold=strong, align="right")
        y += s.line
    return y


def totals_strip(s: BillSheet, x: float, top: float, width: float) -> float:
    """Sums side by side, label over amount."""
    rows, y, size = sums(s, taxes=False), top, s.style.size
    boxed, filled = s.chance(0.5), s.chance(0.4)
    while rows:
        needed = [max(s.pen.text_width(" ".join(t.shown for t in label), bold=True),
                      s.pen.text_width(amount, bold=True)) + 12
                  for label, amount, _, _ in rows]  # fmt: skip
        take = len(rows)
        while take > 1 and sum(needed[:take]) > width:
            take -= 1
        spare, cell_x = (width - sum(needed[:take])) / take, x
        depth = size * 3.2
        if filled:
            s.pen.box(x, y, x + width, y + depth / 2, fill=PALE, line=None)
        for (label, amount, key, strong), part in zip(rows[:take], needed[:take], strict=True):
            right = cell_x + part + spare
            s.pen.run(right - 4, y + size * 1.15, label, bold=True, align="right", size=size * 0.95)
            s.pen.text(right - 4, y + size * 2.6, amount, key=key, bold=strong, align="right")
            if boxed:
                s.pen.box(cell_x, y, right, y + depth)
            cell_x = right
        rows, y = rows[take:], y + depth + 3
    return y


def tax_table(s: BillSheet, x: float, top: float, width: float, *, gross: bool = False, closed: bool = False) -> float:
    """A table of rates: base, tax and perhaps gross for each, with a row of sums when `closed`."""
    totals, size = s.paper.totals, s.style.size
    assert totals is not None
    heads = [s.word("tax_rate"), s.word("tax_base"), s.word("tax_amount")] + ([s.word("gross_line")] if gross else [])
    body: list[list[tuple[str, str | None]]] = []
    for index, row in enumerate(totals.rows, start=1):
        name = f"tax_breakdown.{index}"
        cells = [(s.rate(row.rate), f"{name}.rate"), (s.amount(row.base, sign=False), f"{name}.taxable_amount"),
                 (s.amount(row.tax, sign=False), f"{name}.tax_amount")]  # fmt: skip
        body.append([*cells, *([(s.amount(row.base + row.tax, sign=False), None)] if gross else [])])
    if closed:
        sums_row: list[tuple[str, str | None]] = [
            ("", None), (s.amount(totals.net), "total_without_vat"), (s.amount(totals.tax), "total_vat")]  # fmt: skip
        body.append([*sums_row, *([(s.amount(totals.gross), "total_with_vat")] if gross else [])])
    widths = [max(s.pen.text_width(cell, bold=True) for cell in (head, *(row[place][0] for row in body))) + 12
              for place, head in enumerate(heads)]  # fmt: skip
    scale = min(1.0, width / sum(widths))
    y, boxed = top + 2, s.chance(0.4)
    for number in range(-1, len(body)):
        cell_x, last = x, closed and number == len(body) - 1
        if last:
            s.pen.rule(x, y, x + sum(widths) * scale, y, weight=0.6)
        for place, part in enumerate(widths):
            right = cell_x + part * scale
            text, key = (heads[place], None) if number < 0 else body[number][place]
            if text:
                s.pen.text(
                    right - 4,
                    y + size * 1.1,
                    text,
                    key=key,
                    bold=number < 0 or last,
                    align="right",
                    size=size * min(1.0, scale),
                )
            if boxed:
                s.pen.box(cell_x, y, right, y + size * 1.6)
            cell_x = right
        y += size * 1.6
    return y + 2


def totals_tax_table(s: BillSheet, x: float, top: float, width: float) -> float:
    """Only a table of rates that ends in the totals, and what is left to pay below it."""
    y = tax_table(s, x, top, width, gross=True, closed=True)
    paper = s.paper
    assert paper.totals is not None
    if paper.totals.due != paper.totals.gross or s.chance(0.5):
        credit = paper.document_type is DocumentType.CREDIT_NOTE
        name = "total_with_vat" if paper.totals.due == paper.totals.gross else "amount_due"
        word = "credit_total" if credit else "due_total" if name == "amount_due" else "gross_total"
        row = [*words_of(s.label(word)), Token(s.amount(paper.totals.due), name)]
        y = s.stack(x, y + 3, width, [row], bold=True, align=s.pick("left", "right"))
    return y


def tax_and_totals(s: BillSheet, x: float, top: float, width: float) -> float:
    """The table of rates at the left, the sums at the right."""
    half = width * 0.5
    return max(tax_table(s, x, top, half - 10, gross=s.chance(0.5)), totals(s, x + half, top, half))


def totals_sentence(s: BillSheet, x: float, top: float, width: float) -> float:
    """Sums in a sentence, when it is one rate; rows otherwise."""
    totals_, size = s.paper.totals, s.style.size
    assert totals_ is not None
    if len(totals_.rows) > 1 or totals_.due != totals_.gross:
        return totals_near(s, x, top, width)
    values: dict[str, tuple[str, str | None]] = {
        "gross": (s.amount(totals_.gross), "total_with_vat"), "net": (s.amount(totals_.net), "total_without_vat"),
        "tax": (s.amount(totals_.tax), "total_vat"),
        "rate": (s.rate(totals_.rows[0].rate), "tax_breakdown.1.rate")}  # fmt: skip
    return s.stack(x, top, width, [s.fill(s.word("sentence"), values)], size=size)


def totals_gross(s: BillSheet, x: float, top: float, width: float) -> float:
    """Only the gross total, with the rate that is in it."""
    found = s.paper.totals
    assert found is not None
    credit = s.paper.document_type is DocumentType.CREDIT_NOTE
    row = [
        *words_of(s.label("credit_total" if credit else "gross_total")),
        Token(s.amount(found.gross), "total_with_vat"),
    ]
    values: dict[str, tuple[str, str | None]] = {"rate": (s.rate(found.rows[0].rate), None)}
    align = s.pick("left", "right", "right")
    bottom = s.stack(x, top, width, [row], bold=True, size=s.style.size * s.pick(1.0, 1.3, 1.8), align=align)
    rows = []
    if len(found.rows) == 1 and found.tax:
        amount = [Token(s.amount(found.tax), "total_vat")] if s.chance(0.5) else []
        rows.append([*s.fill(s.word("incl"), values), *amount])
    if found.due != found.gross:
        if found.prepaid is not None:
            rows.append([*words_of(s.label("prepaid")), Token(s.amount(found.prepaid), "prepaid_amount")])
        rows.append([*words_of(s.label("due_total")), Token(s.amount(found.due), "amount_due")])
    return s.stack(x, bottom + 2, width, rows, align=align) if rows else bottom


def section_totals(s: BillSheet, x: float, top: float, width: float) -> float:
    """The sums as a section of a form, each tax group with its own rows."""
    y = s.heading(x, top, s.word("section_totals"), width=width)
    rows = []
    for label, amount, key, _ in sums(s, taxes=False):
        rows.append((" ".join(token.shown for token in label), [Token(amount, key)]))
    y = pairs(s, x, y, width, rows) + 4
    found = s.paper.totals
    assert found is not None
    y = s.heading(x, y, s.word("section_tax"), width=width)
    for index, row in enumerate(found.rows, start=1):
        name = f"tax_breakdown.{index}"
        parts = [(s.word("tax_rate"), [Token(s.rate(row.rate), f"{name}.rate")]),
                 (s.word("tax_base"), [Token(s.amount(row.base), f"{name}.taxable_amount")]),
                 (s.word("tax_amount"), [Token(s.amount(row.tax), f"{name}.tax_amount")])]  # fmt: skip
        y = pairs(s, x, y, width, parts) + 3
    return y


def terms(s: BillSheet, x: float, top: float, width: float) -> float:
    """When to pay, and what it costs when that is early."""
    paper, rows = s.paper, []
    if paper.totals is not None and paper.totals.tax == 0 and paper.seller.country != "US":
        rows.append(words_of(s.word("reverse")))
    if paper.document_type is DocumentType.INVOICE:
        if paper.terms_days is not None and s.chance(0.6):
            rows.append([*words_of(s.label("terms")), *words_of(s.terms_text(), "payment_terms")])
        if paper.due_date is not None and paper.terms_days is not None and s.chance(0.4):
            values: dict[str, tuple[str, str | None]] = {
                "due": (s.date(paper.due_date), "due_date"),
                "days": (str(paper.terms_days), None),
            }
            rows.append(s.fill(s.word("terms_dated"), values))
        if paper.totals is not None and paper.terms_days and s.chance(0.22):
            percent, days = s.pick(2, 3), min(s.pick(7, 10, 14), paper.terms_days)
            part = s.pick(percent, 100 - percent)
            text = s.word("skonto").format(
                pct=percent, days=days, day=s.date(paper.issue_date + timedelta(days=days)),
                amount=s.amount(round_amount(paper.totals.gross * part / 100, paper.currency)))  # fmt: skip
            rows.append(words_of(text))
    if s.chance(0.5):
        rows.append(words_of(s.word("note")))
    return s.stack(x, top, width, rows) if rows else top


def bank(s: BillSheet, x: float, top: float, width: float) -> float:
    """The account in lines."""
    if s.paper.document_type is not DocumentType.INVOICE:
        return top
    if s.chance(0.4):
        top = s.heading(x, top, s.word("section_pay"), width=0)
    return s.stack(x, top, width, s.bank_rows())


def bank_line(s: BillSheet, x: float, top: float, width: float) -> float:
    """The account in one sentence."""
    row: list[Token] = []
    for part in s.bank_rows():
        row += [*([Token("·")] if row else []), *part]
    return s.stack(x, top, width, [row])


def section_payment(s: BillSheet, x: float, top: float, width: float) -> float:
    """The account as a section of a form."""
    account, rows = s.paper.seller.bank, []
    if account is None:
        return top
    if s.chance(0.5) and s.paper.extras.payee is None:
        rows.append((s.word("payee"), s.name_row("seller")))
    rows += [(s.word("iban"), words_of(s.iban(account.iban), "payment_iban")), (s.word("bic"), words_of(account.bic)),
             (s.word("bank"), words_of(account.name))]  # fmt: skip
    if s.paper.terms_days is not None and s.paper.document_type is DocumentType.INVOICE:
        rows.append((s.word("terms"), words_of(s.terms_text(), "payment_terms")))
    return pairs(s, x, s.heading(x, top, s.word("section_pay"), width=width), width, rows)


def code(s: BillSheet, x: float, top: float, width: float) -> float:
    """A square code for paying by telephone."""
    side, count = min(64.0, width), 17
    cell = side / count
    for row in range(count):
        for column in range(count):
            if s.chance(0.45):
                left, upper = x + column * cell, top + row * cell
                s.pen.box(left, upper, left + cell, upper + cell, fill=(0, 0, 0), line=None)
    return top + side


Block = Callable[[BillSheet, float, float, float], float]
