"""Who has whose work: an absent person's goes to their substitute, and to whom that one names. Pure.

Standing in moves work, never rights: roles and limits stay those of whoever does it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which a person is away, both ends included, and who has their work then.

    Attributes:
        substitute: None where nobody stands in: the work is everybody's then.
    """

    absence_id: str
    person: str
    first_day: date
    last_day: date
    substitute: str | None
    added_by: str
    added_at: datetime

    def covers(self, day: date) -> bool:
        """Whether the person is away on a day."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who is there, and who has the work of those who are not.

    Attributes:
        roles: the working people of the house by name; empty where nobody is known.
        away: the absence of each person who is away now.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    away: Mapping[str, Absence] = field(default_factory=dict)

    def holder_of(self, person: str) -> str | None:
        """Who has this person's work now: themselves, or who stands in at the end; None for nobody."""
        seen: set[str] = set()
        while person in self.away:
            substitute = self.away[person].substitute
            if substitute is None or person in seen:
                return None
            seen.add(person)
            person = substitute
        return person if not self.roles or person in self.roles else None

    def shares_of(self, user: str) -> frozenset[str]:
        """The people whose work this person has now: their own, and that of whom they stand in for."""
        return frozenset({user} | {person for person in self.away if self.holder_of(person) == user})

    @property
    def held(self) -> Mapping[str, str]:
        """By person of the house, who has their work; whose work nobody has is not there."""
        found = {person: self.holder_of(person) for person in {*self.roles, *self.away}}
        return {person: holder for person, holder in found.items() if holder is not None}

    @property
    def present_roles(self) -> frozenset[str]:
        """The roles of everybody who is there."""
        return frozenset(role for person, role in self.roles.items() if person not in self.away)


EVERYBODY = Presence()


def presence_of(absences: Iterable[Absence], day: date, roles: Mapping[str, str]) -> Presence:
    """Who is there on a day."""
    return Presence(roles=roles, away={one.person: one for one in absences if one.covers(day)})
