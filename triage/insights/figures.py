"""Every figure that is made of counts alone, by the name it is asked for.

Pure: `docs/insights.md` has every formula in words, and `triage.insights.counting` says what is counted when.
"""

from collections.abc import Callable, Mapping

from triage.insights.figures_exceptions import (
    backlog,
    backlog_by_week,
    exceptions_by_code,
    exceptions_by_site,
    exceptions_by_supplier,
    exceptions_by_week,
)
from triage.insights.figures_flow import cycle_time, touches, touchless
from triage.insights.figures_quality import late_discounts, overrides, samples
from triage.insights.tally import Counted, Figure

FIGURES: Mapping[str, Callable[[Counted], Figure]] = {
    "touchless": touchless,
    "cycle-time": cycle_time,
    "touches": touches,
    "exceptions-by-code": exceptions_by_code,
    "exceptions-by-week": exceptions_by_week,
    "exceptions-by-supplier": exceptions_by_supplier,
    "exceptions-by-site": exceptions_by_site,
    "backlog": backlog,
    "backlog-by-week": backlog_by_week,
    "overrides": overrides,
    "samples": samples,
    "late-discounts": late_discounts,
}
