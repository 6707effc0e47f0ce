"""Versions over HTTP: the version of a case, or of the policy, as its ETag, and `If-Match` back to it."""

import re
from typing import Annotated

from fastapi import Header

from core.errors import InputError
from review_api.problems import PreconditionMissingError

_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def etag(version: int) -> str:
    """A version as an ETag."""
    return f'"{version}"'


def required_version(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version the caller has seen.

    Raises:
        PreconditionMissingError: `REQUEST-IF-MATCH` when it is not said.
    """
    if if_match is None:
        raise PreconditionMissingError(
            "REQUEST-IF-MATCH",
            "The request does not say which version it is a change of.",
            "Send the ETag of your last GET as If-Match.",
        )
    return _version(if_match)


def optional_version(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """The version the caller has seen, if they say."""
    return None if if_match is None else _version(if_match)


def _version(if_match: str) -> int:
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise InputError("REQUEST-VERSION", f"{if_match!r} is no ETag of ours.", 'Send it as it came: "7".')
    return int(match[1])
