"""Gathers what a choice's confidence is made from: its score, its rivals, the checks, and how familiar the paper is."""

from core.documents import Source
from extraction.calibration import SIGNALS
from extraction.candidates import MONEY_FIELDS
from extraction.decode import Choice
from extraction.features import FEATURES, KINDS, Scene, feature_vector
from extraction.knowledge_recall import NOTHING

_AT = {name: index for index, name in enumerate(FEATURES)}
_ROLE = {
    "total_without_vat": "as_net",
    "total_vat": "as_tax",
    "total_with_vat": "as_gross",
    "amount_due": "as_gross",
}
_FAMILIAR_LABELS = 8
_HIGHEST, _LOWEST = 8.0, -4.0


def signals_of(scene: Scene, name: str, choice: Choice, source: Source) -> list[float]:
    """The numbers of `SIGNALS` for a choice."""
    vector = feature_vector(scene, choice.candidate, name)
    recalled = scene.recalled or NOTHING
    values = {
        "score": max(min(choice.log_odds, _HIGHEST), _LOWEST),
        "margin": max(min(choice.margin, _HIGHEST), 0.0),
        "rivals": min(choice.rivals, 4),
        "adds_up": choice.adds_up is True,
        "clash": choice.adds_up is False,
        "valid": vector[_AT["valid"]],
        "invalid": vector[_AT["invalid"]],
        "ambiguous": vector[_AT["ambiguous"]],
        "labelled": max(
            vector[_AT["left"]],
            vector[_AT["above"]],
            vector[_AT["section_own"]] if KINDS[name] in {"name", "vat"} else 0.0,
        ),
        "ocr": source is Source.OCR,
        "ocr_doubt": vector[_AT["ocr_doubt"]],
        "lines": vector[_AT["sum_of_lines"]],
        "remembered": recalled.remembered(name, choice.candidate),
        "known": recalled.known(name, choice.candidate),
        "disagreed": vector[_AT["disagreed"]],
        "unanimous": choice.unanimous,
        "fits_rate": vector[_AT[_ROLE[name]]] if name in _ROLE else 0.0,
        "repeated": vector[_AT["repeats"]] > 0,
        "familiar": familiar(scene),
        "has_lines": bool(scene.lines.items) if name in MONEY_FIELDS else 0.0,
    }
    return [float(values.get(signal, 0.0)) for signal in SIGNALS]


def familiar(scene: Scene) -> float:
    """How many different labels of fields the paper has, as a share of what an ordinary one has."""
    named = {meaning.field for label in scene.labels if not label.is_weak for meaning in label.meanings}
    return min(sum(not field.startswith("x_") for field in named), _FAMILIAR_LABELS) / _FAMILIAR_LABELS
