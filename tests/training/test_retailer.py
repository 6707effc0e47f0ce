"""The demo retailer: its books agree with its papers, its papers with one another, and each fault is the only one."""

import csv
import json
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum import ean
from stdnum import iban as iban_rules

from training.cli import main
from training.feeds_out import COLUMNS
from training.identifiers import is_valid_vat_id
from training.retailer_run import run

Label = dict[str, Any]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def feeds(retailer_folder: Path) -> dict[str, Rows]:
    found = {}
    for path in (retailer_folder / "feeds").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def honest(labels: list[Label], planted: list[dict[str, str]]) -> list[Label]:
    lying = {entry["file"] for entry in planted}
    return [label for label in labels if _name(label) not in lying]


def test_the_same_seed_gives_the_same_retailer(tmp_path: Path, retailer_folder: Path) -> None:
    run(tmp_path, seed=1, quiet=True)
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    for file in files:
        assert (tmp_path / file).read_bytes() == (retailer_folder / file).read_bytes(), file


@pytest.mark.parametrize("seed", [2, 3])
def test_any_seed_makes_a_retailer(tmp_path: Path, seed: int) -> None:
    made = run(tmp_path, seed=seed, quiet=True)
    assert made["papers"] >= 66


def test_feeds_have_the_columns_of_the_interface(feeds: dict[str, Rows]) -> None:
    assert set(feeds) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert feeds[name], name
        assert list(feeds[name][0]) == columns.split()


def test_the_retailer_is_as_large_as_promised(
    feeds: dict[str, Rows], summary: dict[str, Any], labels: list[Label]
) -> None:
    assert len(feeds["suppliers"]) >= 12
    assert len(feeds["items"]) == 60
    assert len(feeds["purchase_orders"]) == 120
    assert len(feeds["posted_invoices"]) >= 300
    assert summary["papers"] >= 66
    assert len(summary["clean"]) >= 45
    printed = [label for label in labels if label["form"] not in {"ubl", "cii"}]
    assert len({label["layout"] for label in printed}) >= 8
    assert len({label["language"] for label in labels}) >= 3
    assert {label["form"] for label in labels} >= {"native", "scan", "ubl", "cii", "hybrid", "mail"}


def test_faults_are_many_and_of_many_kinds(planted: list[dict[str, str]], retailer_folder: Path) -> None:
    assert len(planted) >= 18
    assert len({entry["kind"] for entry in planted}) >= 10
    assert len({entry["form"] for entry in planted}) >= 4
    assert len({entry["file"] for entry in planted}) == len(planted)
    assert all((retailer_folder / "papers" / entry["file"]).exists() for entry in planted)


def test_identifiers_of_suppliers_and_items_hold_their_check_digits(feeds: dict[str, Rows]) -> None:
    for supplier in feeds["suppliers"]:
        assert iban_rules.is_valid(supplier["iban"]), supplier
        assert is_valid_vat_id(supplier["vat_id"]), supplier
    assert all(ean.is_valid(item["gtin"]) for item in feeds["items"])


def test_honest_papers_pair_with_their_orders(honest: list[Label], feeds: dict[str, Rows]) -> None:
    orders = {row["po_number"]: row for row in feeds["purchase_orders"]}
    lines = _by(feeds["purchase_order_lines"], "po_number")
    items = {row["item_id"]: row for row in feeds["items"]}
    for label in honest:
        order = orders[label["fields"]["purchase_order_reference"]]
        assert order["supplier_id"] == label["supplier_id"]
        assert order["status"] == "open"
        for line in label["lines"]:
            paired = [row for row in lines[order["po_number"]] if _pairs(line, row, items)]
            assert len(paired) == 1, (label["file"], line)
            if "unit_price" in line:
                assert Decimal(line["unit_price"]) == Decimal(paired[0]["unit_price"])
            if "tax_rate" in line:
                assert Decimal(line["tax_rate"]) == Decimal(paired[0]["tax_rate"])


