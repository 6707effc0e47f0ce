"""How fast a paper is compared with millions of posted invoices, and how often the rules are right about it.

`python -m benchmarks.duplicates [--rows N] [--papers N] [--databases sqlite postgresql]` builds the ledger in SQLite
and in PostgreSQL (its own server, or the empty database CLEARHOLD_DATABASE_URL names), and measures, paper by paper, a
transaction that gathers all facts and runs the two controls. Beside it, on a smaller ledger: reading it all and
comparing every invoice. Last, what the rules find among generated papers of which the truth is known.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from benchmarks.labelled_invoices import labelled
from benchmarks.ledger_of_millions import SUPPLIERS, Ledger, fill, postgres
from core.database import Database
from core.documents import DocumentType
from core.erp import PostedInvoice, Supplier
from ingest.erp import ErpReader
from triage.controls import inv_duplicate, inv_duplicate_likely
from triage.facts import Facts, Paper
from triage.gather import gather, gather_many
from triage.match import pair_lines
from triage.policies import built_in_text
from triage.policy import Policy, load_policy
from triage.relevance import narrow

LIMIT_MS = 20.0
AS_OF = datetime(2026, 11, 23, 9, tzinfo=UTC)
REPORTED_SEEDS = range(100, 112)
_SCANS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds a paper: on the clock, and of this process alone; and what was found."""

    wall: tuple[float, ...]
    cpu: float
    found: Mapping[str, int]

    def at(self, share: float) -> float:
        """The time this share of papers did not exceed."""
        return self.wall[min(int(len(self.wall) * share), len(self.wall) - 1)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--scan-rows", type=int, default=100_000)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    args = parser.parse_args()
    rules = load_policy(built_in_text())
    figures: dict[str, float] = {}
    for name in args.databases:
        with _database(name) as db:
            figures |= _measured(name, db, Ledger(rows=args.rows), args.papers, rules)
    with _database("sqlite") as db:
        figures["scan_ratio"] = _scan_ratio(db, Ledger(rows=args.scan_rows), rules)
    figures |= _rightness(rules)
    print("RESULT " + " ".join(f"{name}={value:.4g}" for name, value in figures.items()))
    return 0


@contextmanager
def _database(name: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="clearhold-ledger-") as folder:
        if name == "sqlite":
            yield from _migrated(f"sqlite:///{Path(folder) / 'clearhold.db'}")
        else:
            with postgres() as url:
                yield from _migrated(url)


def _migrated(url: str) -> Iterator[Database]:
    db = Database(url)
    db.migrate()
    try:
        yield db
    finally:
        db.close()


def _measured(name: str, db: Database, ledger: Ledger, count: int, rules: Policy) -> dict[str, float]:
    seconds = fill(db, ledger)
    print(
        f"\n{name}: {ledger.rows:,} posted and {SUPPLIERS:,} pending invoices of {SUPPLIERS:,} suppliers, "
        f"loaded in {seconds:.0f} s",
        flush=True,
    )
    print(f"{'papers':<44}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'own CPU ms':>12}  found")
    kinds = _papers(ledger, count)
    with db.read() as session:
        gather(session, kinds["of a supplier with few, posted before"][0], AS_OF)
    all_times = [_timed(db, papers, rules) for papers in kinds.values()]
    for kind, times in zip(kinds, all_times, strict=True):
        found = ", ".join(f"{count} {what}" for what, count in sorted(times.found.items()))
        print(f"{kind:<44}{times.at(0.5):>9.1f}{times.at(0.95):>9.1f}{times.wall[-1]:>9.1f}{times.cpu:>12.1f}  {found}")
    together = [paper for kind, papers in kinds.items() if "few" in kind for paper in papers]
    started = time.perf_counter()
    with db.read() as session:
        gather_many(session, together, AS_OF)
    each = (time.perf_counter() - started) * 1000 / len(together)
    print(f"gathered {len(together)} at once: {each:.2f} ms each")
    return {
        f"{name}_p50_ms": sorted(times.at(0.5) for times in all_times)[len(all_times) // 2],
        f"{name}_worst_p95_ms": max(times.at(0.95) for times in all_times),
        f"{name}_worst_cpu_ms": max(times.cpu for times in all_times),
        f"{name}_many_ms": each,
        f"{name}_kept": float(all(times.at(0.95) <= LIMIT_MS for times in all_times)),
    }


def _timed(db: Database, papers: Sequence[Paper], rules: Policy) -> Times:
    wall: list[float] = []
    found: Counter[str] = Counter()
    own = time.process_time()
    for paper in papers:
        started = time.perf_counter()
        with db.read() as session:
            facts = gather(session, paper, AS_OF)
        found[_judged(facts, rules)] += 1
        wall.append((time.perf_counter() - started) * 1000)
    cpu = (time.process_time() - own) * 1000 / len(papers)
    return Times(wall=tuple(sorted(wall)), cpu=cpu, found=found)


def _judged(facts: Facts, rules: Policy) -> str:
    match = pair_lines(facts)
    if inv_duplicate.CONTROL.run(facts, match, rules):
        return "exact"
    return "likely" if inv_duplicate_likely.CONTROL.run(facts, match, rules) else "new"


def _papers(ledger: Ledger, count: int) -> dict[str, list[Paper]]:
    """Papers billed before and papers that are new, of suppliers with few, very many and always equal invoices."""
    rng = Random(4)
    suppliers = list(ledger.suppliers())
    few = [rng.randrange(2, SUPPLIERS) for _ in range(count)]

    def made(numbers: Sequence[int], change: Callable[[PostedInvoice], PostedInvoice]) -> list[Paper]:
        drawn = ((number, ledger.invoice(number, rng.randrange(ledger.count(number)))) for number in numbers)
        return [_paper(suppliers[number], change(invoice)) for number, invoice in drawn]

    def again(invoice: PostedInvoice) -> PostedInvoice:
        return invoice

    def nearly(invoice: PostedInvoice) -> PostedInvoice:
        return replace(invoice, invoice_number=f"X-{invoice.invoice_number}")

    def new(invoice: PostedInvoice) -> PostedInvoice:
        return replace(invoice, invoice_number="Q-4711/77", total_with_vat=invoice.total_with_vat + Decimal("0.07"))

    def new_number(invoice: PostedInvoice) -> PostedInvoice:
        return replace(invoice, invoice_number="Q-4711/77")

    return {
        "of a supplier with few, posted before": made(few, again),
        "of a supplier with few, nearly posted before": made(few, nearly),
        "of a supplier with few, new": made(few, new),
        "the same, known only by name": [replace(paper, seller_vat_id=None) for paper in made(few, new)],
        "of the supplier with most, posted before": made([1] * count, again),
        "of the supplier with most, nearly": made([1] * count, nearly),
        "of the supplier with most, new": made([1] * count, new),
        "of the one that bills one amount, before": made([0] * count, again),
        "of the one that bills one amount, new": made([0] * count, new_number),
    }


def _paper(supplier: Supplier, invoice: PostedInvoice) -> Paper:
    return Paper(
        document_id="doc_measured",
        sha256="ab" * 32,
        document_type=DocumentType.INVOICE,
        invoice_number=invoice.invoice_number,
        issue_date=invoice.invoice_date,
        currency=invoice.currency,
        seller_name=supplier.name,
        seller_vat_id=supplier.vat_id,
        total_with_vat=invoice.total_with_vat,
        purchase_order_references=(invoice.po_number or "4500000000",),
    )


def _scan_ratio(db: Database, ledger: Ledger, rules: Policy) -> float:
    """How much longer it takes to read a whole ledger and compare each invoice than to look it up, on one ledger."""
    fill(db, ledger)
    papers = _papers(ledger, _SCANS)["of a supplier with few, posted before"]
    looked_up = _timed(db, papers, rules).at(0.5)
    scanned = []
    for paper in papers:
        started = time.perf_counter()
        with db.read() as session:
            erp = ErpReader(session)
            every = [at for supplier in ledger.suppliers() for at in erp.posted_invoices(supplier.supplier_id)]
            facts = replace(gather(session, paper, AS_OF), posted=tuple(every))
        _judged(narrow(facts), rules)
        scanned.append((time.perf_counter() - started) * 1000)
    ratio = sorted(scanned)[len(scanned) // 2] / looked_up
    print(f"\n{ledger.rows:,} invoices read and compared one by one take {ratio:,.0f} × as long as looking up")
    return ratio


def _rightness(rules: Policy) -> dict[str, float]:
    """Recall and precision on suppliers the rules were not looked at with."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for seed in REPORTED_SEEDS:
        for one in labelled("reported", seed):
            whole = Facts(paper=one.paper, as_of=AS_OF, supplier=one.supplier, posted=one.posted, related=one.related)
            counted[one.label, one.kind, _judged(narrow(whole), rules)] += 1
    print(f"\n{'papers':<44}{'label':>8}{'exact':>8}{'likely':>8}{'new':>8}")
    for label, kind in sorted({(label, kind) for label, kind, _ in counted}):
        found = [counted[label, kind, what] for what in ("exact", "likely", "new")]
        print(f"{kind:<44}{label:>8}" + "".join(f"{count:>8}" for count in found))

    def total(label: str, *found: str) -> int:
        return sum(count for (its, _, what), count in counted.items() if its == label and what in found)

    stopped = total("likely", "likely", "exact")
    return {
        "exact_recall": total("exact", "exact") / total("exact", "exact", "likely", "new"),
        "likely_recall": stopped / (stopped + total("likely", "new")),
        "likely_precision": stopped / (stopped + total("new", "likely")),
        "false_holds": total("new", "likely", "exact") / total("new", "exact", "likely", "new"),
    }


if __name__ == "__main__":
    raise SystemExit(main())
