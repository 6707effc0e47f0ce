"""A shipment paper on its way to being drawn: its looks, its facts with their labels, and the blocks made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from core.documents import DocumentType
from training.papers import Party
from training.pen import Colour, Pen, Token, words_of
from training.sheet import COUNTRIES
from training.ship_papers import ShipPaper, city_line
from training.ship_random import Forms

GREY: Colour = (0.35, 0.35, 0.35)
WHITE: Colour = (1.0, 1.0, 1.0)
_NUMBER_WORD = {
    "packing_list": "nr_packing", "delivery_note": "nr_delivery", "despatch_advice": "nr_advice",
    "sea_bl": "nr_waybill", "cmr": "nr_waybill", "straight_bl": "nr_waybill", "purchase_order": "nr_order",
}  # fmt: skip
_BILLS = frozenset({"sea_bl", "cmr", "straight_bl"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipStyle:
    """Everything about a shipment paper but what it says.

    Attributes:
        family: name of the layout family, for splits by layout.
        seed: what small choices of the layout are drawn from, the same in every pass.
        columns: columns of the goods table, in order.
        notes: what stands under the description of a line rather than in a column.
        package_form: `plain`, `word` (24 cartons) or `slash` (2 pallets / 24 cartons, when the paper counts both).
        weight_form: `suffix` (12 kg) or `label` (the unit stands in the label).
        container_form: `tight`, `spaced` or `dash`.
        rules: of the table: `none header rows grid zebra`.
    """

    family: str
    seed: int
    language: str
    words: Mapping[str, str]
    forms: Forms
    page_size: tuple[float, float]
    font: str
    size: float
    accent: Colour
    fill: Colour
    coloured: bool
    upper: bool
    mark: str
    bold_labels: bool
    margin: float
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    package_form: str
    weight_form: str
    container_form: str
    unit_with_quantity: bool
    rules: str
    totals_row: bool
    countries: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The value as one string."""
        return " ".join(token.shown for token in self.tokens)


