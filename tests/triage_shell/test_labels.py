"""Labelled history: what the end of a case says of how its paper was read, kept with the case."""

from dataclasses import replace

import pytest

from core.documents import Extraction, Source
from tests.triage_shell.conftest import House, invoice
from triage import cases, labels, policies, taking_back
from triage.case_records import CaseSummary, Resolution
from triage.label_rules import Verdict, as_readings, field_labels, is_wrong, verdict_of
from triage.labels import Drawn, PaperLabel
from triage.policies import typed_text

FIELDS = {"document_type", "invoice_number", "issue_date", "currency", "total_with_vat", "purchase_order_reference"}


@pytest.fixture
def house(house: House) -> House:
    """With feeds, and the policy kept, as in a running service."""
    house.load_feeds()
    with house.db.write() as session:
        house.policy = policies.start_with(session, typed_text(), at=house.clock.now()).policy
    return house


def unsure(**confidences: float) -> Extraction:
    """The invoice as a scan, its values only as sure as the test says."""
    base = invoice()
    fields = {
        name: replace(field, source=Source.OCR, confidence=confidences.get(name, 0.95))
        for name, field in base.fields.items()
    }
    lines = tuple(
        {name: replace(field, source=Source.OCR, confidence=0.97) for name, field in row.items()} for row in base.lines
    )
    return replace(base, source=Source.OCR, fields=fields, lines=lines, bundle="b-1")


def known(house: House) -> tuple[PaperLabel, ...]:
    with house.db.read() as session:
        return labels.labelled(session)


def resolve(house: House, case: CaseSummary, resolution: str, reason: str, comment: str | None = None) -> None:
    with house.db.write() as session:
        cases.resolve(
            session,
            case.case_id,
            user="ben",
            role="ap_approver",
            at=house.clock.now(),
            resolution=resolution,
            reason_code=reason,
            comment=comment,
            policy=house.policy,
        )


def correct(house: House, case: CaseSummary, **changes: str) -> CaseSummary:
    with house.db.write() as session:
        return cases.correct(
            session,
            case.case_id,
            user="anna",
            role="ap_clerk",
            at=house.clock.now(),
            changes=changes,
            policy=house.policy,
        )


def test_approval_says_that_every_value_relied_on_was_right(house: House) -> None:
    resolve(house, house.case(unsure(invoice_number=0.4)), "approve", "reading_confirmed")
    (label,) = known(house)
    assert (label.wrong, label.drawn, label.chance, label.otherwise_clear) == (False, Drawn.HOLD, 1.0, True)
    assert (label.kind, label.bundle, label.judged_by) == ("invoice", "b-1", "user:ben")
    assert {field.field for field in label.fields} >= FIELDS
    assert all(field.was_right for field in label.fields)
    number = next(field for field in label.fields if field.field == "invoice_number")
    assert (number.source, number.confidence) == ("ocr", 0.4)
    assert next(f for f in label.fields if f.field == "lines.quantity").confidence == 0.97


def test_correction_says_which_value_was_wrong_and_keeps_the_confidence_it_was_read_with(house: House) -> None:
    case = correct(house, house.case(unsure(invoice_number=0.4)), invoice_number="R-8813")
    assert case.resolution is Resolution.CORRECTED
    (label,) = known(house)
    assert label.wrong is True
    wrong = [(field.field, field.confidence) for field in label.fields if not field.was_right]
    assert wrong == [("invoice_number", 0.4)]


def test_confirmed_value_was_right_and_the_rest_of_an_open_case_is_not_known(house: House) -> None:
    case = correct(house, house.case(unsure(invoice_number=0.4, total_with_vat=0.5)), invoice_number="R-8812")
    assert case.resolution is None
    (label,) = known(house)
    assert label.wrong is None
    assert [(field.field, field.was_right) for field in label.fields] == [("invoice_number", True)]


def test_what_else_held_a_paper_is_kept_beside_its_label(house: House) -> None:
    base = unsure(invoice_number=0.4)
    early = replace(base, fields={**base.fields, "due_date": replace(base.fields["due_date"], value="2026-11-20")})
    resolve(house, house.case(early), "approve", "price_agreed")
    (label,) = known(house)
    assert (label.otherwise_clear, label.wrong) == (False, False)


