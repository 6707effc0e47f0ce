"""A bill on its way to being drawn by blocks: small choices, text helpers and the parties as lines of tokens."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from training.papers import Paper, Party
from training.pen import BLACK, Colour, Token, words_of
from training.sheet import Reference, Sheet
from training.styles import Style

GREY: Colour = (0.35, 0.35, 0.35)
PALE: Colour = (0.92, 0.93, 0.95)
WHITE: Colour = (1.0, 1.0, 1.0)
Row = Sequence[Token]
_T = TypeVar("_T")


class BillSheet(Sheet):
    """A sheet whose blocks make small choices by lot, the same in every pass.

    Attributes:
        rng: the lot.
        shows_vat, shows_bank: whether the seller's VAT id and account have been printed.
    """

    def __init__(self, paper: Paper, style: Style, pages: int, password: str | None = None) -> None:
        super().__init__(paper, style, pages, password)
        self.rng = Random(style.seed)  # noqa: S311  looks, not secrets
        self.limit_first = self.limit

    def chance(self, share: float) -> bool:
        """Whether something with this chance happens."""
        return self.rng.random() < share

    def pick(self, *choices: _T) -> _T:
        """One of the choices."""
        return self.rng.choice(choices)

    def word(self, key: str) -> str:
        """A word of the house."""
        return self.style.words[key]

    @property
    def accent(self) -> Colour:
        """Colour of headings."""
        return self.style.accent if self.style.coloured_text else BLACK

    def reference(self, name: str) -> Reference | None:
        """Also the references only bills have."""
        extra = self.paper.distraction
        if name in {"ours", "contract", "when"} and extra is not None:
            text = {"ours": extra.contact.split()[0][:2].lower() + extra.quote_number[:3],
                    "contract": extra.quote_number,
                    "when": f"{8 + len(extra.contact)}:{len(extra.project) + 10}"}[name]  # fmt: skip
            return Reference(label=self.word(name), text=text, key=None)
        return super().reference(name)

    def stack(
        self, x: float, top: float, width: float, rows: Sequence[Row], *,
        size: float | None = None, bold: bool = False, first_bold: bool = False, align: str = "left",
        colour: Colour = BLACK,
    ) -> float:  # fmt: skip
        """Draws rows of tokens below each other, each wrapped; answers the bottom."""
        size = size or self.style.size
        leading = size * self.style.leading
        y = top + size
        for index, row in enumerate(rows):
            strong = bold or (first_bold and index == 0)
            y = self.pen.paragraph(
                x, y, row, width, leading=leading, size=size, bold=strong, align=align, colour=colour
            )
        return y - leading + size * 0.35

    def heading(self, x: float, top: float, text: str, *, size: float | None = None, width: float = 0.0) -> float:
        """A small heading; answers the top of what follows."""
        size = size or self.style.size
        kind = self.style.seed % 4
        if kind == 0 and width:
            self.pen.box(x, top, x + width, top + size * 1.5, fill=PALE, line=None)
            self.pen.text(x + 3, top + size * 1.1, text, size=size, bold=True)
            return top + size * 1.75
        self.pen.text(x, top + size, text, size=size, bold=kind != 1, colour=GREY if kind == 1 else self.accent)
        if kind == 3 and width:
            self.pen.rule(x, top + size * 1.3, x + width, top + size * 1.3, weight=0.4)
        return top + size * 1.5

    def name_row(self, role: str) -> list[Token]:
        """A party's name as tokens of its field."""
        party = self.paper.buyer if role == "buyer" else self.paper.seller
        return words_of(party.name, f"{role}_name")

    def address_rows(self, party: Party, key: str | None, *, split: bool = True) -> list[list[Token]]:
        """Street, town and perhaps country, on lines of their own or in one."""
        street, town = words_of(party.street, key), words_of(self.city_line(party), key)
        rows = [street, town] if split else [[*street[:-1], Token(street[-1].text, key, "", ","), *town]]
        if self.style.country_lines:
            rows.append(words_of(self.address_lines(party)[-1]))
        return rows

    def vat_row(self, party: Party, role: str) -> list[Token]:
        """A party's VAT id behind its label; nothing when it has none."""
        vat = self.vat(party)
        if vat is None:
            return []
        word = "vat_id" if role == "seller" or self.chance(0.5) else "buyer_vat_id"
        return [*words_of(self.label(word)), Token(vat, f"{role}_vat_id")]

    def party_rows(self, role: str, *, full: bool = False) -> list[list[Token]]:
        """A party as the lines of an address, with what stands between them by chance."""
        party = self.paper.buyer if role == "buyer" else self.paper.seller
        extras, rows = self.paper.extras, [self.name_row(role)]
        if len(rows[0]) > 2 and self.chance(0.12):
            rows = [rows[0][:2], rows[0][2:]]
        if role == "buyer":
            before: list[list[Token]] = []
            if extras.contact:
                (before if self.chance(0.25) else rows).append(words_of(extras.contact))
            if extras.department:
                (before if self.chance(0.2) else rows).append(words_of(extras.department))
            if extras.box:
                rows.append(words_of(extras.box))
            rows = before + rows
        rows += self.address_rows(party, f"{role}_address", split=self.chance(0.85))
        if full or self.chance(0.25):
            rows += [row for row in (self.vat_row(party, role),) if row]
        if role == "buyer" and self.paper.distraction and self.chance(0.12):
            rows.append([*words_of(self.label("customer_number")), Token(self.paper.distraction.customer_number)])
        return rows

    def contact_rows(self) -> list[list[Token]]:
        """How to reach the seller."""
        seller = self.paper.seller
        pairs = [("phone", seller.phone), ("fax", seller.fax), ("email", seller.email), ("web", seller.web)]
        return [words_of(f"{self.label(word)} {text}") for word, text in pairs if text]

    def bank_rows(self) -> list[list[Token]]:
        """The account, with the name of its holder by chance."""
        bank, extras = self.paper.seller.bank, self.paper.extras
        holder = extras.payee or self.paper.seller
        rows: list[list[Token]] = []
        if bank is None:
            return rows
        if extras.payee or self.chance(0.35):
            key = None if extras.payee else "seller_name"
            rows.append([*words_of(self.label("payee")), *words_of(holder.name, key)])
        rows.append(words_of(f"{self.label('bank')} {bank.name}"))
        if self.paper.seller.country in {"US", "AU", "MY", "SG", "IN", "CA", "JP", "BR"} and extras.account:
            rows.append(words_of(f"A/C No. {extras.account}"))
        else:
            rows.append([*words_of(self.label("iban")), *words_of(self.iban(bank.iban), "payment_iban")])
        rows.append(words_of(f"{self.label('bic')} {bank.bic}"))
        if self.paper.payment_reference and "payment_reference" not in self.style.meta:
            rows.append(
                [*words_of(self.label("payment_reference")), Token(self.paper.payment_reference, "payment_reference")]
            )
        return rows
