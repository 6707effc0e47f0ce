"""Turns choices into fields: value, calibrated confidence, evidence boxes and the reasons a person is shown."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.documents import Box, Evidence, Field, Row, Source
from extraction.addresses import Address
from extraction.bundle import Bundle
from extraction.calibration import SIGNALS
from extraction.candidates import MONEY_FIELDS, Candidate
from extraction.candidates_freight import weight_unit
from extraction.candidates_parties import Party
from extraction.decode import Choice
from extraction.features import Scene
from extraction.knowledge_recall import NOTHING
from extraction.layout import Run, surrounding
from extraction.signals import signals_of
from extraction.values import squeeze

_FLOOR = 0.15
_CURRENCY_SCORE = 6.0
ADDRESS_OF = {
    "seller_name": "seller_address",
    "buyer_name": "buyer_address",
    "shipper_name": "shipper_address",
    "consignee_name": "consignee_address",
}
_MOST_TERMS_LENGTH = 140
_TERM_DAYS = re.compile(
    r"\b\d{1,3}\s*(?:calendar |business |kalender)?(?:days?|tagen?|tage|jours?|dias?|días|giorni|gg|dagen|dni)\b"
    r"|\bnet(?:to)? \d{1,3}\b|\bdue on receipt\b",
    re.IGNORECASE,
)


def fields_from_choices(scene: Scene, choices: Mapping[str, Choice], bundle: Bundle, source: Source) -> Row:
    """Every field that is likely enough to be shown, in the order of the interface's own names."""
    fields: dict[str, Field] = {}
    for name, choice in choices.items():
        signals = signals_of(scene, name, choice, source)
        confidence = bundle.confidence(name).of(signals)
        if confidence < _FLOOR:
            continue
        reasons = (
            *_reasons(signals, choice),
            *_agreement(scene, choice.candidate),
            *(scene.recalled or NOTHING).reasons(name, choice.candidate),
        )
        fields[name] = _field(scene, choice.candidate, confidence, source, reasons)
        if name == "gross_weight":
            fields["gross_weight_unit"] = _weight_unit(choice.candidate, fields[name])
        if name in ADDRESS_OF:
            _add_address(scene, fields, name, choice, bundle=bundle, source=source)
    if "total_with_vat" in fields and "amount_due" not in fields and "prepaid_amount" not in fields:
        gross = fields["total_with_vat"]
        fields["amount_due"] = replace(gross, reasons=(*gross.reasons, "nothing was paid before"))
    if any(name in fields for name in MONEY_FIELDS):
        _add_currency(scene, fields, bundle, source)
        _add_terms(scene, fields, bundle, source)
    return fields


def _reasons(signals: Sequence[float], choice: Choice) -> tuple[str, ...]:
    given = dict(zip(SIGNALS, signals, strict=True))
    said = [
        (given["labelled"] > 0.3, "label beside it"),
        (given["labelled"] <= 0.3, "no label beside it"),
        (given["adds_up"], "adds up"),
        (given["lines"], "is the sum of the lines"),
        (given["clash"], "does not add up"),
        (given["valid"], "check digits right"),
        (given["invalid"], "check digits wrong"),
        (given["ambiguous"], "day and month could be exchanged"),
        (choice.rivals == 1, "two candidates"),
        (choice.rivals > 1, f"{choice.rivals + 1} candidates"),
        (given["ocr_doubt"] > 0.4, "hard to read"),
        (given["disagreed"] > 0, "read differently by two OCR engines"),
        (not given["unanimous"], "another value fits the labels better"),
    ]
    return tuple(text for holds, text in said if holds)


def _agreement(scene: Scene, candidate: Candidate) -> tuple[str, ...]:
    """Where two engines were asked and both read the same letters; where they differ a signal says so."""
    words = scene.layout.words[candidate.start : candidate.end]
    return ("read alike by two OCR engines",) if words and all(word.agreed for word in words) else ()


def _field(scene: Scene, candidate: Candidate, confidence: float, source: Source, reasons: tuple[str, ...]) -> Field:
    words = scene.layout.words[candidate.start : candidate.end]
    text = candidate.value if candidate.kind == "name" else " ".join(word.text for word in words)
    return Field(
        value=candidate.value,
        confidence=round(confidence, 4),
        source=source,
        evidence=(Evidence(page=candidate.page, box=candidate.box, text=text),),
        reasons=reasons,
    )


def _weight_unit(candidate: Candidate, weight: Field) -> Field:
    return Field(
        value=weight_unit(candidate), confidence=weight.confidence, source=weight.source, evidence=weight.evidence
    )


def _add_address(
    scene: Scene, fields: dict[str, Field], name: str, choice: Choice, *, bundle: Bundle, source: Source
) -> None:
    """The address that stands with the chosen name, here or where the same name stands again."""
    key = squeeze(choice.candidate.value)
    parties = [p for p in scene.parties if p.address is not None and squeeze(p.name.value) == key]
    chosen = max(parties, key=lambda p: _address_worth(p, choice.candidate), default=None)
    if chosen is None or chosen.address is None:
        return
    address = chosen.address
    signals = address_signals(address, fields[name].confidence, source)
    confidence = min(bundle.confidence(ADDRESS_OF[name]).of(signals), fields[name].confidence)
    if confidence >= _FLOOR:
        fields[ADDRESS_OF[name]] = Field(
            value=address.text,
            confidence=round(confidence, 4),
            source=source,
            evidence=(Evidence(page=address.page, box=address.box, text=address.text),),
            reasons=("stands with the name",),
        )


