"""Learns which orders will miss their promise; in a house without orders, which service cases miss their deadline."""

from ingest.feed_frames import Frames
from training.predictions.late import run as orders
from training.predictions.outcome import Outcome, Period, Say
from training.predictions.review import deadlines


def train(frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns from orders where there are some, else from service cases, and is judged on later ones.

    A model of cases is judged and recorded like any other, and never put in service: it knows nothing of orders.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`.
    """
    if frames.frame("sales_orders").height:
        return orders.train(frames, period, seed=seed, say=say)
    say("no orders are loaded; learning from the service cases instead")
    return deadlines.train(frames.frame("exceptions"), period, seed=seed, say=say, name="sla-miss")
