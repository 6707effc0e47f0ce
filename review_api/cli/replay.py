"""`clearhold replay`: makes stored decisions again and says what is not as it was."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triage.replay_tally import ReplayTally

SHOWN_VALUE = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares which decisions are made again."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("case_id", nargs="?", metavar="CASE", help="every decision about the document of this case")
    which.add_argument("--all", action="store_true", help="every decision there is")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON document")


def run(args: argparse.Namespace) -> int:
    """Makes them again; exit code 1 when one is not as it was."""
    import time

    from core.settings import Settings
    from review_api.cli.progress import progress
    from review_api.services import build_services
    from triage import replaying

    services = build_services(Settings())
    started = time.monotonic()
    try:
        if args.all:
            with progress("made again") as tell:
                tally = replaying.replay_all(services.db, workers=services.settings.workers, progress=tell)
        else:
            tally = replaying.replay_case(services.db, args.case_id)
    finally:
        services.close()
    _print(tally, time.monotonic() - started, as_json=args.json)
    return 0 if tally.is_sound else 1


def _print(tally: "ReplayTally", seconds: float, *, as_json: bool) -> None:
    from core.canonical import canonical_json
    from triage.decide import RULES_VERSION

    if as_json:
        print(canonical_json(_told(tally) | {"rules_version": RULES_VERSION}))
        return
    for one in tally.mismatches:
        print(f"{one.decision_id} of {one.document_id}: {one.field}")
        print(f"  stored           {_cut(one.stored)}")
        print(f"  {'told to the audit' if one.against == 'audit' else 'made again      '} {_cut(one.again)}")
    for version, other in tally.other_rules.items():
        print(
            f"{other.decisions:,} made under rules {version}; these are rules {RULES_VERSION}: "
            f"{other.outcome_differs:,} would come out otherwise, {other.not_made:,} cannot be made again"
        )
    rate = f", {tally.decisions / seconds:,.0f} a second" if tally.decisions and seconds else ""
    print(f"{tally.equal:,} of {tally.decisions:,} decisions equal, {tally.different:,} not as they were{rate}")
    if tally.erased:
        print(f"{tally.erased:,} erased when the retention period of their papers was over [DOC-ERASED]")


def _told(tally: "ReplayTally") -> dict[str, Any]:
    from core.canonical import to_jsonable

    told: dict[str, Any] = to_jsonable(tally)
    return told | {"sound": tally.is_sound}


def _cut(value: str) -> str:
    return value if len(value) <= SHOWN_VALUE else f"{value[: SHOWN_VALUE - 1]}…"
