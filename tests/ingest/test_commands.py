import json
from pathlib import Path

from core.database import Database
from ingest import documents
from tests.conftest import run_clearhold
from tests.ingest.conftest import PDF
from tests.ingest.feed_making import SUPPLIERS, csv_file
from tests.ingest.test_containers import mail_with, zip_of


def test_feeds_are_loaded_and_the_table_says_what_changed(tmp_path: Path) -> None:
    file = tmp_path / "suppliers.csv"
    file.write_bytes(csv_file(SUPPLIERS))
    first = run_clearhold("feed", "suppliers", str(file), home=tmp_path / "home")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[1].split() == ["suppliers", "3", "3", "0", "0", "suppliers.csv"]
    again = run_clearhold("feed", "suppliers", str(file), "--json", home=tmp_path / "home")
    (load,) = json.loads(again.stdout)["loads"]
    assert (load["rows"], load["new"], load["changed"], load["same"]) == (3, 0, 0, 3)


def test_rejected_rows_are_listed_and_other_files_still_load(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(b"item_id\nI1\n")
    bad.write_bytes(b"item_id,unit_price\nI2,1.00\nI3,cheap\n")
    done = run_clearhold("feed", "items", str(bad), str(good), str(tmp_path / "gone.csv"), home=tmp_path / "home")
    assert done.returncode == 1
    assert "good.csv" in done.stdout
    assert "line 3: unit_price is 'cheap'" in done.stderr
    assert "FEED-REJECTED" in done.stderr and "FILE-NOT-FOUND" in done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(run_clearhold("feed", "items", str(bad), "--json", home=tmp_path / "home").stdout)
    assert told["refused"][0]["rejected"] == [
        {
            "line": 3,
            "column": "unit_price",
            "reason": "is 'cheap', and should be a decimal with a point, such as 1234.50",
        }
    ]


def test_an_unknown_feed_is_said_before_anything_is_made(tmp_path: Path) -> None:
    done = run_clearhold("feed", "supplier", "x.csv", home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (1, "")
    assert "FEED-UNKNOWN" in done.stderr
    assert not (tmp_path / "home").exists()


def test_files_folders_mails_and_archives_are_taken_in(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    (papers / "sub").mkdir(parents=True)
    (papers / "a.pdf").write_bytes(PDF)
    (papers / "sub" / "copy.pdf").write_bytes(PDF)
    (papers / ".hidden").write_bytes(b"x")
    (papers / "b.zip").write_bytes(zip_of(("c.pdf", PDF + b"c")))
    mail = tmp_path / "mail.eml"
    mail.write_bytes(bytes(mail_with(("d.pdf", PDF + b"d", "application/pdf"))))
    done = run_clearhold("ingest", str(papers), str(mail), home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "5 new, 1 seen before"
    assert f"{mail} › d.pdf" in done.stdout
    database = Database(f"sqlite:///{tmp_path / 'home' / 'clearhold.db'}")
    with database.read() as session:
        assert documents.pending_count(session) == 3
    database.close()


def test_what_is_refused_is_said_and_the_rest_is_taken_in(tmp_path: Path) -> None:
    good, empty, large = tmp_path / "good.pdf", tmp_path / "empty.pdf", tmp_path / "large.pdf"
    good.write_bytes(PDF)
    empty.touch()
    large.write_bytes(PDF + b"x" * 1000)
    paths = [str(path) for path in (empty, good, large, tmp_path / "gone.pdf")]
    done = run_clearhold("ingest", *paths, "--json", home=tmp_path / "home", CLEARHOLD_MAX_BYTES="500")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert [one["path"] for one in told["taken_in"]] == [str(good)]
    assert [one["code"] for one in told["refused"]] == ["DOC-EMPTY", "DOC-TOO-LARGE", "FILE-NOT-FOUND"]
    assert done.stderr.count("[DOC-EMPTY]") == 1
    assert "Traceback" not in done.stderr
