"""Writes what whoever asks about a case may send: a letter to a supplier, a note to a colleague. Sends nothing. Pure.

To the outside only what the paper itself says is told, never what the house knows: what a supplier's account is in the
master record is exactly what somebody who forges an invoice would like to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

ENGLISH, GERMAN = "en", "de"
LANGUAGES = (ENGLISH, GERMAN)
OUTSIDE = frozenset({"ask_supplier", "ask_customer", "ask_carrier"})
"""Whom what the house knows is none of the business of."""

_BEGINNINGS: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...] = (
    (
        ("MATCH-PRICE", "MATCH-TOTAL"),
        {
            ENGLISH: "The price differs from the one in our order. Which price was agreed, when and with whom?",
            GERMAN: "Der Preis weicht von unserer Bestellung ab. Welcher wurde wann und mit wem vereinbart?",
        },
    ),
    (
        ("MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED", "SHIP-SHORT", "SHIP-RECEIPT"),
        {
            ENGLISH: "The quantity differs from what reached us. What was delivered, when and where? Please send the "
            "proof of delivery.",
            GERMAN: "Die Menge weicht von der eingegangenen ab. Was wurde wann und wohin geliefert? Bitte senden Sie "
            "den Liefernachweis.",
        },
    ),
    (
        ("MATCH-CHARGE",),
        {
            ENGLISH: "There is a charge that is not in our order. What is it for, and who agreed to it?",
            GERMAN: "Es sind Nebenkosten berechnet, die wir nicht bestellt haben. Wofür, und mit wem vereinbart?",
        },
    ),
    (
        ("MATCH-LINE", "SHIP-ITEM"),
        {
            ENGLISH: "An item is not in our order. To which order does it belong?",
            GERMAN: "Eine Position steht nicht in unserer Bestellung. Zu welcher Bestellung gehört sie?",
        },
    ),
    (
        ("INV-NO-PO", "PO-", "SHIP-PO"),
        {
            ENGLISH: "To which of our purchase orders does it belong? Please name its number.",
            GERMAN: "Zu welcher unserer Bestellungen gehört der Beleg? Bitte nennen Sie die Bestellnummer.",
        },
    ),
    (
        ("INV-DUPLICATE", "SHIP-DUPLICATE"),
        {
            ENGLISH: "We have received a very similar document before. Is this a new one or a copy?",
            GERMAN: "Uns liegt bereits ein sehr ähnlicher Beleg vor. Ist dies ein neuer oder eine Kopie?",
        },
    ),
    (
        ("DOC-ARITHMETIC", "DOC-HYBRID", "DOC-SCHEMA", "TAX-"),
        {
            ENGLISH: "The amounts or the tax on it do not add up. Please check it and send a corrected one.",
            GERMAN: "Beträge oder Steuer gehen nicht auf. Bitte senden Sie einen berichtigten Beleg.",
        },
    ),
    (
        ("DOC-UNREADABLE", "DOC-CONFIDENCE", "DOC-TYPE"),
        {
            ENGLISH: "We cannot read it well. Please send it again as an electronic invoice or a PDF.",
            GERMAN: "Wir können den Beleg schlecht lesen. Bitte senden Sie ihn noch einmal als E-Rechnung oder PDF.",
        },
    ),
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    ENGLISH: {
        "subject": "Question about {what}",
        "dear": "Dear Sir or Madam,",
        "about": "we have a question about {what}{total}, before we can go on with it:",
        "until": "Please answer by {until} and quote {reference}.",
        "end": "Kind regards",
        "hello": "Hello,",
        "inside": "{what}{total} waits for your answer:",
        "found": "What was found:",
        "of": " of {total}",
    },
    GERMAN: {
        "subject": "Frage zu {what}",
        "dear": "Sehr geehrte Damen und Herren,",
        "about": "wir haben eine Frage zu {what}{total}, bevor wir den Beleg weiterbearbeiten können:",
        "until": "Bitte antworten Sie bis {until} und nennen Sie dabei {reference}.",
        "end": "Mit freundlichen Grüßen",
        "hello": "Hallo,",
        "inside": "{what}{total} wartet auf Ihre Antwort:",
        "found": "Was gefunden wurde:",
        "of": " über {total}",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What may be sent.

    Attributes:
        by_phone_only: it is about an account: ask on a known number, never by answering the paper.
    """

    subject: str
    text: str
    by_phone_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the letter is about.

    Attributes:
        what: the paper or thing in words (`invoice R-8812`); `findings` are codes with their sentences.
    """

    reference: str
    what: str
    total: Decimal | None
    currency: str | None
    findings: Sequence[tuple[str, str]]


def letter(about: About, *, reason_code: str, question: str, until: datetime, sender: str, language: str) -> Letter:
    """Writes the letter in one of the languages there is one in; English for any other.

    Args:
        question: in the asker's own words; without any, the usual question about each finding.
    """
    tongue = language if language in LANGUAGES else ENGLISH
    words, outside = _WORDS[tongue], reason_code in OUTSIDE
    what = {"what": about.what, "total": _total(about, words)}
    asked = [question.strip()] if question.strip() else list(_usual(about, tongue)) if outside else []
    body = [words["dear" if outside else "hello"], words["about" if outside else "inside"].format(**what), *asked]
    if not outside and about.findings:
        body.append("\n".join([words["found"], *(f"- {sentence} [{code}]" for code, sentence in about.findings)]))
    body.append(words["until"].format(until=f"{until:%Y-%m-%d}", reference=about.reference))
    body.append(f"{words['end']}\n{sender}")
    is_bank = outside and any(code == "SUP-BANK" for code, _ in about.findings)
    return Letter(
        subject=f"{words['subject'].format(what=about.what)} [{about.reference}]",
        text="\n\n".join(body) + "\n",
        by_phone_only=is_bank,
    )


def _usual(about: About, language: str) -> Sequence[str]:
    codes = [code for code, _ in about.findings]
    found = [said[language] for starts, said in _BEGINNINGS if any(code.startswith(starts) for code in codes)]
    return [f"- {one}" for one in found] if len(found) > 1 else found


def _total(about: About, words: Mapping[str, str]) -> str:
    if about.total is None:
        return ""
    return words["of"].format(total=f"{about.total:,.2f} {about.currency or ''}".strip())
