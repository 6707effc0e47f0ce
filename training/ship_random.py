"""Invents shipment papers, orders and papers of other kinds, with numbers whose check digits hold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from string import ascii_uppercase
from typing import Any

from core.documents import DocumentType
from core.money import exact_sum
from training import names
from training.formats import NumberForm, date_text, quantity_text
from training.identifiers import gtin
from training.papers import Party
from training.ship_others import other_text
from training.ship_papers import ShipLine, ShipPaper
from training.ship_words import SHIP_LANGUAGES, ship_words

_KINDS = (
    ("packing_list", DocumentType.PACKING_LIST, 21),
    ("delivery_note", DocumentType.DELIVERY_NOTE, 25),
    ("sea_bl", DocumentType.BILL_OF_LADING, 11),
    ("cmr", DocumentType.BILL_OF_LADING, 8),
    ("straight_bl", DocumentType.BILL_OF_LADING, 8),
    ("despatch_advice", DocumentType.DESPATCH_ADVICE, 11),
    ("purchase_order", DocumentType.PURCHASE_ORDER, 10),
    ("other", DocumentType.OTHER, 9),
)
_COUNTRIES = {
    "en": ("GB", "GB", "IE", "US", "US", "SE", "DK"), "de": ("DE", "DE", "AT", "CH"), "fr": ("FR", "FR", "BE", "CH"),
    "es": ("ES",), "it": ("IT",), "nl": ("NL", "NL", "BE"), "pt": ("PT",), "pl": ("PL",),
}  # fmt: skip
_PORTUGUESE = {
    "stems": "Alvamar Belsado Cortiva Douralis Esteval Foztejo Ribamar Serralva Tavirano Vilaberta",
    "fields": "Comércio|Distribuição|Têxteis|Embalagens|Alimentar|Ferramentas|Papelaria",
    "streets": "Rua das Flores|Avenida da Liberdade|Rua do Porto|Travessa do Moinho|Praça Nova|Rua da Indústria",
    "towns": "1100-148 Lisboa|4050-253 Porto|3000-150 Coimbra|4700-031 Braga|8000-076 Faro",
}
_GOODS = {
    "pt": (
        (
            "Papel de cópia|Detergente|Rolo de cozinha|Café em grão|Candeeiro|Chave de fendas|Tinta|Sumo de maçã|"
            "Mangueira|Pilhas|Fita adesiva|Azeite|Massa|Sacos do lixo"
        ),
        "80 g branco|vermelho|grande|pequeno|extra forte|em caixa|com tampa|500 ml|1 kg|tamanho M|bio|2 m",
    ),
    "pl": (
        (
            "Papier ksero|Mydlo w plynie|Recznik kuchenny|Kawa ziarnista|Lampa biurkowa|Srubokret|Farba|Sok jablkowy|"
            "Waz ogrodowy|Baterie|Tasma klejaca|Olej|Makaron|Worki na smieci"
        ),
        "80 g bialy|czerwony|duzy|maly|mocny|w kartonie|z pokrywka|500 ml|1 kg|rozmiar M|bio|2 m",
    ),
}
_CARRIERS = (
    *names.CARRIERS,
    "Meridian Freight Lines",
    "Hansaroute GmbH",
    "Blue Harbour Shipping Ltd",
    "Transportes Ibermar S.L.",
    "Autotrasporti Valdera S.r.l.",
    "Translogis SARL",
    "Noordweg Transport B.V.",
    "Polcargo Sp. z o.o.",
    "Luso Expresso",
    "Parcelwing",
    "Trident Container Line",
    "Overland Haulage Inc.",
    "Rapidsped AG",
    "Messagerie du Rhin",
    "Eurovia Cargo",
)
_PORTS = (
    "Hamburg",
    "Rotterdam",
    "Antwerp",
    "Shanghai",
    "Ningbo",
    "Felixstowe",
    "Genova",
    "Valencia",
    "Le Havre",
    "Gdynia",
    "Leixões",
    "New York",
    "Singapore",
    "Busan",
    "Nhava Sheva",
    "Bremerhaven",
)
_VESSELS = (
    "MV Aurelia",
    "Nordic Pearl",
    "Ever Meridian",
    "Costa Lumina",
    "CL Halcyon",
    "Atlantic Heron",
    "Baltic Wren",
)
_INCOTERMS = ("EXW", "FCA", "FOB", "CIF", "CPT", "DAP", "DDP")
_OWNERS = ("MSK", "TCL", "CMA", "HLB", "GES", "TGH", "OOL", "SEG", "BMO", "NYK")
_FIRST_DAY = date(2022, 1, 3)


def random_ship_paper(rng: Random, *, kind: str | None = None) -> ShipPaper:
    """A paper of any such kind (or of the one named), of any language, whose packages and weights add up."""
    if kind is None:
        kind = rng.choices([name for name, _, _ in _KINDS], weights=[weight for _, _, weight in _KINDS])[0]
    document_type = next(found for name, found, _ in _KINDS if name == kind)
    language = rng.choices(SHIP_LANGUAGES, weights=(24, 17, 11, 10, 11, 10, 8, 9))[0]
    day = _FIRST_DAY + timedelta(days=rng.randrange(1700))
    country = rng.choice(_COUNTRIES[language])
    shipper = _company(rng, country)
    other_country = country if rng.random() < 0.6 else rng.choice(_COUNTRIES[rng.choice(SHIP_LANGUAGES)])
    paper = ShipPaper(
        document_type=document_type,
        kind=kind,
        language=language,
        number=_number(rng, day),
        shipper=shipper,
        consignee=_company(rng, other_country),
        despatch_date=day,
        delivery_date=day + timedelta(days=rng.randint(1, 40 if kind == "sea_bl" else 9)),
        asides=_asides(rng, day, language),
    )
    if kind == "other":
        return replace(paper, text=other_text(rng, language, paper))
    lines = _lines(rng, kind, language)
    if kind == "purchase_order":
        return replace(paper, lines=lines, purchase_order=None)
    return _with_freight(rng, replace(paper, lines=lines), day, other_country)


def container_number(rng: Random) -> str:
    """A container number by ISO 6346 with its check digit, in one piece."""
    body = f"{rng.choice(_OWNERS)}U{rng.randint(0, 999999):06d}"
    return body + str(_iso6346(body))


def sscc(rng: Random) -> str:
    """A serial shipping container code of 18 digits with its check digit."""
    body = f"{rng.choice('0123')}{rng.choice(('40', '30', '50', '84', '80', '87'))}" + f"{rng.randrange(10**14):014d}"
    return body + str(-sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body)) % 10)


def _iso6346(body: str) -> int:
    letters = {letter: 10 + index + (index + 9) // 10 for index, letter in enumerate(ascii_uppercase)}
    total: int = sum((letters.get(c) or int(c)) * 2**place for place, c in enumerate(body))
    return total % 11 % 10


def _with_freight(rng: Random, paper: ShipPaper, day: date, country: str) -> ShipPaper:
    packages = sum(line.package_count or 0 for line in paper.lines)
    net = exact_sum(line.net_weight or Decimal(0) for line in paper.lines)
    gross = exact_sum(line.gross_weight or Decimal(0) for line in paper.lines)
    by_sea = paper.kind == "sea_bl"
    unit = rng.choices(("kg", "lb", "t"), weights=(5, 5, 1) if paper.shipper.country == "US" else (40, 1, 2))[0]
    if unit == "t":
        gross, net = (weight / 1000 for weight in (gross, net))
    several = rng.random() < 0.22
    return replace(
        paper,
        bill_of_lading_number=_bill_number(rng)
        if by_sea or rng.random() < (0.6 if "bl" in paper.kind else 0.12)
        else None,
        purchase_order=_number(rng, day) if rng.random() < 0.85 else None,
        carrier=rng.choice(_CARRIERS) if rng.random() < 0.85 else None,
        tracking_number=_tracking(rng) if rng.random() < (0.1 if by_sea else 0.5) else None,
        container_number=container_number(rng) if by_sea or rng.random() < 0.2 else None,
        seal_number=_seal(rng) if rng.random() < (0.8 if by_sea else 0.2) else None,
        packages=packages,
        pallets=max(1, packages // rng.randint(8, 40)) if several else None,
        gross_weight=gross,
        net_weight=net,
        weight_unit=unit,
        notify=_company(rng, country) if by_sea and rng.random() < 0.8 else None,
        bill_to=_company(rng, country) if rng.random() < 0.35 else None,
    )


def _lines(rng: Random, kind: str, language: str) -> tuple[ShipLine, ...]:
    by_freight = kind in {"sea_bl", "cmr", "straight_bl"}
    sizes = (1, 2, 3, 4) if by_freight else (1, 2, 3, 4, 5, 6, 8, 12, 20, 34)
    weights = (5, 4, 2, 1) if by_freight else (10, 13, 13, 12, 10, 9, 8, 6, 4, 2)
    count = rng.choices(sizes, weights=weights)[0]
    step, prefix = rng.choice((1, 1, 1, 10)), rng.choice(("", "A", "KX-", "10", "P.", "SKU"))
    orders = [f"45{rng.randint(0, 99999999):08d}" for _ in range(2)]
    units = [*ship_words(language)["piece"], rng.choice(ship_words(language)["k_carton"])]
    unit = rng.choice(units)
    lines = []
    for index in range(count):
        quantity = Decimal(rng.choice((1, 2, 4, 6, 10, 12, 24, 36, 48, 100, 144, 240, rng.randint(1, 2400))))
        ordered = quantity if rng.random() < 0.7 else quantity + rng.randint(1, 40)
        net = (quantity * Decimal(rng.randint(2, 240)) / 100).quantize(Decimal("0.1")) + Decimal("0.5")
        packages = max(1, int(quantity) // rng.choice((1, 6, 12, 24))) if quantity > 5 else rng.randint(1, 2)
        price = Decimal(rng.randint(40, 20000)) / 100
        lines.append(
            ShipLine(
                line_id=str((index + 1) * step),
                description=_goods(rng, language),
                quantity=quantity,
                unit=unit if rng.random() < 0.8 else rng.choice(units),
                ordered=ordered,
                seller_item_id=f"{prefix}{rng.randint(1000, 999999)}",
                buyer_item_id=str(rng.randint(100000, 999999)),
                gtin=gtin(rng, rng.choice(("40", "30", "50", "80", "87", "76"))),
                package_count=packages,
                net_weight=net,
                gross_weight=net + Decimal(packages) * Decimal("0.3"),
                lot_number=_lot(rng),
                sscc=sscc(rng),
                purchase_order=orders[index * 2 // count],
                price=price if kind == "purchase_order" else None,
                amount=quantity * price if kind == "purchase_order" else None,
            )
        )
    return tuple(lines)


def _goods(rng: Random, language: str) -> str:
    if language not in _GOODS:
        return names.goods(rng, language)
    things, kinds = (part.split("|") for part in _GOODS[language])
    text = f"{rng.choice(things)} {rng.choice(kinds)}"
    return f"{text}, {rng.choice(kinds)}" if rng.random() < 0.2 else text


def _company(rng: Random, country: str) -> Party:
    if country != "PT":
        return names.company(rng, country, with_bank=False)
    stem, second = rng.sample(_PORTUGUESE["stems"].split(), 2)
    postcode, city = rng.choice(_PORTUGUESE["towns"].split("|")).split(" ", 1)
    field = rng.choice(_PORTUGUESE["fields"].split("|"))
    return Party(
        name=rng.choice((f"{stem} {field}, Lda.", f"{stem} S.A.", f"{field} {stem} Lda.", f"{stem} & {second}, Lda.")),
        street=f"{rng.choice(_PORTUGUESE['streets'].split('|'))} {rng.randint(1, 180)}",
        postcode=postcode,
        city=city,
        country="PT",
        phone=f"+351 {rng.randint(210, 290)} {rng.randint(100000, 999999)}",
        email=f"geral@{stem.lower()}.pt",
    )


def _number(rng: Random, day: date) -> str:
    serial = rng.randint(1, 999999)
    return rng.choice(
        (
            f"{day.year}-{serial % 100000:05d}", f"DN{serial:06d}", f"PL-{serial % 10000}", f"{serial + 8000000}",
            f"LS-{serial % 100000:05d}", f"{day:%y%m}{serial % 1000:03d}", f"{day.year}/{serial % 10000}",
            f"{rng.choice('ABCFKSV')}{rng.choice('ABDRTX')}{serial % 100000:05d}", f"80{serial:08d}",
            f"WZ/{serial % 1000:03d}/{day:%m/%Y}", f"45{serial:08d}", f"SH{day:%y}-{serial % 10000:04d}",
        )
    )  # fmt: skip


def _bill_number(rng: Random) -> str:
    serial = rng.randint(10**6, 10**8)
    return rng.choice(
        (
            f"{rng.choice(_OWNERS)}U{serial:08d}",
            f"HLCU{rng.choice(ascii_uppercase)}{serial}",
            f"BL-{serial}",
            f"{rng.choice(_OWNERS)}{rng.choice(ascii_uppercase)}{serial}",
            str(serial),
        )
    )


def _tracking(rng: Random) -> str:
    return rng.choice(
        (
            f"1Z{rng.choice(ascii_uppercase)}{rng.randint(10**5, 10**6)}{rng.randint(10**8, 10**9)}",
            f"{rng.randint(10**11, 10**12)}",
            f"JD{rng.randint(10**15, 10**16)}",
            f"TA{rng.randint(10**9, 10**10)}NL",
            f"{rng.randint(1000, 9999)} {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}",
            f"PRO{rng.randint(10**7, 10**8)}",
        )
    )


def _seal(rng: Random) -> str:
    serial = rng.randint(10**5, 10**7)
    return rng.choice((f"{serial}", f"SL{serial}", f"H{serial}", f"{rng.choice(_OWNERS)}-{serial}", f"CN {serial}"))


def _lot(rng: Random) -> str:
    return rng.choice(
        (
            f"L{rng.randint(10000, 99999)}",
            f"{rng.randint(100000, 999999)}",
            f"B{rng.randint(22, 26)}-{rng.randint(100, 999)}",
            f"{rng.randint(2022, 2026)}{rng.choice('ABCDEF')}{rng.randint(10, 99)}",
            f"CH{rng.randint(1000, 99999)}",
        )
    )


def _asides(rng: Random, day: date, language: str) -> Mapping[str, str]:
    """What stands on such papers and nobody asks for."""
    loading, discharge = rng.sample(_PORTS, 2)
    form = rng.choice(("dd.mm.yyyy", "dd/mm/yyyy", "yyyy-mm-dd"))
    return {
        "vessel": rng.choice(_VESSELS),
        "voyage": f"{rng.randint(10, 999)}{rng.choice('EWNS')}",
        "pol": loading,
        "pod": discharge,
        "receipt_place": rng.choice(_PORTS),
        "delivery_place": discharge,
        "booking": f"{rng.choice('BKR')}{rng.randint(10**5, 10**8)}",
        "incoterms": f"{rng.choice(_INCOTERMS)} {discharge}",
        "order_date": date_text(day - timedelta(days=rng.randint(3, 40)), form, "en"),
        "customer_no": f"{rng.choice(('', 'K-', 'D'))}{rng.randint(10000, 99999)}",
        "contact": names.person(rng),
        "invoice_no": f"{rng.choice(('INV-', 'R', ''))}{rng.randint(10000, 999999)}",
        "trailer": f"{rng.choice(('HH', 'KR', 'B', 'AB'))} {rng.choice(('TX', 'LM', 'CD'))} {rng.randint(100, 9999)}",
        "warehouse": f"{rng.choice(('W', 'DC ', 'Hub '))}{rng.randint(1, 40)}",
        "volume": f"{Decimal(rng.randint(10, 6800)) / 100} m³",
        "charges": rng.choice(ship_words(language)["charges_text"]),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How a house prints numbers and dates."""

    numbers: NumberForm
    date_form: str
    weight_decimals: int
    unit_mark: str

    def day(self, day: date, language: str) -> str:
        """A date; months are spelled only in forms whose language knows their names."""
        return date_text(day, self.date_form, language if "mon" in self.date_form else "en")

    def weight(self, value: Decimal) -> str:
        """A weight without its unit."""
        return quantity_text(self.numbers, value, self.weight_decimals)


