"""What the figures are made of, each part by itself: discounts, spans, intervals, periods, bundles."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from triage.insights.bounds import interval
from triage.insights.counting import Count, band_of, counts_of, ended_at, is_touchless
from triage.insights.discounts import Discount, discount_of
from triage.insights.items import Item, ItemCase, item_from_text, item_to_text
from triage.insights.packing import add, bundle_from_text, bundle_to_text, bundles, unpacked
from triage.insights.scope import period

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("terms", "pct", "days"),
    [
        ("2 % 10 days, net 30", "2", 10),
        ("2/10 net 30", "2", 10),
        ("3 % Skonto innerhalb 14 Tagen, 30 Tage netto", "3", 14),
        ("#SKONTO#TAGE=14#PROZENT=2.25#", "2.25", 14),
        ("Zahlbar in 30 Tagen; 2,5% Skonto bei Zahlung binnen 8 Tagen", "2.5", 8),
        ("Escompte de 1,5 % sous 10 jours", "1.5", 10),
        ("3 % 7 Tage, 2 % 14 Tage, 30 Tage netto", "3", 7),
    ],
)
def test_a_discount_is_read_out_of_terms(terms: str, pct: str, days: int) -> None:
    assert discount_of(terms) == Discount(pct=Decimal(pct), days=days)


@pytest.mark.parametrize(
    "terms",
    [
        None,
        "",
        "30 days net",
        "payable at once",
        "1.5 % interest after 30 days",
        "VAT 19 %",
        "Verzugszins 9 % ab 31 Tagen",
    ],
)
def test_terms_without_a_discount_offer_none(terms: str | None) -> None:
    assert discount_of(terms) is None


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (1, 1), (3, 40), (40, 40), (0, 598)])
def test_the_interval_is_that_of_clopper_and_pearson(hits: int, count: int) -> None:
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, count - hits + 1))
    high = 1.0 if hits == count else float(beta.ppf(0.975, hits + 1, count - hits))
    assert interval(hits, count) == pytest.approx((low, high), abs=1e-9)
    assert interval(0, 0) is None


def test_the_end_of_a_span_belongs_to_it() -> None:
    assert [band_of(seconds) for seconds in (0, 60, 61, 3_600, 2_592_000, 2_592_001)] == ["0", "0", "1", "2", "8", "9"]


@given(since=DAYS, length=st.integers(0, 120))
def test_weeks_and_days_of_a_period_are_its_days_and_no_others(since: date, length: int) -> None:
    found = period(since, since + timedelta(days=length))
    days = list(found.days)
    if found.weeks is not None:
        monday, last = found.weeks
        assert (monday.weekday(), last.weekday()) == (0, 0)
        days += [monday + timedelta(days=number) for number in range((last - monday).days + 7)]
    assert sorted(days) == [since + timedelta(days=number) for number in range(length + 1)]


@given(st.lists(st.tuples(st.integers(-50, 10**6), st.integers(-(10**12), 10**15)), min_size=1, max_size=5))
def test_numbers_and_sums_are_added_apart(counts: list[tuple[int, int]]) -> None:
    whole: dict[str, int] = {}
    for n, total in counts:
        add(whole, bundle_from_text(f'{{"code:A:B":[{n},{total}]}}'))
    kept = bundle_from_text(bundle_to_text(whole))
    expected = Count(sum(n for n, _ in counts), sum(total for _, total in counts))
    assert list(unpacked(kept)) == ([("code", "A:B", expected)] if expected != (0, 0) else [])


def case(**more: object) -> ItemCase:
    """A case about one invoice, opened at nine, changed where the test says."""
    values: dict[str, object] = {
        "case_id": "case_1", "kind": "invoice", "queue": "ap", "outcome": "hold", "codes": ("SUP-BANK",),
        "opened_at": NINE, "priority": 5,
    }  # fmt: skip
    return ItemCase(**{**values, **more})  # type: ignore[arg-type]


def paper(*cases: ItemCase, outcome: str = "hold") -> Item:
    """An invoice decided at nine with these cases."""
    return Item(
        subject="document:doc_1", kind="invoice", supplier="S-1", site="DC-1", received_at=NINE, read_at=NINE,
        decided_at=NINE, outcome=outcome, cases=cases,
    )  # fmt: skip


def test_a_paper_is_touchless_when_nobody_did_anything_to_it() -> None:
    ended = NINE + timedelta(days=1)
    assert is_touchless(paper(outcome="clear"))
    assert is_touchless(paper(case(ended_at=ended, resolution="cleared_by_facts")))
    assert not is_touchless(paper(case(ended_at=ended, resolution="cleared_by_facts", claims=1)))
    assert not is_touchless(paper(case(ended_at=ended, resolution="corrected", acts=1)))


def test_a_paper_is_done_when_its_last_case_has_ended() -> None:
    first, last = NINE + timedelta(days=1), NINE + timedelta(days=4)
    assert ended_at(paper(case(ended_at=first), case(case_id="case_2"))) is None
    assert ended_at(paper(case(ended_at=last), case(ended_at=first), case(kind="promise"))) == last
    assert ended_at(paper(outcome="clear")) == NINE


def test_a_blind_check_counts_on_the_day_of_its_word() -> None:
    checked = case(outcome="sample", codes=(), ended_at=NINE, wrong=True, checked_at=NINE + timedelta(days=2))
    found = {key: count for key, count in counts_of(paper(checked)).items() if key.measure == "checked"}
    ((key, count),) = found.items()
    assert (key.day, key.bucket, count) == (date(2026, 11, 4), "wrong", Count(1, 0))


def test_the_end_of_a_blind_check_overrides_nothing() -> None:
    ended = case(outcome="sample", codes=("SAMPLE-DRAWN",), ended_at=NINE, resolution="approve", by_person=True)
    assert not [key for key in counts_of(paper(ended)) if key.measure.startswith(("judged", "overridden"))]


def test_what_is_taken_away_again_leaves_nothing() -> None:
    item = paper(case(ended_at=NINE, resolution="reject", currency="EUR", at_risk=Decimal("12.34")))
    left: dict[str, int] = {}
    for sign in (1, -1):
        for _, bundle in bundles(item, counts_of(item), sign=sign):
            add(left, bundle)
    assert bundle_to_text(left) == "{}"


def test_an_item_is_read_back_as_it_was_written() -> None:
    item = paper(case(ended_at=NINE, resolution="approve", overridden=("SUP-BANK",), wrong=False, checked_at=NINE))
    assert item_from_text(item_to_text(item)) == item
