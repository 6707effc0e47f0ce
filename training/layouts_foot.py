"""Draws what stands below the line table: totals, tax, terms, account, closing words and the page's foot."""

from core.documents import DocumentType
from core.money import ZERO
from training.layouts_head import GREY, PALE, accent_of
from training.papers import Totals
from training.pen import Token, words_of
from training.sheet import Sheet

_LEAST_FOOT_SIZE = 4.0

TotalRow = tuple[list[Token], str, str | None, bool]


def foot_height(sheet: Sheet) -> float:
    """Room the foot of every page takes."""
    style = sheet.style
    if style.footer == 0:
        return 12.0 if style.page_note == "bottom" else 0.0
    rows = max(len(column) for column in _foot_columns(sheet))
    return rows * style.footer_size * 1.25 + 10 + (12.0 if style.page_note == "bottom" else 0.0)


def draw_foot(sheet: Sheet) -> None:
    """Draws the foot of the present page."""
    style, pen = sheet.style, sheet.pen
    size = style.footer_size
    left, right = style.margin_left, style.page_size[0] - style.margin_right
    bottom = style.page_size[1] - style.margin_bottom + 12
    if style.page_note == "bottom":
        pen.text(right, bottom, _page_text(sheet), size=size, align="right", colour=GREY)
    if style.footer == 0:
        return
    columns = _foot_columns(sheet)
    y = bottom - foot_height(sheet) + 10
    if style.footer_rule:
        pen.rule(left, y - size - 3, right, y - size - 3, weight=0.4, colour=GREY)
    size, widths = _foot_widths(sheet, columns, right - left)
    x = left
    for column, width in zip(columns, widths, strict=True):
        row_y = y
        for tokens in column:
            pen.run(x, row_y, tokens, size=size, colour=GREY)
            row_y += size * 1.25
        x += width


def draw_page_note(sheet: Sheet) -> None:
    """The page number at the top, where the house prints it there, and the number of the paper on later pages."""
    if sheet.style.page_note == "top":
        right = sheet.style.page_size[0] - sheet.style.margin_right
        sheet.pen.text(right, sheet.style.margin_top - 14, _page_text(sheet), size=7, align="right", colour=GREY)


def totals_height(sheet: Sheet) -> float:
    """Room that totals, terms and account need together, so that they are not torn apart."""
    totals, style = sheet.paper.totals, sheet.style
    if totals is None:
        return 8 * sheet.line + 20
    rows = len(total_rows(sheet, totals)) * (sheet.line + 3)
    table = (len(totals.rows) + 2) * sheet.line if style.tax_table else 0
    words = {"text": 1, "dated": 1, "both": 2, "none": 0}[style.terms] + 2 * style.closing
    account = {"none": 0, "paragraph": 2}.get(style.payment, 5)
    return rows + table + (words + account + 3) * sheet.line


def draw_totals(sheet: Sheet) -> None:
    """The sums of an invoice, where the house puts them."""
    totals = sheet.paper.totals
    assert totals is not None
    sheet.y += sheet.line * 0.8
    kind = sheet.style.totals
    if kind == "sentence" and len(totals.rows) == 1 and totals.prepaid is None:
        _totals_sentence(sheet, totals)
    elif kind == "strip" and _strip_fits(sheet, totals):
        _totals_strip(sheet, totals)
    else:
        _totals_box(sheet, totals, left=kind == "left")
    if sheet.style.tax_table:
        _tax_table(sheet, totals)
    if totals.tax == ZERO and sheet.paper.seller.country != "US":
        sheet.y += sheet.line
        sheet.pen.text(sheet.left, sheet.y, sheet.style.words["reverse"])


