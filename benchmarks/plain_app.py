"""The app one would write in an afternoon: FastAPI around the model as MLflow logs it. A peer of benchmarks/serving.py.

It takes the model's own features, already made, and knows no rules, no queue and no stock.
"""

import os
from typing import Any

import mlflow.pyfunc
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
model = mlflow.pyfunc.load_model(os.environ["PLAIN_MODEL"])


class Rows(BaseModel):
    """Rows by column, as MLflow's own scoring server takes them."""

    columns: list[str]
    data: list[list[float]]


class Asked(BaseModel):
    """What MLflow's own scoring server takes."""

    dataframe_split: Rows


@app.post("/invocations")
def score(asked: Asked) -> dict[str, Any]:
    """The model's word on each row."""
    frame = pd.DataFrame(asked.dataframe_split.data, columns=asked.dataframe_split.columns)
    return {"predictions": model.predict(frame).tolist()}
