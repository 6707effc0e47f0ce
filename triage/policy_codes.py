"""Whether the codes a policy names are codes of controls: a misspelt one would never fit and nobody would notice."""

from core.errors import InputError
from triage.controls.catalogue import PAPER_ROWS, PLANNING_ROWS
from triage.policy import Policy
from triage.policy_file import line_of


def check_codes(text: str, policy: Policy) -> None:
    """Refuses a policy that names a code nobody has.

    Raises:
        InputError: `POLICY-INVALID`, with the line.
    """
    known = {row.code for row in (*PAPER_ROWS, *PLANNING_ROWS)}
    named = [("releases", index, release.codes) for index, release in enumerate(policy.releases)]
    named += [("routes", index, route.codes) for index, route in enumerate(policy.routes)]
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
