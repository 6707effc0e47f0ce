"""Turns chance into identifiers whose check digits hold: VAT ids, IBANs, BICs and GTINs of nobody."""

from collections.abc import Callable, Iterator
from functools import cache
from random import Random

_DIGITS = "0123456789"
_CONSONANTS = "BCDFGHJKLMNPRSTVWZ"

# Length of bank code, branch code and account number; a letter code is invented where the country uses one.
_BBAN_PARTS: dict[str, tuple[int, int, int]] = {
    "DE": (8, 0, 10),
    "AT": (5, 0, 11),
    "CH": (5, 0, 12),
    "FR": (5, 5, 11),
    "BE": (3, 0, 7),
    "ES": (4, 4, 10),
    "IT": (5, 5, 12),
    "NL": (4, 0, 10),
    "GB": (4, 6, 8),
    "IE": (4, 6, 8),
    "SE": (3, 0, 16),
    "DK": (4, 0, 9),
    "PL": (3, 4, 16),
}
# 9 is any digit but nought, L any letter.
_TAX_FORMS = {
    "MY": "L99-9999-99999999", "SG": "999999999L", "AU": "99 999 999 999", "CA": "999999999 RT9999",
    "JP": "T9999999999999",
    "IN": "27LLLLL9999L9Z9", "BR": "99.999.999/9999-99", "NO": "NO 999 999 999 MVA",
}  # fmt: skip
_LETTERED_BANKS = frozenset({"GB", "IE", "NL"})
# Belgian bank codes are checked against the national list, so these cannot be invented.
_BELGIAN_BANKS = ("001", "310", "363", "734", "979")


def vat_id(rng: Random, country: str) -> str:
    """A VAT id of the country with right check digits, written without spaces, with its country prefix.

    Raises:
        KeyError: the country has no rule here.
    """
    candidates, is_valid = _VAT_RULES[country]
    for _ in range(1000):
        for candidate in candidates(rng):
            if is_valid(candidate):
                return candidate
    raise AssertionError(f"no valid VAT id found for {country}")


def countries_with_vat() -> frozenset[str]:
    """The countries `vat_id` knows."""
    return frozenset(_VAT_RULES)


def countries_with_iban() -> frozenset[str]:
    """The countries `iban` knows."""
    return frozenset(_BBAN_PARTS)


def tax_id(rng: Random, country: str) -> str | None:
    """A sales-tax number of a country without European VAT, in the form it prints; None where there is none."""
    form = _TAX_FORMS.get(country)
    if form is None:
        return None
    return "".join(rng.choice(_DIGITS[1:]) if c == "9" else rng.choice(_CONSONANTS) if c == "L" else c for c in form)


def is_valid_vat_id(number: str) -> bool:
    """Whether the check digits hold, asked of python-stdnum."""
    rule = _VAT_RULES.get("CH" if number.startswith("CHE") else number[:2])
    return rule is not None and rule[1](number)


def iban(rng: Random, country: str) -> str:
    """An IBAN with right check digits, also the national ones, written without spaces."""
    from schwifty import IBAN

    bank_length, branch_length, account_length = _BBAN_PARTS[country]
    letters = country in _LETTERED_BANKS
    bank = "".join(rng.choice(_CONSONANTS if letters else _DIGITS[1:]) for _ in range(bank_length))
    if country == "BE":
        bank = rng.choice(_BELGIAN_BANKS)
    branch = _digits(rng, branch_length)
    account = "0" + _digits(rng, account_length - 1)
    return str(IBAN.generate(country, bank_code=bank, branch_code=branch, account_code=account))


def broken_iban(rng: Random, good: str) -> str:
    """The same IBAN with one digit changed, so that its check digits fail."""
    place = rng.choice([place for place in range(6, len(good)) if good[place].isdigit()])
    return good[:place] + str((int(good[place]) + rng.randint(1, 8)) % 10) + good[place + 1 :]


def bic(rng: Random, country: str) -> str:
    """A bank identifier code in the right form."""
    head = "".join(rng.choice(_CONSONANTS) for _ in range(4))
    return head + country + rng.choice(("2X", "22", "FF", "21", "33")) + rng.choice(("", "XXX"))


def gtin(rng: Random, prefix: str) -> str:
    """A GTIN-13 that starts with the given digits."""
    body = prefix + _digits(rng, 12 - len(prefix))
    return body + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice(_DIGITS) for _ in range(count))


def _numbered(prefix: str, length: int, checks: int = 1, *, first: str = "123456789", tail: str = "") -> "_Candidates":
    def candidates(rng: Random) -> Iterator[str]:
        body = rng.choice(first) + _digits(rng, length - checks - 1)
        for check in range(10**checks):
            yield f"{prefix}{body}{check:0{checks}d}{tail}"

    return candidates


def _french(rng: Random) -> Iterator[str]:
    for siren in _numbered("", 9)(rng):
        yield f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _spanish(rng: Random) -> Iterator[str]:
    return _numbered("ES" + rng.choice("AB"), 8, first="123456789")(rng)


def _irish(rng: Random) -> Iterator[str]:
    body = rng.choice("123456789") + _digits(rng, 6)
    return (f"IE{body}{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVW")


def _italian(rng: Random) -> Iterator[str]:
    body = rng.choice("0123456789") + _digits(rng, 6) + f"{rng.randint(1, 99):03d}"
    return (f"IT{body}{check}" for check in range(10))


def _european(number: str) -> bool:
    return bool(_stdnum_eu()(number))


@cache
def _stdnum_eu() -> Callable[[str], bool]:
    from stdnum.eu import vat

    is_valid: Callable[[str], bool] = vat.is_valid
    return is_valid


def _british(number: str) -> bool:
    from stdnum.gb import vat

    return bool(vat.is_valid(number))


def _swiss(number: str) -> bool:
    from stdnum.ch import uid

    return bool(uid.is_valid(number))


_Candidates = Callable[[Random], Iterator[str]]
_VAT_RULES: dict[str, tuple[_Candidates, Callable[[str], bool]]] = {
    "DE": (_numbered("DE", 9), _european),
    "AT": (_numbered("ATU", 8), _european),
    "CH": (_numbered("CHE", 9), _swiss),
    "FR": (_french, _european),
    "BE": (_numbered("BE", 10, 2, first="0"), _european),
    "ES": (_spanish, _european),
    "IT": (_italian, _european),
    "NL": (_numbered("NL", 9, tail="B01"), _european),
    "GB": (_numbered("GB", 9, 2), _british),
    "IE": (_irish, _european),
    "SE": (_numbered("SE", 10, tail="01", first="5"), _european),
    "DK": (_numbered("DK", 8), _european),
    "PL": (_numbered("PL", 10), _european),
    "PT": (_numbered("PT", 9, first="5"), _european),
    "CZ": (_numbered("CZ", 8, first="2456"), _european),
}
