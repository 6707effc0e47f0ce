"""Invents the suppliers of a retailer's year: who they are, what they sell, how they number and write their bills."""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from core.documents import Source
from core.erp import Item, Supplier
from training.identifiers import gtin
from training.names import VAT_RATES, company, goods
from training.papers import Party
from training.retailer import RETAILER, Ware
from training.wordings import all_words

FREIGHT, DEPOSIT = "FREIGHT", "DEPOSIT"
"""Items any order may have: carriage, which nobody receives, and the deposit on crates that come with the goods."""

SERVICE, MONTHS = "service", "MON"

DEAR = frozenset({"SEK", "DKK", "CZK"})
"""Currencies of which ten buy about as much as one euro."""

# country, language, currency, country of the buying company, weight
_LANDS: tuple[tuple[str, str, str, str, int], ...] = (
    ("DE", "de", "EUR", "DE", 34), ("AT", "de", "EUR", "AT", 6), ("CH", "de", "CHF", "CH", 5),
    ("FR", "fr", "EUR", "FR", 12), ("BE", "fr", "EUR", "FR", 3), ("ES", "es", "EUR", "DE", 5),
    ("IT", "it", "EUR", "DE", 7), ("NL", "nl", "EUR", "DE", 6), ("GB", "en", "GBP", "GB", 10),
    ("IE", "en", "EUR", "GB", 2), ("SE", "en", "SEK", "DE", 2), ("DK", "en", "DKK", "DE", 2),
    ("PL", "en", "PLN", "PL", 4), ("US", "en", "USD", "DE", 2), ("CZ", "en", "CZK", "AT", 1),
)  # fmt: skip
_SCHEMES = (
    "RE{n:06d}", "2026-{n:05d}", "{n:07d}", "AR-{n:05d}", "FA{n:05d}", "F-26-{n:05d}", "INV-{n:06d}", "SI{n:06d}",
    "H{n:05d}", "A26/{n:05d}", "{n:05d}/26", "26{n:06d}", "V{n:06d}", "10{n:06d}", "R {n:05d}", "KD77-{n:05d}",
)  # fmt: skip
_WRITTEN: tuple[tuple[Source, frozenset[str], int], ...] = (
    (Source.UBL, frozenset({"seller_item_id", "buyer_item_id", "gtin", "purchase_order_line"}), 12),
    (Source.CII, frozenset({"seller_item_id", "gtin", "purchase_order_line"}), 8),
    (Source.TEXT_LAYER, frozenset({"seller_item_id"}), 25),
    (Source.TEXT_LAYER, frozenset({"seller_item_id", "gtin"}), 15),
    (Source.TEXT_LAYER, frozenset({"buyer_item_id"}), 10),
    (Source.TEXT_LAYER, frozenset({"gtin"}), 5),
    (Source.TEXT_LAYER, frozenset(), 5),
    (Source.OCR, frozenset({"seller_item_id"}), 10),
    (Source.EDIFACT, frozenset({"buyer_item_id", "gtin", "purchase_order_line"}), 10),
)
_CATEGORIES = ("household", "office", "food", "textiles", "garden", "tools")
_SERVICES = ("Cleaning of the premises", "Maintenance of lifts", "Rent of pallets", "Security service", "IT support")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trader:
    """A supplier of the year.

    Attributes:
        record: its master record; `party` is what its papers say of it.
        rates: VAT rates of its bills, ordinary and reduced; both 0 where the buyer owes the tax.
        shows: which identifiers the lines of its papers carry beside the description.
        is_service: it bills months, not goods.
        twin_of: the number it is also known under.
    """

    record: Supplier
    party: Party
    language: str
    currency: str
    entity: Party
    rates: tuple[Decimal, Decimal]
    source: Source
    shows: frozenset[str]
    scheme: str
    first_number: int
    terms_days: int
    wares: tuple[Ware, ...]
    is_service: bool = False
    twin_of: str | None = None

    @property
    def supplier_id(self) -> str:
        """Its number in the master data."""
        return self.record.supplier_id

    @property
    def company_id(self) -> str:
        """The number of the company it is: it counts its bills once, whatever number the retailer has it under."""
        return self.twin_of or self.supplier_id


def build_traders(seed: int, count: int) -> tuple[Trader, ...]:
    """So many suppliers in fifteen countries; one in forty bills services, one in thirty has a second number."""
    rng = Random(f"year traders {seed}")  # noqa: S311  master data, not secrets
    entities = {country: _entity(rng, country) for country in sorted({land[3] for land in _LANDS})}
    traders: list[Trader] = []
    names: set[str] = set()
    for index in range(count):
        if index % 30 == 29:
            traders.append(_twin(index, rng.choice([one for one in traders if not one.is_service])))
            continue
        traders.append(_trader(rng, index, entities, names))
    return tuple(traders)


