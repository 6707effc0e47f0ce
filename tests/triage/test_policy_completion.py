"""Tests of the policies that were put in force before the newest keys existed."""

import tomllib

import pytest

from core.errors import InputError
from triage.policies import built_in_text, checked
from triage.policy import load_policy
from triage.policy_completion import completed, missing_keys

BUILT_IN = built_in_text()


def without(text: str, *starts: str) -> str:
    """The text without the lines that begin so; a header goes with its table."""
    kept, dropping = [], False
    for line in text.splitlines():
        if line.startswith("["):
            dropping = any(line.startswith(start) for start in starts)
        if not dropping and not any(line.startswith(start) for start in starts):
            kept.append(line)
    return "\n".join(kept) + "\n"


@pytest.mark.parametrize(
    "gone",
    [
        ("late_grace_days",),
        ("[four_eyes]",),
        ("[vat_rates]",),
        ("[[routes]]",),
        ("[tolerances.ship_short]", "[tolerances.ship_receipt]"),
        ("stock_levels", "receipt_days", "[split]", "[bank_changes]"),
        ("[orders", "[[orders", "[replenishment", "[[replenishment"),
        ("receipt_required",),
    ],
)
def test_what_an_older_policy_lacks_is_what_the_built_in_one_says(gone: tuple[str, ...]) -> None:
    older = without(BUILT_IN, *gone)
    assert missing_keys(older, BUILT_IN)
    with pytest.raises(InputError):
        load_policy(older)
    whole = completed(older, BUILT_IN)
    assert missing_keys(whole, BUILT_IN) == ()
    assert tomllib.loads(whole) == tomllib.loads(BUILT_IN)


def test_a_whole_policy_stays_as_it_was_written() -> None:
    assert missing_keys(BUILT_IN, BUILT_IN) == ()
    assert completed(BUILT_IN, BUILT_IN) == BUILT_IN


def test_what_its_owner_wrote_or_left_out_stays_so() -> None:
    older = without(BUILT_IN, "[four_eyes]", "[documents.receipt]", "admin = ", "late_grace_days")
    older = older.replace("cool_off_days = 10", "cool_off_days = 3 # agreed with treasury")
    whole = completed(older, BUILT_IN)
    assert "cool_off_days = 3 # agreed with treasury" in whole
    assert "receipt" not in tomllib.loads(whole)["documents"]
    assert "admin" not in tomllib.loads(whole)["approval_limits"]


def test_thresholds_that_were_typed_in_stay_in_force() -> None:
    older = without(BUILT_IN, "basis = ", "exact_sources", "[promises", "[four_eyes]")
    assert load_policy(completed(older, BUILT_IN)).confidence.basis == "typed"


def test_a_policy_of_before_there_were_predictions_is_read_as_one_in_which_no_model_has_a_say() -> None:
    older = without(BUILT_IN, "[predictions", "[[predictions", "[planning")
    read = load_policy(older)
    assert not any(
        (
            read.predictions.late.use,
            read.predictions.review.use,
            read.predictions.demand.use,
            read.predictions.routing.use,
        )
    )
    assert read.hash == load_policy(older + "\n").hash != load_policy(BUILT_IN).hash
    assert missing_keys(older, BUILT_IN) == (("predictions",), ("planning",))
    assert tomllib.loads(completed(older, BUILT_IN)) == tomllib.loads(BUILT_IN)


def test_a_new_policy_must_say_what_models_may_do() -> None:
    with pytest.raises(InputError, match="planning and predictions are missing"):
        checked(without(BUILT_IN, "[predictions", "[[predictions", "[planning"))
    assert checked(BUILT_IN).predictions.late.use
