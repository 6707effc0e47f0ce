"""Records runs in MLflow's database `mlruns/mlflow.db` below the working folder, and keeps the registry of models.

Only training writes there. The service never reads it: it loads the bundles that were exported.
"""

import math
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.errors import UnavailableError

FOLDER = Path("mlruns")
_DATABASE = "mlflow.db"
CHAMPION, CHALLENGER = "champion", "challenger"
_BUNDLES, _LONGEST = "bundle", 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is kept of a run.

    Attributes:
        metrics: by way of predicting and name.
        texts: files as text, by their path among the run's artifacts.
    """

    experiment: str
    parameters: Mapping[str, Any]
    metrics: Mapping[str, Mapping[str, float]]
    tags: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def check_installed() -> None:
    """Looks for MLflow before any work is done.

    Raises:
        UnavailableError: `TRAIN-MISSING`.
    """
    if find_spec("mlflow") is None:
        raise UnavailableError(
            "TRAIN-MISSING", "Training needs MLflow, which is not installed.", "Install clearhold[training]."
        )


def record(run: Record, *, bundle: Path | None = None, version: str = "") -> int | None:
    """Records a run; a bundle is registered as a version of the experiment's model, under the alias `challenger`.

    Returns:
        The number of the registered version, or None without a bundle.
    """
    with _mlflow() as mlflow:
        client = mlflow.MlflowClient()
        with mlflow.start_run(experiment_id=_experiment(client, run.experiment)) as started:
            mlflow.log_params({key: str(value)[:_LONGEST] for key, value in run.parameters.items()})
            mlflow.set_tags(dict(run.tags))
            mlflow.log_metrics(_logged(run.metrics))
            for name, text in run.texts.items():
                mlflow.log_text(text, name)
            if bundle is None:
                return None
            mlflow.log_artifact(str(bundle), _BUNDLES)
            return _register(client, run.experiment, started.info, bundle.name, version)


def registered(model: str, which: str) -> Path | None:
    """The bundle file of an alias or number of the registry; None where there is no such version."""
    if not (FOLDER / _DATABASE).exists():
        return None
    with _mlflow() as mlflow:
        client = mlflow.MlflowClient()
        try:
            found = (
                client.get_model_version(model, which)
                if which.isdecimal()
                else client.get_model_version_by_alias(model, which)
            )
        except mlflow.exceptions.MlflowException:
            return None
    return Path(str(found.source).removeprefix("file://")) / str(found.tags["file"])


def crown(model: str, number: int) -> None:
    """Moves the alias `champion` to this version."""
    with _mlflow() as mlflow:
        mlflow.MlflowClient().set_registered_model_alias(model, CHAMPION, str(number))


@contextmanager
def _mlflow() -> Iterator[Any]:
    """MLflow, quiet, sending nothing anywhere, and pointed at the database of this folder."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    import logging

    with warnings.catch_warnings():
        # What its own parts say of one another is nothing a planner can act on.
        warnings.simplefilter("ignore")
        import mlflow

        FOLDER.mkdir(exist_ok=True)
        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        # In full: MLflow remembers a store by its address, and a relative one means another place after a chdir.
        address = f"sqlite:///{(FOLDER / _DATABASE).absolute()}"
        mlflow.set_tracking_uri(address)
        mlflow.set_registry_uri(address)
        yield mlflow


def _experiment(client: Any, name: str) -> str:
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    place = (FOLDER / "artifacts" / name).absolute().as_uri()
    return str(client.create_experiment(name, artifact_location=place))


def _register(client: Any, model: str, run: Any, file: str, version: str) -> int:
    if not client.search_registered_models(filter_string=f"name = '{model}'"):
        client.create_registered_model(model)
    made = client.create_model_version(
        model, source=f"{run.artifact_uri}/{_BUNDLES}", run_id=run.run_id, tags={"bundle": version, "file": file}
    )
    client.set_registered_model_alias(model, CHALLENGER, made.version)
    return int(made.version)


def _logged(metrics: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Metrics as `way.metric`, in the letters MLflow takes; what has no answer is left out."""
    return {
        re.sub(r"[^\w\-. /]", "_", f"{way.replace(', ', '.')}.{name}"): float(value)
        for way, values in metrics.items()
        for name, value in values.items()
        if isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)
    }