def items_of(traders: tuple[Trader, ...]) -> tuple[Item, ...]:
    """The master records of everything they sell, carriage and deposit among it."""
    common = tuple(
        Item(item_id=item_id, description=item_id.title(), status="active") for item_id in (FREIGHT, DEPOSIT)
    )
    wares = {ware.item_id: (trader, ware) for trader in reversed(traders) for ware in trader.wares}
    sold = (
        Item(
            item_id=ware.item_id,
            description=ware.description,
            gtin=ware.gtin or None,
            supplier_item_id=ware.supplier_item_id,
            supplier_id=trader.supplier_id,
            unit=ware.unit,
            case_pack=Decimal(ware.case_pack),
            status="active",
        )
        for trader, ware in wares.values()
    )
    return tuple(sorted((*common, *sold), key=lambda item: item.item_id))


def _trader(rng: Random, index: int, entities: dict[str, Party], names: set[str]) -> Trader:
    country, language, currency, buyer, _ = rng.choices(_LANDS, weights=[land[4] for land in _LANDS])[0]
    party = company(rng, country)
    while party.name in names:
        party = company(rng, country)
    names.add(party.name)
    assert party.bank is not None
    source, shows, _ = rng.choices(_WRITTEN, weights=[way[2] for way in _WRITTEN])[0]
    is_service = index % 40 == 7
    abroad = country != buyer
    rates = (Decimal(0), Decimal(0)) if abroad else _rates(country)
    terms = rng.choice((14, 30, 30, 45, 60))
    supplier_id = f"S{10001 + index}"
    entity = entities[buyer]
    return Trader(
        record=Supplier(
            supplier_id=supplier_id, name=party.name, vat_id=party.vat_id, country=country, iban=party.bank.iban,
            payment_terms_days=terms, status="active", legal_entity=entity.name,
        ),
        party=party,
        language=language,
        currency=currency,
        entity=entity,
        rates=rates,
        source=source,
        shows=shows,
        scheme=rng.choice(_SCHEMES),
        first_number=rng.randint(2100, 48_000),
        terms_days=terms,
        wares=_services(rng, index, rates[0]) if is_service else _wares(rng, index, language, currency, rates),
        is_service=is_service,
    )  # fmt: skip


def _twin(index: int, of: Trader) -> Trader:
    """The same company under a second number, with its own town in the name."""
    name = f"{of.party.name} – {of.party.city}"
    party = replace(of.party, name=name)
    record = replace(of.record, supplier_id=f"S{10001 + index}", name=name)
    return replace(of, record=record, party=party, twin_of=of.supplier_id)


def _entity(rng: Random, country: str) -> Party:
    party = company(rng, country, with_bank=False)
    return replace(party, name=f"{RETAILER} {party.city.split()[0]} {party.name.split()[-1]}", web=None)


def _rates(country: str) -> tuple[Decimal, Decimal]:
    ordinary, reduced = VAT_RATES[country]
    return Decimal(ordinary), Decimal(reduced)


def _wares(
    rng: Random, index: int, language: str, currency: str, rates: tuple[Decimal, Decimal]
) -> tuple[Ware, ...]:  # fmt: skip
    wares: list[Ware] = []
    heads: set[str] = set()
    prefix, count = rng.choice(("", "A", "K-", "10-")), rng.randint(4, 12)
    for _ in range(400):
        description = goods(rng, language)
        head = " ".join(description.split()[:2])
        if head in heads or len(wares) == count:
            continue
        heads.add(head)
        unit = rng.choice(("piece", "piece", "piece", "carton"))
        cents = rng.randint(180, 9500) * (10 if currency in DEAR else 1)
        wares.append(
            Ware(
                item_id=str(1_000_000 + index * 100 + len(wares)),
                description=description,
                gtin=gtin(rng, rng.choice(("40", "50", "30", "80"))),
                supplier_item_id=f"{prefix}{rng.randint(10, 99)}{index:03d}{len(wares):02d}",
                category=rng.choice(_CATEGORIES),
                unit="PCE" if unit == "piece" else "CT",
                printed_unit=all_words(language)[unit][0],
                case_pack=rng.choice((1, 6, 10, 12, 24)),
                unit_cost=Decimal(cents) / 100,
                tax_rate=rates[1] if len(wares) % 4 == 3 and rates[0] else rates[0],
                lead_time_days=rng.randint(3, 21),
            )
        )
    return tuple(wares)


def _services(rng: Random, index: int, rate: Decimal) -> tuple[Ware, ...]:
    return (
        Ware(
            item_id=str(1_000_000 + index * 100),
            description=rng.choice(_SERVICES),
            gtin="",
            supplier_item_id=f"D{index:04d}",
            category=SERVICE,
            unit=MONTHS,
            printed_unit=MONTHS,
            case_pack=1,
            unit_cost=Decimal(rng.randint(20_000, 240_000)) / 100,
            tax_rate=rate,
            lead_time_days=1,
        ),
    )
