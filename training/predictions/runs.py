"""Which run trains which model, and which feeds it must be given: the list behind `clearhold-train NAME`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.predictions.outcome import Train


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A model that can be trained.

    Attributes:
        learns: what it learns to say, in one clause.
        feeds: the column that says when, by feed; it takes rows in one of them.
        load: fetches the run; nothing heavy is imported before.
    """

    learns: str
    feeds: Mapping[str, str]
    load: "Callable[[], Train]"


def _from(module: str) -> "Callable[[], Train]":
    def load() -> "Train":
        train: Train = import_module(f"training.predictions.{module}").train
        return train

    return load


KNOWN: dict[str, Known] = {
    "sla-miss": Known(
        learns="how likely an order is delivered after its promise",
        feeds={"sales_orders": "ordered_at", "exceptions": "opened_at"},
        load=_from("promises"),
    ),
    "demand": Known(
        learns="how many units will be asked for, with an interval", feeds={"demand": "date"}, load=_from("demand.run")
    ),
    "replenishment": Known(
        learns="when and how much to order again, at the least cost",
        feeds={"demand": "date"},
        load=_from("replenishment.run"),
    ),
    "review": Known(
        learns="how likely a person will change or dispute an invoice",
        feeds={"posted_invoices": "invoice_date", "exceptions": "opened_at"},
        load=_from("review.run"),
    ),
    "routing": Known(
        learns="which team will resolve a case",
        feeds={"exceptions": "opened_at"},
        load=_from("routing.run"),
    ),
}
