"""Prints line tables in the many ways of suppliers, as words with boxes, and says which lines they hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from core.documents import Box, Page, Reading, Source, Word

ADVANCE, SIZE, STEP = 4.6, 9.0, 12.5
_BOTTOM, _WIDTH, _HEIGHT = 760.0, 595.0, 842.0
_HEADINGS = {
    "known": {
        "line_id": "Pos",
        "seller_item_id": "Art.-Nr.",
        "description": "Bezeichnung",
        "quantity": "Menge",
        "unit": "Einheit",
        "unit_price": "Einzelpreis",
        "discount": "Rabatt %",
        "discount_amount": "Rabatt",
        "tax_rate": "MwSt. %",
        "line_net_amount": "Nettobetrag",
        "gross_amount": "Bruttobetrag",
    },
    "strange": {
        "line_id": "Tétel",
        "seller_item_id": "Kód",
        "description": "Megnevezés",
        "quantity": "Menny.",
        "unit": "Egys.",
        "unit_price": "Nettó egységár",
        "discount": "Kedv.",
        "discount_amount": "Kedv.",
        "tax_rate": "ÁFA",
        "line_net_amount": "Nettó érték",
        "gross_amount": "Bruttó érték",
    },
}
_WIDTHS = {
    "line_id": 24,
    "seller_item_id": 66,
    "description": 170,
    "quantity": 52,
    "unit": 34,
    "unit_price": 62,
    "discount": 44,
    "discount_amount": 44,
    "tax_rate": 40,
    "line_net_amount": 64,
    "gross_amount": 64,
}
_LEFT = frozenset({"line_id", "seller_item_id", "description", "unit"})
_NOUNS = ("Papier", "Schraube", "Kabel", "Leuchte", "Ordner", "Becher", "Dose", "Farbe", "Rolle", "Karton", "Seife")
_MORE = ("weiß", "blau 40 mm", "extra stark", "mit Deckel", "M8x20", "500 ml", "im Karton", "lackiert", "Größe 42")
_UNITS = ("Stk", "kg", "m", "Paar", "Krt")


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What one line says."""

    description: str
    item: str
    quantity: Decimal
    unit: str
    price: Decimal
    net: Decimal
    rate: Decimal = Decimal(19)
    discount: Decimal | None = None
    base: int = 1


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a house prints its table.

    Attributes:
        headings: `known`, `strange` (words of no vocabulary) or `none`.
        wrap: `none`, `below` or `above` the figures.
        carried: whether a sum is carried over page ends.
        totals: what the sums are called: `known` or `strange`.
    """

    columns: tuple[str, ...] = ("line_id", "description", "quantity", "unit", "unit_price", "line_net_amount")
    headings: str = "known"
    wrap: str = "none"
    unit_in_quantity: bool = False
    group_every: int = 0
    subtotals: bool = False
    carried: bool = False
    repeat_heading: bool = True
    item_below: bool = False
    totals: str = "known"
    comma: bool = True
    currency: str = ""
    own_discount_rows: bool = False
    charge: Decimal = Decimal(0)
    padding: float = 2.0
    rows_a_page: int = 30


@dataclass
class _Press:
    look: Look
    pages: list[list[Word]] = field(default_factory=lambda: [[]])
    y: float = 60.0

    def cell(self, x: float, text: str, *, right: bool = False) -> None:
        width = ADVANCE * (len(text))
        at = x - width if right else x
        for part in text.split(" "):
            if part:
                box = Box(at, self.y, at + ADVANCE * len(part) - 0.4, self.y + SIZE)
                self.pages[-1].append(Word(text=part, box=box))
            at += ADVANCE * (len(part) + 1) - (ADVANCE - 2.6)

    def feed(self, lines: float = 1.0) -> None:
        self.y += STEP * lines

    def page(self) -> None:
        self.pages.append([])
        self.y = 60.0

    def reading(self) -> Reading:
        pages = tuple(
            Page(number=n, width=_WIDTH, height=_HEIGHT, source=Source.TEXT_LAYER, words=tuple(words))
            for n, words in enumerate(self.pages, 1)
        )
        return Reading(sha256="0" * 64, media_type="application/pdf", pages=pages)


def money(value: Decimal, *, comma: bool = True, places: int = 2) -> str:
    """An amount with thousands marks."""
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if comma else text


def some_goods(rng: Random, count: int, *, discounts: bool = False, negative: bool = False) -> list[Goods]:
    """Random lines whose net is what it must be by commercial rounding."""
    made = []
    for n in range(count):
        quantity = Decimal(rng.choice((1, 2, 3, 5, 7, 10, 12, 24, 48, 100, 250)))
        if rng.random() < 0.15:
            quantity = Decimal(rng.randrange(105, 9999)) / 100
        price = Decimal(rng.randrange(15, 29999)) / 100
        discount = Decimal(rng.choice((5, 10, 15, 25))) if discounts and rng.random() < 0.5 else None
        net = quantity * price * (1 - (discount or Decimal(0)) / 100)
        net = net.quantize(Decimal("0.01"), ROUND_HALF_UP) * (-1 if negative and rng.random() < 0.2 else 1)
        made.append(
            Goods(
                description=" ".join((rng.choice(_NOUNS), *rng.sample(_MORE, rng.randrange(1, 4)))),
                item=f"{rng.choice('ABKQX')}{rng.choice('RTZ')}-{rng.randrange(1000, 99999)}{n}",
                quantity=quantity if net >= 0 else -quantity,
                unit=rng.choice(_UNITS),
                price=price,
                net=net,
                discount=discount,
                rate=Decimal(rng.choice((7, 19))),
            )
        )
    return made


def print_table(goods: Sequence[Goods], look: Look) -> Reading:
    """An invoice with these lines, its head and its totals."""
    press = _Press(look)
    for text in ("Muster Handels GmbH", "Hafenstraße 12", "20457 Hamburg"):
        press.cell(40, text)
        press.feed()
    press.feed(2)
    press.cell(40, "Rechnung 2026-0815" if look.totals == "known" else "Számla 2026-0815")
    press.feed(2)
    edges = _edges(look)
    _heading(press, edges)
    done, on_page = Decimal(0), 0
    for number, one in enumerate(goods, 1):
        if on_page >= look.rows_a_page or press.y > _BOTTOM:
            _next_page(press, edges, done)
            on_page = 0
        if look.group_every and (number - 1) % look.group_every == 0:
            if look.subtotals and number > 1:
                part = sum((g.net for g in goods[max(number - 1 - look.group_every, 0) : number - 1]), Decimal(0))
                press.cell(edges["description"][0], "Zwischensumme")
                press.cell(edges["line_net_amount"][1], _sum_text(part, look), right=True)
                press.feed()
            press.cell(edges["description"][0], f"Lieferung {number} vom 03.06.2026")
            press.feed()
        _line(press, edges, number, one)
        done += one.net
        on_page += 1
    _totals(press, edges, done)
    return press.reading()


def _edges(look: Look) -> dict[str, tuple[float, float]]:
    edges, x = {}, 40.0
    spare = 515 - sum(_WIDTHS[name] for name in look.columns)
    for name in look.columns:
        width = _WIDTHS[name] + (spare if name == "description" else 0)
        edges[name] = (x, x + width - 6)
        x += width
    return edges


def _heading(press: _Press, edges: dict[str, tuple[float, float]]) -> None:
    if press.look.headings == "none":
        return
    for name, (left, right) in edges.items():
        press.cell(left if name in _LEFT else right, _HEADINGS[press.look.headings][name], right=name not in _LEFT)
    press.feed(1.3)


def _next_page(press: _Press, edges: dict[str, tuple[float, float]], done: Decimal) -> None:
    look = press.look
    if look.carried:
        press.cell(edges["description"][0], "Übertrag")
        press.cell(edges["line_net_amount"][1], _sum_text(done, look), right=True)
    press.page()
    press.cell(40, "Muster Handels GmbH")
    press.cell(500, f"Seite {len(press.pages)}")
    press.feed(3)
    if look.repeat_heading:
        _heading(press, edges)
    if look.carried:
        press.cell(edges["description"][0], "Übertrag")
        press.cell(edges["line_net_amount"][1], _sum_text(done, look), right=True)
        press.feed()


def _line(press: _Press, edges: dict[str, tuple[float, float]], number: int, one: Goods) -> None:
    look = press.look
    words = one.description.split()
    first, rest = (words[:2], words[2:]) if look.wrap != "none" else (words, [])
    if look.wrap == "above" and rest:
        press.cell(edges["description"][0], " ".join(first))
        press.feed()
        first, rest = rest, []
    texts = {
        "line_id": str(number),
        "seller_item_id": one.item,
        "description": " ".join(first),
        "quantity": _quantity(one, look),
        "unit": "" if look.unit_in_quantity else one.unit,
        "unit_price": _sum_text(one.price, look),
        "discount": "" if one.discount is None else f"{one.discount:f}",
        "tax_rate": f"{one.rate:f} %",
        "line_net_amount": _sum_text(one.net, look),
        "gross_amount": _sum_text(one.net * (100 + one.rate) / 100, look),
    }
    for name, (left, right) in edges.items():
        press.cell(left if name in _LEFT else right, texts.get(name, ""), right=name not in _LEFT)
    press.feed()
    if rest:
        press.cell(edges["description"][0], " ".join(rest))
        press.feed()
    if look.item_below:
        press.cell(edges["description"][0], f"Art.-Nr.: {one.item}")
        press.feed()
    press.y += look.padding


def _quantity(one: Goods, look: Look) -> str:
    whole = one.quantity == one.quantity.to_integral_value()
    text = money(one.quantity, comma=look.comma, places=0 if whole else 2)
    return f"{text} {one.unit}" if look.unit_in_quantity else text


def _sum_text(value: Decimal, look: Look) -> str:
    text = money(value.quantize(Decimal("0.01"), ROUND_HALF_UP), comma=look.comma)
    return f"{text} {look.currency}".strip()


def _totals(press: _Press, edges: dict[str, tuple[float, float]], net: Decimal) -> None:
    look = press.look
    right = max(edge for _, edge in edges.values())
    names = {
        "known": ("Versandkosten", "Summe netto", "zzgl. 19 % MwSt.", "Gesamtbetrag"),
        "strange": ("Szállítás", "Összesen nettó", "19 % ÁFA", "Fizetendő"),
    }[look.totals]
    total = net + look.charge
    tax = (total * 19 / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    press.feed(1)
    for name, value in zip(names, (look.charge, total, tax, total + tax), strict=True):
        if value or name != names[0]:
            press.cell(300, name)
            press.cell(right, _sum_text(value, look), right=True)
            press.feed()
    press.feed()
    press.cell(40, "IBAN DE30 5075 0094 0000 0485 67")


def random_look(rng: Random) -> Look:
    """Some house's table."""
    columns = ["description", "quantity", "unit_price", "line_net_amount"]
    in_quantity = rng.random() < 0.3
    if not in_quantity and rng.random() < 0.6:
        columns.insert(2, "unit")
    if rng.random() < 0.3:
        columns.insert(columns.index("unit_price") + 1, "discount")
    if rng.random() < 0.3:
        columns.insert(columns.index("line_net_amount") + rng.randrange(2), "tax_rate")
    if rng.random() < 0.15:
        columns.append("gross_amount")
    if rng.random() < 0.25:
        columns.remove("quantity")
        columns.insert(0, "quantity")
    item = rng.random()
    if item < 0.4:
        columns.insert(columns.index("description"), "seller_item_id")
    if rng.random() < 0.6:
        columns.insert(0, "line_id")
    return Look(
        columns=tuple(columns),
        headings=rng.choice(("known", "strange", "strange", "none")),
        wrap=rng.choice(("none", "none", "below", "above")),
        unit_in_quantity=in_quantity,
        group_every=rng.choice((0, 0, 0, 3)),
        subtotals=rng.random() < 0.5,
        carried=rng.random() < 0.5,
        repeat_heading=rng.random() < 0.7,
        item_below=item > 0.75,
        totals=rng.choice(("known", "known", "strange")),
        comma=rng.random() < 0.7,
        currency=rng.choice(("", "", "€", "EUR")),
        charge=rng.choice((Decimal(0), Decimal(0), Decimal("6.90"))),
        padding=rng.choice((0.0, 2.0, 6.0)),
        rows_a_page=rng.choice((6, 12, 30)),
    )
