"""Why a training run is refused, each with its permanent code and what to do about it."""

from datetime import date

from core.errors import InputError, NotFoundError


def feed_empty(name: str, feeds: tuple[str, ...]) -> InputError:
    """Nothing was loaded of what this model learns from."""
    wanted = " and ".join(feeds)
    return InputError(
        "TRAIN-FEED-EMPTY",
        f"{name} learns from the feed {wanted}, which holds no rows here.",
        f"Load it: clearhold feed {feeds[0]} FILE; or name a folder with its files: --feeds DIR.",
    )


def too_little(name: str, what: str, wanted: str) -> InputError:
    """There is history, and not enough of it to learn from or to judge by.

    Args:
        what: what there is (`12 delivered orders before 2026-03-01`).
        wanted: what would do (`at least 200`).
    """
    return InputError(
        "TRAIN-TOO-LITTLE",
        f"There is too little history for {name}: {what}, and it takes {wanted}.",
        "Load more history, or choose a day with more before and after it.",
    )


def nothing_after(until: date, last: date) -> InputError:
    """The day until which may be learnt leaves nothing to be judged on."""
    return InputError(
        "TRAIN-PERIOD",
        f"Nothing comes after {until} to be judged on: the feeds end on {last}.",
        "Choose an earlier day for --until, or load later rows.",
    )


def nothing_before(until: date, first: date) -> InputError:
    """The day until which may be learnt comes before all history."""
    return InputError(
        "TRAIN-PERIOD",
        f"Nothing is known until {until}: the feeds begin on {first}.",
        "Choose a later day for --until, or load earlier rows.",
    )


def period_reversed(until: date, evaluate_to: date) -> InputError:
    """What is judged must come after what is learnt from."""
    return InputError(
        "TRAIN-PERIOD",
        f"The judged period would end on {evaluate_to}, and what may be known ends on {until}.",
        "Choose a later day for --evaluate-to, or an earlier one for --until.",
    )


def no_such_bundle(name: str, asked: str) -> NotFoundError:
    """A bundle that was named for a comparison is nowhere."""
    return NotFoundError(
        "TRAIN-BUNDLE-UNKNOWN",
        f"There is no {name} bundle called {asked}.",
        "Name `champion`, `challenger`, a version that was exported, a number of the registry, or a file.",
    )


def other_columns(name: str, version: str) -> InputError:
    """A bundle that cannot be judged, since it was made from other columns than runs make now."""
    return InputError(
        "TRAIN-BUNDLE-COLUMNS",
        f"The {name} bundle {version} was trained on other columns than this version makes, so it cannot be judged.",
        f"Train one with this version: clearhold-train {name} --promote.",
    )
