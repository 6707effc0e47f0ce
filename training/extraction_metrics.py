"""Judges chosen values and how sure they were: field F1, calibration error, coverage at 99 % precision."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extraction.agreement import agrees
from extraction.calibration import Confidence, expected_calibration_error
from extraction.decode import Choice, decode
from extraction.features import KINDS, eligible
from extraction.scorer import FieldModel, keyword_model, rank
from extraction.signals import signals_of
from training.extraction_confidence import fit_confidence, fit_honesty, log_loss, made_honest
from training.extraction_data import Example

SHOW_AT = 0.15
_REAL_TRUST, _KIN = 2.0, 0.15
Honesty = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A value chosen for a field of a paper: what its confidence is made from, and whether it is right.

    Attributes:
        group: `generated`, or which kind of real paper.
        weight: how much it counts when confidences are fitted.
    """

    field: str
    fold: int
    signals: tuple[float, ...]
    right: bool
    wanted: bool
    is_ocr: bool
    group: str = "generated"
    weight: float = 1.0


def group_of(example: Example) -> str:
    """Which metric a paper counts for."""
    if not example.sample.is_real:
        return "generated"
    if example.sample.label["document_type"] == "receipt":
        return "receipts"
    return "scanned invoices" if example.scene.layout.is_ocr else "native invoices"


def judge(example: Example, models: Mapping[str, FieldModel], fold: int) -> list[Verdict]:
    """What these models would read from a paper, and whether it is right."""
    verdicts = []
    values = example.sample.label["fields"]
    for field, choice in choices_of(example, models).items():
        wanted = values.get(field)
        if not example.knows(field):
            continue
        right = wanted is not None and agrees(field, choice.candidate.value, wanted)
        verdicts.append(
            Verdict(
                field=field,
                fold=fold,
                signals=tuple(signals_of(example.scene, field, choice, example.source)),
                right=right,
                wanted=wanted is not None,
                is_ocr=example.scene.layout.is_ocr,
                group=group_of(example),
                weight=_REAL_TRUST * example.sample.weight if example.sample.is_real else 1.0,
            )
        )
    return verdicts


def choices_of(example: Example, models: Mapping[str, FieldModel]) -> dict[str, Choice]:
    """Scores the measured candidates and decodes them, as extraction does."""
    scored = {}
    for field in example.fields:
        candidates = eligible(example.scene, field)
        if candidates:
            model = models.get(field) or keyword_model(field)
            scored[field] = rank(candidates, example.vectors[field].astype(float), model)
    return decode(scored)


def wanted_of(examples: Sequence[Example]) -> dict[str, Counter[str]]:
    """How many values of each field could have been read, by group."""
    wanted: dict[str, Counter[str]] = {}
    for example in examples:
        fields = example.sample.label["fields"]
        wanted.setdefault(group_of(example), Counter()).update(f for f in example.fields if f in fields)
    return wanted


def fit_confidences(verdicts: Sequence[Verdict], fields: Sequence[str]) -> dict[str, Confidence]:
    """A confidence for each field, and one for all, honest on real papers where there are some."""
    raw = _confidences(verdicts, fields)
    honesty = _honesty(verdicts, crossed(verdicts, fields, honest=False))
    return {field: made_honest(confidence, *honesty) for field, confidence in raw.items()}


def crossed(verdicts: Sequence[Verdict], fields: Sequence[str], *, honest: bool = True) -> list[float]:
    """Each verdict's confidence, by confidences fitted on the other folds only."""
    answers = [0.0] * len(verdicts)
    for fold in sorted({v.fold for v in verdicts}):
        others = [v for v in verdicts if v.fold != fold]
        fitted = fit_confidences(others, fields) if honest else _confidences(others, fields)
        for number, verdict in enumerate(verdicts):
            if verdict.fold == fold:
                answers[number] = fitted[verdict.field].of(verdict.signals)
    return answers


def _confidences(verdicts: Sequence[Verdict], fields: Sequence[str]) -> dict[str, Confidence]:
    """Each field's from its own verdicts and, counting less, from those of its kind: errors are few in one field."""
    by_field: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_field.setdefault(verdict.field, []).append(verdict)
    fitted = {"*": _fit([(v, 1.0) for v in verdicts])}
    for field in fields:
        kin = [other for other in by_field if other != field and KINDS[other] == KINDS[field]]
        mine = [(v, 1.0) for v in by_field.get(field, ())]
        fitted[field] = _fit([*mine, *((v, _KIN) for other in kin for v in by_field[other])]) if mine else fitted["*"]
    return fitted


def _fit(verdicts: Sequence[tuple[Verdict, float]]) -> Confidence:
    return fit_confidence(
        [v.signals for v, _ in verdicts], [v.right for v, _ in verdicts], [v.weight * share for v, share in verdicts]
    )


def _honesty(verdicts: Sequence[Verdict], confidences: Sequence[float]) -> Honesty:
    """What real papers of sellers not trained on say of confidences, on pages with text and on pages read by OCR."""

    def of(is_ocr: bool) -> tuple[float, float]:
        real = [(c, v) for c, v in zip(confidences, verdicts, strict=True) if v.group != "generated"]
        mine = [(c, v) for c, v in real if v.is_ocr is is_ocr]
        return fit_honesty([c for c, _ in mine], [v.right for _, v in mine], [v.weight for _, v in mine])

    return of(is_ocr=False), of(is_ocr=True)


def metrics_of(verdicts: Sequence[Verdict], wanted: Mapping[str, int], confidences: Sequence[float]) -> dict[str, Any]:
    """Field F1 (micro) of what would be shown, calibration error of every verdict, coverage at 99 % precision."""
    shown = [v for v, c in zip(verdicts, confidences, strict=True) if c >= SHOW_AT and v.wanted]
    right, total = sum(v.right for v in shown), sum(wanted.values())
    rights = [v.right for v in verdicts]
    by_field = {}
    for field, count in sorted(wanted.items()):
        mine = [v for v in shown if v.field == field]
        by_field[field] = round(2 * sum(v.right for v in mine) / max(len(mine) + count, 1), 4)
    return {
        "f1": round(2 * right / max(len(shown) + total, 1), 4),
        "ece": round(expected_calibration_error(confidences, rights), 4),
        "log_loss": round(log_loss(confidences, rights), 4),
        "coverage_at_99": round(coverage_at(0.99, confidences, rights, total), 4),
        "values": total,
        "by_field": by_field,
    }


def coverage_at(precision: float, confidences: Sequence[float], rights: Sequence[bool], wanted: int) -> float:
    """The longest prefix, by falling confidence, of which the given share is right, over all wanted values."""
    best = right = 0
    ranked = sorted(zip(confidences, rights, strict=True), key=lambda pair: -pair[0])
    for number, (_, is_right) in enumerate(ranked, 1):
        right += is_right
        if right >= precision * number:
            best = number
    return best / max(wanted, 1)