def address_signals(address: Address, name_confidence: float, source: Source) -> list[float]:
    """The numbers of `SIGNALS` for an address that stands with a name."""
    values = {
        "score": 1.0 if address.has_postcode else -1.0,
        "margin": name_confidence * 4,
        "labelled": float(address.has_street),
        "ocr": float(source is Source.OCR),
    }
    return [float(values.get(signal, 0.0)) for signal in SIGNALS]


def _address_worth(party: Party, chosen: Candidate) -> tuple[bool, bool, bool]:
    assert party.address is not None
    return party.address.has_postcode, party.address.has_street, party.name.start == chosen.start


def currency_of(scene: Scene, source: Source) -> tuple[Candidate, list[float]] | None:
    """The commonest currency on the pages; codes count more than symbols, a labelled one most."""
    votes: Counter[str] = Counter()
    best: dict[str, tuple[int, Candidate]] = {}
    labelled_rows = {label.row for label in scene.labels if label.strength("currency")}
    for candidate in scene.candidates.get("currency", ()):
        weight = 8 if candidate.row in labelled_rows else 2 if "code" in candidate.marks else 1
        votes[candidate.value] += weight
        if weight > best.get(candidate.value, (0, candidate))[0]:
            best[candidate.value] = (weight, candidate)
    if not votes:
        return None
    (value, count), total = votes.most_common(1)[0], sum(votes.values())
    values = {
        "score": _CURRENCY_SCORE * count / total,
        "margin": min(count, 8),
        "rivals": len(votes) - 1,
        "ocr": source is Source.OCR,
    }
    return best[value][1], [float(values.get(signal, 0.0)) for signal in SIGNALS]


def _add_currency(scene: Scene, fields: dict[str, Field], bundle: Bundle, source: Source) -> None:
    found = currency_of(scene, source)
    if found is not None:
        candidate, signals = found
        alone = not signals[SIGNALS.index("rivals")]
        reasons = ("only currency on the pages",) if alone else ("several currencies on the pages",)
        # Papers in two currencies are too rare in training to be learnt from: no surer than what speaks for this one.
        share = signals[SIGNALS.index("score")] / _CURRENCY_SCORE
        confidence = min(bundle.confidence("currency").of(signals), share)
        fields["currency"] = _field(scene, candidate, confidence, source, reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The sentence of the payment terms and where it stands."""

    text: str
    page: int
    box: Box


def terms_of(scene: Scene, source: Source) -> tuple[Terms, list[float]] | None:
    """What stands beside or under the label of the terms, or else the line that speaks of days and payment."""
    options: list[tuple[float, Terms]] = []
    for segment in scene.layout.segments:
        text = segment.text.strip(" :.")
        days = _TERM_DAYS.search(text)
        if days is None or len(text) > _MOST_TERMS_LENGTH:
            continue
        start = _terms_start(scene, segment)
        words = scene.layout.words[start : segment.end]
        if words:
            said = " ".join(word.text for word in words).strip(" :.·|")
            labelled = start > segment.start or _terms_label_near(scene, segment)
            options.append(
                (float(labelled), Terms(text=said, page=segment.page, box=surrounding([w.box for w in words])))
            )
    if not options:
        return None
    near, terms = max(options, key=lambda option: option[0])
    rivals = float(min(len(options) - 1, 4))
    values = {"labelled": near, "rivals": rivals, "ocr": float(source is Source.OCR)}
    return terms, [float(values.get(signal, 0.0)) for signal in SIGNALS]


def _terms_start(scene: Scene, segment: Run) -> int:
    """Where the terms begin after their label and a colon; a label without one is the sentence's own first word."""
    for label in scene.labels:
        if label.start >= segment.end:
            break
        if (
            label.start >= segment.start
            and label.strength("payment_terms")
            and scene.layout.words[label.end - 1].text.endswith(":")
        ):
            return label.end
        if (
            label.end < segment.end
            and label.start >= segment.start
            and label.strength("payment_terms")
            and scene.layout.words[label.end].text == ":"
        ):
            return label.end + 1
    return segment.start


def _terms_label_near(scene: Scene, segment: Run) -> bool:
    height = scene.layout.text_height
    return any(
        label.strength("payment_terms")
        and label.page == segment.page
        and (
            (label.row == segment.row and label.end <= segment.start)
            or (0 < segment.box.top - label.box.top < 2.5 * height and abs(label.box.x0 - segment.box.x0) < height)
        )
        for label in scene.labels
    )


def _add_terms(scene: Scene, fields: dict[str, Field], bundle: Bundle, source: Source) -> None:
    found = terms_of(scene, source)
    if found is not None:
        terms, signals = found
        confidence = bundle.confidence("payment_terms").of(signals)
        if confidence >= _FLOOR:
            fields["payment_terms"] = Field(
                value=terms.text,
                confidence=round(confidence, 4),
                source=source,
                evidence=(Evidence(page=terms.page, box=terms.box, text=terms.text),),
                reasons=("label beside it",) if signals[SIGNALS.index("labelled")] else ("speaks of days",),
            )
