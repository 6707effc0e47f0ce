"""Whether a second decision about a paper says anything the first did not. Pure.

Only what people act on counts: a finding that is new, gone or other than before. That time has passed is no news.
"""

from core.decisions import Decision, Finding, Outcome

# Their figures are ages: they differ every day though nothing has happened.
_AGES = frozenset({"FEED-STALE", "INV-DATE"})
_FEEDS = frozenset({"FEED-STALE", "FEED-MISSING"})

_Key = tuple[str | None, ...]


def says_more(before: Decision, now: Decision) -> bool:
    """Whether the later decision changes anything for who works on the case.

    A feed that has grown old since is no reason to decide again: the next load of it will be. And a paper that was
    drawn for a blind check stays drawn, however the shares have changed.
    """
    if before.outcome is Outcome.SAMPLE and now.outcome is Outcome.CLEAR:
        return False
    then, here = _keys(before), _keys(now)
    aged = {key for key in here - then if key[0] in _FEEDS}
    return then != here - aged


def _keys(decision: Decision) -> set[_Key]:
    return {_key(finding) for finding in decision.findings}


def _key(found: Finding) -> _Key:
    which = (found.code, found.outcome.value, found.subject)
    if found.code in _AGES:
        return which
    return (*which, found.expected, found.actual, found.difference, found.at_risk_amount)