def draw_payment(sheet: Sheet) -> None:
    """Terms, account and closing words."""
    style, paper, pen = sheet.style, sheet.paper, sheet.pen
    sheet.y += sheet.line * 1.6
    width = sheet.right - sheet.left
    if paper.document_type is DocumentType.INVOICE and paper.terms_days is not None:
        if style.terms in {"text", "both"}:
            tokens = [*words_of(sheet.label("terms")), *words_of(sheet.terms_text(), "payment_terms")]
            sheet.y = pen.paragraph(sheet.left, sheet.y, tokens, width, leading=sheet.line)
        if style.terms in {"dated", "both"} and paper.due_date is not None:
            values: dict[str, tuple[str, str | None]] = {
                "due": (sheet.date(paper.due_date), "due_date"),
                "days": (str(paper.terms_days), None),
            }
            tokens = sheet.fill(style.words["terms_dated"], values)
            sheet.y = pen.paragraph(sheet.left, sheet.y, tokens, width, leading=sheet.line)
    if paper.document_type is DocumentType.INVOICE and style.payment != "none":
        _account(sheet)
    if style.closing and style.words["closing"]:
        sheet.y += sheet.line * 0.5
        sheet.y = pen.paragraph(sheet.left, sheet.y, words_of(style.words["closing"]), width, leading=sheet.line)


def draw_freight(sheet: Sheet) -> None:
    """Weights, packages and a place to sign, under a delivery note's lines."""
    freight = sheet.paper.freight
    assert freight is not None
    pen, words = sheet.pen, sheet.style.words
    sheet.y += sheet.line * 1.5
    shown = [
        ("gross_weight", freight.gross_weight, "gross_weight"),
        ("net_weight", freight.net_weight, "net_weight"),
    ]
    for word, weight, key in shown:
        text = sheet.style.numbers.number(weight, 1)
        tokens = [*words_of(sheet.label(word)), Token(text, key), Token(freight.weight_unit, f"{key}_unit")]
        pen.run(sheet.left, sheet.y, tokens)
        sheet.y += sheet.line
    if "package_count" not in sheet.style.meta:
        tokens = [*words_of(sheet.label("package_count")), Token(str(freight.packages), "package_count")]
        pen.run(sheet.left, sheet.y, tokens)
        sheet.y += sheet.line
    if "carrier" not in sheet.style.meta:
        tokens = [*words_of(sheet.label("carrier")), *words_of(freight.carrier, "carrier_name")]
        pen.run(sheet.left, sheet.y, tokens)
        sheet.y += sheet.line
    sheet.y += sheet.line * 2.5
    pen.rule(sheet.left, sheet.y, sheet.left + 190, sheet.y)
    pen.text(sheet.left, sheet.y + 9, words["signature"], size=7, colour=GREY)


def total_rows(sheet: Sheet, totals: Totals) -> list[TotalRow]:
    """The rows of the totals box: label tokens, amount, field name, whether it stands out."""
    words = sheet.style.words
    credit = sheet.paper.document_type is DocumentType.CREDIT_NOTE
    rows: list[TotalRow] = [(words_of(words["net_total"]), sheet.amount(totals.net), "total_without_vat", False)]
    single = len(totals.rows) == 1
    for index, row in enumerate(totals.rows, start=1):
        values: dict[str, tuple[str, str | None]] = {
            "rate": (sheet.rate(row.rate), f"tax_breakdown.{index}.rate"),
            "base": (sheet.amount(row.base, sign=False), f"tax_breakdown.{index}.taxable_amount"),
        }
        key = "total_vat" if single else f"tax_breakdown.{index}.tax_amount"
        rows.append((sheet.fill(words["tax_total"], values), sheet.amount(row.tax), key, False))
    if not single:
        rows.append((words_of(words["tax_sum"]), sheet.amount(totals.tax), "total_vat", False))
    gross = words["credit_total" if credit else "gross_total"]
    rows.append((words_of(gross), sheet.amount(totals.gross), "total_with_vat", True))
    if totals.prepaid is not None:
        rows.append((words_of(words["prepaid"]), sheet.amount(totals.prepaid), "prepaid_amount", False))
    if not credit and (totals.prepaid is not None or sheet.style.show_due):
        rows.append((words_of(words["due_total"]), sheet.amount(totals.due), "amount_due", True))
    return rows


