"""What differs between two policies: setting by setting under the file's own keys, and line by line."""

import tomllib
from decimal import Decimal

from triage import policies
from triage.policy import load_policy
from triage.policy_difference import differences, settings_of, text_difference

BUILT_IN = policies.built_in_text()
OVERRIDE = """
[[overrides]]
supplier_id = "S.1"
[overrides.approval_limits]
ap_clerk = { EUR = 500, other = 0 }
"""


def changed(text: str) -> list[tuple[str, str | None, str | None]]:
    found = differences(load_policy(BUILT_IN), load_policy(text))
    return [(one.key, one.before, one.after) for one in found]


def test_a_changed_number_is_one_difference_under_its_key() -> None:
    assert changed(BUILT_IN.replace("cool_off_days = 10", "cool_off_days = 5")) == [
        ("bank_changes.cool_off_days", "10", "5")
    ]


def test_the_same_policy_written_otherwise_differs_in_no_setting() -> None:
    assert changed("# a word before\n" + BUILT_IN.replace("cool_off_days = 10", "cool_off_days = 10 # days")) == []


def test_an_override_that_is_added_is_known_by_whom_it_is_about() -> None:
    assert changed(BUILT_IN + OVERRIDE) == [
        ("overrides[supplier S.1].approval_limits.ap_clerk", None, "500 EUR, otherwise 0")
    ]


def test_routes_that_change_places_are_one_difference() -> None:
    extra = (
        '[[routes]]\nname = "lamps"\nsupplier_ids = ["S-1"]\nqueue = "ap"\nneeds_role = "anyone"\npriority_factor = 1\n'
    )
    first, second = '[[routes]]\nname = "shipments"', '[[routes]]\nname = "payables"'
    before = load_policy(BUILT_IN.replace(first, extra + first))
    after = load_policy(BUILT_IN.replace(second, extra + second))
    assert [(one.key, one.before, one.after) for one in differences(before, after)] == [
        ("routes.order", "lamps, shipments, payables", "shipments, lamps, payables")
    ]


def test_an_unlimited_side_is_said_as_the_file_says_it() -> None:
    text = BUILT_IN.replace("upper_pct = 2\nupper_amount = 5", 'upper_pct = 2\nupper_amount = "unlimited"')
    assert changed(text) == [("tolerances.price_unit.upper_amount", "5", "unlimited")]


def test_every_number_of_the_file_is_a_setting() -> None:
    """The oracle: leaves of the TOML itself. Lists of rows are known by name, so only plain tables are compared."""

    def leaves(path: tuple[str, ...], value: object) -> list[tuple[str, Decimal]]:
        if isinstance(value, dict):
            return [one for name, inner in value.items() for one in leaves((*path, name), inner)]
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return [(".".join(path), Decimal(str(value)))] if is_number else []

    said = settings_of(load_policy(BUILT_IN))
    written = leaves((), tomllib.loads(BUILT_IN, parse_float=Decimal))
    assert len(written) > 100
    assert [(key, Decimal(said[key])) for key, _ in written] == written


def test_lines_of_two_texts_are_laid_over_one_another() -> None:
    found = text_difference("a\nb\nc\n", "a\nB\nc\nd\n")
    assert [(one.sign, one.text, one.before, one.after) for one in found] == [
        (" ", "a", 1, 1),
        ("-", "b", 2, None),
        ("+", "B", None, 2),
        (" ", "c", 3, 3),
        ("+", "d", None, 4),
    ]
    assert [one.text for one in found if one.sign != "+"] == ["a", "b", "c"]
    assert [one.text for one in found if one.sign != "-"] == ["a", "B", "c", "d"]


def test_every_problem_of_a_file_is_said_with_its_line_and_remedy() -> None:
    wrong = BUILT_IN.replace("cool_off_days = 10", "cool_off_days = 'ten'").replace("share_pct = 2", "shar_pct = 2")
    found = policies.problems(wrong)
    lines = wrong.splitlines()
    assert [one.key for one in found] == ["bank_changes.cool_off_days", "sampling.share_pct", "sampling.shar_pct"]
    assert lines[(found[0].line or 0) - 1] == "cool_off_days = 'ten'"
    assert lines[(found[2].line or 0) - 1].startswith("shar_pct")
    assert all(one.remedy for one in found)
    assert policies.problems(BUILT_IN) == ()
    broken = policies.problems(BUILT_IN.replace("cool_off_days = 10", "cool_off_days ="))
    assert [lines[(one.line or 0) - 1] for one in broken] == ["cool_off_days = 'ten'"]
    strange = policies.problems(BUILT_IN.replace('name = "shipments"', 'name = "shipments"\ncodes = ["NO-CODE"]'))
    assert [one.sentence for one in strange if "codes" in one.sentence]
