"""What a new policy file must be beyond its form: codes that exist, and every table written out.

A misspelt code would never fit and nobody would notice; a table that older policies were made without means that
nothing in it applies, which a new file may say, but not by silence.
"""

import tomllib

from core.errors import InputError
from triage.controls.catalogue import PAPER_ROWS, PLANNING_ROWS
from triage.policy import WRITTEN_OUT, Policy
from triage.policy_file import line_of


def check_codes(text: str, policy: Policy) -> None:
    """Refuses a policy that names a code nobody has.

    Raises:
        InputError: `POLICY-INVALID`, with the line.
    """
    known = {row.code for row in (*PAPER_ROWS, *PLANNING_ROWS)}
    named = [("releases", index, release.codes) for index, release in enumerate(policy.releases)]
    named += [("routes", index, route.codes) for index, route in enumerate(policy.routes)]
    named += [("escalations", index, timer.codes) for index, timer in enumerate(policy.escalations)]
    for table, index, codes in named:
        unknown = sorted(set(codes) - known)
        if unknown:
            line = line_of(text, (table, index, "codes"))
            where = f"line {line}, " if line is not None else ""
            raise InputError(
                "POLICY-INVALID",
                f"The policy is refused: {where}{table}[{index}].codes: {unknown[0]} is no code of a control.",
                "Write a code of docs/controls.md, exactly as it stands there.",
            )


def check_written_out(text: str) -> None:
    """Refuses a policy that lacks a table which only older ones may lack.

    Raises:
        InputError: `POLICY-INVALID`.
    """
    missing = sorted(WRITTEN_OUT - tomllib.loads(text).keys())
    if missing:
        raise InputError(
            "POLICY-INVALID",
            f"The policy is refused: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
            f"Write [{missing[0]}] as triage/default_policy.toml does; `use = false` switches a model off.",
        )
