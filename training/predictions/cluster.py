"""Trains and prepares on a Dask cluster: LightGBM's own distributed training, and work by parts of the data.

Every worker needs the same Clearhold installed. LightGBM's workers also talk to one another, on ports they choose.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dask.array
import numpy as np
from dask.delayed import delayed
from distributed import Client

from core.errors import UnavailableError
from training.predictions.machines import STEADY, Made, Part

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SECONDS_TO_ANSWER = 10
# What Dask decides itself; LightGBM warns of each when it is given.
_NOT_PASSED = ("num_threads", "tree_learner")


@contextmanager
def cluster(address: str) -> Iterator["Cluster"]:
    """The cluster whose scheduler is at this address, for the time of a run.

    Raises:
        UnavailableError: `CLUSTER-UNREACHABLE`, also where it has no workers.
    """
    try:
        client: Any = Client(address, timeout=_SECONDS_TO_ANSWER)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise _unreachable(f"No Dask scheduler answers at {address}.") from error
    try:
        many = Cluster(client)
        if not many.workers():
            raise _unreachable(f"The Dask scheduler at {address} has no workers.")
        yield many
    finally:
        client.close()


class Cluster:
    """Machines reached through a Dask client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def workers(self) -> list[str]:
        """The addresses of the workers there are now."""
        return sorted(self._client.scheduler_info(n_workers=-1)["workers"])

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
        """Fits with rows dealt to the workers in turn, so that each sees the same mixture.

        Each worker finds the histogram bins of its share of the features on its own rows, so that the trees are like
        those of one machine and not the same.
        """
        import lightgbm

        asked = {key: value for key, value in {**STEADY, **parameters}.items() if key not in _NOT_PASSED}
        is_classes = asked.get("objective") in {"binary", "multiclass"}
        kind: Any = lightgbm.DaskLGBMClassifier if is_classes else lightgbm.DaskLGBMRegressor
        model = kind(client=self._client, n_estimators=rounds, **asked)
        with warnings.catch_warnings():
            # The constructor's own default for threads is among what LightGBM then says it ignores.
            warnings.filterwarnings("ignore", message="Parameter n_jobs will be ignored")
            model.fit(
                self._dealt(rows),
                self._dealt(target),
                sample_weight=None if weights is None else self._dealt(weights),
                categorical_feature=list(categorical) or "auto",
            )
        return str(model.to_local().booster_.model_to_string())

    def each(self, work: Callable[..., Made], parts: Sequence[Part], **shared: Any) -> list[Made]:
        """Wherever there is room; a lost worker's parts are done again by others. What is shared is sent once."""
        held = {name: self._client.scatter(value, broadcast=True, hash=False) for name, value in shared.items()}
        made: list[Made] = self._client.gather(self._client.map(work, parts, pure=False, **held))
        return made

    def _dealt(self, values: "NDArray[np.float64]") -> Any:
        """The values in turn to each worker, sent there at once: inside a task graph they would be copied."""
        workers = self.workers()[: len(values)]
        hands = [np.ascontiguousarray(values[number :: len(workers)]) for number in range(len(workers))]
        arrays: Any = dask.array
        parts = []
        for worker, hand in zip(workers, hands, strict=True):
            held = self._client.scatter(hand, workers=[worker], hash=False)
            parts.append(arrays.from_delayed(delayed(held), shape=hand.shape, dtype=hand.dtype))
        return arrays.concatenate(parts)


def _unreachable(what: str) -> UnavailableError:
    return UnavailableError(
        "CLUSTER-UNREACHABLE", what, "Start the scheduler and its workers, or unset CLEARHOLD_CLUSTER."
    )
