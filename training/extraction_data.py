"""Turns generated papers into what the scorer learns from: for each field, every candidate's features and its truth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from core.documents import DocumentType, Reading, Source
from extraction.agreement import agrees
from extraction.candidates import Candidate
from extraction.extract import billing_or_shipment_fields, scene_of
from extraction.features import KINDS, Scene, eligible, feature_matrix
from extraction.scorer import keyword_model
from training.extraction_noise import as_if_scanned, with_wrong_check_digits
from training.extraction_receipts import random_receipt

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCANNED_SHARE = 0.3
WRONG_DIGITS_SHARE = 0.2
RECEIPT_SHARE = 0.2
_PLACE_MARGIN = 3.0
_ALSO_IN_TAX_TABLES = frozenset({"total_without_vat", "total_vat"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A paper as it is read, with its label.

    Attributes:
        family: the layout family, or the seller, that it is held out with.
        weight: how much it counts beside a generated paper.
        is_real: whether it is a real paper: its label names values but no places, and says nothing of other fields.
    """

    reading: Reading
    label: Mapping[str, Any]
    family: str
    weight: float = 1.0
    is_real: bool = False


@dataclass(slots=True, kw_only=True)
class Example:
    """A measured paper: the scene without its vectors, and for each field vectors and truths of its candidates.

    Attributes:
        truths: 1 the value in its place, 0 another value, -1 the right value in a place that is another field's.
    """

    sample: Sample
    scene: Scene
    source: Source
    fields: tuple[str, ...]
    vectors: "dict[str, NDArray[np.float32]]"
    truths: "dict[str, NDArray[np.int8]]"

    def knows(self, field: str) -> bool:
        """Whether the label says what the field is, or that it has none.

        A real paper's label says nothing of fields it does not name. A generated paper's calls net and tax absent
        where they stand in the table of taxes only; taking them from there is right.
        """
        return field in self.sample.label["fields"] or not (self.sample.is_real or field in _ALSO_IN_TAX_TABLES)

    def teaches(self, field: str) -> bool:
        """Whether it is known which candidate is right, or that none is."""
        return self.knows(field) and (not self.sample.is_real or bool((self.truths[field] == 1).any()))


def samples(count: int, seed: int) -> Iterator[Sample]:
    """Generated papers, read, a share of them as if scanned, and till receipts between them; a seed gives the same.

    Letters and contracts are left out: they have parties and dates, and nobody says which of them would be right.
    """
    from extraction.read import read
    from training.documents_run import generate
    from training.labels import label_of

    for index, (paper, style, printed) in enumerate(generate(count, seed)):
        label = label_of(paper, style, printed, file=f"{seed}-{index}")
        if label["document_type"] == DocumentType.OTHER:
            continue
        reading = read(printed.pdf, media_type="application/pdf")
        label["fields"] = _with_amount_due(label["fields"])
        rng = Random(f"noise {seed} {index}")  # noqa: S311  noise, not secrets
        if rng.random() < WRONG_DIGITS_SHARE:
            reading, label = with_wrong_check_digits(reading, label)
        if rng.random() < SCANNED_SHARE:
            reading = as_if_scanned(reading, rng)
        yield Sample(reading=reading, label=label, family=label["layout"])
        if rng.random() < RECEIPT_SHARE:
            receipt, receipt_label = random_receipt(rng)
            yield Sample(reading=receipt, label=receipt_label, family=receipt_label["layout"])


def _with_amount_due(fields: Mapping[str, str]) -> dict[str, str]:
    """Where nothing was paid before, the gross total is what is due, whichever of the two a paper calls it."""
    gross = fields.get("total_with_vat")
    if gross is None or "prepaid_amount" in fields:
        return dict(fields)
    return {"amount_due": gross, **fields}


def measure(sample: Sample) -> Example:
    """All candidates of a paper, measured for every field its kind of paper has."""
    scene, _ = scene_of(sample.reading)
    fields = tuple(f for f in billing_or_shipment_fields(DocumentType(sample.label["document_type"])) if f in KINDS)
    vectors, truths = {}, {}
    for field in fields:
        candidates = eligible(scene, field)
        vectors[field] = feature_matrix(scene, field).astype(np.float32)
        truths[field] = np.array([_truth(c, field, sample.label) for c in candidates], dtype=np.int8)
        if sample.is_real:
            truths[field] = _likely_places(field, vectors[field], truths[field])
    return Example(
        sample=sample,
        scene=scene,
        source=Source.OCR if scene.layout.is_ocr else Source.TEXT_LAYER,
        fields=fields,
        vectors=vectors,
        truths=truths,
    )


def wanted_values(example: Example) -> dict[str, str]:
    """The true values that some candidate could give."""
    values = example.sample.label["fields"]
    return {
        field: values[field] for field in example.fields if field in values and bool((example.truths[field] != 0).any())
    }


def _truth(candidate: Candidate, field: str, label: Mapping[str, Any]) -> int:
    wanted = label["fields"].get(field)
    if wanted is None or not agrees(field, candidate.value, wanted):
        return 0
    places: Sequence[Mapping[str, Any]] = label["evidence"].get(field, ())
    if not places:
        return 1
    return 1 if any(_stands_at(candidate, place) for place in places) else -1


def _likely_places(field: str, vectors: "NDArray[np.float32]", truths: "NDArray[np.int8]") -> "NDArray[np.int8]":
    """A label without a place is true of the places where the keywords speak for it; elsewhere it may be chance."""
    if not (truths == 1).any():
        return truths
    odds = keyword_model(field).log_odds(vectors.astype(np.float64))
    doubtful = (truths == 1) & (odds < odds[truths == 1].max() - _PLACE_MARGIN)
    return np.where(doubtful, np.int8(-1), truths)


def _stands_at(candidate: Candidate, place: Mapping[str, Any]) -> bool:
    if place["page"] != candidate.page:
        return False
    x0, top, x1, bottom = place["box"]
    box = candidate.box
    across = min(box.x1, x1) - max(box.x0, x0)
    down = min(box.bottom, bottom) - max(box.top, top)
    return bool(across > 0.4 * min(box.x1 - box.x0, x1 - x0) and down > 0.3 * min(box.bottom - box.top, bottom - top))
