"""Invents the bills of sellers nobody has seen: parties written every way, discounts, charges, many currencies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from core.documents import DocumentType
from core.money import minor_units, round_amount
from training.bill_words import own_words
from training.identifiers import gtin
from training.names import VAT_RATES, company, goods, person
from training.papers import Adjustment, Extras, Line, Paper, Party, Totals, totals_of
from training.standalone import random_distraction, random_number
from training.wordings import all_words

_SELLERS: dict[str, tuple[str, str, int]] = {
    "DE": ("de", "EUR", 22), "AT": ("de", "EUR", 4), "CH": ("de", "CHF", 4), "FR": ("fr", "EUR", 9),
    "BE": ("fr", "EUR", 3), "ES": ("es", "EUR", 7), "IT": ("it", "EUR", 7), "NL": ("nl", "EUR", 7),
    "PT": ("pt", "EUR", 6), "BR": ("pt", "BRL", 2), "PL": ("pl", "PLN", 7), "GB": ("en", "GBP", 8),
    "IE": ("en", "EUR", 2), "US": ("en", "USD", 7), "MY": ("en", "MYR", 3), "SG": ("en", "SGD", 2),
    "AU": ("en", "AUD", 3), "CA": ("en", "CAD", 2), "JP": ("en", "JPY", 1), "IN": ("en", "INR", 2),
    "SE": ("en", "SEK", 2), "DK": ("en", "DKK", 1), "NO": ("en", "NOK", 2), "CZ": ("en", "CZK", 2),
}  # fmt: skip
_SCALE = {"SEK": 10, "DKK": 8, "NOK": 10, "CZK": 25, "JPY": 150, "INR": 80, "PLN": 4, "MYR": 4, "BRL": 5}
_FIRST_DAY = date(2016, 1, 4)
_COMMON_WORDS = (
    "Blue", "Nord", "Studio", "Atelier", "Casa", "Green", "Data", "Web", "Media", "Inter", "Euro", "Tele", "Bio",
    "Hotel", "Auto", "Print", "Cloud", "Energie", "Office", "Metro", "City", "Alpha", "Star", "Royal", "First",
)  # fmt: skip
_SUFFIXES = ("Group", "Shop", "24", "Online", "Express", "Solutions", "& Co", "International", "Point", "Works", "")
_SYLLABLES = (
    "ba",
    "ro",
    "ke",
    "li",
    "ma",
    "to",
    "ven",
    "dor",
    "sa",
    "mi",
    "lu",
    "kra",
    "ste",
    "fin",
    "gar",
    "nol",
    "pe",
)
_LONG_FORMS = (
    "Sp. z o.o.",
    "Sdn Bhd",
    "Sdn. Bhd.",
    "Pte Ltd",
    "Pte. Ltd.",
    "Pty Ltd",
    "Co., Ltd.",
    "Private Limited",
    "GmbH & Co. KG",
)
_UNITS = ("piece", "piece", "piece", "piece", "carton", "kilogram", "litre", "hour")


def random_bill(rng: Random) -> Paper:
    """An invoice or credit note that adds up: any country, language and currency."""
    country = rng.choices(list(_SELLERS), weights=[weight for _, _, weight in _SELLERS.values()])[0]
    language, currency, _ = _SELLERS[country]
    if country in {"BE", "CH"} and rng.random() < 0.5:
        language = {"BE": "nl", "CH": rng.choice(("fr", "it"))}[country]
    elif rng.random() < 0.07:
        language = "en"
    if rng.random() < 0.06:
        currency = rng.choice(("EUR", "USD", "GBP"))
    issued = _FIRST_DAY + timedelta(days=rng.randrange(4300))
    credit = rng.random() < 0.1
    service = rng.random() < 0.28
    home = country if rng.random() < 0.78 else rng.choice(list(_SELLERS))
    days = rng.choice((0, 7, 8, 10, 14, 14, 20, 21, 30, 30, 30, 45, 60, 90))
    lines = (
        _service_lines(rng, language, country, currency) if service else _goods_lines(rng, language, country, currency)
    )
    if home != country and rng.random() < 0.5:
        lines = tuple(replace(line, tax_rate=Decimal(0)) for line in lines)
    if credit and rng.random() < 0.3:
        lines = tuple(replace(line, quantity=-line.quantity, net=-line.net) for line in lines)
    adjustments = _adjustments(rng, lines, currency)
    seller, buyer = _seller(rng, country), _buyer(rng, home)
    return Paper(
        document_type=DocumentType.CREDIT_NOTE if credit else DocumentType.INVOICE,
        language=language,
        number=_number(rng, issued),
        issue_date=issued,
        currency=currency,
        seller=seller,
        buyer=buyer,
        ship_to=_ship_to(rng, buyer, home),
        lines=lines,
        totals=_totals(rng, lines, currency, adjustments, credit=credit),
        due_date=None if credit else issued + timedelta(days=days),
        terms_days=None if credit or days == 0 else days,
        delivery_date=issued - timedelta(days=rng.randint(0, 12)) if rng.random() < 0.7 else None,
        purchase_order=_number(rng, issued) if rng.random() < 0.7 else None,
        despatch_number=random_number(rng, issued) if rng.random() < 0.3 else None,
        original_number=random_number(rng, issued) if credit else None,
        payment_reference=f"{rng.randint(10**8, 10**11)}" if rng.random() < 0.2 else None,
        distraction=random_distraction(rng, issued),
        extras=_extras(rng, language, country, seller, service=service, adjustments=adjustments),
    )


def company_name(rng: Random, country: str, *, formal: float = 0.75) -> str:
    """A company's name made more freely than the houses' names; some have no legal form."""
    base = company(rng, country, with_bank=False).name
    form = next((form for form in _LONG_FORMS if base.endswith(form)), base.rsplit(" ", 1)[-1])
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((2, 2, 3)))).capitalize()
    other = "".join(rng.choice(_SYLLABLES) for _ in range(2)).capitalize()
    made = rng.choice(
        (
            base, base, f"{word} {rng.choice(_COMMON_WORDS)}", f"{rng.choice(_COMMON_WORDS)}{word.lower()}",
            f"{word} {rng.choice(_SUFFIXES)}", f"{rng.choice(_COMMON_WORDS)} {rng.choice(_COMMON_WORDS)}",
            f"{person(rng).split()[-1]} & {other}", f"{word}-{other} {rng.choice(_SUFFIXES)}", word.upper(),
            f"{word[:2].upper()}{rng.choice('KSTV')} {rng.choice(_COMMON_WORDS)}",
            f"{person(rng)} {rng.choice(_COMMON_WORDS)}",
        )
    ).strip()  # fmt: skip
    if made != base and rng.random() < formal:
        made = f"{made} {form}" if len(form) > 1 else made
    return made.upper() if rng.random() < 0.08 else made


def _seller(rng: Random, country: str) -> Party:
    return replace(company(rng, country), name=company_name(rng, country))


def _buyer(rng: Random, country: str) -> Party:
    party = company(rng, country, with_bank=False)
    name = person(rng) if rng.random() < 0.12 else company_name(rng, country, formal=0.7)
    return replace(party, name=name)


def _ship_to(rng: Random, buyer: Party, country: str) -> Party | None:
    chance = rng.random()
    if chance < 0.55:
        return None
    other = company(rng, country, with_bank=False)
    return replace(other, name=buyer.name) if chance < 0.7 else replace(other, name=company_name(rng, country))


def _extras(
    rng: Random, language: str, country: str, seller: Party, *, service: bool, adjustments: tuple[Adjustment, ...]
) -> Extras:
    contact = f"{rng.choice(own_words(language, 'mister'))} {person(rng)}" if rng.random() < 0.4 else None
    if contact is not None and rng.random() < 0.7:
        contact = f"{rng.choice(own_words(language, 'attn'))} {contact}"
    payee = None
    if rng.random() < 0.06:
        payee = replace(company(rng, country), name=f"{company_name(rng, country)} Factoring")
    short = seller.name.split(" ")
    return Extras(
        contact=contact,
        department=rng.choice(own_words(language, "dept")) if rng.random() < 0.2 else None,
        box=f"{rng.choice(own_words(language, 'pobox'))} {rng.randint(10, 9999)}" if rng.random() < 0.1 else None,
        payee=payee,
        account=f"{rng.randint(10, 99)}-{rng.randint(10, 99)}-{rng.randint(10, 99)} {rng.randint(10**7, 10**8)}",
        service=service,
        printed_name=" ".join(short[:-1] or short) if rng.random() < 0.7 else short[0],
        adjustments=adjustments,
    )


def _adjustments(rng: Random, lines: Sequence[Line], currency: str) -> tuple[Adjustment, ...]:
    if rng.random() > 0.28:
        return ()
    total, found = sum((line.net for line in lines), Decimal(0)), []
    if rng.random() < 0.5:
        found.append(
            Adjustment(kind="allowance", amount=-round_amount(total * rng.choice((2, 3, 5, 10)) / 100, currency))
        )
    scale = _SCALE.get(currency, 1)
    for kind, chance in (("shipping", 0.6), ("deposit", 0.2)):
        if rng.random() < chance:
            found.append(
                Adjustment(kind=kind, amount=round_amount(Decimal(rng.randint(300, 9000)) / 100 * scale, currency))
            )
    return tuple(found)


def _totals(
    rng: Random, lines: Sequence[Line], currency: str, adjustments: tuple[Adjustment, ...], *, credit: bool
) -> Totals:
    totals = totals_of(lines, currency, adjustments=adjustments)
    if credit or totals.gross <= 0:
        return totals
    prepaid = rounding = None
    if rng.random() < 0.09:
        share = Decimal(rng.choice((10, 20, 30, 50, 100)))
        prepaid = round_amount(totals.gross * share / 100, currency)
    elif currency in {"CHF", "MYR", "SEK", "CZK", "NOK"} and rng.random() < 0.35:
        step = Decimal("0.05") if currency in {"CHF", "MYR"} else Decimal(1)
        whole = (totals.gross / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
        rounding = whole - totals.gross or None
    return totals_of(lines, currency, prepaid=prepaid, rounding=rounding, adjustments=adjustments)


def _goods_lines(rng: Random, language: str, country: str, currency: str) -> tuple[Line, ...]:
    count = rng.choices((1, 2, 3, 4, 5, 6, 8, 12, 18, 28, 60), weights=(20, 18, 15, 12, 9, 7, 6, 5, 3, 2, 0.5))[0]
    step, style = rng.choice((1, 1, 1, 10)), rng.randrange(5)
    words, numbered = all_words(language), rng.random() < 0.8
    ordinary, reduced = VAT_RATES[country]
    mixed, discounted, ids = rng.random() < 0.22, rng.random() < 0.15, rng.random() < 0.75
    lines = []
    for index in range(count):
        unit = rng.choice(_UNITS)
        quantity = Decimal(rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 10, 12, 25, 100, rng.randint(1, 1200))))
        if unit in {"kilogram", "litre", "hour"} and rng.random() < 0.6:
            quantity = Decimal(rng.randint(2, 800)) / rng.choice((2, 4, 10))
        price = _price(rng, currency, high=0.12)
        discount = Decimal(rng.choice((3, 5, 10, 15, 20, 25))) if discounted and rng.random() < 0.6 else None
        lines.append(
            Line(
                line_id=str((index + 1) * step) if numbered else f"{index + 1:03d}",
                description=goods(rng, language),
                quantity=quantity,
                unit=rng.choice(words[unit]),
                unit_price=price,
                tax_rate=Decimal(reduced if mixed and rng.random() < 0.4 else ordinary),
                net=round_amount(quantity * price, currency),
                seller_item_id=_item_id(rng, style) if ids else None,
                buyer_item_id=str(rng.randint(100000, 999999)) if rng.random() < 0.3 else None,
                gtin=gtin(rng, rng.choice(("40", "30", "50", "80", "87", "76"))) if rng.random() < 0.5 else None,
                list_price=(price / (1 - discount / 100)).quantize(Decimal("0.01")) if discount is not None else None,
                discount_pct=discount,
            )
        )
    return tuple(lines)


def _service_lines(rng: Random, language: str, country: str, currency: str) -> tuple[Line, ...]:
    rate, words, lines = Decimal(VAT_RATES[country][0]), all_words(language), []
    for index in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 7))):
        hours = rng.random() < 0.5
        quantity = Decimal(rng.randint(2, 160)) / 2 if hours else Decimal(rng.choice((1, 1, 1, 1, 2, 12)))
        price = _price(rng, currency, high=0.02 if hours else 0.5)
        month = f"{rng.randint(1, 12):02d}/{rng.randint(2016, 2027)}"
        text = rng.choice(own_words(language, "service"))
        extra = rng.choice(("", month, f"{rng.choice(own_words(language, 'period'))} {month}", f"({person(rng)})"))
        lines.append(
            Line(
                line_id=str(index + 1),
                description=f"{text} {extra}".strip(),
                quantity=quantity,
                unit=rng.choice(words["hour" if hours else "piece"]),
                unit_price=price,
                tax_rate=rate,
                net=round_amount(quantity * price, currency),
            )
        )
    return tuple(lines)


def _price(rng: Random, currency: str, *, high: float) -> Decimal:
    cents = rng.randint(8000, 400000) if rng.random() < high else rng.randint(40, 20000)
    price = Decimal(cents) / 100 * _SCALE.get(currency, 1)
    if minor_units(currency) == 0:
        return price.quantize(Decimal(1))
    return price.quantize(Decimal("0.01") if rng.random() < 0.95 else Decimal("0.0001"))


def _item_id(rng: Random, style: int) -> str:
    return (
        str(rng.randint(1000, 99999)),
        f"{rng.choice('ABCDEFK')}{rng.randint(100, 9999)}",
        f"{rng.choice(('AX', 'KL', 'TR'))}-{rng.randint(10, 99)}-{rng.randint(100, 999)}",
        f"{rng.randint(10, 99)}.{rng.randint(1000, 9999)}",
        f"{rng.choice(('SKU', 'ART', 'P'))}{rng.randint(10000, 999999)}",
    )[style]


def _number(rng: Random, day: date) -> str:
    if rng.random() < 0.6:
        return random_number(rng, day)
    serial = rng.randint(1, 99999999)
    return rng.choice(
        (
            str(serial % 1000), str(serial % 100000), str(serial),
            f"{serial % 10000:04d}", f"FV/{serial % 1000}/{day:%m/%Y}",
            f"FT {day.year}/{serial % 10000}", f"{day:%Y%m%d}-{serial % 100}",
            f"{rng.choice(('SI', 'IN', 'AR', 'VF'))}{serial % 10**7:07d}",
            f"{serial % 1000}/{day:%y}", f"{rng.choice('ABCFR')}-{serial % 100000}-{rng.choice('XYZ')}",
            f"{serial % 10**6:06d}/{day.year}",
            f"{serial % 10**5}-{rng.choice(('A', 'EU', 1))}", f"{day:%m}-{serial % 10**4}-{day:%y}",
        )
    )  # fmt: skip
