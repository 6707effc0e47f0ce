"""Leases against a model: any order of leasing, renewing, giving back, finishing and waiting, by three nodes."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.columns import metadata
from core.database import Database
from core.documents import Document
from core.errors import ConflictError
from ingest import documents
from ingest.documents import Lease

NODES = ("a", "b", "c")
SECONDS = 10
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Leases(RuleBasedStateMachine):
    """The model knows, of each document, who holds it until when, its newest token, and whether it is decided."""

    @initialize(count=st.integers(1, 3))
    def set_up(self, count: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'leases.db'}")
        metadata.create_all(self.database.engine, tables=[metadata.tables["documents"]])
        self.now = START
        self.held: list[Lease] = []
        self.newest: dict[str, Lease | None] = {}
        self.decided: set[str] = set()
        for number in range(count):
            self._add(number)

    def _add(self, number: int) -> None:
        document = Document(
            document_id=f"doc_{number}",
            sha256=f"{number:064x}",
            size_bytes=1,
            media_type="application/pdf",
            file_name="r.pdf",
            origin="upload",
            received_at=START - timedelta(seconds=number),
            received_by="system",
        )
        with self.database.write() as session:
            assert documents.add(session, document)
        self.newest[document.document_id] = None

    def _free(self) -> list[str]:
        """What may be leased now, oldest first."""
        free = [
            name
            for name, lease in self.newest.items()
            if name not in self.decided and (lease is None or lease.until <= self.now)
        ]
        return sorted(free, reverse=True)

    @rule(node=st.sampled_from(NODES))
    def lease(self, node: str) -> None:
        with self.database.write() as session:
            lease = documents.lease(session, node=node, at=self.now, lease_seconds=SECONDS)
        assert (lease and lease.document.document_id) == next(iter(self._free()), None)
        if lease is not None:
            assert all(lease.token > old.token for old in self.held if old.document.sha256 == lease.document.sha256)
            self.newest[lease.document.document_id] = lease
            self.held.append(lease)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(self.held))
        with self.database.write() as session:
            renewed = documents.renew(session, lease, self.now)
        assert renewed == self._is_valid(lease)
        if renewed:
            self._remember(lease, self.now + timedelta(seconds=SECONDS))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(self.held))
        valid = self._is_valid(lease)
        try:
            with self.database.write() as session:
                documents.complete(session, lease, self.now)
            assert valid
            self.decided.add(lease.document.document_id)
        except ConflictError:
            assert not valid

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(self.held))
        with self.database.write() as session:
            given = documents.release(session, lease)
        assert given == self._is_valid(lease)
        if given:
            self.held = [one for one in self.held if one is not lease]
            self.newest[lease.document.document_id] = None

    @rule(seconds=st.sampled_from([1, SECONDS]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def what_is_undecided_is_counted(self) -> None:
        if hasattr(self, "newest"):
            with self.database.read() as session:
                assert documents.pending_count(session) == len(self.newest) - len(self.decided)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def _is_valid(self, lease: Lease) -> bool:
        newest = self.newest[lease.document.document_id]
        return newest is not None and newest.token == lease.token and lease.document.document_id not in self.decided

    def _remember(self, lease: Lease, until: datetime) -> None:
        self.newest[lease.document.document_id] = replace(lease, until=until)


TestLeases = pytest.mark.law(Leases.TestCase)
TestLeases.settings = settings(max_examples=60, stateful_step_count=40)
