"""Demand to come as sums: means and spreads against those known, priors learnt from many items, weekdays found."""

from datetime import date, timedelta

import numpy as np
import pytest

from models.replenishment.demand import Fitted, Prior, fit, known, learn_prior, mean_of, sums
from models.replenishment.history import Day, history_of, learn_weekdays

SINCE = date(2026, 1, 5)


def fitted(quantities: np.ndarray, prior: Prior | None = None) -> Fitted:
    ones = np.ones(len(quantities))
    return fit(known(quantities.astype(float), ones, ones), prior or Prior())


def ten_days(found: Fitted) -> np.ndarray:
    return sums(found, np.ones(10), np.full(20_000, 10), np.random.default_rng(5))


@pytest.mark.parametrize("spread", [1.0001, 3.0])
def test_sums_of_days_have_the_mean_and_the_spread_of_sums_not_of_added_quantiles(spread: float) -> None:
    rng = np.random.default_rng(2)
    days = rng.poisson(rng.gamma(6 / (spread - 1), spread - 1, 3_000))
    paths = ten_days(fitted(days))
    assert paths.mean() == pytest.approx(60, rel=0.04)
    assert paths.var() == pytest.approx(60 * spread, rel=0.15)
    assert np.quantile(paths, 0.95) < 0.8 * 10 * np.quantile(days, 0.95)


def test_lumpy_days_keep_their_lumps() -> None:
    rng = np.random.default_rng(3)
    days = np.where(rng.random(4_000) < 0.1, 1 + rng.poisson(20, 4_000), 0)
    found = fitted(days)
    assert found.hurdle > 0.99
    assert mean_of(found) == pytest.approx(days.mean(), rel=0.03)
    assert (ten_days(found) == 0).mean() == pytest.approx((days == 0).mean() ** 10, abs=0.02)


def test_a_short_history_is_less_sure_than_a_long_one() -> None:
    days = np.random.default_rng(4).poisson(5, 400)
    short, long = (ten_days(fitted(days[:count])) for count in (15, 400))
    assert short.std() > 1.2 * long.std()


def test_what_other_items_are_like_draws_a_short_history_towards_them() -> None:
    rng = np.random.default_rng(6)
    ones = np.ones(60)
    others = [known(rng.poisson(4, 60).astype(float), ones, ones) for _ in range(40)]
    prior = learn_prior(others)
    assert np.exp(prior.count.level) == pytest.approx(4, rel=0.1)
    assert prior.hurdle < 0.3
    odd = np.array([9, 12, 10])
    assert mean_of(fitted(odd, prior)) < 0.8 * mean_of(fitted(odd))


def test_a_house_where_weekdays_differ_is_told_from_one_where_they_do_not() -> None:
    rng = np.random.default_rng(8)
    shares = np.array([1, 1, 1, 1, 1, 2, 0])

    def house(profile: np.ndarray) -> list[list[Day]]:
        return [
            [
                Day(date=SINCE + timedelta(days=at), quantity=float(rng.poisson(mean * profile[at % 7])))
                for at in range(91)
            ]
            for mean in rng.uniform(1, 8, 30)
        ]

    def learnt(profile: np.ndarray) -> tuple[float, ...]:
        histories = [history_of(rows, since=SINCE, until=SINCE + timedelta(days=91)) for rows in house(profile)]
        return learn_weekdays([one for one in histories if one is not None]).shares

    assert learnt(shares) == pytest.approx(tuple(shares), abs=0.15)
    assert learnt(np.ones(7)) == pytest.approx((1,) * 7, abs=0.15)
