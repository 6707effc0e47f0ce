"""Puts the lines of an address together as they stand on the paper: street, postcode and town, whatever the country."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.documents import Box
from extraction.layout import Run, surrounding
from extraction.lexicon import COUNTRY_WORDS, LEGAL_FORMS, REGION_WORDS, STREET_WORDS
from extraction.values import fold, squeeze

_CODE_THEN_TOWN = re.compile(
    r"(?:^|[\s,(])(?:[A-Z]{1,3}[- ]{1,2}|〒)?"
    r"(?:\d{3}\s?\d{2}|\d{5}(?:-\d{4})?|\d{4}\s?[A-Z]{2}|\d{4}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3}-\d{4}|\d{3}\s?\d{3})"
    r"[,\s]+[^\W\d]{2}"
)
_TOWN_THEN_CODE = re.compile(
    r"[^\W\d]{3,}[,.)]?\s*(?:[-–]\s*)?(?:\(?[A-Z]{2,3}\)?[.,]?\s+)?"
    r"\(?(?:\d{5}(?:-\d{4})?|\d{6}|\d{3} \d{3}|\d{3}-\d{4}|(?<=[A-Z]{2} )\d{4}|(?<=[A-Z]{3} )\d{4})\)?\W*$"
)
_BY_LETTERS = re.compile(
    r"\b(?:[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}|[A-Z]\d[\dW]\s?[A-Z\d]{4}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|[A-Z]{2} \d{5})\b"
)
_CODE_ONLY = re.compile(r"^\W*\d{5,6}\W*$")
_ENDS_WITH_CODE = re.compile(r"(?<![A-Z]{2} )\b\d{5,6}\W*$")
_STREET_FIRST = re.compile(r"^\W*\d{4,5}\s+[^\W\d]")
_REGISTER = re.compile(
    r"^(?=\D*\d\D*\d\D*\d)\W*(?:(?i:company|business|co|reg|regn|registration|roc|rcs|rea|kvk|hrb|uen|abn|siret|siren"
    r"|brn|gst|id|no|nr|n°)\b[\s.:#°º]*)*[(\[]?[A-Z]{0,3}[\dlIO][\dlIO.\s-]{3,24}(?:[A-Z\d]{1,3})?\W{0,4}$"
)
_LABEL = re.compile(
    r"^\W*(?:address|adresse|anschrift|direcci[oó]n|domicilio|indirizzo|sede(?: legale)?|adres|morada|siège) ?: ?",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\S@\S+\.\w|\bwww\.|https?:|\b(?:tel|te1|fax|phone|telefon|mobil|mobile|whatsapp|hotline|email|e-mail|fon|tlf|hp)"
    r"\b[\s.:;=]*(?:(?:no|nr)\b)?[\s.:;=]*(?:[(+\d]|$|\S+@)",
    re.IGNORECASE,
)
_NUMBERED_PLACE = re.compile(r"^\W*(?:no|nos|nr|lot|unit|block|blk|level|suite|address|p\.?o\.? ?box)\W", re.IGNORECASE)
_COLON_VALUE = re.compile(r"[:：=]\s*\S")
_TAX = re.compile(
    r"\b(?:gst|vat|sst|ust|mwst|tva|iva|btw|nip|nif|cif|tax|siret|steuer|p\.?\s?iva|abn|ein)\b.*\d{5}", re.IGNORECASE
)
_SOMEONE = re.compile(
    r"^\W*(?:attn|attention|att|c/o|care of|z\.? ?hd|zu h[aä]nden|t\.? ?a\.? ?v|a/a|a la atenci[oó]n|[aà] l.attention"
    r"|alla? (?:c\.? ?a|cortese attenzione)|a/c|do r[aą]k)\b",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"^\W*(?:p\.? ?o\.? ?box|postfach|postbus|bo[iî]te postale|b\.? ?p\.?|apartado|casella postale|skrytka|caixa postal"
    r"|apdo)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"^[\s()+/.~-]*(?:\d[\s()+/.~-]*){7,}$")
_PAPER = re.compile(
    r"\b(?:invoice|receipt|credit note|cash bill|cash sales?|order|delivery note|rechnung|quittung|gutschrift"
    r"|lieferschein|kassenbon|facture|avoir|ticket|recu|bon|factura|recibo|abono|fattura|ricevuta|scontrino|documento"
    r"|factuur|kassabon|fatura|faktura|date|datum|fecha|data|cashier|kasse|caisse|caja|cassa|kassa|welcome"
    r"|terminal|packing|statement)\b"
)
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d{2}\b")
_OCR_DIGITS = str.maketrans({"l": "1", "I": "1", "O": "0", "o": "0", "|": "1"})
_FEWEST_LETTERS = 3
_LONGEST_REGION = 4
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as it stands under or beside a name, its lines joined by commas."""

    text: str
    start: int
    end: int
    page: int
    box: Box
    has_postcode: bool
    has_street: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """What of a line belongs to the address, and the line."""

    text: str
    run: Run


