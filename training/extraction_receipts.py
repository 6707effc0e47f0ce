# ruff: noqa: E501  a form of a value is one line
"""Invents till receipts as they are read from a photo or scan, so that training sees more than invoices.

A receipt is made as words with boxes, line by line; there is no need to print it. What is true of it is known from
the making. A structure says what stands where, chance the rest. Shops, streets and goods are nobody's.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from core.documents import Page, Reading, Source
from core.money import plain
from training.extraction_noise import as_if_scanned
from training.names import goods, person
from training.receipt_shops import NAMES, random_shop
from training.receipt_strip import WIDTH, Strip, Till
from training.receipt_words import COUNTRIES, TITLES, WORDS

_CENT = Decimal("0.01")
_RATES = {"MY": (6, 6, 8), "SG": (7, 9), "GB": (20,), "IE": (23,), "US": (8,), "AU": (10,), "DE": (19, 7), "AT": (20, 10),
          "FR": (20, 10), "BE": (21, 6), "ES": (21, 10), "IT": (22, 10), "NL": (21, 9), "PT": (23, 13), "PL": (23, 8)}  # fmt: skip
_SIGNS = {"MY": ("RM", "RM ", "MYR ", ""), "SG": ("$", "S$", ""), "US": ("$", "$", ""), "AU": ("$", ""), "GB": ("£", "£", ""),
          "PL": ("PLN ", "")}  # fmt: skip
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d-%b-%Y", "%d-%m-%y", "%d %B %Y",
          "%d-%b-%y", "%Y/%m/%d")  # fmt: skip
# A structure: how it begins, how lines of goods look, how sums are set, and what follows them.
_STRUCTURES: dict[str, tuple[str, str, str, str]] = {
    "till": ("centre", "one", "edge", "none"),
    "till-left": ("left", "one", "edge", "summary"),
    "till-columns": ("centre", "columns", "edge", "summary"),
    "till-two-rows": ("centre", "two", "edge", "count"),
    "till-colon": ("centre", "two", "colon", "summary"),
    "cash-bill": ("left", "columns", "colon", "signature"),
    "restaurant": ("centre", "counted", "edge", "count"),
    "code-first": ("centre", "coded", "edge", "summary"),
    "short": ("centre", "one", "edge", "card"),
    "petrol": ("left", "measured", "colon", "card"),
    "card-slip": ("centre", "none", "colon", "card"),
    "tax-letters": ("centre", "lettered", "edge", "table"),
    "tax-first": ("left", "one", "middle", "table"),
    "big-total": ("centre", "two", "big", "none"),
    "sheet": ("wide", "columns", "middle", "signature"),
    "parking": ("centre", "none", "big", "count"),
}  # fmt: skip


def random_receipt(rng: Random) -> tuple[Reading, dict[str, Any]]:
    """A receipt as it would be read by OCR, and its label."""
    language = rng.choice(("en",) * 10 + ("de", "de", "fr", "es", "it", "nl", "pt", "pl"))
    country = rng.choice(COUNTRIES[language])
    structure = rng.choice(list(_STRUCTURES))
    head, body, sums, tail = _STRUCTURES[structure]
    size = rng.uniform(11, 24) if head != "wide" else rng.uniform(8, 12)
    strip = Strip(
        size=size,
        advance=size * rng.uniform(0.48, 0.62),
        y=rng.uniform(20, 160),
        decimals="." if language == "en" or rng.random() < 0.1 else ",",
    )
    label: dict[str, Any] = {
        "document_type": "receipt", "language": language, "layout": f"receipt-{structure}", "fields": {}, "lines": [],
    }  # fmt: skip
    rate = rng.choice(_RATES[country])
    words = {key: rng.choice(options).replace("{rate}", str(rate)) for key, options in WORDS[language].items()}
    till = Till(strip=strip, rng=rng, language=language, country=country, words=words, label=label)
    _head(till, "left" if head == "left" else "centre")
    _meta(till, spread=head == "wide" or rng.random() < 0.2)
    total = _goods(till, body)
    _sums(till, total, rate, sums)
    _tail(till, total, rate, tail)
    label["evidence"] = strip.seen
    page = Page(number=1, width=WIDTH, height=strip.y + 60, source=Source.OCR, words=tuple(strip.words))
    return as_if_scanned(Reading(sha256="0" * 64, media_type="image/jpeg", pages=(page,)), rng), label


def _head(till: Till, place: str) -> None:  # noqa: C901  a list of what may stand there
    strip, rng, words = till.strip, till.rng, till.words
    name, address = random_shop(rng, till.country)
    if till.chance(0.12):
        strip.line(
            rng.choice(("*** WELCOME ***", "Reprint", "COPY", str(rng.randrange(1000, 99999)), "Your order number is")),
            place,
        )
    if till.chance(0.15):
        strip.line(name.split()[0].lower().capitalize(), place, scale=1.5)
    register = rng.choice(
        (f"({rng.randrange(100000, 999999)}-{rng.choice('XWHTKMAPVUD')})", f"{words['register']} : {rng.randrange(10**5, 10**8)}",
         f"{words['register']}: {rng.randrange(10**5, 10**6)}-{rng.choice('XWHTK')}", f"{rng.randrange(10**5, 10**6)}-{rng.choice('WHK')}")
    )  # fmt: skip
    same_line = till.chance(0.15) and len(name) + len(register) < 36
    scale = rng.choice((1.0, 1.0, 1.0, 1.2, 1.4))
    if same_line:
        x = max((WIDTH - strip.advance * (len(name) + len(register) + 1)) / 2, 8.0)
        strip.put(register, strip.put(name, x, names=("seller_name",)))
        strip.down()
    else:
        strip.line(name, place, names=("seller_name",), scale=scale)
        if till.chance(0.55):
            strip.line(register, place)
    till.label["fields"]["seller_name"] = name
    if till.chance(0.12):
        strip.line(
            rng.choice(
                (
                    f"({rng.choice(NAMES.split('|'))} BRANCH)",
                    f"Store #{rng.randrange(100, 9999)}",
                    "Filiale 12",
                    "OUTLET 3",
                )
            ),
            place,
        )
    if till.chance(0.9):
        for text in address:
            strip.line(text, place, names=("seller_address",))
        till.label["fields"]["seller_address"] = ", ".join(line.rstrip(",.") for line in address)
    phone = f"0{rng.randrange(1, 9)}-{rng.randrange(10**6, 10**8)}"
    extra = [f"TEL : {phone}", f"Tel: {phone}  Fax: {phone}", f"{words['tax_id']} : {rng.randrange(10**11, 10**12 - 1)}",
             f"{words['tax_id']}: 00{rng.randrange(10**9, 10**10 - 1)}", f"www.{name.split()[0].lower()}.com"]  # fmt: skip
    for text in rng.sample(extra, rng.choice((0, 1, 1, 2, 2, 3))):
        strip.line(text, place)
    if till.chance(0.2):
        strip.line(rng.choice(("-", "=", "*")) * 24, place)
    title = rng.choice(TITLES[till.language])
    if title:
        strip.down(0.5)
        strip.line(title, rng.choice((place, "centre")), scale=rng.choice((1.0, 1.3)))


def _meta(till: Till, *, spread: bool) -> None:
    strip, rng, words = till.strip, till.rng, till.words
    day = date(2015, 6, 1) + timedelta(days=rng.randrange(4300))
    form = rng.choice(_DATES if till.language == "en" else _DATES[:5])
    if till.country == "US":
        form = rng.choice(("%m/%d/%Y", "%m/%d/%y", "%b %d, %Y", "%Y-%m-%d"))
    when = day.strftime(form).upper() if till.chance(0.3) else day.strftime(form)
    clock = rng.choice(("", f"{rng.randrange(8, 22)}:{rng.randrange(60):02d}", f"{rng.randrange(8, 22)}:{rng.randrange(60):02d}:{rng.randrange(60):02d}",
                        f"{rng.randrange(1, 12)}:{rng.randrange(60):02d} {rng.choice(('AM', 'PM'))}"))  # fmt: skip
    serial = rng.randrange(1000, 10**7)
    number = rng.choice((f"{rng.choice(('CS', 'INV', 'R', 'A', '', '', 'OR', 'SI-', 'T1-'))}{serial}", f"{rng.randrange(10, 99)}-{serial % 10**5}",
                         f"{serial:010d}", f"CS{day:%y%m}/{serial % 10**4}", f"#{serial}", f"{rng.randrange(10**9, 10**12)}"))  # fmt: skip
    colon = rng.choice((":", " :", "", ": "))
    clerk = rng.choice(("01", "ANNA", "#3", "Manager", person(rng).split()[0], "USER", "9"))
    rows: list[tuple[str, str, str, tuple[str, ...], float]] = [
        (words["number"], number, "", ("invoice_number",), 0.75),
        (words["date"], when, clock, ("issue_date",), 1.0),
        (words["clerk"], clerk, "", (), 0.6),
        (rng.choice(("Ref", "Batch", "Member No", "Till", "Shift")), str(rng.randrange(10**3, 10**8)), "", (), 0.25),
        (
            rng.choice(("M/S", "Customer", "To", "Bill To")),
            rng.choice(("CASH", "WALK-IN", person(rng).upper())),
            "",
            (),
            0.15,
        ),
    ]
    rng.shuffle(rows)
    aligned = 26 + strip.advance * (max(len(row[0]) for row in rows) + 2) if till.chance(0.5) else 0.0
    left, beside = 22.0, False
    for text, value, after, names, share in rows:
        if not till.chance(share):
            continue
        start = left
        end = strip.put(f"{text}{colon}" if text else "", start) if text else start
        end = max(end, aligned) if aligned and not beside else end
        end = strip.put(value, end, names=names)
        if after:
            end = strip.put(after, end + rng.choice((0.0, strip.advance * 2)))
        beside = not beside and spread and end < WIDTH * 0.48
        left = WIDTH * 0.52 if beside else 22.0
        if not beside:
            strip.down()
    if beside:
        strip.down()
    if "invoice_number" in strip.seen:
        till.label["fields"]["invoice_number"] = number
    till.label["fields"]["issue_date"] = day.isoformat()


def _goods(till: Till, kind: str) -> Decimal:  # noqa: C901  one branch for each way to print goods
    strip, rng, total, edge = till.strip, till.rng, Decimal(0), WIDTH - 25
    strip.down(0.5)
    if kind == "none":
        return Decimal(rng.randrange(100, 40000)) / 100
    if kind == "columns" or (kind == "coded" and till.chance(0.5)):
        heads = rng.choice(
            (("Description", "Qty", "Price", "Amount"), ("Item", "QTY", "U.P", "AMT"), ("Desc", "Qty", "RM", "Total"))
        )
        for head, x in zip(heads, (22.0, 290.0, 430.0, edge), strict=True):
            strip.put(head, 22.0) if x == 22.0 else strip.right(head, x)
        strip.down()
    for number in range(1, rng.randrange(2, 13) if kind != "measured" else 2):
        count, price = rng.choice((1, 1, 1, 2, 3, 5)), Decimal(rng.randrange(50, 9000)) / 100
        name = goods(rng, till.language).split(",")[0]
        name = name.upper() if till.chance(0.5) else name
        name, amount = name[: int(250 / strip.advance)].strip(), strip.money(price * count)
        amount += rng.choice(("", "", " SR", " A", "*")) if kind == "lettered" else ""
        code = str(rng.randrange(10**6, 10**13))
        if kind == "measured":
            litres = Decimal(rng.randrange(500, 6000)) / 100
            strip.put(f"{number:02d} PUMP", 22.0)
            strip.down()
            strip.put(f"{strip.money(litres)} L x {strip.money(price)}", 40.0)
            count, amount = 1, strip.money(price)
        elif kind == "columns":
            strip.put(f"{number}. {name}" if till.chance(0.3) else name, 22.0)
            strip.down()
            strip.right(str(count), 290.0)
            strip.right(strip.money(price), 430.0)
        elif kind == "two":
            strip.put(f"{code} {name}" if till.chance(0.3) else name, 22.0)
            strip.down()
            strip.put(f"{count} {rng.choice(('x', 'X', '@', 'x @'))} {strip.money(price)}", 60.0)
        elif kind == "coded":
            strip.put(code, 22.0)
            strip.down()
            strip.put(name, 22.0)
            strip.down()
            strip.put(f"{count}.00 PCS X {strip.money(price)}", 40.0)
        elif kind == "counted":
            strip.put(f"{count} {name}", 22.0)
        else:
            strip.put(name, 22.0)
        strip.right(amount, edge)
        strip.down()
        total += price * count
    strip.down(0.5)
    if till.chance(0.2):
        strip.line("-" * 30, "centre")
    return total


def _sums(till: Till, total: Decimal, rate: int, kind: str) -> None:  # noqa: C901  a list of what may stand there
    strip, rng, words, fields = till.strip, till.rng, till.words, till.label["fields"]
    net = (total / (1 + Decimal(rate) / 100)).quantize(_CENT, rounding=ROUND_HALF_UP)
    total = total.quantize(_CENT)
    step = Decimal("0.05")
    rounded = (total / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    rounded = rounded if till.country in {"MY", "SG", "AU"} or till.chance(0.1) else total
    sign = rng.choice(_SIGNS.get(till.country, ("€", "EUR ", "", "")))
    signed = rng.choice(("total", "total", "all", "none"))
    edge = {"edge": WIDTH - 25, "colon": rng.uniform(360, 480), "middle": rng.uniform(430, 560), "big": WIDTH - 25}[
        kind
    ]
    x = rng.uniform(150, 230) if kind == "middle" else 22.0

    def amount(label: str, value: Decimal, names: Sequence[str] = (), *, main: bool = False) -> None:
        scale = rng.choice((1.4, 1.8)) if kind == "big" and main else 1.0
        shown = sign if signed == "all" or (signed == "total" and main) else ""
        text = shown + strip.money(value)
        mark = rng.choice((":", " :", "")) if kind != "colon" else " :"
        end = strip.put(label + mark, x, scale=scale)
        if end + strip.advance * scale * len(text) > edge:
            strip.down(scale)
        strip.right(text, edge, names=names, scale=scale)
        strip.down(scale)

    if till.chance(0.3):
        strip.put(f"{words['count']} : {rng.randrange(1, 20)}", 22)
        strip.down()
    if till.chance(0.12):
        amount(words["discount"], Decimal(rng.choice(("0.00", "1.00", "5.00"))))
    if till.chance(0.45):
        amount(words["net"], net, ("total_without_vat",))
        amount(words["tax"], total - net, ("total_vat",))
        fields |= {"total_without_vat": plain(net), "total_vat": plain(total - net)}
    elif till.chance(0.3):
        amount(words["before"], total)
    if rounded != total or (till.country == "MY" and till.chance(0.4)):
        if rounded != total:
            amount(words["before"], total)
        amount(words["rounding"], rounded - total)
    amount(words["gross"], rounded, ("total_with_vat",), main=True)
    fields["total_with_vat"] = plain(rounded)
    if till.chance(0.1):
        amount(words["gross"], rounded, ("total_with_vat",), main=True)
    if till.chance(0.7):
        given = rounded if till.chance(0.4) else rounded + Decimal(rng.randrange(1, 4000)) / 100
        amount(words["cash"], given)
        if given != rounded or till.chance(0.6):
            amount(words["change"], given - rounded)


def _tail(till: Till, total: Decimal, rate: int, kind: str) -> None:
    strip, rng, words = till.strip, till.rng, till.words
    net = (total / (1 + Decimal(rate) / 100)).quantize(_CENT, rounding=ROUND_HALF_UP)
    if kind in {"summary", "table"} and till.chance(0.8):
        strip.down(0.5)
        heads = rng.choice(
            (
                (words["summary"], "Amount(RM)", "Tax(RM)"),
                (words["summary"], "Amt", "Tax"),
                ("%", words["net"][:12], words["tax"][:10]),
            )
        )
        rows = [
            heads,
            (
                rng.choice((f"SR {rate}%", f"A {rate}%", f"{rate}%", f"S@{rate}%")),
                strip.money(net),
                strip.money(total - net),
            ),
        ]
        if till.chance(0.4):
            rows.append(
                (rng.choice(("ZRL 0%", "Z", "Total", "B 0%")), strip.money(Decimal(0)), strip.money(Decimal(0)))
            )
        for row in rows:
            strip.put(row[0], 22)
            strip.right(row[1], 380)
            strip.right(row[2], 545)
            strip.down()
    elif kind == "card":
        for text in rng.sample((f"TID {rng.randrange(10**7, 10**8)}", f"MID {rng.randrange(10**11, 10**12)}", f"APPR CODE {rng.randrange(10**5, 10**6)}",
                                f"CARD NO XXXX XXXX XXXX {rng.randrange(1000, 9999)}", f"RRN {rng.randrange(10**11, 10**12)}", "NO SIGNATURE REQUIRED"), 3):  # fmt: skip
            strip.line(text, "left")
    elif kind == "count":
        strip.line(f"{words['count']}: {rng.randrange(1, 20)}", "left")
    elif kind == "signature":
        strip.down(2)
        strip.line(rng.choice(("Authorised Signature", "E. & O.E.", "Received by", "Issued by")), "left")
    if till.chance(0.15):
        strip.line(
            f"{rng.randrange(1, 28):02d}/{rng.randrange(1, 12):02d}/{rng.randrange(2016, 2019)} {rng.choice(('Exp', 'Valid until', 'Promo'))}",
            "left",
        )
    strip.down(0.5)
    for _ in range(rng.choice((0, 1, 1, 2))):
        strip.line(rng.choice(WORDS[till.language]["thanks"]), "centre")
