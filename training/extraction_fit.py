"""Takes from measured papers what the models of the fields are fitted on."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from extraction.bundle import field_model
from extraction.features import FEATURES
from extraction.scorer import FieldModel, keyword_model
from training.extraction_data import Example
from training.extraction_trees import Rows, fit_trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HARDEST = 40
_LEAST_POSITIVES = 20
_DROPPED = (
    ("valid", "invalid", "local"),
    ("top", "across", "height", "in_head", "in_foot", "first_lines", "order", "bottom_most"),
    ("section_own", "section_other"),
    ("web_match", "repeats", "first_of_value"),
    ("has_address", "has_postcode", "lines_below"),
    ("as_net", "as_tax", "as_gross", "as_sum", "sum_of_lines", "largest", "rank"),
    ("left", "left_far", "left_other", "left_second", "left_second_other", "right", "right_other"),
    ("above", "above_far", "above_other", "above_taken"),
    ("capitals", "words", "prose", "legal_form"),
    ("length", "digits", "letters", "separators"),
    ("earliest", "latest", "days_after", "round_term"),
    ("title_row", "nearest_title"),
    ("in_table", "under_table"),
    ("block_line", "block_lines", "first_block", "row_alone", "line_height", "before_title"),
    ("block_vat", "block_iban", "block_contact", "block_register", "block_customer", "block_postcode"),
    ("window", "sender_line", "under_sender_line", "salutation_above"),
    ("person_like", "courtesy", "register_cut"),
    ("name_keyed", "keyed_seller", "keyed_buyer", "under_seller", "under_buyer", "under_other"),
    ("web_share", "foot_repeat", "text_repeat"),
    ("address_near",),
)
_DROP_CHANCE = 0.2
_NONE = Rows(
    vectors=np.zeros((0, len(FEATURES)), dtype=np.float32),
    right=np.zeros(0, dtype=np.int8),
    paper=np.zeros(0, dtype=np.int64),
    weight=np.zeros(0),
)


def training_rows(examples: Sequence[Example], field: str, seed: int) -> Rows:
    """Every right candidate and the hardest wrong ones of each paper; right values in others' places are left out."""
    keyword, rng = keyword_model(field), np.random.default_rng(seed)
    vectors: list[NDArray[np.float32]] = []
    rights: list[NDArray[np.int8]] = []
    weights: list[float] = []
    for example in examples:
        if field not in example.vectors or not len(example.vectors[field]):
            continue
        measured, truth = example.vectors[field], example.truths[field]
        odds = keyword.log_odds(measured.astype(np.float64))
        odds[truth == 1] = np.inf
        odds[truth == -1] = -np.inf
        kept = np.argsort(-odds, kind="stable")[:_HARDEST]
        kept = kept[truth[kept] != -1]
        if len(kept) and example.teaches(field):
            vectors += [measured[kept], _with_gaps(measured[kept], rng)]
            rights += [truth[kept], truth[kept]]
            weights += [example.sample.weight / 2] * 2
    if not vectors:
        return _NONE
    sizes = [len(part) for part in rights]
    return Rows(
        vectors=np.concatenate(vectors),
        right=np.concatenate(rights),
        paper=np.repeat(np.arange(len(sizes)), sizes),
        weight=np.repeat(np.array(weights), sizes),
    )


def _with_gaps(vectors: "NDArray[np.float32]", rng: np.random.Generator) -> "NDArray[np.float32]":
    """The same paper with some kinds of hint taken away, so that no kind is trusted alone on papers unlike these."""
    gappy = vectors.copy()
    for group in _DROPPED:
        if rng.random() < _DROP_CHANCE:
            gappy[:, [FEATURES.index(name) for name in group]] = 0.0
    return gappy


def fit_field(examples: Sequence[Example], field: str, seed: int) -> dict[str, Any] | None:
    """A field's model in the bundle's form, None when too few papers show the field."""
    rows = training_rows(examples, field, seed)
    if rows.right.sum() < _LEAST_POSITIVES or rows.right.all():
        return None
    return fit_trees(rows, field, seed)


def models_of(content: Mapping[str, Mapping[str, Any]]) -> dict[str, FieldModel]:
    """Field models as the service will load them."""
    return {field: field_model(model) for field, model in content.items()}