def address_of(lines: Sequence[Run]) -> Address | None:
    """The lines from the first that is no register number up to the postcode, its town and region.

    Args:
        lines: what stands under a name, from top to bottom.
    """
    kept = _kept(lines)
    first = next((i for i, line in enumerate(kept) if _may_be_street(line.text)), 0)
    del kept[:first]
    if len(kept) > 1 and _BOX.match(kept[0].text) and _may_be_street(kept[1].text) and not has_postcode(kept[1].text):
        del kept[0]
    has_code = any(has_postcode(line.text) for line in kept)
    kept = kept if has_code else _up_to_last_digit(kept)
    return _made(kept, has_code=has_code) if kept else None


def _kept(lines: Sequence[Run]) -> "list[_Line]":
    kept: list[_Line] = []
    for run in lines:
        text = before_contact(run.text)
        is_started = any(_may_be_street(line.text) for line in kept)
        if not is_started and is_tax_number(text):
            kept.clear()
        elif (not kept and _is_second_name(text)) or (not is_started and is_for_someone(text) and not _BOX.match(text)):
            continue
        elif not text or ends_address(text) or (not kept and _is_country(text)):
            break
        elif not is_register(text):
            if any(has_postcode(line.text) for line in kept) and not _goes_on(kept[-1].text, text):
                break
            kept.append(_Line(text, run))
            if text != run.text:
                break
    return kept


@lru_cache(maxsize=_REMEMBERED)
def before_contact(text: str) -> str:
    """The address that stands before a telephone number or e-mail address in the same line; empty when none does."""
    contact = _CONTACT.search(text)
    if contact is None:
        return text
    before = text[: contact.start()].strip(" ,;|-")
    return before if has_postcode(before) else ""


@lru_cache(maxsize=_REMEMBERED)
def is_tax_number(text: str) -> bool:
    """Whether a line tells a tax number or a register number after its label: `GST ID: 000181747712`."""
    return bool(_TAX.search(text) or is_register(text))


@lru_cache(maxsize=_REMEMBERED)
def has_postcode(text: str) -> bool:
    """Whether a line holds a postcode with its town, before or after it."""
    read = _digits(text)
    if _STREET_FIRST.match(read) and looks_like_street(read) and "," not in read:
        return False
    return any(form.search(read) for form in (_CODE_THEN_TOWN, _TOWN_THEN_CODE, _BY_LETTERS, _CODE_ONLY))


@lru_cache(maxsize=_REMEMBERED)
def looks_like_street(text: str) -> bool:
    """Whether a line names a street, a building or a box, with a number."""
    folded = fold(text)
    return any(word in folded for word in STREET_WORDS) and any(map(str.isdigit, text))


@lru_cache(maxsize=_REMEMBERED)
def is_register(text: str) -> bool:
    """Whether a line is a company's register number and nothing else: `(728515-M)`, `RCS : 994 537 571`."""
    return bool(_REGISTER.match(text)) and not _CODE_ONLY.match(text)