def test_what_honest_papers_bill_is_received(honest: list[Label], feeds: dict[str, Rows]) -> None:
    items = {row["item_id"]: row for row in feeds["items"]}
    lines = _by(feeds["purchase_order_lines"], "po_number")
    received: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in feeds["goods_receipts"]:
        received[row["po_number"], row["line_number"]] += Decimal(row["quantity"])
    billed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for label in honest:
        if label["document_type"] != "invoice":
            continue
        po_number = label["fields"]["purchase_order_reference"]
        for line in label["lines"]:
            row = next(row for row in lines[po_number] if _pairs(line, row, items))
            billed[po_number, row["line_number"]] += Decimal(line["quantity"])
    assert billed
    for key, quantity in billed.items():
        assert quantity <= received[key], key


def test_honest_papers_carry_the_master_data_of_their_supplier(honest: list[Label], feeds: dict[str, Rows]) -> None:
    suppliers = {row["supplier_id"]: row for row in feeds["suppliers"]}
    for label in honest:
        supplier, fields = suppliers[label["supplier_id"]], label["fields"]
        if label["document_type"] == "delivery_note":
            assert fields["shipper_name"] == supplier["name"]
            continue
        assert fields["seller_name"] == supplier["name"]
        assert fields["seller_vat_id"] == supplier["vat_id"]
        assert fields["payment_iban"] == supplier["iban"]
        assert fields["buyer_name"] == supplier["legal_entity"]
        if label["document_type"] == "invoice":
            due, issued = (date.fromisoformat(fields[name]) for name in ("due_date", "issue_date"))
            assert (due - issued).days == int(supplier["payment_terms_days"])


def test_honest_papers_add_up(honest: list[Label]) -> None:
    for label in honest:
        fields = label["fields"]
        if "total_with_vat" not in fields:
            continue
        net, tax, gross = (Decimal(fields[name]) for name in ("total_without_vat", "total_vat", "total_with_vat"))
        assert net == sum(Decimal(line["line_net_amount"]) for line in label["lines"])
        assert net + tax == gross
        assert tax == sum(Decimal(row["tax_amount"]) for row in label["tax_breakdown"])


def test_only_planted_duplicates_are_posted_already(
    labels: list[Label], planted: list[dict[str, str]], feeds: dict[str, Rows]
) -> None:
    duplicates = {entry["file"] for entry in planted if entry["code"] == "INV-DUPLICATE"}
    posted = {
        (row["supplier_id"], _folded(row["invoice_number"]), Decimal(row["total_with_vat"]))
        for row in feeds["posted_invoices"]
    }
    for label in labels:
        fields = label["fields"]
        if "invoice_number" in fields and "total_with_vat" in fields:
            key = (label["supplier_id"], _folded(fields["invoice_number"]), Decimal(fields["total_with_vat"]))
            assert (key in posted) == (_name(label) in duplicates), label["file"]


def test_nothing_is_dated_after_the_day_of_the_demo(
    labels: list[Label], summary: dict[str, Any], feeds: dict[str, Rows]
) -> None:
    today = datetime.fromisoformat(summary["as_of"]).date()
    for label in labels:
        for name in ("issue_date", "despatch_date"):
            if name in label["fields"]:
                assert date.fromisoformat(label["fields"][name]) < today
    assert all(datetime.fromisoformat(row["received_at"]).date() < today for row in feeds["goods_receipts"])


def test_each_fault_is_what_its_entry_says(
    labels: list[Label], planted: list[dict[str, str]], feeds: dict[str, Rows]
) -> None:
    by_name = {_name(label): label for label in labels}
    masters = {row["supplier_id"]: row for row in feeds["suppliers"]}
    orders = {row["po_number"] for row in feeds["purchase_orders"]}
    vat_ids = {row["vat_id"] for row in feeds["suppliers"]}
    for entry in planted:
        label, kind = by_name[entry["file"]], entry["kind"]
        fields = label["fields"]
        if label["document_type"] == "delivery_note":
            continue
        strange_account = fields["payment_iban"] not in {row["iban"] for row in masters.values()}
        assert strange_account == (kind in {"foreign-account", "broken-account", "unknown-supplier"})
        assert iban_rules.is_valid(fields["payment_iban"]) == (kind != "broken-account")
        assert (fields["seller_vat_id"] in vat_ids) == (kind != "unknown-supplier")
        assert (fields.get("purchase_order_reference") in orders) == (kind not in {"unknown-supplier", "unknown-order"})
        net, tax, gross = (Decimal(fields[name]) for name in ("total_without_vat", "total_vat", "total_with_vat"))
        lines = sum(Decimal(line["line_net_amount"]) for line in label["lines"])
        assert (net == lines) == (kind != "lines-do-not-add-up"), entry
        assert (net + tax == gross) == (kind != "sums-do-not-add-up"), entry


