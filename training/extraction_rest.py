"""Fits the confidences of what is read by rules: cells of lines, addresses, currency, payment terms."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.documents import SHIPMENT_TYPES, DocumentType
from extraction.agreement import agrees
from extraction.calibration import Confidence
from extraction.candidates_parties import Party
from extraction.fields import ADDRESS_OF, address_signals, currency_of, terms_of
from extraction.lines_fields import LineValue, line_signals, values_of
from extraction.lines_shipment import shipment_lines
from training.extraction_confidence import fit_confidence
from training.extraction_data import Example

_Row = tuple[str, list[float], bool]
_CHECKED = (
    "quantity",
    "unit_price",
    "line_net_amount",
    "tax_rate",
    "seller_item_id",
    "buyer_item_id",
    "gtin",
    "description",
    "unit",
    "line_id",
    "lot_number",
    "package_count",
    "gross_weight",
    "sscc",
    "purchase_order_reference",
)


def fit_rest(examples: Sequence[Example]) -> dict[str, Confidence]:
    """A confidence for each kind of such a value. Rules are not fitted, so no papers need to be held out."""
    found: dict[str, list[tuple[list[float], bool, float]]] = defaultdict(list)
    for example in examples:
        lines = () if example.sample.is_real and not example.sample.label["lines"] else _line_rows(example)
        for name, signals, right in (*lines, *_other_rows(example)):
            found[name].append((signals, right, example.sample.weight))
    return {
        name: fit_confidence([s for s, _, _ in rows], [r for _, r, _ in rows], [w for _, _, w in rows])
        for name, rows in sorted(found.items())
    }


def _line_rows(example: Example) -> Iterator[_Row]:
    lines = example.scene.lines
    if DocumentType(example.sample.label["document_type"]) in SHIPMENT_TYPES:
        read = list(shipment_lines(example.scene))
    else:
        read = [values_of(example.scene, item, lines.roles) for item in lines.items]
    for values, line in _paired(read, example.sample.label["lines"]):
        for name, value in values.items():
            if name not in _CHECKED or (line is not None and name not in line):
                continue
            right = line is not None and agrees(name, value.value, line[name])
            yield f"lines.{name}", line_signals(example.scene, value, example.source), right


def _paired(
    read: Sequence[Mapping[str, LineValue]], wanted: Sequence[Mapping[str, str]]
) -> Iterator[tuple[Mapping[str, LineValue], Mapping[str, str] | None]]:
    """What was read of each line with the true line that it agrees with most, each line once."""
    left = list(range(len(wanted)))
    for values in read:
        scores = {
            n: sum(name in wanted[n] and agrees(name, value.value, wanted[n][name]) for name, value in values.items())
            for n in left
        }
        best = max(scores, key=lambda n: (scores[n], -n), default=None)
        if best is None or scores[best] == 0:
            yield values, None
            continue
        left.remove(best)
        yield values, wanted[best]


def _other_rows(example: Example) -> Iterator[_Row]:
    fields: Mapping[str, Any] = example.sample.label["fields"]
    for name, address in ADDRESS_OF.items():
        if address in fields and name in fields:
            yield from _address_rows(example, name, address)
    if "currency" in fields:
        found = currency_of(example.scene, example.source)
        if found is not None:
            yield "currency", found[1], found[0].value == fields["currency"]
    if "payment_terms" in fields:
        terms = terms_of(example.scene, example.source)
        if terms is not None:
            yield "payment_terms", terms[1], agrees("payment_terms", terms[0].text, fields["payment_terms"])


def _address_rows(example: Example, name: str, address: str) -> Iterator[_Row]:
    """The address under each place of the true name: the name's own doubt is counted elsewhere."""
    fields = example.sample.label["fields"]
    parties: list[Party] = [p for p in example.scene.parties if p.address and agrees(name, p.name.value, fields[name])]
    for party in parties[:1]:
        assert party.address is not None
        signals = address_signals(party.address, 1.0, example.source)
        yield address, signals, agrees(address, party.address.text, fields[address])
