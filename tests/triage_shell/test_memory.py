"""Remembered corrections: kept with the case, learnt later, weighed by what people say next, withdrawn at will."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from core import audit_log
from core.documents import Extraction, Field, Recall, Source
from core.errors import ClearholdError
from extraction.knowledge import PaperKeys, Place
from tests.triage_shell.conftest import House, invoice
from triage import case_queue, cases, memory, taking_back
from triage.knowledge import gather_knowledge, knowledge_marker
from triage.memory import Memory, MemoryState

PLACE = Place(
    page=1,
    from_end=0,
    left="belegkennung",
    above="",
    above_gap=0.0,
    x0=0.5,
    x1=0.6,
    top=0.1,
    words=1,
    shape="A-9\x00",
    length=6,
)
KEYS = PaperKeys(keys=frozenset({"vat:de136695976"}), layout=frozenset(range(20)))
UNKNOWN_ORDER = {"purchase_order_reference": "4599999"}


def printed(header: Mapping[str, str | None] = {}, recalls: tuple[Recall, ...] = ()) -> Extraction:
    """An invoice of an unknown order, read from pages."""
    paper = replace(invoice({**UNKNOWN_ORDER, **header}), source=Source.TEXT_LAYER, recalls=recalls)
    return replace(paper, fields={name: replace(found, confidence=0.9) for name, found in paper.fields.items()})


def correct(house: House, case_id: str, changes: dict[str, str], user: str = "anna") -> None:
    with house.db.write() as session:
        cases.correct(
            session,
            case_id,
            user=user,
            role="ap_clerk",
            at=house.clock.now(),
            changes=changes,
            policy=house.policy,
        )


def everything(house: House) -> tuple[Memory, ...]:
    with house.db.read() as session:
        return memory.list_memory(session)


def learn_all(house: House, keys: PaperKeys = KEYS) -> tuple[Memory, ...]:
    with house.db.write() as session:
        waiting = memory.to_learn(session)
        places = {one.field: PLACE for one in waiting}
        memory.learnt(session, waiting, keys, places, at=house.clock.now(), actor="worker:node-1")
    return waiting


def counted(house: House) -> list[tuple[str, float]]:
    """Memory ids and weights of what counts now."""
    with house.db.read() as session:
        return [(one.memory_id, one.weight) for paper in memory.remembered(session) for one in paper.corrections]


def withdraw(house: House, memory_id: str, user: str, role: str) -> Memory:
    with house.db.write() as session:
        return memory.withdraw(session, memory_id, user=user, role=role, at=house.clock.now())


def test_a_correction_is_kept_with_its_case_and_counts_once_it_is_learnt(house: House) -> None:
    house.load_feeds()
    case = house.case(printed())
    correct(house, case.case_id, {"purchase_order_reference": "4500001", "currency": "USD"})
    (kept,) = everything(house)
    assert (kept.field, kept.value, kept.case_id) == ("purchase_order_reference", "4500001", case.case_id)
    assert (kept.state, kept.remembered_by) == (MemoryState.NEW, "anna")
    assert counted(house) == []
    learn_all(house)
    assert counted(house) == [(kept.memory_id, 1.0)]
    with house.db.read() as session:
        (told,) = audit_log.entries(session, subject=f"memory:{kept.memory_id}")
    assert told.action == "memory.learnt"


def test_a_value_that_stands_nowhere_on_the_paper_never_counts(house: House) -> None:
    house.load_feeds()
    correct(house, house.case(printed()).case_id, {"purchase_order_reference": "4500009"})
    with house.db.write() as session:
        memory.learnt(session, memory.to_learn(session), KEYS, {}, at=house.clock.now(), actor="worker:node-1")
    assert [one.state for one in everything(house)] == [MemoryState.UNPLACED]
    assert counted(house) == []


def test_a_confirmed_value_and_one_from_an_e_invoice_are_not_remembered(house: House) -> None:
    house.load_feeds()
    correct(house, house.case(printed()).case_id, {"invoice_number": "R-8812"})
    other = replace(invoice({**UNKNOWN_ORDER, "invoice_number": "R-9"}), sha256="1" * 64)
    correct(house, house.case(other).case_id, {"invoice_number": "R-10"})
    assert everything(house) == ()


def test_correcting_the_same_paper_again_stands_for_the_first_correction(house: House) -> None:
    house.load_feeds()
    case = house.case(printed())
    correct(house, case.case_id, {"purchase_order_reference": "4500007"})
    house.later(1)
    correct(house, case.case_id, {"purchase_order_reference": "4500008"})
    assert [(one.value, one.state) for one in everything(house)] == [
        ("4500008", MemoryState.NEW),
        ("4500007", MemoryState.REPLACED),
    ]


def test_the_newer_correction_of_a_supplier_counts_and_the_older_again_when_it_is_withdrawn(house: House) -> None:
    house.load_feeds()
    correct(house, house.case(printed()).case_id, {"purchase_order_reference": "4500007"})
    (older,) = learn_all(house)
    house.later(5)
    correct(house, house.case(printed({"invoice_number": "R-9"})).case_id, {"purchase_order_reference": "4500008"})
    (newer,) = learn_all(house)
    assert counted(house) == [(newer.memory_id, 1.0)]
    withdraw(house, newer.memory_id, "ben", "ap_approver")
    assert counted(house) == [(older.memory_id, 1.0)]


def test_who_made_it_and_approvers_may_withdraw_and_the_audit_says_who(house: House) -> None:
    house.load_feeds()
    correct(house, house.case(printed()).case_id, {"purchase_order_reference": "4500007"})
    (kept,) = learn_all(house)
    for user, role in (("carla", "ap_clerk"), ("pia", "planner")):
        with pytest.raises(ClearholdError) as caught:
            withdraw(house, kept.memory_id, user, role)
        assert caught.value.code == "MEMORY-ROLE"
    assert withdraw(house, kept.memory_id, "anna", "ap_clerk").state is MemoryState.WITHDRAWN
    assert counted(house) == []
    with house.db.read() as session:
        told = audit_log.entries(session, subject=f"memory:{kept.memory_id}")
        assert audit_log.verify(session) == ()
    assert [(entry.action, entry.actor) for entry in told][-1] == ("memory.withdrawn", "user:anna")
    with pytest.raises(ClearholdError) as caught:
        withdraw(house, kept.memory_id, "ben", "admin")
    assert caught.value.code == "MEMORY-ENDED"


def test_what_people_approve_confirms_a_correction_and_what_they_change_contradicts_it(house: House) -> None:
    house.load_feeds()
    correct(house, house.case(printed()).case_id, {"purchase_order_reference": "4500007"})
    (kept,) = learn_all(house)
    recall = Recall(field="purchase_order_reference", memory_id=kept.memory_id, followed=True)
    second = house.case(printed({"invoice_number": "R-2"}, recalls=(recall,)))
    correct(house, second.case_id, {"purchase_order_reference": "4500006"})
    assert counted(house)[-1] == (kept.memory_id, memory.weight_of(0, 1))
    third = house.case(printed({"invoice_number": "R-3"}, recalls=(recall,)))
    with house.db.write() as session:
        cases.resolve(
            session,
            third.case_id,
            user="ben",
            role="admin",
            at=house.clock.now(),
            resolution="approve",
            reason_code="reading_confirmed",
            policy=house.policy,
        )
    assert counted(house)[-1] == (kept.memory_id, memory.weight_of(1, 1))
    with house.db.write() as session:
        taking_back.undo(session, third.case_id, user="ben", at=house.clock.now())
    assert counted(house)[-1] == (kept.memory_id, memory.weight_of(0, 1))


def test_contradictions_take_weight_and_confirmations_give_some_back() -> None:
    assert memory.weight_of(0, 0) == memory.weight_of(9, 0) == 1.0
    assert memory.weight_of(0, 2) < memory.weight_of(0, 1) < memory.weight_of(3, 1) < 1.0


def test_knowledge_holds_what_the_erp_names_and_its_marker_moves_with_it(house: House) -> None:
    with house.db.read() as session:
        assert gather_knowledge(session).version is None
        empty = knowledge_marker(session)
    house.load_feeds()
    with house.db.read() as session:
        known, loaded = gather_knowledge(session), knowledge_marker(session)
    assert known.hints.order_numbers == {"4500001", "4500002"}
    assert "de136695976" in known.hints.vat_ids and "atelierblanc" in known.hints.names
    assert known.hints.item_ids == {"i1"}
    correct(house, house.case(printed()).case_id, {"purchase_order_reference": "4500007"})
    learn_all(house)
    with house.db.read() as session:
        again, learnt = gather_knowledge(session), knowledge_marker(session)
    assert len({empty, loaded, learnt}) == 3
    assert again.version != known.version and len(again.memory) == 1


def test_a_field_that_was_taken_away_teaches_nothing(house: House) -> None:
    house.load_feeds()
    correct(house, house.case(printed()).case_id, {"due_date": ""})
    assert everything(house) == ()


def test_the_extraction_keeps_its_knowledge_and_what_spoke(house: House) -> None:
    recall = Recall(field="invoice_number", memory_id="mem_1", followed=False)
    read = replace(printed(recalls=(recall,)), knowledge="f" * 64)
    case = house.case(read)
    with house.db.read() as session:
        kept = case_queue.show(session, case.case_id).extraction
    assert (kept.knowledge, kept.recalls) == ("f" * 64, (recall,))
    assert isinstance(kept.fields["invoice_number"], Field)