class ShipSheet:
    """The state of drawing one shipment paper; `y` is the next free top edge."""

    def __init__(self, paper: ShipPaper, style: ShipStyle, pages: int) -> None:
        self.paper, self.style, self.pages = paper, style, pages
        self.rng = Random(style.seed)  # noqa: S311  looks, not secrets
        self.pen = Pen(style.page_size, style.font, style.size, title=f"{self.title()} {paper.number}")
        self.left, self.right = style.margin, style.page_size[0] - style.margin
        self.y, self.limit = style.margin, style.page_size[1] - style.margin - 24
        self.line = style.size * 1.28

    def title(self) -> str:
        """The words for this kind of paper."""
        if self.paper.document_type is DocumentType.OTHER:
            return self.paper.text[0]
        return self.style.words[self.paper.kind]

    def label(self, word: str) -> str:
        """A label as this house prints it, without its mark."""
        text = self.style.words[word]
        return text.upper() if self.style.upper else text

    def marked(self, label: str) -> str:
        """The label with its mark behind it."""
        return label if label.endswith((":", "#", "?")) else label + self.style.mark

    def fact(self, name: str) -> Fact | None:
        """A fact of the paper by name; None when the paper does not have it."""
        paper, forms, words = self.paper, self.style.forms, self.style.words
        if name == "number":
            key = "purchase_order_reference" if paper.kind == "purchase_order" else "shipment_number"
            return self._made(_NUMBER_WORD[paper.kind], paper.number, key)
        if name in {"despatch_date", "delivery_date"}:
            day = paper.despatch_date if name == "despatch_date" else paper.delivery_date
            word = "shipped_on_board" if name == "despatch_date" and paper.kind in _BILLS else name
            return self._made(word, forms.day(day, paper.language) if day else None, name)
        if name in {"gross", "net"}:
            return self._weight(name)
        if name == "packages":
            return self._packages()
        known: dict[str, tuple[str | None, str]] = {
            "bl_no": (paper.bill_of_lading_number, "bill_of_lading_number"),
            "po": (paper.purchase_order, "purchase_order_reference"),
            "carrier": (paper.carrier, "carrier_name"),
            "tracking": (paper.tracking_number, "tracking_number"),
            "container": (self.container(), "container_number"),
            "seal": (paper.seal_number, "seal_number"),
        }
        if name in known:
            text, key = known[name]
            return self._made(name, text, key)
        if name == "page":
            return Fact(label=words["page"], tokens=(Token(f"{self.pen.page} / {self.pages}"),))
        text = paper.asides.get(name)
        if name == "volume" and text is not None:
            text = text.replace(".", forms.numbers.decimal)
        return self._made(name, text, None)

    def facts(self, names: Sequence[str]) -> list[Fact]:
        """The facts of these names that the paper has."""
        return [fact for name in names if (fact := self.fact(name)) is not None]

    def container(self) -> str | None:
        """The container number in this house's form."""
        number = self.paper.container_number
        if number is None or self.style.container_form == "tight":
            return number
        last = "-" if self.style.container_form == "dash" else " "
        return f"{number[:4]} {number[4:10]}{last}{number[10:]}"

    def party(self, role: str) -> tuple[Party | None, str | None, str]:
        """A party by role, the field its name is (None: nobody asks), and its label."""
        paper, words = self.paper, self.style.words
        shipping = paper.document_type not in {DocumentType.PURCHASE_ORDER, DocumentType.OTHER}
        found: dict[str, tuple[Party | None, str | None, str]] = {
            "shipper": (paper.shipper, "shipper" if shipping else None, words["shipper"]),
            "consignee": (paper.consignee, "consignee" if shipping else None, words["consignee"]),
            "supplier": (paper.consignee, None, words["supplier"]),
            "notify": (paper.notify, None, words["notify"]),
            "bill_to": (paper.bill_to, None, words["bill_to"]),
        }
        party, key, label = found[role]
        return party, key, label.upper() if self.style.upper else label

    def address_lines(self, party: Party) -> list[str]:
        """Street, city and, where the house prints it, country."""
        lines = [party.street, city_line(party)]
        if self.style.countries:
            lines.append(COUNTRIES.get(self.style.language, {}).get(party.country, _LANDS.get(party.country, "")))
        return [line for line in lines if line]

    def party_lines(self, role: str) -> list[list[Token]]:
        """Name and address as lines of tokens."""
        party, key, _ = self.party(role)
        if party is None:
            return []
        lines = [words_of(party.name, key and f"{key}_name")]
        return lines + [words_of(line, key and f"{key}_address") for line in self.address_lines(party)]

    def _made(self, word: str, text: str | None, key: str | None) -> Fact | None:
        if not text:
            return None
        tokens = words_of(text, key) if key == "carrier_name" or key is None else [Token(text, key)]
        return Fact(label=self.label(word), tokens=tuple(tokens))

    def _weight(self, name: str) -> Fact | None:
        value = self.paper.gross_weight if name == "gross" else self.paper.net_weight
        if value is None:
            return None
        text, unit, label = self.style.forms.weight(value), self.style.forms.unit_mark, self.label(name)
        key = f"{name}_weight"
        if self.style.weight_form == "label":
            return Fact(label=f"{label} ({unit})", tokens=(Token(text, key),))
        if self.style.weight_form == "glued":
            return Fact(label=label, tokens=(Token(text, key, after=unit),))
        unit_key = "gross_weight_unit" if name == "gross" else None
        return Fact(label=label, tokens=(Token(text, key), Token(unit, unit_key)))

    def _packages(self) -> Fact | None:
        paper, words = self.paper, self.style.words
        if not paper.packages:
            return None
        tokens = [Token(str(paper.pallets or paper.packages), "package_count")]
        if paper.pallets is not None:
            tokens.append(Token(words["k_pallet"]))
            if self.style.package_form == "slash":
                tokens += [Token("/"), Token(str(paper.packages)), Token(words["k_carton"])]
        elif self.style.package_form == "word":
            tokens.append(Token(words["k_carton"]))
        return Fact(label=self.label("packages"), tokens=tuple(tokens))


_LANDS = {
    "GB": "United Kingdom", "IE": "Ireland", "US": "USA", "SE": "Sweden", "DK": "Denmark", "PL": "Polska",
    "PT": "Portugal", "DE": "Germany", "AT": "Austria", "CH": "Switzerland", "FR": "France", "BE": "Belgium",
    "ES": "Spain", "IT": "Italy", "NL": "Netherlands",
}  # fmt: skip
