"""Measures supplier memory: one correction, the next papers of that layout, and what becomes of everybody else.

`python -m benchmarks.memory [--suppliers N] [--seed S]` invents suppliers whose papers call a field by a word that is
in no vocabulary, or by another field's, corrects the first paper where the field is misread, and reads the next ones:
other values, other line counts, moved a little. The last line is `RESULT memory_next_paper=… memory_others_changed=…`.
"""

import argparse
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from core.documents import Box, Extraction, Page, Reading, Word
from extraction.agreement import agrees
from extraction.bundle import default_bundle
from extraction.extract import choose, extract, scene_of
from extraction.features import KINDS
from extraction.knowledge import (
    EMPTY,
    Correction,
    Hints,
    Knowledge,
    PaperKeys,
    Place,
    RememberedPaper,
    make_knowledge,
)
from extraction.knowledge_learn import learn
from extraction.read import read
from extraction.values import squeeze
from training.scans import retail_wear, scan
from training.series import WORDS_OF, series

NEXT = 4
_MOVED = 9.0
_WORDS = ("unknown", "misleading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A supplier whose papers call `field` by an unknown or a misleading word: the first paper, and the next."""

    field: str
    words: str
    papers: tuple[tuple[Reading, dict[str, str]], ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scans", action="store_true", help="scan every paper first; slow")
    parser.add_argument("--others", type=int, default=40, help="suppliers on whom everybody else's memory is tried")
    args = parser.parse_args()
    cases = list(_cases(args.suppliers, args.seed, scanned=args.scans))
    misread = [case for case in cases if not _is_right(case, 0, EMPTY)]
    lessons = {id(case): _corrected(case, number) for number, case in enumerate(misread)}
    taught = [case for case in misread if lessons[id(case)] is not None]
    print(f"{len(cases)} suppliers, {len(misread)} misread the field, of {len(taught)} the value could be placed\n")
    share = _next_papers(taught, lessons)
    some = cases[: args.others]
    changed = _changed(some, lessons)
    wrong = {id(case): _wrongly_corrected(case, number) for number, case in enumerate(taught)}
    poisoned = _changed(some, wrong)
    print(f"\nothers' papers with any field changed by all corrections: {changed} of {len(some)}")
    print(f"others' papers with any field changed by {len(wrong)} wrong corrections: {poisoned} of {len(some)}")
    _hinted(cases)
    _taught_though_right([case for case in cases if id(case) not in lessons])
    large = _large()
    quick, slow = _pace(some, EMPTY), _pace(some, large)
    print(f"processor milliseconds a page: {quick:.1f}, with 10k suppliers and 50k orders {slow:.1f}")
    print(f"RESULT memory_next_paper={share:.4f} memory_others_changed={(changed + poisoned) / (2 * len(some)):.4f}")


def _cases(count: int, seed: int, *, scanned: bool = False) -> Iterator[Case]:
    for index in range(count):
        rng = Random(f"memory {seed} {index}")
        field = list(WORDS_OF)[index % len(WORDS_OF)]
        made = _supplier(rng, field, _WORDS[index // len(WORDS_OF) % len(_WORDS)], scanned=scanned)
        if made is not None:
            yield made


def _supplier(rng: Random, field: str, words: str, *, scanned: bool) -> Case | None:
    """The papers of one supplier, each laid on the glass a little aside; None when they do not print the field."""
    papers = []
    for issue in series(rng, field, NEXT + 1, misleading=words == "misleading"):
        pdf = issue.printed.pdf
        if scanned:
            pdf = scan(pdf, retail_wear(rng), form="pdf", seed=rng.getrandbits(32))
        reading = read(pdf, media_type="application/pdf")
        moved = _moved(reading, rng.uniform(-_MOVED, _MOVED), rng.uniform(-_MOVED, _MOVED))
        papers.append((moved, dict(issue.fields)))
    return Case(field=field, words=words, papers=tuple(papers)) if papers else None


def _moved(reading: Reading, right: float, down: float) -> Reading:

    def moved(word: Word) -> Word:
        box = word.box
        return replace(word, box=Box(box.x0 + right, box.top + down, box.x1 + right, box.bottom + down))

    def page_moved(page: Page) -> Page:
        return replace(page, words=tuple(moved(word) for word in page.words))

    return replace(reading, pages=tuple(page_moved(page) for page in reading.pages))


def _read(reading: Reading, knowledge: Knowledge) -> Extraction:
    return extract(reading, knowledge=knowledge)


def _is_right(case: Case, number: int, knowledge: Knowledge) -> bool:
    reading, label = case.papers[number]
    found = _read(reading, knowledge).fields.get(case.field)
    return found is not None and agrees(case.field, found.value, label[case.field])


def _corrected(case: Case, number: int, value: str | None = None) -> RememberedPaper | None:
    """What the first paper's correction leaves in memory; None when its value was not found on it."""
    reading, label = case.papers[0]
    read_first = _read(reading, EMPTY)
    said = {name: field.value for name, field in read_first.fields.items()}
    wanted = {case.field: value or label[case.field]}
    learnt = learn(reading, wanted, said | wanted, default_bundle())
    if case.field not in learnt.places:
        return None
    correction = Correction(
        memory_id=f"mem_{number}", field=case.field, place=learnt.places[case.field], on="2026-11-24"
    )
    return RememberedPaper(paper=learnt.paper, corrections=(correction,))


def _knowledge(lessons: Sequence[RememberedPaper | None]) -> Knowledge:
    return make_knowledge([one for one in lessons if one is not None], Hints())


def _next_papers(taught: Sequence[Case], lessons: dict[int, RememberedPaper | None]) -> float:
    everything = _knowledge(list(lessons.values()))
    before, after, total, placed = (Counter[tuple[str, str]]() for _ in range(4))
    seen = Counter[str]()
    confidences: list[float] = []
    for case in taught:
        row = (case.field, case.words)
        for number in range(1, NEXT + 1):
            total[row] += 1
            before[row] += _is_right(case, number, EMPTY)
            after[row] += _is_right(case, number, everything)
            found = _read(case.papers[number][0], everything).fields.get(case.field)
            confidences += [] if found is None else [found.confidence]
            at_place, right_at_place = _place_found(case, number, everything, seen)
            placed[row] += at_place and right_at_place
    print(f"{'field':26} {'its word':>10} {'papers':>6} {'before':>7} {'after':>7} {'place':>7}")
    for row in sorted(total):
        shares = (counter[row] / total[row] for counter in (before, after, placed))
        print(f"{row[0]:26} {row[1]:>10} {total[row]:6} " + " ".join(f"{share:7.3f}" for share in shares))
    print(f"\nmean confidence of these fields now: {sum(confidences) / max(len(confidences), 1):.3f}", end="")
    _print_odds(seen)
    return sum(after.values()) / max(sum(total.values()), 1)


def _place_found(case: Case, number: int, knowledge: Knowledge, seen: Counter[str]) -> tuple[bool, bool]:
    """Whether the place was found again and the right value stands there; counts both kinds of candidates."""
    reading, label = case.papers[number]
    recalled = scene_of(reading, knowledge)[0]
    assert recalled.recalled is not None
    found = recalled.recalled.found.get(case.field)
    if found is None:
        return False, False
    right_there = False
    for candidate in recalled.candidates.get(KINDS[case.field], ()):
        right = agrees(case.field, candidate.value, label[case.field])
        there = recalled.recalled.remembered(case.field, candidate) > 0
        right_there |= right and there
        seen[f"{'right' if right else 'wrong'} {'there' if there else 'elsewhere'}"] += 1
    return True, right_there


def _print_odds(seen: Counter[str]) -> None:
    """The log of how much oftener right candidates stand there, and elsewhere, than wrong ones do."""
    right, wrong = (seen[f"{kind} there"] + seen[f"{kind} elsewhere"] + 2 for kind in ("right", "wrong"))
    odds = {
        place: math.log((seen[f"right {place}"] + 1) / right) - math.log((seen[f"wrong {place}"] + 1) / wrong)
        for place in ("there", "elsewhere")
    }
    print(f"\nlog-odds of a candidate there {odds['there']:+.2f}, elsewhere {odds['elsewhere']:+.2f}")


def _changed(cases: Sequence[Case], lessons: dict[int, RememberedPaper | None]) -> int:
    """How many suppliers' papers read otherwise with everybody else's corrections than with none."""
    changed = 0
    for case in cases:
        others = _knowledge([lesson for key, lesson in lessons.items() if key != id(case)])
        reading = case.papers[1][0]
        changed += _read(reading, others).fields != _read(reading, EMPTY).fields
    return changed


def _wrongly_corrected(case: Case, number: int) -> RememberedPaper | None:
    """The first paper corrected to some other value that stands on it."""
    scene, _ = scene_of(case.papers[0][0])
    label = case.papers[0][1][case.field]
    candidates = scene.candidates.get(KINDS[case.field], ())
    value = next((one.value for one in candidates if not agrees(case.field, one.value, label)), None)
    return None if value is None else _corrected(case, number, value)


def _hinted(cases: Sequence[Case]) -> None:
    """How much the ERP's open orders alone do for order numbers under unknown labels; 50,000 other orders are open."""
    papers = [paper for case in cases if case.field == "purchase_order_reference" for paper in case.papers]
    name = "purchase_order_reference"
    orders = {squeeze(label[name]) for _, label in papers} | {f"47{number:08d}" for number in range(50_000)}
    knowledge = make_knowledge([], Hints(order_numbers=frozenset(orders)))
    right = {"without": 0, "with": 0}
    for reading, label in papers:
        for how, known in (("without", EMPTY), ("with", knowledge)):
            found = _read(reading, known).fields.get(name)
            right[how] += found is not None and agrees(name, found.value, label[name])
    shares = ", ".join(f"{count / max(len(papers), 1):.3f} {how}" for how, count in right.items())
    print(f"order numbers right of {len(papers)} papers with unknown labels: {shares} the open orders")


def _taught_though_right(cases: Sequence[Case]) -> None:
    """A correction of what was read right, as when a person types it again: totals move with the lines above them."""
    papers, found_again, right = Counter[str](), Counter[str](), Counter[str]()
    for number, case in enumerate(cases):
        knowledge = _knowledge([_corrected(case, number)])
        for following in (1, 2):
            if _is_right(case, following, EMPTY):
                papers[case.field] += 1
                found_again[case.field] += all(_place_found(case, following, knowledge, Counter()))
                right[case.field] += _is_right(case, following, knowledge)
    print("\nread right and corrected all the same: papers, place found again, still right")
    for field in sorted(papers):
        share = found_again[field] / papers[field]
        print(f"{field:26} {papers[field]:6} {share:7.3f} {right[field] / papers[field]:7.3f}")


def _large() -> Knowledge:
    """Ten thousand suppliers, each with a paper that was corrected, fifty thousand open orders and as many items."""
    rng = Random("large")
    place = Place(
        page=1, from_end=0, left="word", above="", above_gap=0, x0=0, x1=0, top=0, words=1, shape="9", length=4
    )
    correction = Correction(memory_id="mem", field="invoice_number", place=place, on="2026-11-24")
    memory = [
        RememberedPaper(
            paper=PaperKeys(keys=frozenset({f"vat:de{number:09d}"}), layout=frozenset(rng.choices(range(2**32), k=90))),
            corrections=(correction,),
        )
        for number in range(10_000)
    ]
    hints = Hints(
        order_numbers=frozenset(f"47{number:08d}" for number in range(50_000)),
        vat_ids=frozenset(f"de{number:09d}" for number in range(10_000)),
        names=frozenset(f"company{number}" for number in range(10_000)),
        item_ids=frozenset(f"item{number}" for number in range(50_000)),
    )
    knowledge = Knowledge(memory=tuple(memory), hints=hints, version="large")
    assert knowledge.index is not None
    return knowledge


def _pace(cases: Sequence[Case], knowledge: Knowledge) -> float:
    """Processor milliseconds a page that making the scene and choosing take; the best of three."""
    bundle, best = default_bundle(), math.inf
    pages = sum(len(case.papers[0][0].pages) for case in cases)
    for _ in range(3):
        started = time.process_time()
        for case in cases:
            scene, _ = scene_of(case.papers[0][0], knowledge)
            choose(scene, bundle, list(KINDS))
        best = min(best, 1000 * (time.process_time() - started) / max(pages, 1))
    return best


if __name__ == "__main__":
    main()