def _totals_box(sheet: Sheet, totals: Totals, *, left: bool) -> None:
    style, pen = sheet.style, sheet.pen
    rows = total_rows(sheet, totals)
    label_width = max(_tokens_width(sheet, tokens, bold) for tokens, _, _, bold in rows)
    amount_width = max(pen.text_width(text, bold=True) for _, text, _, _ in rows)
    width = min(max(label_width + amount_width + 30, 190.0), sheet.right - sheet.left)
    x = sheet.left if left else sheet.right - width
    step = sheet.line + 3
    top = sheet.y
    for index, (tokens, text, key, bold) in enumerate(rows):
        row_top = top + index * step
        y = row_top + style.size + 1.5
        if bold and style.totals_rules == "fill":
            pen.box(x, row_top, x + width, row_top + step, fill=PALE, line=None)
        pen.run(x + 5, y, tokens, bold=bold)
        pen.text(x + width - 5, y, text, key=key, bold=bold, align="right")
        if style.totals_rules in {"all", "box"} or (bold and style.totals_rules == "last"):
            pen.rule(x, row_top, x + width, row_top, weight=0.4 if style.totals_rules == "all" else 0.8)
    sheet.y = top + len(rows) * step
    if style.totals_rules == "box":
        pen.box(x, top, x + width, sheet.y)


def _strip_cells(sheet: Sheet, totals: Totals) -> list[tuple[TotalRow, float]]:
    cells = []
    for row in total_rows(sheet, totals):
        tokens, text, _, bold = row
        cells.append((row, max(_tokens_width(sheet, tokens, bold), sheet.pen.text_width(text, bold=bold)) + 14))
    return cells


def _strip_fits(sheet: Sheet, totals: Totals) -> bool:
    return sum(width for _, width in _strip_cells(sheet, totals)) <= sheet.right - sheet.left


def _totals_strip(sheet: Sheet, totals: Totals) -> None:
    cells = _strip_cells(sheet, totals)
    spare = (sheet.right - sheet.left - sum(width for _, width in cells)) / len(cells)
    x, top, pen = sheet.left, sheet.y, sheet.pen
    bottom = top + 2 * sheet.line + 8
    for (tokens, text, key, bold), width in cells:
        if sheet.style.totals_rules in {"all", "box"}:
            pen.box(x, top, x + width + spare, bottom)
        pen.run(x + 5, top + sheet.style.size + 2, tokens, bold=bold, colour=accent_of(sheet))
        pen.text(x + 5, top + sheet.style.size + 4 + sheet.line, text, key=key, bold=bold)
        x += width + spare
    sheet.y = bottom


def _totals_sentence(sheet: Sheet, totals: Totals) -> None:
    row = totals.rows[0]
    values: dict[str, tuple[str, str | None]] = {
        "gross": (sheet.amount(totals.gross, sign=True), "total_with_vat"),
        "net": (sheet.amount(totals.net, sign=True), "total_without_vat"),
        "tax": (sheet.amount(totals.tax, sign=True), "total_vat"),
        "rate": (sheet.rate(row.rate), "tax_breakdown.1.rate"),
    }
    tokens = sheet.fill(sheet.style.words["sentence"], values)
    y = sheet.y + sheet.style.size
    sheet.y = sheet.pen.paragraph(sheet.left, y, tokens, sheet.right - sheet.left, leading=sheet.line)
    sheet.y -= sheet.style.size


def _tax_table(sheet: Sheet, totals: Totals) -> None:
    pen, words = sheet.pen, sheet.style.words
    sheet.y += sheet.line
    headings = (words["tax_rate"], words["tax_base"], words["tax_amount"])
    number = sheet.style.numbers
    body = [(sheet.rate(row.rate), number.number(row.base, 2), number.number(row.tax, 2)) for row in totals.rows]
    keys = ("rate", "taxable_amount", "tax_amount")
    widths = [
        max(pen.text_width(cell, bold=True) for cell in (heading, *(row[place] for row in body))) + 14
        for place, heading in enumerate(headings)
    ]
    y = sheet.y + sheet.style.size
    for index in range(-1, len(body)):
        x = sheet.left
        for place, width in enumerate(widths):
            x += width
            if index < 0:
                pen.text(x, y, headings[place], bold=True, align="right")
            else:
                key = f"tax_breakdown.{index + 1}.{keys[place]}"
                pen.text(x, y, body[index][place], key=key, align="right")
        y += sheet.line
    sheet.y = y - sheet.line


