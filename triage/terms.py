"""Reads payment terms as they are printed: in how many days the whole amount is due."""

import re

_CLAUSES = re.compile(r"[;,\n/|]|\.(?=\s|$)|\b(?:or|oder|ou|bzw|sonst|otherwise|o|of)\b")
_DAYS = re.compile(r"\b(\d{1,3})\s*(?:days?|tagen?|tage|jours?|d[ií]as?|giorni|gg|dagen|dagar|dage|dias|päivää|dni)\b")
_DISCOUNT = re.compile(r"%|skonto|discount|escompte|descuento|sconto|korting|kassarabatt|rabatt|early")
_AT_ONCE = re.compile(
    r"\b(?:immediately|immediate|upon receipt|on receipt|sofort|prompt|bei erhalt|nach erhalt|comptant|"
    r"à réception|a réception|a la recepción|al contado|a vista|alla consegna|per direct|direct te voldoen)\b"
)


def net_days(terms: str | None) -> int | None:
    """Days until the whole amount is due: 30 of `2 % 10 days, 30 days net`; None where the terms do not say.

    A clause about a discount is an offer and says nothing of when the whole is due.
    """
    clauses = [clause for clause in _CLAUSES.split((terms or "").casefold()) if not _DISCOUNT.search(clause)]
    days = [int(found) for clause in clauses for found in _DAYS.findall(clause)]
    if days:
        return max(days)
    return 0 if any(_AT_ONCE.search(clause) for clause in clauses) else None
