"""Invents single invoices, credit notes and delivery notes of sellers nobody has seen: for training and testing."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.documents import DocumentType
from core.money import exact_sum, round_amount
from training.identifiers import gtin
from training.names import CARRIERS, company, goods, person, rate
from training.papers import Distraction, Freight, Line, Paper, totals_of
from training.wordings import all_words

_LANGUAGE_OF = {
    "DE": "de", "AT": "de", "CH": "de", "FR": "fr", "BE": "fr", "ES": "es", "IT": "it", "NL": "nl", "GB": "en",
    "IE": "en", "US": "en", "SE": "en", "DK": "en", "PL": "en",
}  # fmt: skip
_CURRENCY_OF = {"CH": "CHF", "GB": "GBP", "US": "USD", "SE": "SEK", "DK": "DKK", "PL": "PLN"}
_COUNTRIES = (
    *("DE",) * 8, *("AT",) * 3, *("CH",) * 3, *("FR",) * 6, *("BE",) * 3, *("ES",) * 4, *("IT",) * 4, *("NL",) * 4,
    *("GB",) * 6, *("IE",) * 2, *("US",) * 4, *("SE",) * 2, *("DK",) * 2, *("PL",) * 2,
)  # fmt: skip
_FIRST_DAY = date(2022, 1, 3)
_UNITS = ("piece", "piece", "piece", "carton", "kilogram", "litre", "hour")


def random_paper(rng: Random) -> Paper:
    """A paper that adds up: any kind, country, language and currency."""
    country = rng.choice(_COUNTRIES)
    language = "en" if rng.random() < 0.08 else _LANGUAGE_OF[country]
    if country in {"BE", "CH"} and rng.random() < 0.4:
        language = {"BE": "nl", "CH": "fr"}[country]
    currency = _CURRENCY_OF.get(country, "EUR") if rng.random() < 0.92 else rng.choice(("EUR", "USD", "GBP", "CHF"))
    kind = rng.choices(
        (DocumentType.INVOICE, DocumentType.CREDIT_NOTE, DocumentType.DELIVERY_NOTE), weights=(0.74, 0.12, 0.14)
    )[0]
    issued = _FIRST_DAY + timedelta(days=rng.randrange(1700))
    buyer_country = country if rng.random() < 0.75 else rng.choice(_COUNTRIES)
    lines = random_lines(rng, language, country, currency, reverse=False)
    days = rng.choice((7, 10, 14, 21, 30, 30, 45, 60, 90))
    prepaid = round_amount(Decimal(rng.randint(10, 200)), currency) if rng.random() < 0.07 else None
    totals = totals_of(lines, currency)
    if prepaid is not None and prepaid < totals.gross and kind is DocumentType.INVOICE:
        totals = totals_of(lines, currency, prepaid=prepaid)
    shipped = kind is DocumentType.DELIVERY_NOTE
    buyer = company(rng, buyer_country, with_bank=False)
    return Paper(
        document_type=kind,
        language=language,
        number=random_number(rng, issued),
        issue_date=issued,
        currency=currency,
        seller=company(rng, country),
        buyer=buyer,
        ship_to=company(rng, buyer_country, with_bank=False) if rng.random() < 0.4 else None,
        lines=lines,
        totals=None if shipped else totals,
        due_date=issued + timedelta(days=days) if kind is DocumentType.INVOICE else None,
        terms_days=days if kind is DocumentType.INVOICE else None,
        delivery_date=issued + timedelta(days=rng.randint(1, 4) if shipped else -rng.randint(0, 12)),
        purchase_order=random_number(rng, issued) if rng.random() < 0.85 else None,
        despatch_number=random_number(rng, issued) if rng.random() < 0.5 and not shipped else None,
        original_number=random_number(rng, issued) if kind is DocumentType.CREDIT_NOTE else None,
        payment_reference=_reference(rng) if rng.random() < 0.2 else None,
        freight=random_freight(rng, lines) if shipped else None,
        distraction=random_distraction(rng, issued),
    )


def random_lines(rng: Random, language: str, country: str, currency: str, *, reverse: bool) -> tuple[Line, ...]:
    """Lines with item ids, prices of two to four decimals, and net amounts rounded once."""
    count = rng.choices((1, 2, 3, 4, 5, 6, 8, 12, 18, 28, 45), weights=(12, 14, 14, 13, 11, 9, 8, 7, 5, 4, 2))[0]
    step = rng.choice((1, 1, 1, 10))
    tax, words = rate(rng, country), all_words(language)
    mixed, discounted, prefix = rng.random() < 0.25, rng.random() < 0.2, rng.choice(("", "A", "KX-", "10", "P."))
    factor = 10 if currency in {"SEK", "DKK"} else 1
    lines = []
    for index in range(count):
        unit = rng.choice(_UNITS)
        quantity = Decimal(rng.choice((1, 1, 2, 3, 5, 6, 10, 12, 20, 24, 50, 100, rng.randint(1, 500))))
        if unit in {"kilogram", "litre", "hour"} and rng.random() < 0.6:
            quantity = Decimal(rng.randint(2, 800)) / rng.choice((2, 4, 10))
        price = Decimal(rng.randint(40, 30000) if rng.random() < 0.9 else rng.randint(30000, 400000)) / 100 * factor
        if rng.random() < 0.06:
            price = (price / 7).quantize(Decimal("0.0001"))
        discount = Decimal(rng.choice((5, 10, 12, 15, 20))) if discounted and rng.random() < 0.7 else None
        listed = (price / (1 - discount / 100)).quantize(Decimal("0.01")) if discount is not None else None
        lines.append(
            Line(
                line_id=str((index + 1) * step) if step == 10 or rng.random() < 0.9 else f"{index + 1:02d}",
                description=goods(rng, language),
                quantity=quantity,
                unit=rng.choice(words[unit]),
                unit_price=price,
                tax_rate=Decimal(0) if reverse else rate(rng, country) if mixed else tax,
                net=round_amount(quantity * price, currency),
                seller_item_id=f"{prefix}{rng.randint(1000, 999999)}",
                buyer_item_id=str(rng.randint(100000, 999999)),
                gtin=gtin(rng, rng.choice(("40", "30", "50", "80", "87", "76"))),
                lot_number=f"L{rng.randint(10000, 99999)}" if rng.random() < 0.3 else None,
                list_price=listed,
                discount_pct=discount,
            )
        )
    return tuple(lines)


def random_number(rng: Random, day: date) -> str:
    """A document number in one of the forms companies use."""
    serial = rng.randint(1, 99999)
    return rng.choice(
        (
            f"{day.year}-{serial:05d}", f"RE{serial:06d}", f"R-{serial}", f"{serial + 100000}", f"INV-{serial:05d}",
            f"{day:%y%m}{serial % 1000:03d}", f"{day.year}/{serial % 10000}", f"F{day:%y}-{serial:04d}",
            f"{rng.choice('ABCFKSV')}{rng.choice('ABDRTX')}{serial:05d}", f"45{rng.randint(0, 99999999):08d}",
            f"PO-{serial:05d}", f"{serial % 1000:03d}.{rng.randint(100, 999)}.{rng.randint(10, 99)}",
        )
    )  # fmt: skip


def random_freight(rng: Random, lines: tuple[Line, ...]) -> Freight:
    """Carrier, tracking number, packages and weights."""
    net = exact_sum(line.quantity for line in lines) * Decimal(rng.randint(2, 30)) / 10
    net = net.quantize(Decimal("0.1"))
    packages = rng.randint(1, 40)
    return Freight(
        carrier=rng.choice(CARRIERS),
        tracking_number=f"{rng.choice(('1Z', 'JD', 'NL', 'TA'))}{rng.randint(10**9, 10**10 - 1)}",
        packages=packages,
        net_weight=net,
        gross_weight=net + Decimal(packages) * Decimal("0.4"),
    )


def random_distraction(rng: Random, day: date) -> Distraction:
    """Numbers and dates that stand beside the ones that are asked for."""
    return Distraction(
        customer_number=rng.choice(("", "K-", "D")) + str(rng.randint(10000, 99999)),
        order_date=day - timedelta(days=rng.randint(3, 40)),
        quote_number=random_number(rng, day),
        contact=person(rng),
        project=f"{rng.choice(('Nord', 'Halle', 'Store', 'Depot'))} {rng.randint(1, 90)}",
    )


def _reference(rng: Random) -> str:
    return rng.choice((f"{rng.randint(10**8, 10**9)}", f"RF{rng.randint(10, 99)}{rng.randint(10**6, 10**7)}"))
