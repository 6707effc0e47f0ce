"""Counts days from a date and stops at the ends of the calendar: a paper may show any date there is."""

from datetime import date, timedelta


def after(day: date, days: int) -> date:
    """The date some days later, the last there is when it would be beyond that."""
    return day + timedelta(days=min(days, (date.max - day).days))


def before(day: date, days: int) -> date:
    """The date some days earlier, the first there is when it would be before that."""
    return day - timedelta(days=min(days, (day - date.min).days))
