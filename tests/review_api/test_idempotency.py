"""A change asked for twice under one Idempotency-Key is done once: whoever asks again gets the first answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.database import Database
from core.errors import ConflictError
from review_api import idempotency_rows as rows
from review_api.idempotency import KINDS, Once, kind_of
from tests.review_api.conftest import NOW, PNG, Desk
from tests.review_api.rights import STATED

KEY = {"Idempotency-Key": "4f0b6f7e-1"}


def test_the_second_ask_is_answered_as_the_first_and_changes_nothing(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path, seen = f"/v1/cases/{case.case_id}/claim", KEY | {"If-Match": f'"{case.version}"'}
    first, again = anna.post(path, headers=seen), anna.post(path, headers=seen)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert desk.house.get(case.case_id).version == case.version + 1
    assert anna.post(path, headers=seen | {"Idempotency-Key": "another"}).status_code == 412


def test_a_note_with_a_key_is_left_once_and_without_one_twice(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path = f"/v1/cases/{case.case_id}/comment"
    ids = [anna.post(path, json={"text": "called"}, headers=head).content for head in (KEY, KEY, {}, {})]
    assert ids[0] == ids[1]
    assert len(anna.get(f"/v1/cases/{case.case_id}").json()["comments"]) == 3


def test_the_same_key_with_another_body_or_address_is_refused(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path = f"/v1/cases/{case.case_id}/comment"
    assert anna.post(path, json={"text": "called"}, headers=KEY).status_code == 201
    for other, body in ((path, {"text": "wrote"}), ("/v1/cases/none/comment", {"text": "called"})):
        answer = anna.post(other, json=body, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "IDEM-OTHER-REQUEST")
    ben = desk.client("ap_clerk", "ben")
    assert ben.post(path, json={"text": "wrote"}, headers=KEY).status_code == 201  # a key is its principal's own


def test_who_has_lost_a_role_is_not_shown_again_what_it_was_answered(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path, sent = f"/v1/cases/{case.case_id}/comment", {"text": "called"}
    assert anna.post(path, json=sent, headers=KEY).status_code == 201
    with desk.services.db.write() as session:
        session.run(text("update users set role = 'auditor' where name = 'anna'"))
    answer = anna.post(path, json=sent, headers=KEY)
    assert (answer.status_code, answer.json().get("code")) == (422, "IDEM-OTHER-REQUEST")


def test_a_refused_request_leaves_its_key_free(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path = f"/v1/cases/{case.case_id}/claim"
    assert anna.post(path, headers=KEY | {"If-Match": '"99"'}).status_code == 412
    assert anna.post(path, headers=KEY | {"If-Match": f'"{case.version}"'}).status_code == 200


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, '"'])
def test_a_key_that_is_none_is_refused(desk: Desk, key: str) -> None:
    answer = desk.client("ap_clerk").post("/v1/cases/next", headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEM-KEY")


def test_a_file_sent_again_with_another_boundary_is_the_same_request(desk: Desk) -> None:
    key = desk.key("documents:write")
    first, again = (key.post("/v1/documents", files={"file": ("a.png", PNG)}, headers=KEY) for _ in "12")
    assert (first.status_code, again.content) == (202, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    other = key.post("/v1/documents", files={"file": ("a.png", PNG + b"!")}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "IDEM-OTHER-REQUEST")


def test_a_secret_is_shown_once_and_never_kept(desk: Desk) -> None:
    admin = desk.client("admin")
    body = {"name": "shop", "scopes": ["score"]}
    first, again = (admin.post("/v1/keys", json=body, headers=KEY) for _ in "12")
    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "IDEM-ANSWER-LOST")
    with desk.services.db.read() as session:
        kept = session.all(text("SELECT * FROM idempotency_claims"))
    assert [(one["state"], one["body"]) for one in kept] == [("changed", None)]
    assert KEY["Idempotency-Key"] not in str(kept)


def test_while_one_is_at_work_the_other_is_told_to_wait(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path, inside = f"/v1/cases/{case.case_id}/comment", []

    def ask_meanwhile(*_: object) -> None:
        with ThreadPoolExecutor(1) as another:
            inside.append(another.submit(anna.post, path, json={"text": "called"}, headers=KEY).result())
        raise RuntimeError("broke before it changed anything")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("review_api.desk.comment", ask_meanwhile)
        with pytest.raises(RuntimeError):
            anna.post(path, json={"text": "called"}, headers=KEY)
    assert (inside[0].status_code, inside[0].json()["code"]) == (409, "IDEM-BUSY")
    assert inside[0].headers["retry-after"] == "2"
    assert anna.post(path, json={"text": "called"}, headers=KEY).status_code == 201


def test_what_broke_after_its_change_is_not_done_again(desk: Desk) -> None:
    case, anna = desk.held(), desk.client("ap_clerk", "anna")
    path = f"/v1/cases/{case.case_id}/comment"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("review_api.schemas.CommentOut.model_validate", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            anna.post(path, json={"text": "called"}, headers=KEY)
    answer = anna.post(path, json={"text": "called"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "IDEM-ANSWER-LOST")
    assert len(anna.get(f"/v1/cases/{case.case_id}").json()["comments"]) == 1


def test_a_silent_holder_loses_its_key_and_then_changes_nothing(either_database: Database) -> None:
    asked = {"actor": "key:shop", "key": "k", "fingerprint": "f"}
    with either_database.write() as session:
        first = rows.claim(session, **asked, at=NOW)
        assert isinstance(rows.claim(session, **asked, at=NOW + timedelta(seconds=119)), rows.Earlier)
        second = rows.claim(session, **asked, at=NOW + timedelta(seconds=120))
        assert isinstance(first, rows.Claim)
        assert isinstance(second, rows.Claim)
        with pytest.raises(ConflictError, match="IDEM-LOST"):
            rows.mark_changed(session, first)
        rows.mark_changed(session, second)
        rows.keep_answer(session, second, status=200, headers={"etag": '"1"'}, body="{}")
    with either_database.write() as session:
        kept = rows.claim(session, **asked, at=NOW + timedelta(hours=24))
        assert isinstance(kept, rows.Earlier)
        assert (kept.status, kept.headers, kept.body) == (200, {"etag": '"1"'}, "{}")
        assert isinstance(rows.claim(session, **asked, at=NOW + timedelta(hours=24, minutes=2)), rows.Claim)
        assert rows.purge(session, NOW + timedelta(hours=25)) == 0
        assert rows.purge(session, NOW + timedelta(hours=49)) == 1


def test_every_address_that_is_said_to_differ_exists() -> None:
    posts = {endpoint.removeprefix("POST ") for endpoint in STATED if endpoint.startswith("POST /v1/")}
    assert set(KINDS) <= posts
    assert kind_of("/v1/cases/{case_id}/resolve") is Once.ONCE