def test_each_fault_of_a_delivery_note_is_the_only_one(
    labels: list[Label], planted: list[dict[str, str]], feeds: dict[str, Rows]
) -> None:
    kinds = {entry["file"]: entry["kind"] for entry in planted}
    items = {row["item_id"]: row for row in feeds["items"]}
    lines = _by(feeds["purchase_order_lines"], "po_number")
    received: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in feeds["goods_receipts"]:
        received[row["po_number"], row["line_number"]] += Decimal(row["quantity"])
    notes = [label for label in labels if label["document_type"] == "delivery_note"]
    found = set()
    for label in notes:
        fields, kind = label["fields"], kinds.get(_name(label))
        pairs = [
            (Decimal(line["quantity"]), row)
            for line in label["lines"]
            for row in lines[fields["purchase_order_reference"]]
            if _pairs(line, row, items)
        ]
        assert len(pairs) == len(label["lines"])
        assert any(shipped > Decimal(row["quantity"]) for shipped, row in pairs) == (kind == "shipped-over")
        assert any(shipped < Decimal(row["quantity"]) for shipped, row in pairs) == (kind == "shipped-short")
        came = date.fromisoformat(fields.get("delivery_date") or fields["despatch_date"])
        late = any((came - datetime.fromisoformat(row["promised_at"]).date()).days > 1 for _, row in pairs)
        assert late == (kind == "shipped-late"), label["file"]
        short = any(received[row["po_number"], row["line_number"]] < Decimal(row["quantity"]) for _, row in pairs)
        assert short == (kind == "received-other")
        found.add(kind)
    assert found == {None, "shipped-over", "shipped-short", "shipped-late", "received-other"}


def test_a_split_invoice_exceeds_the_limit_only_with_one_posted_the_day_before(
    labels: list[Label], planted: list[dict[str, str]], feeds: dict[str, Rows]
) -> None:
    (entry,) = (entry for entry in planted if entry["kind"] == "split-invoices")
    label = next(label for label in labels if _name(label) == entry["file"])
    gross, issued = Decimal(label["fields"]["total_with_vat"]), date.fromisoformat(label["fields"]["issue_date"])
    beside = [
        Decimal(row["total_with_vat"])
        for row in feeds["posted_invoices"]
        if row["supplier_id"] == label["supplier_id"] and (issued - date.fromisoformat(row["invoice_date"])).days == 1
    ]
    assert 15_000 < gross < 50_000 < gross + max(beside)


def test_the_command_prints_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retailer", str(tmp_path), "--seed", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["name"] == "retailer"
    assert printed["papers"] == len(list((tmp_path / "papers").iterdir()))


def _name(label: Label) -> str:
    return str(label.get("attachment") or label["file"].removeprefix("papers/"))


def _pairs(line: dict[str, str], row: dict[str, str], items: dict[str, dict[str, str]]) -> bool:
    if "seller_item_id" in line:
        return line["seller_item_id"] == row["supplier_item_id"]
    if "gtin" in line:
        return line["gtin"] == items[row["item_id"]]["gtin"]
    return line["description"] == row["description"]


def _by(rows: Rows, column: str) -> dict[str, Rows]:
    grouped: dict[str, Rows] = defaultdict(list)
    for row in rows:
        grouped[row[column]].append(row)
    return grouped


def _folded(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum()).replace("O", "0").replace("I", "1")