def is_place_name(text: str) -> bool:
    """Whether a line names a region or country and nothing else."""
    words = [squeeze(word) for word in re.split(r"[\s,]+", text) if squeeze(word)]
    return bool(words) and (
        squeeze(text) in COUNTRY_WORDS or all(word in REGION_WORDS or word in COUNTRY_WORDS for word in words)
    )


def is_for_someone(text: str) -> bool:
    """Whether a line says who in the house it is for, or gives a post-office box; labels end blocks, these do not."""
    return bool(_SOMEONE.match(text) or _BOX.match(text))


@lru_cache(maxsize=_REMEMBERED)
def ends_address(text: str) -> bool:
    """Whether a line is no address any more: telephone, tax number, the paper's title, a date."""
    if _CONTACT.search(text) or _TAX.search(text) or _DAY.search(text):
        return True
    if _CODE_ONLY.match(text):
        return False
    if _PHONE.match(text) or sum(map(str.isalpha, text)) + sum(map(str.isdigit, text)) < _FEWEST_LETTERS:
        return True
    if _COLON_VALUE.search(text) and not (_NUMBERED_PLACE.match(text) or _LABEL.match(text) or is_register(text)):
        return True
    return bool(_PAPER.search(fold(text))) and not has_postcode(text) and not looks_like_street(text)


def joined(texts: Sequence[str]) -> str:
    """Lines joined by commas, without labels and loose marks at their ends."""
    return ", ".join(said for text in texts if (said := _LABEL.sub("", text).strip(" ,;|")))


def _goes_on(last: str, line: str) -> bool:
    """Whether an address goes on after the line of its postcode: the town follows, or the region after a comma."""
    if is_place_name(line):
        return not _is_country(line)
    if has_postcode(line):
        return last.rstrip().endswith(",")
    if any(map(str.isdigit, line)) or len(line.split()) > _LONGEST_REGION + 1:
        return False
    return bool(_ENDS_WITH_CODE.search(last)) or last.rstrip().endswith(",")


def starts_address(text: str) -> bool:
    """Whether a line looks like the first of an address: a street or a building with a number, or a postcode."""
    return _may_be_street(text) and not ends_address(text) and not is_register(text)


@lru_cache(maxsize=_REMEMBERED)
def _may_be_street(text: str) -> bool:
    """Whether a line could be a street: it holds a number, names one or ends with a comma, as no department does."""
    numbered = any(map(str.isdigit, text)) and len(text.split()) > 1
    return numbered or text.rstrip().endswith(",") or any(word in STREET_WORDS for word in fold(text).split())


def _is_country(text: str) -> bool:
    return squeeze(text) in COUNTRY_WORDS


def _is_second_name(text: str) -> bool:
    """Whether a line under a name is part of the name: it ends in a legal form and is no street."""
    words = [squeeze(word) for word in text.split()]
    return any(word in LEGAL_FORMS for word in words[1:]) and not any(map(str.isdigit, text))


def _up_to_last_digit(lines: "list[_Line]") -> "list[_Line]":
    """Without a postcode an address is trusted as far as numbers go, and one place more."""
    last = max((i for i, line in enumerate(lines) if any(map(str.isdigit, line.text))), default=-1)
    if last < 0:
        return []
    after = lines[last + 1 : last + 3]
    return [*lines[: last + 1], *(line for line in after if lines[last].text.rstrip().endswith(",") or len(after) == 1)]


def _made(lines: "Sequence[_Line]", *, has_code: bool) -> Address:
    text = joined([line.text for line in lines])
    return Address(
        text=text,
        start=lines[0].run.start,
        end=lines[-1].run.end,
        page=lines[0].run.page,
        box=surrounding([line.run.box for line in lines]),
        has_postcode=has_code,
        has_street=looks_like_street(text),
    )


def _digits(text: str) -> str:
    """The text with letters that OCR takes for digits put right in words that are mostly digits."""
    return " ".join(
        word.translate(_OCR_DIGITS)
        if sum(map(str.isdigit, word)) * 2 > len(word) and not word.strip(",.").isdigit()
        else word
        for word in text.split()
    )
