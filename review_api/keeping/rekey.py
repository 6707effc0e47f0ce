"""Seals every stored document with the current key, while papers are read; then older keys are needed no more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core import audit_log
from core.database import Database
from core.errors import InputError
from ingest.store import DocumentStore
from review_api.keeping.backup import ONE_AT_A_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekeyed:
    """How many documents there are, and how many had to be sealed anew."""

    key_id: str
    documents: int
    sealed: int


def rekey(
    db: Database,
    store: DocumentStore,
    *,
    at: datetime,
    by: str,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Rekeyed:
    """Goes through the whole store; broken off, it goes on from there the next time.

    Raises:
        InputError: `DOC-NO-KEY` when the settings name no key file.
        UnavailableError: `DOC-KEY-MISSING`, `DOC-KEY-WRONG`, `DOC-STORE-DAMAGED`.
        ConflictError: `DB-BUSY-ELSEWHERE`.
    """
    if store.keys is None:
        raise InputError(
            "DOC-NO-KEY", "There is no key to seal with.", "Set CLEARHOLD_DOCUMENT_KEY_FILE; `store new-key` makes one."
        )
    with db.alone(ONE_AT_A_TIME):
        hashes = list(store.hashes())
        sealed = 0
        for done, sha256 in enumerate(hashes, start=1):
            sealed += store.seal_again(sha256)
            progress(done, len(hashes))
        # A program that still runs with an older first key may have sealed something meanwhile.
        store.forget_keys({store.keys.current, *(store.key_of(sha256) or "" for sha256 in store.hashes())})
        result = Rekeyed(key_id=store.keys.current, documents=len(hashes), sealed=sealed)
        with db.write() as session:
            told = {"key_id": result.key_id, "documents": result.documents, "sealed": result.sealed}
            audit_log.append(session, at=at, actor=by, action="store.rekeyed", subject="house:store", payload=told)
    return result