def test_rejection_for_the_money_says_nothing_of_the_reading(house: House) -> None:
    resolve(house, house.case(unsure(invoice_number=0.4)), "reject", "wrong_price")
    assert known(house) == ()


@pytest.mark.parametrize(
    ("resolution", "reason", "verdict"),
    [
        (Resolution.APPROVE, "price_agreed", Verdict.ALL),
        (Resolution.APPROVE, "sample_confirmed", Verdict.ALL),
        (Resolution.APPROVE, "other", Verdict.NOTHING),
        (Resolution.REJECT, "duplicate", Verdict.NOTHING),
        (Resolution.REJECT, "unreadable", Verdict.NOTHING),
        (Resolution.REJECT, "not_an_invoice", Verdict.NOT_THE_KIND),
        (Resolution.REQUEST_INFORMATION, "ask_supplier", Verdict.NOTHING),
        (Resolution.CORRECTED, "corrected", Verdict.ALL),
    ],
)
def test_each_reason_says_so_much_of_the_reading(resolution: Resolution, reason: str, verdict: Verdict) -> None:
    assert verdict_of(resolution, reason) is verdict


def test_paper_that_is_no_invoice_was_wrongly_read_as_one(house: House) -> None:
    resolve(house, house.case(unsure(invoice_number=0.4)), "reject", "not_an_invoice")
    (label,) = known(house)
    assert label.wrong is True
    assert [(field.field, field.was_right) for field in label.fields] == [("document_type", False)]


def test_undoing_takes_the_label_back(house: House) -> None:
    case = house.case(unsure(invoice_number=0.4))
    resolve(house, case, "approve", "reading_confirmed")
    with house.db.write() as session:
        taking_back.undo(session, case.case_id, user="ben", at=house.clock.now())
    assert known(house) == ()


def test_blind_check_carries_the_chance_it_was_drawn_with(house: House) -> None:
    drawing = typed_text().replace("share_pct = 2", "share_pct = 100").replace("max_pct = 10", "max_pct = 100")
    with house.db.write() as session:
        house.policy = policies.put_in_force(
            session, drawing, at=house.clock.now(), actor="user:olga", proposed_by="paul", preview_hash=None
        ).policy
    case = house.case(unsure())
    assert case.outcome == "sample"
    resolve(house, case, "approve", "sample_confirmed")
    (label,) = known(house)
    assert (label.drawn, label.chance, label.wrong) == (Drawn.SAMPLE, 1.0, False)


def test_value_that_was_missed_is_wrong_and_has_no_confidence(house: House) -> None:
    read = unsure()
    now = read
    read = replace(read, fields={name: field for name, field in read.fields.items() if name != "payment_iban"})
    found = field_labels(read, now, house.policy.documents[read.document_type], Verdict.ALL)
    assert [(f.field, f.confidence) for f in found if not f.was_right] == [("payment_iban", None)]
    assert is_wrong(found, Verdict.ALL) is True
    assert "payment_iban" not in as_readings(found, frozenset())


def test_exact_sources_and_the_kind_of_paper_need_no_threshold(house: House) -> None:
    found = field_labels(invoice(), invoice(), house.policy.documents[invoice().document_type], Verdict.ALL)
    assert as_readings(found, frozenset({"ubl"})) == {}
    assert "document_type" not in as_readings(found, frozenset())


def test_amount_written_otherwise_is_the_same_value(house: House) -> None:
    read = unsure()
    now = replace(
        read, fields={**read.fields, "total_with_vat": replace(read.fields["total_with_vat"], value="238.00")}
    )
    found = field_labels(read, now, house.policy.documents[read.document_type], Verdict.ALL)
    assert all(field.was_right for field in found)


def test_history_is_narrowed_by_kind_bundle_and_day(house: House) -> None:
    resolve(house, house.case(unsure(invoice_number=0.4)), "approve", "reading_confirmed")
    with house.db.read() as session:
        assert labels.labelled(session, kind="credit_note") == ()
        assert labels.labelled(session, bundle="b-2") == ()
        assert len(labels.labelled(session, kind="invoice", bundle="b-1", since=house.clock.now())) == 1
