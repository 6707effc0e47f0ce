"""A paper on its way to being drawn: what it says, how it looks, where the pen stands, each value's printed form."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.documents import SHIPMENT_TYPES, DocumentType
from training.formats import MoneyForm, date_text, in_groups, quantity_text, rate_text, vat_text
from training.papers import Paper, Party
from training.pen import Pen, Token, words_of
from training.styles import Style

COUNTRIES: dict[str, dict[str, str]] = {
    "de": {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz", "FR": "Frankreich", "NL": "Niederlande"},
    "fr": {"DE": "Allemagne", "FR": "France", "BE": "Belgique", "CH": "Suisse", "ES": "Espagne", "IT": "Italie"},
    "es": {"ES": "España", "FR": "Francia", "DE": "Alemania", "IT": "Italia"},
    "it": {"IT": "Italia", "CH": "Svizzera", "DE": "Germania", "FR": "Francia"},
    "nl": {"NL": "Nederland", "BE": "België", "DE": "Duitsland"},
    "pt": {"PT": "Portugal", "BR": "Brasil", "ES": "Espanha", "DE": "Alemanha"},
    "pl": {"PL": "Polska", "DE": "Niemcy", "CZ": "Czechy"},
}
_ENGLISH_COUNTRIES = {
    "DE": "Germany",
    "AT": "Austria",
    "CH": "Switzerland",
    "FR": "France",
    "BE": "Belgium",
    "ES": "Spain",
    "IT": "Italy",
    "NL": "Netherlands",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "SE": "Sweden",
    "DK": "Denmark",
    "PL": "Poland",
    "US": "USA",
    "PT": "Portugal",
    "BR": "Brazil",
    "CZ": "Czech Republic",
    "NO": "Norway",
    "MY": "Malaysia",
    "SG": "Singapore",
    "AU": "Australia",
    "CA": "Canada",
    "JP": "Japan",
    "IN": "India",
}


def city_line(party: Party) -> str:
    """Postcode and city in the order of the party's country."""
    if party.country in {"GB", "IE", "SG", "AU", "IN", "JP"}:
        return f"{party.city} {party.postcode}"
    if party.country in {"US", "CA", "BR"}:
        return f"{party.city}, {party.postcode}"
    return f"{party.postcode} {party.city}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An entry of the reference block: a label, the value's text, and the field it is (None: nobody asks)."""

    label: str
    text: str
    key: str | None


