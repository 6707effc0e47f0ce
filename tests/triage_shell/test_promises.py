"""Promises in a running house: what clears with and without history, and what happens when blind checks break one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import numpy as np
import pytest

from core import audit_log
from core.decisions import Outcome
from core.documents import Extraction, Source
from core.errors import ConflictError, ForbiddenError
from tests.triage_shell.conftest import House, invoice
from tests.triage_shell.test_labels import correct, resolve, unsure
from triage import case_queue, case_rows, cases, policies, promise_keeping, promise_report, promises
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.label_tables import field_labels, paper_labels
from triage.policies import built_in_text
from triage.promise import Standing
from triage.promise_picture import curve_svg
from triage.promises import PromiseVersion, Why

FIELDS = (
    "invoice_number",
    "issue_date",
    "currency",
    "total_with_vat",
    "purchase_order_reference",
    "payment_iban",
    "total_without_vat",
    "total_vat",
    "lines.quantity",
    "lines.line_net_amount",
)
NUMBERS: Iterator[int] = count()
# What a promise comes to is reckoned in memory: the database only keeps it.
one_database = pytest.mark.parametrize("either_database", ["sqlite"], indirect=True)


def checked_once() -> str:
    """The built-in policy, no blind check being checked again."""
    return built_in_text().replace("second_review_pct = 10", "second_review_pct = 0")


@pytest.fixture
def house(house: House) -> House:
    """With feeds, and a promise of 2 % in force."""
    house.load_feeds()
    text = checked_once().replace("error_pct = 0.5", "error_pct = 2")
    with house.db.write() as session:
        house.policy = policies.start_with(session, text, at=house.clock.now()).policy
    return house


def sure(**confidences: float) -> Extraction:
    """The invoice as a scan whose every value is as sure as can be, but for those the test names."""
    base = unsure(**{**dict.fromkeys(FIELDS, 0.998), **confidences})
    lines = tuple({name: replace(field, confidence=0.998) for name, field in row.items()} for row in base.lines)
    return replace(base, lines=lines)


def judge(house: House, papers: int, *, seed: int = 1, bundle: str = "b-1") -> None:
    """An invented history: most values were read surely and right, one in twenty was unsure and often wrong."""
    draw = np.random.default_rng(seed)
    at = house.clock.now() - timedelta(days=30)
    rows, values = [], []
    for number in range(papers):
        document_id = f"doc_past_{next(NUMBERS)}"
        wrong = False
        for field in FIELDS:
            is_unsure = draw.random() < 0.05
            confidence = float(draw.choice([0.6, 0.8, 0.9])) if is_unsure else 0.998
            right = bool(draw.random() >= (0.2 if is_unsure else 0.0002))
            wrong = wrong or not right
            values.append(
                {
                    "document_id": document_id,
                    "field": field,
                    "source": "ocr",
                    "confidence": confidence,
                    "was_right": right,
                }
            )
        rows.append(
            {
                "document_id": document_id,
                "case_id": "case_past",
                "kind": "invoice",
                "bundle": bundle,
                "drawn": "hold",
                "chance": 1.0,
                "otherwise_clear": True,
                "wrong": wrong,
                "decided_at": at + timedelta(seconds=number),
                "judged_at": at + timedelta(seconds=number),
                "judged_by": "user:anna",
            }
        )
    with house.db.write() as session:
        session.run(paper_labels.insert(), rows)
        session.run(field_labels.insert(), values)


def renew(house: House) -> tuple[PromiseVersion, ...]:
    return promise_keeping.renew(house.db, at=house.clock.now(), by="system")


def in_force(house: House) -> PromiseVersion:
    with house.db.read() as session:
        return promises.newest(session, ["invoice"])["invoice"]


def put_in_force(house: House, text: str) -> None:
    with house.db.write() as session:
        applied = policies.put_in_force(
            session, text, at=house.clock.now(), actor="user:olga", proposed_by=None, preview_hash=None
        )
    house.policy = applied.policy


def sampling(house: House, share: int) -> None:
    """From now on this share of what would clear is drawn for a blind check."""
    text = checked_once().replace("error_pct = 0.5", "error_pct = 2")
    text = text.replace("sample_pct = 5", f"sample_pct = {share}").replace("share_pct = 2\nmax", "share_pct = 0\nmax")
    put_in_force(house, text)
    renew(house)


def fresh(number: int, **confidences: float) -> Extraction:
    """A sure scan nobody has seen before, over one lamp of the ten."""
    base = sure(**confidences)
    fields = {**base.fields, "invoice_number": replace(base.fields["invoice_number"], value=f"R-9{number:03}")}
    for name, value in {"total_without_vat": "20", "total_vat": "3.8", "total_with_vat": "23.8"}.items():
        fields[name] = replace(fields[name], value=value)
    fields["amount_due"] = replace(fields["amount_due"], value="23.8")
    line = base.lines[0]
    changed = {"quantity": "1", "line_net_amount": "20"}
    lines = ({**line, **{name: replace(line[name], value=value) for name, value in changed.items()}},)
    tax = base.tax_breakdown[0]
    taxes = (
        {
            **tax,
            "taxable_amount": replace(tax["taxable_amount"], value="20"),
            "tax_amount": replace(tax["tax_amount"], value="3.8"),
        },
    )
    return replace(base, sha256=f"{number + 1:064}", fields=fields, lines=lines, tax_breakdown=taxes)


def given_as_data(paper: Extraction) -> Extraction:
    """The same invoice as an e-invoice: nothing is read from a page."""
    fields = {name: replace(field, source=Source.UBL, confidence=1.0) for name, field in paper.fields.items()}
    lines = tuple(
        {name: replace(field, source=Source.UBL, confidence=1.0) for name, field in row.items()} for row in paper.lines
    )
    return replace(paper, source=Source.UBL, bundle=None, fields=fields, lines=lines)


def break_promise(house: House, *, as_data: bool = False) -> CaseSummary:
    """Blind checks find one wrong value after the other, until the promise counts as broken."""
    for number in range(6):
        case = house.case(given_as_data(fresh(number)) if as_data else fresh(number))
        assert case.outcome is Outcome.SAMPLE, case.headline
        corrected = correct(house, case, invoice_number=f"R-8{number:03}")
        resolve(house, corrected, "approve", "reading_confirmed")
        with house.db.read() as session:
            found = case_queue.list_cases(session, kind="promise")
        if found.cases:
            return found.cases[0]
    raise AssertionError("six wrong checks in a row broke nothing")


def test_new_house_holds_every_scan_and_clears_what_is_data(house: House) -> None:
    held = house.decide(fresh(1))
    assert [finding.code for finding in held.findings] == ["DOC-CONFIDENCE"]
    assert "no labelled history yet" in held.findings[0].message
    nine = {"total_without_vat": "180", "total_vat": "34.2", "total_with_vat": "214.2", "amount_due": "214.2"}
    data = invoice(line={"quantity": "9", "line_net_amount": "180"}, header=nine)
    taxes = (
        {
            **data.tax_breakdown[0],
            "taxable_amount": data.fields["total_without_vat"],
            "tax_amount": data.fields["total_vat"],
        },
    )
    assert house.decide(replace(data, tax_breakdown=taxes)).findings == ()


@one_database
def test_too_little_history_says_how_much_there_is_and_how_much_it_takes(house: House) -> None:
    judge(house, 60)
    (version,) = renew(house)
    assert version.standing is Standing.TOO_LITTLE
    (finding,) = house.decide(sure()).findings
    assert f"too little history: 60 labelled papers, about {version.needed:,} are needed" in finding.message


@one_database
def test_history_enough_clears_what_is_sure_and_says_what_an_unsure_value_lacks(house: House) -> None:
    judge(house, 1_500)
    (version,) = renew(house)
    assert version.standing is Standing.KEPT
    assert house.decide(fresh(1)).outcome is Outcome.CLEAR
    (finding,) = house.decide(fresh(250, issue_date=0.6)).findings
    needed = next(at.threshold for at in version.thresholds if at.field == "issue_date")
    assert f"0.60, needed {needed}" in finding.message
    assert "the promise of 2 % on scans rests on 1,500 labelled papers" in finding.message


def test_thresholds_are_kept_as_versions_with_an_audit_entry_and_not_made_twice(house: House) -> None:
    judge(house, 1_500)
    (version,) = renew(house)
    assert renew(house) == ()
    assert (version.version, version.why, in_force(house)) == (1, Why.RENEWED, version)
    with house.db.read() as session:
        (entry,) = audit_log.entries(session, subject="promise:1", limit=10)
    assert (entry.action, entry.payload["papers"]) == ("promise.renewed", 1_500)


@one_database
def test_more_history_another_policy_or_another_bundle_derives_anew(house: House) -> None:
    judge(house, 1_000)
    renew(house)
    judge(house, 30, seed=2)
    assert renew(house) == ()
    judge(house, 100, seed=3)
    assert len(renew(house)) == 1
    judge(house, 5, seed=4, bundle="b-2")
    assert renew(house) == ()
    house.later(60 * 24 * 400)
    assert [version.papers for version in renew(house)] == [0]


@one_database
def test_papers_another_bundle_read_are_not_cleared_by_this_ones_history(house: House) -> None:
    judge(house, 1_500)
    renew(house)
    held = house.decide(replace(fresh(1), bundle="b-2"))
    assert [finding.code for finding in held.findings] == ["DOC-CONFIDENCE"]


def test_stricter_promise_waits_until_it_is_derived(house: House) -> None:
    judge(house, 2_500)
    renew(house)
    strict = checked_once().replace("error_pct = 0.5", "error_pct = 1.5")
    put_in_force(house, strict)
    assert house.decide(fresh(1)).outcome is Outcome.HOLD
    renew(house)
    assert house.decide(fresh(250)).outcome is Outcome.CLEAR


def test_broken_promise_tightens_tells_the_audit_and_opens_a_case_for_its_owner(house: House) -> None:
    judge(house, 1_500)
    sampling(house, 100)
    before = in_force(house)
    case = break_promise(house)
    after = in_force(house)
    assert (after.why, after.version) == (Why.BROKEN, before.version + 1)
    assert all(at.threshold is None for at in after.thresholds)
    assert set(after.suspended) == {"ocr"}
    assert (case.needs_role, case.codes, case.state) == ("ap_approver", ("PROMISE-BROKEN",), CaseState.OPEN)
    assert "The promise of 2 % wrong is broken for invoices read from scans" in case.headline
    with house.db.read() as session:
        told = audit_log.entries(session, subject=f"promise:{after.version}", limit=10)
    assert [entry.action for entry in told] == ["promise.broken"]
    held = house.decide(fresh(20))
    assert held.outcome is Outcome.HOLD
    assert "blind checks have broken the promise on scans" in held.findings[0].message


@one_database
def test_data_that_blind_checks_find_wrong_is_no_longer_taken_on_trust(house: House) -> None:
    sampling(house, 100)
    case = break_promise(house, as_data=True)
    assert "read from UBL" in case.headline
    held = house.decide(given_as_data(fresh(250)))
    assert held.outcome is Outcome.HOLD
    assert "blind checks have broken the promise on UBL" in held.findings[0].message
    assert in_force(house).is_broken_for("ubl")


@one_database
def test_history_from_before_a_broken_promise_no_longer_counts(house: House) -> None:
    judge(house, 1_500)
    sampling(house, 100)
    break_promise(house)
    judge(house, 40, seed=9)
    (version,) = renew(house)
    assert (version.papers, version.standing) == (0, Standing.TOO_LITTLE)
    assert version.is_broken_for("ocr")


@one_database
def test_case_of_a_promise_is_its_owners_and_about_no_reading(house: House) -> None:
    judge(house, 1_500)
    sampling(house, 100)
    case = break_promise(house)
    with house.db.read() as session:
        assert case_queue.show(session, case.case_id).summary == case
        own = case_rows.open_of_document(session, case.document_id)
        assert own is None or own.case_id != case.case_id
    with pytest.raises(ConflictError) as refused:
        correct(house, case, invoice_number="R-1")
    assert refused.value.code == "CASE-PROMISE"
    with pytest.raises(ForbiddenError) as forbidden, house.db.write() as session:
        cases.resolve(
            session,
            case.case_id,
            user="anna",
            role="ap_clerk",
            at=house.clock.now(),
            resolution="approve",
            reason_code="other",
            comment="seen",
            policy=house.policy,
        )
    assert forbidden.value.code == "CASE-NEEDS-ROLE"
    resolve(house, case, "approve", "other", "the scanner was cleaned")
    assert house.get(case.case_id).resolution is Resolution.APPROVE


@one_database
def test_report_says_for_every_kind_what_is_missing(house: House) -> None:
    judge(house, 60)
    renew(house)
    with house.db.read() as session:
        policy, found = promise_report.reports(session, house.clock.now())
    told = {report.kind: promise_report.missing(report) for report in found}
    assert told["credit_note"].endswith("labelled papers; every case that ends counts")
    assert told["invoice"].startswith("about ")
    as_json = promise_report.as_json(policy, found)
    assert as_json["basis"] == "promise"
    assert {one["kind"] for one in as_json["promises"]} == {kind.value for kind in policy.promises}


@one_database
def test_curve_is_drawn_with_today_on_it(house: House) -> None:
    judge(house, 1_500)
    (version,) = renew(house)
    drawn = curve_svg(version)
    assert drawn.count("<polyline") == 2
    assert "today: " in drawn
    assert "1,500 labelled papers" in drawn


@one_database
def test_typed_thresholds_derive_nothing_and_ask_no_history(house: House) -> None:
    judge(house, 1_500)
    put_in_force(house, policies.typed_text())
    assert renew(house) == ()
    assert house.decide(fresh(1)).outcome is Outcome.CLEAR
