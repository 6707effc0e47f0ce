"""A model's prediction as canonical text and back, so that a decision stores what it was made from."""

import math
from dataclasses import replace
from functools import cache
from hashlib import sha256

from core.canonical import parse_json
from core.errors import UnavailableError
from core.record_codec import Decode, Encode, decoder, encoder
from models.prediction import Prediction, Reason

NO_NUMBER = -1.0
A_FACT = 1_000.0
MISFIT = "MODEL-COLUMNS"


def storable(prediction: Prediction | None) -> Prediction | None:
    """The prediction as it can be written down.

    What is not even a number is told as -1, which is no probability; a reason that is a fact, and outweighs every
    other, gets the weight `A_FACT`. What the model looked at is no part of it.
    """
    if prediction is None:
        return None
    reasons = tuple(replace(one, weight=_finite(one.weight)) for one in prediction.reasons)
    probability = prediction.probability if math.isfinite(prediction.probability) else NO_NUMBER
    return replace(prediction, probability=probability, reasons=reasons, features=None)


def _finite(weight: float) -> float:
    return min(A_FACT, max(-A_FACT, weight)) if not math.isnan(weight) else 0.0


def misfit_prediction(subject: str, model: str, error: UnavailableError) -> Prediction:
    """What stands for the word of a model of other columns: no probability, and why in words."""
    why = Reason(feature=error.code, words=f"{error.message} {error.remedy}", weight=0.0)
    return Prediction(subject=subject, probability=NO_NUMBER, model=model, reasons=(why,))


def is_misfit(prediction: Prediction) -> bool:
    """Whether no model spoke, for it was trained on other columns."""
    return any(reason.feature == MISFIT for reason in prediction.reasons)


def no_probability(prediction: Prediction) -> str:
    """Why a person must look where a model's word is no probability."""
    model, why = prediction.model, next((one.words for one in prediction.reasons if one.feature == MISFIT), None)
    if why is None:
        return f"The model {model} gave no probability, so nobody has looked for what it looks for."
    return f"The model {model} cannot be asked ({why.rstrip('.')}), so nobody has looked for what it looks for."


def prediction_to_text(prediction: Prediction) -> str:
    """A prediction with its reasons, to the last digit."""
    return _encoder()(prediction)


def prediction_from_text(text: str) -> Prediction:
    """Reads back what `prediction_to_text` wrote."""
    found = _decoder()(parse_json(text))
    assert isinstance(found, Prediction)
    return found


def inputs_hash_of(facts_text: str, prediction: Prediction | None) -> str:
    """SHA-256 over all a decision about planning is made from: the very bytes of its facts, and what a model said."""
    if prediction is None:
        return sha256(facts_text.encode()).hexdigest()
    return sha256(f'{{"facts":{facts_text},"prediction":{prediction_to_text(prediction)}}}'.encode()).hexdigest()


@cache
def _encoder() -> Encode:
    return encoder(Prediction)


@cache
def _decoder() -> Decode:
    return decoder(Prediction)
