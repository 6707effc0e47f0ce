"""Where a run's heavy work is done: on this machine, or on the Dask cluster that `CLEARHOLD_CLUSTER` names.

A run asks for `machines()` and never knows which it got: trees come back as LightGBM's own text, parts of the data as
whatever the work on each makes of it, in their order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from core.errors import UnavailableError
from core.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

Part = TypeVar("Part")
Made = TypeVar("Made")
# The same trees from the same rows and seed, on one thread: machines are shared, and a version names what was learnt.
STEADY: Mapping[str, Any] = {"deterministic": True, "force_row_wise": True, "verbosity": -1}


class Machines(Protocol):
    """What can be asked of one machine or of many."""

    def fit_trees(
        self,
        rows: "NDArray[np.float64]",
        target: "NDArray[np.float64]",
        parameters: Mapping[str, Any],
        *,
        rounds: int,
        weights: "NDArray[np.float64] | None" = None,
        categorical: Sequence[int] = (),
    ) -> str:
        """LightGBM's text of a booster fitted to rows × features.

        Args:
            parameters: in LightGBM's own names (`objective`, `alpha`, `num_leaves`, `seed`…).
            categorical: the columns that hold codes rather than amounts.
        """
        ...

    def each(self, work: Callable[..., Made], parts: Sequence[Part], **shared: Any) -> list[Made]:
        """The work done on every part, in the order of the parts; what is shared is given to each by name."""
        ...


class ThisMachine:
    """Everything in this process."""

    def fit_trees(
        self,
        rows: "NDArray[np.float64]",
        target: "NDArray[np.float64]",
        parameters: Mapping[str, Any],
        *,
        rounds: int,
        weights: "NDArray[np.float64] | None" = None,
        categorical: Sequence[int] = (),
    ) -> str:
        """Fits on one thread, or as many as `num_threads` says."""
        import lightgbm

        asked = {"num_threads": 1, **STEADY, **parameters}
        table = lightgbm.Dataset(
            rows, target, weight=weights, categorical_feature=list(categorical), params=asked, free_raw_data=True
        )
        return str(lightgbm.train(asked, table, num_boost_round=rounds).model_to_string())

    def each(self, work: Callable[..., Made], parts: Sequence[Part], **shared: Any) -> list[Made]:
        """One after another."""
        return [work(part, **shared) for part in parts]


@contextmanager
def machines(address: str | None = None) -> Iterator[Machines]:
    """The cluster at this address, else the one of the settings, else this machine.

    Raises:
        UnavailableError: `CLUSTER-MISSING` without Dask, `CLUSTER-UNREACHABLE` where no scheduler answers.
    """
    address = address or Settings().cluster
    if address is None:
        yield ThisMachine()
        return
    try:
        from training.predictions.cluster import cluster
    except ImportError as error:
        raise UnavailableError(
            "CLUSTER-MISSING",
            "CLEARHOLD_CLUSTER is set, and Dask is not installed.",
            "Install clearhold[training,cluster], or unset CLEARHOLD_CLUSTER to train on this machine.",
        ) from error
    with cluster(address) as many:
        yield many
