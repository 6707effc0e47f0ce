"""Invents a small retailer's master data: its companies, suppliers with their house styles, items and places."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from training.formats import NumberForm
from training.houses import random_style
from training.identifiers import gtin
from training.names import VAT_RATES, company, goods
from training.papers import Party
from training.styles import Style
from training.wordings import all_words

RETAILER = "Kornblum"

# country, language, layout family, currency, country of the buying company, number form, items, number scheme
_SUPPLIERS: tuple[tuple[str, str, str, str, str, tuple[str, str], int, str], ...] = (
    ("DE", "de", "window", "EUR", "DE", (",", "."), 5, "RE{n:06d}"),
    ("DE", "de", "dense", "EUR", "DE", (",", "."), 4, "2026-{n:05d}"),
    ("DE", "de", "printer", "EUR", "DE", (",", ""), 3, "{n:07d}"),
    ("AT", "de", "airy", "EUR", "AT", (",", "."), 3, "AR-{n:05d}"),
    ("FR", "fr", "band", "EUR", "FR", (",", " "), 4, "FA{n:05d}"),
    ("FR", "fr", "letter", "EUR", "FR", (",", "\u00a0"), 3, "F-2026-{n:04d}"),
    ("GB", "en", "office", "GBP", "GB", (".", ","), 4, "INV-{n:06d}"),
    ("GB", "en", "boxes", "GBP", "GB", (".", ","), 3, "SI{n:06d}"),
    ("IE", "en", "centred", "EUR", "IE", (".", ","), 3, "H{n:05d}"),
    ("ES", "es", "wide", "EUR", "ES", (",", "."), 3, "A26/{n:05d}"),
    ("IT", "it", "side", "EUR", "IT", (",", "."), 4, "{n:05d}/26"),
    ("NL", "nl", "foot", "EUR", "NL", (",", "."), 3, "26{n:06d}"),
    ("BE", "fr", "office", "EUR", "FR", (",", "."), 3, "V{n:06d}"),
    ("CH", "de", "window", "CHF", "CH", (".", "'"), 3, "CH-{n:05d}"),
    ("SE", "en", "letter", "EUR", "DE", (".", ","), 12, "10{n:05d}"),
)
_FONTS = (
    *("helvetica", "times", "courier", "vera", "helvetica", "times", "helvetica", "times", "vera", "helvetica"),
    *("times", "helvetica", "times", "helvetica", "times"),
)
_CATEGORIES = ("household", "office", "food", "textiles", "garden", "tools")
_UNITS = ("piece", "piece", "piece", "carton")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """An item of the master data; `description` is in its supplier's language, as on its papers."""

    item_id: str
    description: str
    gtin: str
    supplier_item_id: str
    category: str
    unit: str
    printed_unit: str
    case_pack: int
    unit_cost: Decimal
    tax_rate: Decimal
    lead_time_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A supplier: who it is, how its papers look, whom it bills and what it sells."""

    supplier_id: str
    party: Party
    style: Style
    language: str
    currency: str
    entity: Party
    terms_days: int
    number_scheme: str
    first_number: int
    wares: tuple[Ware, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A warehouse or store."""

    location_id: str
    kind: str
    country: str
    region: str
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retailer:
    """The retailer's master data."""

    entities: dict[str, Party]
    houses: tuple[House, ...]
    places: tuple[Place, ...]


def build_retailer(seed: int) -> Retailer:
    """Master data by lot: fifteen suppliers in nine countries, sixty items, ten places."""
    rng = Random(f"retailer {seed}")  # noqa: S311  master data, not secrets
    countries = sorted({row[4] for row in _SUPPLIERS})
    entities = {country: _entity(rng, country) for country in countries}
    houses: list[House] = []
    taken: set[str] = set()
    item_number = 100101
    for index, row in enumerate(_SUPPLIERS):
        house = _house(Random(f"house {seed} {index}"), index, row, entities, taken, item_number)  # noqa: S311
        item_number += len(house.wares)
        taken.update(house.party.name.split())
        houses.append(house)
    places = tuple(
        Place(
            location_id=f"{'DC' if index < 2 else 'ST'}{index + 1:02d}",
            kind="warehouse" if index < 2 else "store",
            country=country,
            region=entities[country].city,
            capacity=40000 if index < 2 else 2500,
        )
        for index, country in enumerate(["DE", *countries])
    )
    return Retailer(entities=entities, houses=tuple(houses), places=places)


def stranger(seed: int, number: int, like: House, taken: frozenset[str]) -> Party:
    """A seller the retailer has never bought from, of the same country as another."""
    rng = Random(f"stranger {seed} {number}")  # noqa: S311  a name, not a secret
    return _fresh_company(rng, like.party.country, set(taken))


