"""What the page of a paper asks for while somebody works on it: typed values checked, drafts kept."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from core.documents import Box, Evidence, Extraction
from core.errors import ClearholdError
from extraction.values import Locale
from review_api.auth import Principal
from review_api.field_view import current_values
from review_api.presenting import Reader
from review_api.services import Services
from triage import case_queue, drafts
from triage.as_typed import as_value, doubts, paper_locale
from triage.case_records import CaseDetail
from triage.corrections import check_readable, corrected
from triage.drafts import Draft

_FIELD, _REMOVE, _PLACE = "field.", "remove.", "place."
_MORE, _MORE_VALUE = "more", "more.value"
_UNCHANGED = "CASE-NOTHING-CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedValue:
    """What a typed text is taken for.

    Attributes:
        value: in the form of the field; `shown` as this reader writes it.
        doubts: what to know of a value that is taken and may be wrong all the same.
        problem: why it is not taken.
    """

    field: str
    value: str
    shown: str
    doubts: tuple[str, ...] = ()
    problem: ClearholdError | None = None


def check_values(
    services: Services, reader: Reader, case_id: str, typed: Mapping[str, str], *, printed: bool
) -> tuple[CheckedValue, ...]:
    """What texts would be as the values of their fields, by the rules a correction follows."""
    with services.db.read() as session:
        detail = case_queue.show(session, case_id)
    locale = paper_locale(detail.extraction)
    return tuple(_checked(detail, locale, reader, field, text, printed=printed) for field, text in typed.items())


def _checked(
    detail: CaseDetail, locale: Locale, reader: Reader, field: str, text: str, *, printed: bool
) -> CheckedValue:
    value = as_value(field, text, locale, printed=printed)
    problem = _refusal(detail, field, value)
    currency = detail.facts.paper.currency
    return CheckedValue(
        field=field,
        value=value,
        shown=reader.value(field.rpartition(".")[2], value, currency),
        doubts=tuple(reader.sentence(doubt) for doubt in doubts(field, text, value, locale))
        if value and problem is None
        else (),
        problem=problem,
    )


def as_values(extraction: Extraction, typed: Mapping[str, str]) -> dict[str, str]:
    """What a person typed into fields as values of their form; a value that stands there already stays as it is."""
    locale, was = paper_locale(extraction), current_values(extraction)
    return {
        name: text if text.strip() in {"", was.get(name)} else as_value(name, text, locale)
        for name, text in typed.items()
    }


def draft(services: Services, principal: Principal, case_id: str) -> Draft | None:
    """What this person has typed on a case and not sent."""
    with services.db.read() as session:
        return drafts.load(session, case_id, user=principal.name)


def save_draft(
    services: Services, principal: Principal, case_id: str, *, typed: Mapping[str, str], token: int | None
) -> Draft | None:
    """Keeps what is typed and not sent; nothing typed forgets it."""
    with services.db.write() as session:
        return drafts.save(session, case_id, user=principal.name, typed=typed, at=services.clock.now(), token=token)


def places_of(places: Mapping[str, tuple[int, tuple[float, float, float, float], str]]) -> dict[str, Evidence]:
    """Places on the paper as evidence: page, box and the text that stands there."""
    return {name: Evidence(page=page, box=Box(*box), text=text) for name, (page, box, text) in places.items()}


def typed_into_fields(form: Mapping[str, str]) -> dict[str, str]:
    """What a form has for the fields of a paper: `field.<name>` typed, `remove.<n>` a line to be taken away."""
    typed = {name.removeprefix(_FIELD): text for name, text in form.items() if name.startswith(_FIELD)}
    if form.get(_MORE) and form.get(_MORE_VALUE):
        typed[form[_MORE]] = form[_MORE_VALUE]
    gone = {f"lines.{name.removeprefix(_REMOVE)}" for name, text in form.items() if name.startswith(_REMOVE) and text}
    kept = {name: text for name, text in typed.items() if not any(name.startswith(f"{line}.") for line in gone)}
    return kept | dict.fromkeys(gone, "")


def is_taken_away(name: str, text: str) -> bool:
    """Whether this takes a whole line away."""
    return not text and name.startswith("lines.") and name.count(".") == 1


def places_in(form: Mapping[str, str]) -> dict[str, Evidence]:
    """Where values were taken from the page: `place.<name>` holds page and box. What is no place says nothing."""
    found: dict[str, Evidence] = {}
    for name, text in form.items():
        if not name.startswith(_PLACE) or not text:
            continue
        page, *edges = text.split()
        with suppress(ValueError):
            x0, top, x1, bottom = (float(edge) for edge in edges)
            named = name.removeprefix(_PLACE)
            box = Box(x0, top, x1, bottom)
            found[named] = Evidence(page=int(page), box=box, text=form.get(f"{_FIELD}{named}", ""))
    return found


def _refusal(detail: CaseDetail, field: str, value: str) -> ClearholdError | None:
    parts, known = field.split("."), len(detail.extraction.lines)
    if len(parts) == 3 and parts[1].isdecimal() and int(parts[1]) > known:
        field = f"lines.{known + 1}.{parts[2]}"  # of several new lines each is checked by itself
    changes = {field: value}
    try:
        check_readable(corrected(detail.extraction, changes, user=""), detail.document.document_id, changes)
    except ClearholdError as error:
        return None if error.code == _UNCHANGED else error
    return None
