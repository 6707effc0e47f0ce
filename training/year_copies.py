"""Sends an invoice of the year a second time, in every manner in which a second copy differs from the first."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from core.money import round_amount
from training.faults import with_lines
from training.year_books import Bill, at_desk
from training.year_traders import Trader

Manner = Callable[[Random, Bill], Bill | None]

_LOOK_ALIKES = {"0": "O", "1": "I"}


def again(_rng: Random, bill: Bill) -> Bill | None:
    """Exactly as before."""
    return bill


def redated(rng: Random, bill: Bill) -> Bill | None:
    """Printed anew some days later, with a new date."""
    days = timedelta(days=rng.randint(3, 20))
    due = bill.paper.due_date
    paper = replace(bill.paper, issue_date=bill.paper.issue_date + days, due_date=None if due is None else due + days)
    return replace(bill, paper=paper, arrives=bill.arrives + days)


def respelled(rng: Random, bill: Bill) -> Bill | None:
    """The same letters and digits with other signs between them, or in lower case."""
    number = bill.paper.number
    bare = "".join(sign for sign in number if sign.isalnum())
    spelled = [bare, bare.lower(), f"{bare[:3]} {bare[3:]}", f"{bare[:-3]}.{bare[-3:]}", f"{bare[:2]}-{bare[2:]}"]
    return renumbered(bill, rng.choice([other for other in spelled if other != number]))


def lookalike(_rng: Random, bill: Bill) -> Bill | None:
    """The first nought or one written as a letter."""
    number = bill.paper.number
    place = next((place for place, sign in enumerate(number) if sign in _LOOK_ALIKES), None)
    if place is None:
        return None
    return renumbered(bill, number[:place] + _LOOK_ALIKES[number[place]] + number[place + 1 :])


def near_amount(rng: Random, bill: Bill) -> Bill | None:
    """The same number, a day or more later, the total up to 9 % lower: one line is billed lower."""
    paper = bill.paper
    place = max(range(len(paper.lines)), key=lambda at: paper.lines[at].net)
    line = paper.lines[place]
    price = (line.unit_price * (100 - rng.randint(1, 9)) / 100).quantize(Decimal("0.01"))
    if price == line.unit_price:
        return None
    lines = list(paper.lines)
    lines[place] = replace(line, unit_price=price, net=round_amount(line.quantity * price, paper.currency))
    later = timedelta(days=rng.randint(1, 12))
    due = None if paper.due_date is None else paper.due_date + later
    changed = replace(with_lines(paper, tuple(lines)), issue_date=paper.issue_date + later, due_date=due)
    return replace(bill, paper=changed, arrives=bill.arrives + later)


def fewer_lines(_rng: Random, bill: Bill) -> Bill | None:
    """The same number and day, one line left out."""
    if len(bill.paper.lines) < 2:
        return None
    return replace(bill, paper=with_lines(bill.paper, bill.paper.lines[1:]))


def other_currency(_rng: Random, bill: Bill) -> Bill | None:
    """The same number and amount in another currency."""
    return replace(bill, paper=replace(bill.paper, currency="USD" if bill.paper.currency == "EUR" else "EUR"))


def extra_signs(rng: Random, bill: Bill) -> Bill | None:
    """One to three letters or digits before or after the number."""
    number = bill.paper.number
    longer = (f"{number}A", f"{number}-R", f"{number}/02", f"{number}NEU", f"R{number}", f"RE {number}", f"26-{number}")
    return renumbered(bill, rng.choice(longer))


def missing_sign(rng: Random, bill: Bill) -> Bill | None:
    """One digit inside the number left out."""
    number = bill.paper.number
    places = [place for place, sign in enumerate(number) if sign.isdigit() and 0 < place < len(number) - 1]
    place = rng.choice(places)
    return renumbered(bill, number[:place] + number[place + 1 :])


def swapped_signs(rng: Random, bill: Bill) -> Bill | None:
    """Two digits side by side, swapped."""
    number = bill.paper.number
    places = [
        place
        for place in range(len(number) - 1)
        if number[place].isdigit() and number[place + 1].isdigit() and number[place] != number[place + 1]
    ]
    if not places:
        return None
    place = rng.choice(places)
    return renumbered(bill, number[:place] + number[place + 1] + number[place] + number[place + 2 :])


def one_digit(rng: Random, bill: Bill) -> Bill | None:
    """One digit read as another, the day and everything else the same."""
    number = bill.paper.number
    place = rng.choice([place for place, sign in enumerate(number) if sign.isdigit()])
    digit = str((int(number[place]) + rng.randint(1, 9)) % 10)
    return renumbered(bill, number[:place] + digit + number[place + 1 :])


MANNERS: Mapping[str, Manner] = {
    "again": again,
    "redated": redated,
    "respelled": respelled,
    "lookalike": lookalike,
    "near-amount": near_amount,
    "fewer-lines": fewer_lines,
    "other-currency": other_currency,
    "extra-signs": extra_signs,
    "missing-sign": missing_sign,
    "swapped-signs": swapped_signs,
    "one-digit": one_digit,
}


def copy_of(rng: Random, bill: Bill, manner: Manner) -> Bill | None:
    """A second copy that comes two to thirty days after the first; None where the manner does not fit."""
    copy = manner(rng, bill)
    if copy is None:
        return None
    return replace(copy, arrives=at_desk(rng, (copy.arrives + timedelta(days=rng.randint(2, 30))).date()))


def under_twin(bill: Bill, twin: Trader) -> Bill:
    """The same bill in the name of the supplier's second number."""
    return replace(bill, trader=twin, paper=replace(bill.paper, seller=twin.party))


def renumbered(bill: Bill, number: str) -> Bill:
    """The bill under another number."""
    return replace(bill, paper=replace(bill.paper, number=number))
