"""Sums of days to come made of past weeks drawn at random: what the past holds and nothing else.

Whole weeks in a row keep weekdays and what hangs together from day to day.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

BLOCK = 7


def past_sums(quantities: "Floats", weights: "Floats", steps: "Integers", rng: np.random.Generator) -> "Floats":
    """A sum of so many steps for each entry of `steps`, from blocks of the past that follow one another at random.

    Args:
        quantities: wanted in each step of the past.
        weights: how much each counts; a step that counts nothing is passed over.
    """
    kept, counts = quantities[weights > 0], weights[weights > 0]
    most = int(steps.max(initial=0))
    if not len(kept) or most == 0:
        return np.zeros(len(steps))
    blocks = -(-most // BLOCK)
    starts = rng.choice(len(kept), size=(len(steps), blocks), p=counts / counts.sum())
    days = (starts[:, :, None] + np.arange(BLOCK)).reshape(len(steps), -1) % len(kept)
    taken = np.arange(days.shape[1]) < steps[:, None]
    return np.asarray((kept[days] * taken).sum(axis=1))
