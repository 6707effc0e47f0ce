"""A policy comes into force through two people, over a preview of stored history, and all of it is in the audit."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core import audit_log
from core.database import Database
from core.errors import ClearholdError, ConflictError, InputError
from tests.triage_shell.conftest import House, invoice, row
from triage import cases, policies, policy_changes
from triage.policies import AppliedPolicy
from triage.policy_rules import PolicyPreview, PolicyProposal, ProposalState
from triage.previewing import labels_of, preview

TEXT = policies.built_in_text()
WIDER = re.sub(r"(upper_pct = )2\n(upper_amount = )\d+", r"\g<1>10\n\g<2>100", TEXT).replace(
    "share_pct = 2\n", "share_pct = 0\n"
)
DEARER = {"unit_price": "21", "line_net_amount": "210"}
TOTALS = {"total_without_vat": "210", "total_vat": "39.9", "total_with_vat": "249.9", "amount_due": "249.9"}


@pytest.fixture
def set_house(house: House) -> House:
    """A house with the built-in policy, without blind checks, in force."""
    with house.db.write() as session:
        applied = policies.start_with(session, TEXT.replace("share_pct = 2\n", "share_pct = 0\n"), at=house.clock.now())
    house.policy = applied.policy
    house.load_feeds()
    return house


def dear(house: House, number: str) -> str:
    """A paper held for its price; returns its document."""
    paper = invoice(TOTALS | {"invoice_number": number}, DEARER)
    tax = row({"rate": "19", "taxable_amount": "210", "tax_amount": "39.9"})
    return house.case(replace(paper, tax_breakdown=(tax,))).document_id


def previewed(house: House, text: str = WIDER, user: str = "anna", role: str = "admin") -> PolicyPreview:
    base_hash, result = preview(house.db, text)
    with house.db.write() as session:
        return policy_changes.keep_preview(session, text, base_hash, result, user=user, role=role, at=house.clock.now())


def applied(
    house: House, seen: PolicyPreview, user: str, role: str = "admin", text: str | None = None
) -> PolicyProposal | AppliedPolicy:
    with house.db.write() as session:
        return policy_changes.apply(
            session, text or seen.text, seen.preview_hash, user=user, role=role, at=house.clock.now()
        )


def actions(db: Database) -> list[tuple[str, str]]:
    with db.read() as session:
        entries = list(audit_log.all_entries(session))
        assert audit_log.verify(session) == ()
    return [(entry.action, entry.actor) for entry in entries if entry.action.startswith("policy.")]


def matrix(result: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    return {(b, a): n for b, row in result["matrix"].items() for a, n in row.items() if n}


def test_a_preview_judges_the_newest_decision_of_every_paper(set_house: House) -> None:
    held = dear(set_house, "R-2")
    set_house.decide(invoice({"purchase_order_reference": "77"}))
    _, result = preview(set_house.db, WIDER)
    assert result["papers"] == 2 and result["unread"] == result["re_decided"] == 0
    assert matrix(result) == {("hold", "clear"): 1, ("hold", "hold"): 1}
    [move] = result["moves"]
    assert (move["from"], move["to"], move["money"]) == ("hold", "clear", [{"currency": "EUR", "total": "249.9"}])
    assert move["examples"][0]["document_id"] == held and "MATCH-PRICE" in move["examples"][0]["lifted"]


def test_several_processes_preview_what_one_does(set_house: House) -> None:
    for number in range(4):
        set_house.decide(invoice({"invoice_number": f"N-{number}"}))
    told: list[tuple[int, int]] = []
    one = preview(set_house.db, WIDER, progress=lambda done, count: told.append((done, count)))
    assert preview(set_house.db, WIDER, workers=2) == one
    assert told == [(0, 4), (4, 4)]


def test_a_window_leaves_out_what_was_decided_before_and_after(set_house: House) -> None:
    set_house.decide(invoice())
    noon = set_house.clock.now()
    set_house.later(minutes=60)
    set_house.decide(invoice({"invoice_number": "R-2", "purchase_order_reference": "4500002"}))
    assert preview(set_house.db, WIDER, since=set_house.clock.now())[1]["papers"] == 1
    assert preview(set_house.db, WIDER, until=set_house.clock.now())[1]["papers"] == 1
    assert preview(set_house.db, WIDER, since=noon)[1]["papers"] == 2


def test_two_people_put_a_policy_in_force_and_the_audit_names_both(set_house: House) -> None:
    seen = previewed(set_house)
    first = applied(set_house, seen, "anna")
    assert isinstance(first, PolicyProposal) and first.state is ProposalState.PROPOSED
    with set_house.db.read() as session:
        assert policies.active_version(session) == 1
        waiting = policy_changes.pending(session)
    assert waiting is not None and waiting.proposed_by == "anna"
    second = applied(set_house, seen, "ben", "ap_approver")
    assert isinstance(second, AppliedPolicy)
    assert (second.version, second.proposed_by, second.applied_by) == (2, "user:anna", "user:ben")
    assert second.preview_hash == seen.preview_hash
    assert actions(set_house.db) == [
        ("policy.applied", "system"),
        ("policy.previewed", "user:anna"),
        ("policy.proposed", "user:anna"),
        ("policy.applied", "user:ben"),
    ]
    with set_house.db.read() as session:
        assert policy_changes.pending(session) is None
        assert [one.version for one in policies.history(session)] == [2, 1]
        assert [one.state for one in policy_changes.proposals(session)] == [ProposalState.IN_FORCE]


def test_nobody_agrees_to_their_own_policy_nor_to_one_they_previewed_for_another(set_house: House) -> None:
    seen = previewed(set_house, user="paul")
    applied(set_house, seen, "anna")
    for own in ("anna", "paul"):
        with pytest.raises(ConflictError, match="POLICY-SECOND-PERSON"):
            applied(set_house, seen, own)
    assert isinstance(applied(set_house, seen, "ben"), AppliedPolicy)


def test_a_preview_ends_with_the_policy_it_was_made_under(set_house: House) -> None:
    seen = previewed(set_house)
    other = previewed(set_house, WIDER.replace("hourly_cost = 40", "hourly_cost = 41"))
    applied(set_house, seen, "anna")
    with pytest.raises(ConflictError, match="POLICY-PROPOSAL-PENDING"):
        applied(set_house, other, "ben")
    applied(set_house, seen, "ben")
    with pytest.raises(ConflictError, match="POLICY-PREVIEW-STALE"):
        applied(set_house, other, "ben")
    with pytest.raises(ConflictError, match="POLICY-PREVIEW-STALE"):
        applied(set_house, seen, "ben")


def test_the_file_must_be_the_one_that_was_previewed(set_house: House) -> None:
    seen = previewed(set_house)
    with pytest.raises(ConflictError, match="POLICY-PREVIEW-STALE"):
        applied(set_house, seen, "anna", text=f"{WIDER}# and a comment\n")
    with pytest.raises(InputError, match="POLICY-INVALID"):
        applied(set_house, seen, "anna", text="nothing")


def test_a_proposal_is_withdrawn_or_rejected_with_a_reason_and_may_be_made_again(set_house: House) -> None:
    seen = previewed(set_house)
    applied(set_house, seen, "anna")
    at = set_house.clock.now()
    with set_house.db.write() as session:
        ended = policy_changes.withdraw(session, user="anna", reason="A typing error.", at=at)
    assert (ended.state, ended.ended_by, ended.reason) == (ProposalState.WITHDRAWN, "anna", "A typing error.")
    applied(set_house, seen, "anna")
    with set_house.db.write() as session:
        ended = policy_changes.reject(session, user="ben", role="ap_approver", reason="Too wide.", at=at)
    assert ended.state is ProposalState.REJECTED
    with set_house.db.read() as session:
        assert policy_changes.pending(session) is None
    assert [action for action, _ in actions(set_house.db)][-3:] == [
        "policy.withdrawn",
        "policy.proposed",
        "policy.rejected",
    ]


def test_a_refused_step_changes_nothing_and_is_not_in_the_audit(set_house: House) -> None:
    seen = previewed(set_house)
    before = actions(set_house.db)
    with pytest.raises(ClearholdError, match="POLICY-ROLE"):
        applied(set_house, seen, "carl", "ap_clerk")
    with pytest.raises(ClearholdError, match="POLICY-ROLE"):
        previewed(set_house, user="carl", role="auditor")
    assert actions(set_house.db) == before


def test_the_same_preview_again_stays_its_first_authors(set_house: House) -> None:
    assert previewed(set_house) == previewed(set_house, user="ben")
    set_house.decide(invoice())
    assert previewed(set_house, user="ben").author == "ben"


def test_what_people_said_labels_papers_rejected_or_corrected_as_wrong(set_house: House) -> None:
    def resolve(document_id: str, resolution: str, reason: str) -> str:
        with set_house.db.write() as session:
            from triage import case_rows

            case = case_rows.open_of_document(session, document_id)
            assert case is not None
            cases.resolve(
                session,
                case.case_id,
                user="ben",
                role="ap_approver",
                at=set_house.clock.now(),
                resolution=resolution,
                reason_code=reason,
                policy=set_house.policy,
            )
        return document_id

    right = resolve(dear(set_house, "R-2"), "approve", "price_agreed")
    wrong = resolve(dear(set_house, "R-3"), "reject", "wrong_price")
    asked = resolve(dear(set_house, "R-4"), "request_information", "ask_supplier")
    waiting = dear(set_house, "R-5")
    with set_house.db.read() as session:
        labels = labels_of(session, [right, wrong, asked, waiting])
    assert {name: label.was_wrong for name, label in labels.items()} == {right: False, wrong: True}


def test_a_corrected_value_makes_the_label_wrong_and_a_confirmed_one_does_not(set_house: House) -> None:
    misread = set_house.case(invoice({"total_with_vat": "239", "amount_due": "239"}))
    unsure = invoice({"invoice_number": "R-2", "purchase_order_reference": "77"})
    number = replace(unsure.fields["purchase_order_reference"], confidence=0.4)
    sure = set_house.case(replace(unsure, fields={**unsure.fields, "purchase_order_reference": number}))
    changes = {
        misread.case_id: {"total_with_vat": "238", "amount_due": "238"},
        sure.case_id: {"purchase_order_reference": "77"},
    }
    for case_id, values in changes.items():
        with set_house.db.write() as session:
            cases.correct(
                session,
                case_id,
                user="anna",
                role="ap_clerk",
                at=set_house.clock.now(),
                changes=values,
                policy=set_house.policy,
            )
    with set_house.db.read() as session:
        from triage import decisions

        found = decisions.changed_by_people(session, [misread.document_id, sure.document_id])
    assert found == {misread.document_id}
