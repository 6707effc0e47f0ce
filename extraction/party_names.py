"""Tells the name of a party from what is printed with it, and from thanks and greetings."""

import re
from collections.abc import Sequence
from functools import lru_cache

from extraction.lexicon import COURTESY, LEGAL_FORMS
from extraction.values import fold, squeeze

_TAIL = re.compile(
    r"\s*[(\[][^()\[\]]*\d{3}[^()\[\]]*[)\]]?\W{0,3}$"
    r"|[\s,]*(?:\b(?i:company|business|co|reg|regn|registration|roc|brn|gst|id|uen|abn|no|nr)\b[\s.:#]*)*"
    r"(?<![^\W_])[A-Z]{0,3}\d[\d .]{3,18}\d(?: ?- ?[A-Z\d])?\)?(?: [A-Z]{1,2})?\W{0,3}$"
)
_LEAD = re.compile(r"^(?:firma|fa\.|m/s\.?|messrs\.?|an die|to)\s+(?=\S{2})", re.IGNORECASE)
_REMEMBERED = 8192
_COURTEOUS, _LEAST_COURTEOUS = 0.6, 3


@lru_cache(maxsize=_REMEMBERED)
def has_legal_form(text: str) -> bool:
    """Whether a name carries the word of a company's legal form: GmbH, Ltd, S.r.l., SDN BHD."""
    words = [squeeze(word) for word in text.split()]
    return any(word in LEGAL_FORMS for word in words[1:]) or bool(
        re.search(r"\b(s\.?\s?r\.?\s?l|s\.?\s?a\.?|sp\.? ?z ?o\.? ?o|b\.?v|n\.?v|s/b|a/s)\.?$", fold(text))
    )


@lru_cache(maxsize=_REMEMBERED)
def name_of(text: str) -> str:
    """A name without what is printed with it: the register number behind it, `Firma` before it, spaced letters."""
    text = _LEAD.sub("", _TAIL.sub("", text).strip(" ,;:|-*=")).strip(" ,;:|-*=")
    parts = text.split()
    return "".join(parts) if len(parts) > 3 and all(len(part) == 1 for part in parts) else text


def is_courtesy(words: Sequence[str]) -> bool:
    """Whether words are thanks, greetings or conditions: no name."""
    share = sum(squeeze(word) in COURTESY for word in words) / max(len(words), 1)
    return share == 1 or (share >= _COURTEOUS and len(words) >= _LEAST_COURTEOUS)
