"""Makes suppliers' ledgers and papers of which it is known whether each was billed before: for measuring, by seed.

Two families of suppliers share nothing but the calendar: how they number, what they bill, and how a copy differs.
Rules are looked at with one family and reported on the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from core.documents import DocumentType
from core.erp import PostedInvoice, Supplier
from triage.facts import Paper

Label = Literal["new", "likely", "exact"]
Family = Literal["tuned", "reported"]

FIRST_DAY, LAST_DAY = date(2025, 5, 5), date(2026, 11, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A paper, what was posted before it came, and whether it was billed before: surely, nearly, or not."""

    paper: Paper
    supplier: Supplier
    posted: tuple[PostedInvoice, ...]
    related: tuple[Supplier, ...]
    label: Label
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How a supplier numbers: from its counter and the day, anew each year where it says so.

    Where a year's numbers are the last year's, amounts vary: two equal ones would be one invoice by any rule.
    """

    number: Callable[[int, date], str]
    restarts: bool = False
    repeats: bool = False
    first: int = 1
    steps: tuple[int, ...] = (1,)


_STYLES: Mapping[Family, tuple[_Style, ...]] = {
    "tuned": (
        _Style(number=lambda n, _: f"R-{n:05}", first=8_000, steps=(1, 2, 5)),
        _Style(number=lambda n, day: f"{day:%Y}-{n:04}", restarts=True),
        _Style(number=lambda n, _: f"{n}", first=990, steps=(1, 3)),
        _Style(number=lambda n, day: f"RE{day:%y%m}{n:03}", restarts=True),
        _Style(number=lambda _, day: f"{day.day}-{day.month}-{day.year}"),
        _Style(number=lambda n, _: f"1001-{n}", first=1),
        _Style(number=lambda n, _: f"{n:03}", restarts=True, repeats=True),
        _Style(number=lambda n, _: f"INV{n:07}", first=120_000, steps=(37, 211, 540)),
    ),
    "reported": (
        _Style(number=lambda n, _: f"F{n:06}", first=70_110, steps=(1, 4, 9)),
        _Style(number=lambda n, day: f"{n:05}/{day:%y}", restarts=True),
        _Style(number=lambda n, day: f"SI-{day:%Y}-{n:05}", first=400, restarts=True, steps=(1, 2)),
        _Style(number=lambda n, _: f"{n:08}", first=4_410_000, steps=(9, 90, 330)),
        _Style(number=lambda _, day: f"{day:%d%m%Y}"),
        _Style(number=lambda n, _: f"K77.{n}", first=8),
        _Style(number=lambda n, _: f"B-{n}", restarts=True, repeats=True),
        _Style(number=lambda n, day: f"{day:%Y%m}{n:04}", restarts=True, steps=(1, 6)),
        _Style(number=lambda n, _: f"AB{n}C", first=5_200, steps=(1, 11)),
    ),
}
_RHYTHMS = (1, 3, 7, 7, 14, 30, 30, 30)
_PREFIXES: Mapping[Family, tuple[str, ...]] = {
    "tuned": ("INV ", "R", "RE-", "0", "2026"),
    "reported": ("NR", "No.", "X-", "00", "2026/"),
}
_SUFFIXES: Mapping[Family, tuple[str, ...]] = {"tuned": ("A", "-1", "/R", " B"), "reported": ("X", "-02", " COP", ".1")}
_ALIKE: Mapping[Family, Mapping[str, str]] = {
    "tuned": {"5": "S", "8": "B"},
    "reported": {"5": "S", "8": "B", "2": "Z", "6": "G"},
}
_WORDS = ("Alba", "Borea", "Corvo", "Delta", "Esker", "Fjord", "Gavia", "Iris", "Jura", "Kelda", "Lumen", "Norden")


def labelled(family: Family, seed: int, *, suppliers: int = 120) -> Iterator[Labelled]:
    """Papers of many suppliers: most go on as before, one in nine was billed before in one way or another."""
    rng = Random(f"{family} {seed}")
    for number in range(suppliers):
        house = _House(family, rng, number)
        yield from house.papers()


class _House:
    """A supplier with a year and a half of postings behind it."""

    def __init__(self, family: Family, rng: Random, number: int) -> None:
        self.family, self.rng = family, rng
        self.style = rng.choice(_STYLES[family])
        self.supplier = Supplier(
            supplier_id=f"S{number:05}",
            name=f"{rng.choice(_WORDS)} {rng.choice(_WORDS)} {number} GmbH",
            vat_id=f"DE{rng.randrange(10**8, 10**9)}",
            iban=f"DE{rng.randrange(10**19, 10**20)}",
            country="DE",
        )
        self.is_standing = rng.random() < 0.6 and not self.style.repeats
        self.amount = Decimal(rng.choice((rng.randrange(1_000, 900_000), 100 * rng.randrange(20, 9_000)))) / 100
        every = rng.choice(_RHYTHMS)
        self.posted: list[PostedInvoice] = []
        day, counter = FIRST_DAY + timedelta(days=rng.randrange(every)), self.style.first
        while day <= LAST_DAY:
            self.posted.append(self._invoice(counter, day))
            self.last_counter = counter
            after = day + timedelta(days=every)
            counter += rng.choice(self.style.steps)
            if self.style.restarts and after.year != day.year:
                counter = self.style.first
            day = after
        self.next_day, self.next_counter = day, counter

    def papers(self) -> Iterator[Labelled]:
        """What comes in next from this supplier."""
        for _ in range(16):
            self.next_counter += self.rng.choice(self.style.steps)
            self.next_day += timedelta(days=self.rng.choice(_RHYTHMS))
            yield self._new("goes on", self._invoice(self.next_counter, self.next_day))
        yield from self._neighbours()
        for make in (self._affixed, self._mistyped, self._misread, self._amount_off, self._elsewhere, self._spelled):
            if self.rng.random() < 0.35:
                yield make()

    def _invoice(self, counter: int, day: date) -> PostedInvoice:
        total = self.amount if self.is_standing else Decimal(self.rng.randrange(1_000, 900_000)) / 100
        return PostedInvoice(
            supplier_id=self.supplier.supplier_id,
            invoice_number=self.style.number(counter, day),
            invoice_date=day,
            total_with_vat=total,
            currency="EUR",
            status="paid",
        )

    def _neighbours(self) -> Iterator[Labelled]:
        """What looks alike and is not: equal amounts, numbers that begin anew, credit notes, other suppliers."""
        last = self.posted[-1]
        draw = self.rng.random()
        if draw < 0.03:
            twin = replace(last, invoice_number=self.style.number(self.last_counter + 1, last.invoice_date))
            if twin.invoice_number != last.invoice_number:
                yield self._new("second of the day over the same amount", twin)
        if draw < 0.2:
            credit = replace(last, invoice_number=f"G{self.rng.randrange(1000)}", total_with_vat=-last.total_with_vat)
            yield self._new("credit note", credit)
        if draw < 0.3:
            paper = self._invoice(self.next_counter + 7, self.next_day)
            stranger = replace(paper, supplier_id="S99999", invoice_number="ZZ-4711")
            yield self._new("amount another supplier billed too", paper, stranger)
        if draw < 0.4:
            paper = self._invoice(self.next_counter + 9, self.next_day)
            yield self._new("number and amount of another supplier", paper, replace(paper, supplier_id="S99999"))
        used = {at.invoice_number for at in self.posted if at.invoice_date.year > FIRST_DAY.year}
        unused = [at for at in self.posted if at.invoice_number not in used]
        if self.style.repeats and unused:
            old = self.rng.choice(unused)
            off = Decimal(self.rng.choice(("0.62", "0.95", "1.04", "1.7")))
            total = (old.total_with_vat * off).quantize(Decimal("0.01"))
            day = old.invoice_date + timedelta(days=365)
            yield self._new("number of another year", replace(old, invoice_date=day, total_with_vat=total))

    def _affixed(self) -> Labelled:
        """The same invoice with up to three characters more or fewer; sometimes sent again under a later date."""
        original = self._original()
        prefix, suffix = self.rng.choice(_PREFIXES[self.family]), self.rng.choice(_SUFFIXES[self.family])
        how = self.rng.choice(("prefix", "suffix", "prefix left out", "within"))
        number = original.invoice_number
        if how == "prefix":
            changed = prefix + number
        elif how == "suffix":
            changed = number + suffix
        elif how == "within":
            at = self.rng.randrange(1, len(number))
            changed = number[:at] + self.rng.choice("0123456789AX") + number[at:]
        else:
            original = self._renumber(original, prefix + number)
            changed = number
        later = self.rng.choice((0, 0, 0, 5)) if how != "within" else 0
        copy = replace(original, invoice_number=changed, invoice_date=original.invoice_date + timedelta(days=later))
        return self._again("likely", f"number with more: {how}", copy)

    def _mistyped(self) -> Labelled:
        """Two digits swapped, or one digit wrong."""
        original = self._original()
        number = original.invoice_number
        places = [at for at in range(len(number) - 1) if number[at : at + 2].isdigit() and number[at] != number[at + 1]]
        if places and self.rng.random() < 0.5:
            at = self.rng.choice(places)
            changed = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
            return self._again("likely", "two digits swapped", replace(original, invoice_number=changed))
        at = self.rng.choice([at for at, char in enumerate(number) if char.isdigit()])
        digit = self.rng.choice([digit for digit in "0123456789" if digit != number[at]])
        changed = number[:at] + digit + number[at + 1 :]
        return self._again("likely", "one digit wrong", replace(original, invoice_number=changed))

    def _misread(self) -> Labelled:
        """Digits read as letters that look alike."""
        original = self._original()
        alike = _ALIKE[self.family]
        at = [place for place, char in enumerate(original.invoice_number) if char in alike]
        if not at:
            return self._spelled()
        place = self.rng.choice(at)
        number = original.invoice_number
        changed = number[:place] + alike[number[place]] + number[place + 1 :]
        return self._again("likely", "a digit read as a letter", replace(original, invoice_number=changed))

    def _amount_off(self) -> Labelled:
        """Number and date equal; the amount with a slip, a little more, or in another currency."""
        original = self._original()
        how = self.rng.choice(("a digit wrong", "a little more", "point moved", "currency"))
        total = original.total_with_vat
        if how == "currency":
            return self._again("likely", "another currency", replace(original, currency="CHF"))
        if how == "a digit wrong":
            digits = list(f"{total:.2f}")
            at = self.rng.choice([place for place, char in enumerate(digits) if char.isdigit()])
            digits[at] = self.rng.choice([digit for digit in "123456789" if digit != digits[at]])
            total = Decimal("".join(digits))
        elif how == "point moved":
            total = total * 10
        else:
            total += Decimal(self.rng.randrange(1, 400)) / 100
        return self._again("likely", f"amount off: {how}", replace(original, total_with_vat=total))

    def _elsewhere(self) -> Labelled:
        """Posted under another master record of the same company, or reversed by a credit note."""
        original = self._original()
        how = self.rng.choice(("VAT id", "account", "name", "reversed"))
        if how == "reversed":
            credit = replace(
                original,
                invoice_number=f"G-{original.invoice_number}",
                total_with_vat=-original.total_with_vat,
                invoice_date=original.invoice_date + timedelta(days=3),
            )
            return self._again("likely", "reversed before", original, credit)
        twin = replace(
            self.supplier,
            supplier_id="T" + self.supplier.supplier_id,
            vat_id=self.supplier.vat_id if how == "VAT id" else None,
            iban=self.supplier.iban if how == "account" else None,
            name=self.supplier.name.replace("GmbH", "AG") if how == "name" else "Einkauf Drei",
        )
        self.posted.remove(original)
        moved = replace(original, supplier_id=twin.supplier_id)
        label: Label = "likely" if how == "name" else "exact"
        found = self._again(label, f"under another number, same {how}", original, moved, related=(twin,))
        self.posted.append(original)
        return found

    def _spelled(self) -> Labelled:
        """The same invoice, its number spelled or read in another way that means the same."""
        original = self._original()
        number = original.invoice_number
        how = self.rng.choice(("spaces", "look-alikes", "lower case", "later date"))
        day = original.invoice_date
        if how == "spaces":
            number = " ".join(number[at : at + 3] for at in range(0, len(number), 3))
        elif how == "look-alikes":
            number = number.replace("0", "O").replace("1", self.rng.choice("Il"))
        elif how == "lower case":
            number = number.lower().replace("-", "/")
        else:
            day += timedelta(days=self.rng.randrange(1, 200))
        return self._again("exact", f"spelled: {how}", replace(original, invoice_number=number, invoice_date=day))

    def _original(self) -> PostedInvoice:
        return self.rng.choice(self.posted)

    def _renumber(self, original: PostedInvoice, number: str) -> PostedInvoice:
        changed = replace(original, invoice_number=number)
        self.posted[self.posted.index(original)] = changed
        return changed

    def _new(self, kind: str, invoice: PostedInvoice, *also: PostedInvoice) -> Labelled:
        return self._labelled("new", kind, invoice, also, ())

    def _again(
        self, label: Label, kind: str, invoice: PostedInvoice, *also: PostedInvoice, related: tuple[Supplier, ...] = ()
    ) -> Labelled:
        return self._labelled(label, kind, invoice, also, related)

    def _labelled(
        self,
        label: Label,
        kind: str,
        invoice: PostedInvoice,
        also: tuple[PostedInvoice, ...],
        related: tuple[Supplier, ...],
    ) -> Labelled:
        is_credit = invoice.total_with_vat < 0
        paper = Paper(
            document_id="doc_paper",
            sha256="ab" * 32,
            document_type=DocumentType.CREDIT_NOTE if is_credit else DocumentType.INVOICE,
            invoice_number=invoice.invoice_number,
            issue_date=invoice.invoice_date,
            currency=invoice.currency,
            seller_name=self.supplier.name,
            seller_vat_id=self.supplier.vat_id,
            total_with_vat=abs(invoice.total_with_vat),
        )
        return Labelled(
            paper=paper, supplier=self.supplier, posted=(*self.posted, *also), related=related, label=label, kind=kind
        )
