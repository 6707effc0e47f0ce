"""Learns which invoices a person will change or dispute; where none is settled, which cases miss their deadline.

Both are the same question to who plans reviews: where does looking pay. A house that has no settled invoices yet, and
a feed of service cases, learns from those; such a model is judged and recorded, and never put in service.
"""

import numpy as np

from ingest.feed_frames import Frames
from models.review.bills import FEEDS, billbook
from models.review.predict import NAME
from training.predictions import refusals
from training.predictions.outcome import Outcome, Period, Say
from training.predictions.review import deadlines, invoices


def train(frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns from invoices that are settled, else from service cases, and is judged on later ones.

    Raises:
        InputError: `TRAIN-TOO-LITTLE`, `TRAIN-FEED-EMPTY`.
    """
    posted = frames.frame("posted_invoices")
    if len(posted) and np.any((posted["disputed"].is_not_null() & posted["settled_at"].is_not_null()).to_numpy()):
        book = billbook({"posted_invoices": posted} | {feed: frames.frame(feed) for feed in FEEDS[1:]})
        return invoices.train(book, period, seed=seed, say=say)
    cases = frames.frame("exceptions")
    if not len(cases):
        raise refusals.feed_empty(NAME, ("posted_invoices (with disputed and settled_at)", "exceptions"))
    say("no invoice is known to be settled; learning from the service cases instead")
    return deadlines.train(cases, period, seed=seed, say=say)