def _account(sheet: Sheet) -> None:
    bank, pen = sheet.paper.seller.bank, sheet.pen
    if bank is None:
        return
    parts = [
        ("bank", bank.name, None),
        ("iban", sheet.iban(bank.iban), "payment_iban"),
        ("bic", bank.bic, None),
    ]
    if sheet.paper.payment_reference and "payment_reference" not in sheet.style.meta:
        parts.append(("payment_reference", sheet.paper.payment_reference, "payment_reference"))
    if sheet.style.payment == "paragraph":
        tokens: list[Token] = []
        for word, text, key in parts:
            tokens += [*words_of(sheet.label(word)), *words_of(text, key)]
        sheet.y = pen.paragraph(sheet.left, sheet.y, tokens, sheet.right - sheet.left, leading=sheet.line)
        return
    pad = 6.0 if sheet.style.payment == "box" else 0.0
    sheet.y += pad
    top = sheet.y - sheet.style.size
    label_width = max(pen.text_width(sheet.label(word)) for word, _, _ in parts) + 8
    y, right = sheet.y + pad, sheet.left
    for word, text, key in parts:
        pen.text(sheet.left + pad, y, sheet.label(word))
        right = max(right, pen.text(sheet.left + pad + label_width, y, text, key=key))
        y += sheet.line
    if pad:
        pen.box(sheet.left, top, right + pad, y - sheet.line + pad)
        y += pad + 4
    sheet.y = y


def _foot_columns(sheet: Sheet) -> list[list[list[Token]]]:
    seller, words = sheet.paper.seller, sheet.style.words
    name, address = sheet.party_key("seller", "name"), sheet.party_key("seller", "address")
    home = [words_of(seller.name, name), words_of(seller.street, address), words_of(sheet.city_line(seller), address)]
    contact = [
        words_of(f"{sheet.label(word)} {text}")
        for word, text in (("phone", seller.phone), ("fax", seller.fax), ("email", seller.email), ("web", seller.web))
        if text
    ]
    legal = []
    if vat := sheet.vat(seller):
        legal.append([*words_of(sheet.label("vat_id")), Token(vat, sheet.party_key("seller", "vat_id"))])
    for word, text in (("tax_number", seller.tax_number), ("manager", seller.manager)):
        if text:
            legal.append(words_of(f"{sheet.label(word)} {text}"))
    if seller.register:
        legal.append(words_of(f"{words['register']} {seller.register}"))
    account = []
    if bank := seller.bank:
        account = [
            words_of(bank.name),
            [*words_of(sheet.label("iban")), *words_of(sheet.iban(bank.iban), "payment_iban")],
            words_of(f"{sheet.label('bic')} {bank.bic}"),
        ]
    groups = {
        1: [[[*home[0], Token("·"), *home[1], Token("·"), *home[2]], *_joined(legal), *_joined(account)]],
        2: [[*home, *legal[:1]], [*contact[:1], *account]],
        3: [[*home, *contact[:1]], legal, account],
        4: [home, contact, legal, account],
    }
    return [column for column in groups[sheet.style.footer] if column]


def _joined(parts: list[list[Token]]) -> list[list[Token]]:
    tokens: list[Token] = []
    for part in parts:
        tokens += [*([Token("·")] if tokens else []), *part]
    return [tokens] if tokens else []


def _foot_widths(sheet: Sheet, columns: list[list[list[Token]]], total: float) -> tuple[float, list[float]]:
    """A size at which all columns fit side by side, and their widths with the spare room shared out."""
    size = sheet.style.footer_size
    while True:
        needed = [max(_tokens_width(sheet, tokens, False, size) for tokens in column) for column in columns]
        spare = total - sum(needed)
        if spare >= 8 * (len(columns) - 1) or size <= _LEAST_FOOT_SIZE:
            return size, [width + spare / len(columns) for width in needed]
        size -= 0.25


def _tokens_width(sheet: Sheet, tokens: list[Token], bold: bool, size: float | None = None) -> float:
    return sheet.pen.text_width(" ".join(token.shown for token in tokens), bold=bold, size=size)


def _page_text(sheet: Sheet) -> str:
    return f"{sheet.style.words['page']} {sheet.pen.page} {sheet.style.words['of']} {sheet.pages}"
