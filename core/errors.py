"""Errors a user can cause: each has a permanent code, says what happened, and says what to do about it.

Mapped to HTTP statuses and exit codes once, in `review_api`.
"""

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})


class ClearholdError(Exception):
    """Base of every error shown to a user.

    Args:
        code: permanent, upper case with dashes (`DOC-EMPTY`), never reused.
        message: what happened, in the trade's language, one sentence.
        remedy: what the reader can do next, one sentence.
    """

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy} [{code}]")
        self.code = code
        self.message = message
        self.remedy = remedy

    retry_after: int | None = None
    """Seconds after which trying again may help, where that is known."""

    def __reduce__(self) -> tuple[type["ClearholdError"], tuple[str, str, str]]:
        """Lets the error cross a process boundary unchanged."""
        return (type(self), (self.code, self.message, self.remedy))


class InputError(ClearholdError):
    """What was given cannot be accepted as it is: a broken file, a wrong column, an unknown value."""


class TooLargeError(InputError):
    """What was given is over a limit of the settings."""


class NotFoundError(ClearholdError):
    """The thing named does not exist, or not for this user."""


class ConflictError(ClearholdError):
    """The thing changed meanwhile, is claimed by another, or is already decided."""


class ForbiddenError(ClearholdError):
    """The user is known and may not do this."""


class AuthenticationError(ClearholdError):
    """The user is not known: wrong password, expired session, revoked key."""


class UnavailableError(ClearholdError):
    """Something this needs is missing now: a program, the database, a bundle. Trying again may help."""


class DiskFullError(UnavailableError):
    """Nothing more can be written: a disk is full, over its quota, or has become read-only."""

    @classmethod
    def of(cls, error: OSError) -> "DiskFullError | None":
        """What is told of a refusal to write; None for any other failure of the operating system."""
        if error.errno not in _FULL:
            return None
        return cls(
            "DISK-FULL",
            f"Nothing can be written: {error.strerror or 'the disk is full'}.",
            "Free space where CLEARHOLD_HOME, the database and temporary files lie; work goes on by itself then.",
        )


class RateLimitedError(ClearholdError):
    """Too many attempts in too short a time; later it may go on."""
