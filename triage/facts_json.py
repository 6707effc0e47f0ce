"""Facts as text and back, so that a decision stores what it was made from and can be made again.

There is one text for the same facts: attributes that equal their default are left out, and what is a set in meaning
stands in one order. The bytes that are hashed are the bytes that are stored.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_origin, get_type_hints

from core.canonical import parse_json
from core.record_codec import Decode, Encode, Sets, decoder, encoder
from triage.facts import Facts, Paper


def facts_to_text(facts: Facts) -> str:
    """Every record, decimal and instant as canonical JSON, without losing a digit."""
    return _encoder()(facts)


def facts_from_text(text: str) -> Facts:
    """Reads back what `facts_to_text` wrote."""
    return facts_from_json(parse_json(text))


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """Facts from parsed JSON; an attribute that was left out, or did not exist then, gets its default."""
    facts = _decoder()(data)
    assert isinstance(facts, Facts)
    return facts


@cache
def _encoder() -> Encode:
    return encoder(Facts, _sets())


@cache
def _decoder() -> Decode:
    return decoder(Facts)


def _sets() -> Sets:
    """All records around the paper are sets; of the paper, its order numbers and its lines, which carry their place."""
    hints = get_type_hints(Facts)
    around = {(Facts, field.name): None for field in fields(Facts) if get_origin(hints[field.name]) is tuple}
    return around | {(Paper, "purchase_order_references"): None, (Paper, "lines"): _place}


def _place(line: Any) -> int:
    return int(line.index)
