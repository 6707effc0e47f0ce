"""Marks which test shows that a control finds something, and which that it spares what is right."""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

_Test = TypeVar("_Test", bound=Callable[..., object])

FOUND: defaultdict[str, list[str]] = defaultdict(list)
SPARED: defaultdict[str, list[str]] = defaultdict(list)


def finds(*codes: str) -> Callable[[_Test], _Test]:
    """The test shows that these controls find something."""
    return _mark(FOUND, codes)


def spares(*codes: str) -> Callable[[_Test], _Test]:
    """The test shows that these controls find nothing where nothing is wrong."""
    return _mark(SPARED, codes)


def _mark(register: defaultdict[str, list[str]], codes: tuple[str, ...]) -> Callable[[_Test], _Test]:
    def mark(test: _Test) -> _Test:
        for code in codes:
            register[code].append(test.__name__)
        return test

    return mark
