"""The same trees as the house serves, logged as MLflow logs a model: a Python function with a signature."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from mlflow import pyfunc
from mlflow.models import infer_signature

from models.bundle import Bundle


class LateTrees(pyfunc.PythonModel):  # type: ignore[name-defined,misc]
    """Trees and calibration, from features to probabilities."""

    def load_context(self, context: Any) -> None:
        """Loads the trees once."""
        import lightgbm

        from models.calibration import calibration_from_json

        told = json.loads(Path(context.artifacts["bundle"]).read_text(encoding="utf-8"))
        self._trees = lightgbm.Booster(model_str=told["boosters"]["late"])
        self._calibration = calibration_from_json(told["content"]["calibration"])

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        """The calibrated probability of each row."""
        return self._calibration.apply(self._trees.predict(model_input.to_numpy(), num_threads=1))


def log_model(bundle: Bundle, bundle_file: Path, folder: Path, rows: list[list[float]]) -> None:
    """Writes the model with its signature to a folder."""
    import pandas as pd

    example = pd.DataFrame(rows, columns=list(bundle.features), dtype=np.float64)
    pyfunc.save_model(
        path=str(folder),
        python_model=LateTrees(),
        artifacts={"bundle": str(bundle_file)},
        signature=infer_signature(example, np.zeros(len(rows))),
        pip_requirements=[],
    )