def presentable(style: Style) -> Style:
    """A house style that names what a buyer's clerk needs: order, due date, account, VAT id, rate, item ids."""
    meta = [name for name in style.meta if name not in {"seller_vat", "original_number", "page", "quote_number"}]
    blocks = [name for row in style.header for name, _ in row] + list(style.side)
    if style.order_place == "sentence" and "intro" not in blocks:
        style = replace(style, order_place="meta")
    needed = ["number", "issue_date", "due_date"] + (["purchase_order"] if style.order_place == "meta" else [])
    for name in needed:
        if name not in meta:
            meta.insert(min(2, len(meta)), name)
    if style.order_place == "sentence" and "purchase_order" in meta:
        meta.remove("purchase_order")
    meta.append("original_number")
    columns = list(style.columns)
    for name, place in (("seller_item_id", 0), ("tax_rate", len(columns))):
        if name not in columns and (name != "seller_item_id" or name not in style.ids_in_description):
            columns.insert(place, name)
    return replace(
        style,
        meta=tuple(meta),
        columns=tuple(name for name in columns if name not in {"list_price", "discount_pct"}),
        footer=max(style.footer, 2) if style.payment == "none" else style.footer,
        vat_in_letterhead=True,
        price_decimals=2,
        totals_sign=bool(style.sign),
    )


def _entity(rng: Random, country: str) -> Party:
    party = company(rng, country, with_bank=False)
    form = party.name.split()[-1].replace("KG", "GmbH")
    domain = RETAILER.lower()
    return replace(party, name=f"{RETAILER} {party.city.split()[0]} {form}", email=f"ap@{domain}.example", web=None)


def _house(  # noqa: PLR0917  one row of the table and what it draws from
    rng: Random, index: int, row: tuple[str, str, str, str, str, tuple[str, str], int, str],
    entities: dict[str, Party], taken: set[str], item_number: int,
) -> House:  # fmt: skip
    country, language, family, currency, buyer_country, (decimal, grouping), count, scheme = row
    party = _fresh_company(rng, country, taken)
    style = random_style(rng, language=language, country=country, currency=currency, family=family)
    style = replace(
        presentable(style),
        font=_FONTS[index],
        numbers=NumberForm(decimal=decimal, grouping=grouping),
        sign=style.sign or currency,
        totals_sign=True,
        sign_place="before" if country in {"GB", "IE", "CH", "SE"} else style.sign_place,
    )
    abroad = country != buyer_country
    rate = Decimal(0) if abroad else Decimal(VAT_RATES[country][0])
    reduced = Decimal(0) if abroad else Decimal(VAT_RATES[country][1])
    return House(
        supplier_id=f"S{1001 + index}",
        party=party,
        style=style,
        language=language,
        currency=currency,
        entity=entities[buyer_country],
        terms_days=rng.choice((14, 30, 30, 45, 60)),
        number_scheme=scheme,
        first_number=rng.randint(2100, 8800),
        wares=_wares(rng, language, count, item_number, (rate, reduced)),
    )


def _fresh_company(rng: Random, country: str, taken: set[str]) -> Party:
    """A company whose name shares no word of its own with the others, so that nobody confuses them."""
    while True:
        party = company(rng, country)
        words = {word for word in party.name.split() if len(word) > 4}
        if not words & taken:
            return party


def _wares(
    rng: Random, language: str, count: int, first: int, rates: tuple[Decimal, Decimal]
) -> tuple[Ware, ...]:  # fmt: skip
    wares: list[Ware] = []
    descriptions: set[str] = set()
    prefix = rng.choice(("", "A", "K-", "10-"))
    while len(wares) < count:
        description = goods(rng, language)
        head = " ".join(description.split()[:2])
        if head in descriptions:
            continue
        descriptions.add(head)
        unit = rng.choice(_UNITS)
        wares.append(
            Ware(
                item_id=str(first + len(wares)),
                description=description,
                gtin=gtin(rng, rng.choice(("40", "50", "30", "80"))),
                supplier_item_id=f"{prefix}{rng.randint(10000, 99999)}",
                category=rng.choice(_CATEGORIES),
                unit="PCE" if unit == "piece" else "CT",
                printed_unit=all_words(language)[unit][0],
                case_pack=rng.choice((1, 6, 10, 12, 24)),
                unit_cost=Decimal(rng.randint(180, 9500 if count < 6 else 1900)) / 100,
                tax_rate=rates[1] if len(wares) % 4 == 3 and rates[0] else rates[0],
                lead_time_days=rng.randint(3, 21),
            )
        )
    return tuple(wares)