class Sheet:
    """The state of drawing one paper.

    Attributes:
        y: the next free top edge on the present page.
        pages: how many pages the paper has, as far as known.
        left, right: edges of the present column of text.
    """

    def __init__(self, paper: Paper, style: Style, pages: int, password: str | None = None) -> None:
        self.paper, self.style, self.pages = paper, style, pages
        self.pen = Pen(
            style.page_size, style.font, style.size, title=f"{self.title()} {paper.number}", password=password
        )
        self.left = style.margin_left
        self.right = style.page_size[0] - style.margin_right
        self.y = style.margin_top
        self.limit = style.page_size[1] - style.margin_bottom
        self.line = style.size * style.leading
        self.money = MoneyForm(numbers=style.numbers, currency=paper.currency, sign=style.sign, place=style.sign_place)

    @property
    def is_shipment(self) -> bool:
        """Whether this is a delivery note or its like, which has no amounts."""
        return self.paper.document_type in SHIPMENT_TYPES

    def title(self) -> str:
        """The word for this kind of paper."""
        return self.style.words[
            {DocumentType.CREDIT_NOTE: "credit_note", DocumentType.INVOICE: "invoice"}.get(
                self.paper.document_type, "delivery_note"
            )
        ]

    def party_key(self, role: str, part: str) -> str:
        """Field name of a party's part: on shipment papers the seller ships and the buyer receives."""
        if self.is_shipment and part != "vat_id":
            role = {"seller": "shipper", "buyer": "consignee"}[role]
        return f"{role}_{part}"

    def date(self, day: date) -> str:
        """A date as this house prints it."""
        return date_text(day, self.style.date_form, self.style.language)

    def amount(self, value: Decimal, *, sign: bool | None = None) -> str:
        """An amount as this house prints it in sums."""
        return self.money.amount(value, sign=self.style.totals_sign if sign is None else sign)

    def rate(self, rate: Decimal) -> str:
        """A tax rate as this house prints it."""
        return rate_text(self.style.numbers, rate, self.style.rate_form)

    def quantity(self, value: Decimal) -> str:
        """A quantity as this house prints it."""
        return quantity_text(self.style.numbers, value, self.style.quantity_decimals)

    def iban(self, iban: str) -> str:
        """An IBAN in groups of four or in one piece."""
        return in_groups(iban, 4) if self.style.iban_form == "grouped" else iban

    def label(self, word: str) -> str:
        """A label with this house's mark behind it, before its value."""
        text = self.style.words[word]
        return text if text.endswith((":", "#")) else text + self.style.label_mark

    def city_line(self, party: Party) -> str:
        """Postcode and city in the country's order."""
        return city_line(party)

    def address_lines(self, party: Party) -> list[str]:
        """Street, city and, where the house prints it, country."""
        lines = [party.street, self.city_line(party)]
        if self.style.country_lines:
            names = COUNTRIES.get(self.style.language, {})
            lines.append(names.get(party.country, _ENGLISH_COUNTRIES[party.country]))
        return lines

    def references(self) -> list[Reference]:
        """The entries of the reference block, in the house's order; what this paper does not have is left out."""
        found = [self.reference(name) for name in self.style.meta]
        return [reference for reference in found if reference is not None]

    def reference(self, name: str) -> Reference | None:
        """One entry of the reference block by its name in `Style.meta`."""
        word, text, key = self._reference_parts(name)
        if not text:
            return None
        return Reference(label=self.style.words[word], text=text, key=key)

    def _reference_parts(self, name: str) -> tuple[str, str, str | None]:
        paper, extra, freight = self.paper, self.paper.distraction, self.paper.freight
        credit = paper.document_type is DocumentType.CREDIT_NOTE
        if name == "number":
            word = "delivery_number" if self.is_shipment else "credit_number" if credit else "invoice_number"
            return word, paper.number, "shipment_number" if self.is_shipment else "invoice_number"
        if name == "issue_date":
            word = "despatch_date" if self.is_shipment else "credit_date" if credit else "issue_date"
            return word, self.date(paper.issue_date), "despatch_date" if self.is_shipment else "issue_date"
        if name in {"due_date", "delivery_date"}:
            day = paper.due_date if name == "due_date" else paper.delivery_date
            word = "arrival_date" if self.is_shipment and name == "delivery_date" else name
            return word, self.date(day) if day else "", name
        if name == "order_date":
            return name, self.date(extra.order_date) if extra else "", None
        if name == "terms":
            return "terms", self.terms_text() if paper.terms_days is not None else "", "payment_terms"
        texts: dict[str, tuple[str | None, str | None]] = {
            "purchase_order": (paper.purchase_order, "purchase_order_reference"),
            "despatch_number": (paper.despatch_number, "despatch_advice_reference"),
            "original_number": (paper.original_number, None),
            "payment_reference": (paper.payment_reference, "payment_reference"),
            "currency": (paper.currency if paper.totals else None, "currency"),
            "customer_number": (extra.customer_number if extra else None, None),
            "quote_number": (extra.quote_number if extra else None, None),
            "contact": (extra.contact if extra else None, None),
            "project": (extra.project if extra else None, None),
            "seller_vat": (self.vat(paper.seller), "seller_vat_id"),
            "buyer_vat": (self.vat(paper.buyer), "buyer_vat_id"),
            "page": (f"{self.pen.page} {self.style.words['of']} {self.pages}", None),
            "carrier": (freight.carrier if freight else None, "carrier_name"),
            "tracking_number": (freight.tracking_number if freight else None, "tracking_number"),
            "package_count": (str(freight.packages) if freight else None, "package_count"),
        }
        text, key = texts[name]
        return _WORD_OF.get(name, name), text or "", key

    def vat(self, party: Party) -> str | None:
        """A party's VAT id as printed."""
        return vat_text(party.vat_id, self.style.vat_form) if party.vat_id else None

    def terms_text(self) -> str:
        """The payment term in words, without a date."""
        return self.style.words["terms_text"].format(days=self.paper.terms_days)

    def fill(self, template: str, values: dict[str, tuple[str, str | None]]) -> list[Token]:
        """A sentence with places `{name}` as tokens; a value is one token, beside the punctuation it touches."""
        tokens: list[Token] = []
        for word in template.split(" "):
            name = word.partition("{")[2].partition("}")[0]
            if name:
                text, key = values[name]
                before, _, after = word.partition(f"{{{name}}}")
                tokens.append(Token(text, key, before, after))
            else:
                tokens.extend(words_of(word))
        return tokens


_WORD_OF = {"seller_vat": "vat_id", "buyer_vat": "buyer_vat_id"}