def random_forms(rng: Random, paper: ShipPaper) -> Forms:
    """Forms of the paper's language."""
    english = paper.language == "en"
    american = paper.shipper.country == "US"
    marks: dict[str, Any] = {"kg": ("kg", "kg", "KG", "kgs", "Kg", "KGS"), "lb": ("lb", "lbs", "LBS"), "t": ("t", "t")}
    groups = ((".", ","), (".", ","), (".", "")) if english else ((",", "."), (",", "."), (",", ""), (",", " "))
    decimal, grouping = rng.choice(groups)
    dates: tuple[str, ...] = ("dd.mm.yyyy", "dd.mm.yyyy", "dd/mm/yyyy", "yyyy-mm-dd", "dd-mm-yyyy", "dd.mm.yy")
    if english:
        dates = ("dd/mm/yyyy", "d month yyyy", "dd-mon-yyyy", "yyyy-mm-dd", "dd mon yyyy")
    if american:
        dates = ("mm/dd/yyyy", "m/d/yyyy", "month d, yyyy", "yyyy-mm-dd")
    if paper.language == "fr":
        dates = ("dd/mm/yyyy", "dd/mm/yyyy", "d month yyyy", "dd.mm.yyyy")
    return Forms(
        numbers=NumberForm(decimal=decimal, grouping=grouping),
        date_form=rng.choice(dates),
        weight_decimals=rng.choice((0, 1, 1, 2, 3)) if paper.weight_unit != "t" else 3,
        unit_mark=rng.choice(marks[paper.weight_unit]),
    )
