"""The shapes of what the house itself is asked for: its feeds and its models."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from review_api.house_models import HouseModel


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FeedOut(_Out):
    """A feed and when it was last loaded."""

    feed: str
    loaded_at: datetime | None
    rows: int


class FeedLoadOut(_Out):
    """What a file changed: every row was new, changed, or the same as before."""

    feed: str
    rows: int
    new: int
    changed: int
    same: int


class ModelOut(BaseModel):
    """A model of the house: `loaded`, `misfit` (trained on other columns, it says nothing), `refused`, or `missing`.

    A misfit or refused one comes with the word why; of a refused one an older may still serve.
    """

    name: str
    state: str
    version: str | None = None
    trained_until: str | None = None
    code: str | None = None
    message: str | None = None
    remedy: str | None = None


def model_out(model: HouseModel) -> ModelOut:
    """A model as it is told."""
    problem = model.problem
    return ModelOut(
        name=model.name,
        state=model.state,
        version=model.version,
        trained_until=model.trained_until,
        code=None if problem is None else problem.code,
        message=None if problem is None else problem.message,
        remedy=None if problem is None else problem.remedy,
    )
