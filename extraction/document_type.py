"""Says what kind of paper it is from its titles, its labels and its figures, and how sure that is.

The facts are weighed by a small logistic model, fitted by `training.type_fit` and kept beside the bundle.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.documents import DocumentType
from extraction.document_titles import LONGEST_TITLE, TITLED, titles
from extraction.layout import Layout, Run
from extraction.values import squeeze

if TYPE_CHECKING:
    from extraction.features import Scene

WEIGHTS = Path(__file__).parent / "bundles" / "document_type.json"
_NAMED = (
    "invoice_number", "due_date", "payment_iban", "payment_terms", "total_without_vat", "total_vat", "total_with_vat",
    "amount_due", "shipment_number", "bill_of_lading_number", "despatch_date", "tracking_number", "container_number",
    "seal_number", "carrier_name", "package_count", "gross_weight", "net_weight", "shipper_name", "consignee_name",
    "x_change", "x_order_date", "purchase_order_reference", "x_voyage", "x_notify",
)  # fmt: skip
_COLUMNS = ("unit_price", "line_net_amount", "package_count", "gross_weight", "lot_number", "sscc", "ordered_quantity")
FACTS = (
    *(f"{part}_{kind.value}" for kind in TITLED for part in ("title", "first", "label", "said")),
    *(f"names_{name}" for name in _NAMED),
    *(f"column_{name}" for name in _COLUMNS),
    "has_totals", "lines", "money", "few_words", "prose", "strip", "ocr", "no_title", "iban",
)  # fmt: skip
_TITLE_SIZE = 1.25
_RECEIPT_WIDTH_TO_HEIGHT = 0.55
_SENTENCE = 9
_ASIDE = frozenset(
    {"nr", "no", "n", "num", "number", "nummer", "numero", "numer", "vom", "dated", "copy", "original", "kopie"}
)
_UNREADABLE = (DocumentType.OTHER, 0.5)
_MOST_SURE = 0.995


def tell_document_type(scene: "Scene", *, has_totals: bool) -> tuple[DocumentType, float]:
    """The likeliest kind and its probability; a page without words is of no kind that is known."""
    if not scene.layout.words:
        return _UNREADABLE
    facts = facts_of(scene, has_totals=has_totals)
    scores = {
        kind: bias + sum(weight * facts[name] for name, weight in weights.items() if name in facts)
        for kind, (bias, weights) in _model().items()
        if kind is not DocumentType.CREDIT_NOTE or _says_credit(facts)
    }
    top = max(scores.values())
    total = sum(math.exp(score - top) for score in scores.values())
    best = max(scores, key=lambda kind: scores[kind])
    return best, round(min(_MOST_SURE, 1 / total), 4)


def _says_credit(facts: Mapping[str, float]) -> bool:
    """A credit note calls itself one somewhere; labels and figures alone are an invoice's as well."""
    return any(facts[f"{part}_{DocumentType.CREDIT_NOTE.value}"] for part in ("title", "label", "said"))


def facts_of(scene: "Scene", *, has_totals: bool) -> dict[str, float]:
    """The numbers of `FACTS` for a document, each between 0 and about 3."""
    layout = scene.layout
    facts = dict.fromkeys(FACTS, 0.0)
    _measure_titles(layout, facts)
    facts["no_title"] = float(not any(facts[f"title_{kind.value}"] > 0 for kind in TITLED))
    strong = {meaning.field for label in scene.labels for meaning in label.meanings if meaning.strength == 1}
    for name in _NAMED:
        facts[f"names_{name}"] = float(name in strong)
    headed = {name for table in scene.lines.tables for column in table.columns for name in column.columns[:1]}
    for name in _COLUMNS:
        facts[f"column_{name}"] = float(name in headed)
    words = len(layout.words)
    sentences = sum(run.end - run.start for run in layout.segments if run.end - run.start >= _SENTENCE)
    money = sum("decimals_2" in candidate.marks for candidate in scene.candidates.get("amount", ()))
    facts |= {
        "has_totals": float(has_totals),
        "lines": min(len(scene.lines.items), 4) / 4,
        "money": min(money, 8) / 8,
        "few_words": float(words < 30),
        "prose": min(1.0, 2 * sentences / max(words, 1)),
        "strip": _is_strip(layout),
        "ocr": float(layout.is_ocr),
        "iban": float(bool(scene.candidates.get("iban"))),
    }
    return facts


def _measure_titles(layout: Layout, facts: dict[str, float]) -> None:
    """How early, how large and how alone on its line each kind's title stands; labels and mentions count apart."""
    first: tuple[float, str] | None = None
    for segment in layout.segments:
        words = [squeeze(word.text) for word in layout.words[segment.start : segment.end]]
        words = [word for word in words if word and word not in _ASIDE and not any(c.isdigit() for c in word)]
        start = length = 0
        kind: DocumentType | None = None
        for start in range(min(len(words), 4)):
            kind, length = _title_at(words, start)
            if kind is not None:
                break
        if kind is None:
            continue
        position = segment.box.top / layout.page_sizes[segment.page - 1][1] + segment.page - 1
        alone = start == 0 and length >= len(words) - 1
        if not alone:
            facts[f"said_{kind.value}"] = 1.0
            continue
        size = min(segment.height / layout.text_height, 3.0)
        if _is_label(layout, segment) or length < len(words):
            facts[f"label_{kind.value}"] = max(facts[f"label_{kind.value}"], math.exp(-position))
            continue
        weight = size**1.5 * math.exp(-1.5 * position) * (1 + 0.2 * (length - 1))
        facts[f"title_{kind.value}"] = max(facts[f"title_{kind.value}"], min(weight, 4.0))
        rank = -size if size >= _TITLE_SIZE else position
        if first is None or rank < first[0]:
            first = (rank, kind.value)
    if first is not None:
        facts[f"first_{first[1]}"] = 1.0


def _title_at(words: Sequence[str], start: int) -> tuple[DocumentType | None, int]:
    """The longest title that begins at a word, and how many words it has."""
    known = titles()
    for length in range(min(LONGEST_TITLE, len(words) - start), 0, -1):
        kind = known.get("".join(words[start : start + length]))
        if kind is not None:
            return kind, length
    return None, 0


def _is_label(layout: Layout, segment: Run) -> bool:
    """Whether something stands right of it or it ends with a colon: the name of a number, not of the paper."""
    row = layout.rows[segment.row]
    beside = row.end > segment.end and segment.height < _TITLE_SIZE * layout.text_height
    return beside or segment.text.endswith(":")


def _is_strip(layout: Layout) -> float:
    """Whether it is one long narrow strip of scanned paper, as tills print."""
    if len(layout.page_sizes) != 1 or not layout.is_ocr:
        return 0.0
    width, height = layout.page_sizes[0]
    return float(width / height < _RECEIPT_WIDTH_TO_HEIGHT)


@cache
def _model() -> Mapping[DocumentType, tuple[float, Mapping[str, float]]]:
    """For each kind its bias and the weights of its facts."""
    content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return {
        DocumentType(kind): (float(model["bias"]), {name: float(w) for name, w in model["weights"].items()})
        for kind, model in content["kinds"].items()
    }
