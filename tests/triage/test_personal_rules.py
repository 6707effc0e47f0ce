"""What holds for one person besides their role: the lower limit counts, queues narrow, nobody decides on themselves."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ClearholdError
from triage.personal_rules import NOTHING_PERSONAL, PersonalRules, check_may_change, rules_from

AMOUNTS = st.none() | st.decimals(0, 10**6, places=2)
KNOWN = ("ap", "planning", "treasury")


@pytest.mark.law
@given(AMOUNTS, st.decimals(0, 10**6, places=2))
def test_a_personal_limit_only_ever_lowers(by_role: Decimal | None, own: Decimal) -> None:
    found = PersonalRules(approval_limits={"EUR": own}).lower_of(by_role, "EUR")
    assert found is not None and found <= own
    assert by_role is None or found <= by_role
    assert found in {own, by_role}


def test_a_currency_nobody_named_has_the_limit_of_the_others_or_none_at_all() -> None:
    rules = rules_from(None, {"EUR": "500", "other": "20.5"}, known_queues=KNOWN)
    assert rules.lower_of(Decimal(1000), "SEK") == Decimal("20.5")
    assert rules_from(None, {"EUR": "500"}, known_queues=KNOWN).lower_of(None, "SEK") == 0
    assert NOTHING_PERSONAL.lower_of(None, "SEK") is None


def test_queues_narrow_what_is_the_role_s_and_never_leave_nothing() -> None:
    assert PersonalRules(queues=("treasury",)).narrowed(("ap", "treasury")) == ("treasury",)
    assert PersonalRules(queues=("planning",)).narrowed(("ap", "treasury")) == ("ap", "treasury")
    assert NOTHING_PERSONAL.narrowed(("ap",)) == ("ap",)


@pytest.mark.parametrize(
    ("queues", "limits", "code"),
    [
        (["tresury"], {}, "PERSON-QUEUE"),
        ([], {"EURO": "5"}, "PERSON-LIMIT"),
        ([], {"EUR": "-5"}, "PERSON-LIMIT"),
        ([], {"EUR": "NaN"}, "PERSON-LIMIT"),
        ([], {"EUR": "5,50"}, "PERSON-LIMIT"),
        ([], {"EUR": "1e30"}, "PERSON-LIMIT"),
    ],
)
def test_what_is_no_queue_and_no_limit_is_refused(queues: list[str], limits: dict[str, str], code: str) -> None:
    with pytest.raises(ClearholdError) as caught:
        rules_from(queues, limits, known_queues=KNOWN)
    assert caught.value.code == code and caught.value.remedy


def test_only_another_administrator_decides_about_a_person() -> None:
    check_may_change("ben", user="anna", role="admin")
    for user, role, code in (("ben", "admin", "PERSON-OWN"), ("anna", "ap_approver", "PERSON-ROLE")):
        with pytest.raises(ClearholdError) as caught:
            check_may_change("ben", user=user, role=role)
        assert caught.value.code == code
