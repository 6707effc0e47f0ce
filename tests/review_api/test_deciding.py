"""Deciding a case by API and page: asking and answering, files, the window to undo in, the blind second check."""

import re
from typing import Any

from core.documents import Extraction
from review_api.coming_back import ComingBack
from tests.review_api.conftest import Desk, with_boxes
from tests.triage_shell.conftest import invoice
from triage import policies
from triage.case_records import CaseSummary
from triage.letters import About, letter


def held(desk: Desk) -> CaseSummary:
    """The case of an invoice of ten lamps at 22 instead of 20: held, not blocked."""
    totals = {"total_without_vat": "220", "total_vat": "41.80", "total_with_vat": "261.80", "amount_due": "261.80"}
    return desk.house.case(with_boxes(invoice(totals, {"unit_price": "22", "line_net_amount": "220"})))


def sampled(desk: Desk, paper: Extraction | None = None) -> CaseSummary:
    """The case of a clean invoice that two people check."""
    text = policies.typed_text().replace("share_pct = 2\nmax_pct = 10", "share_pct = 100\nmax_pct = 100")
    text = text.replace("second_review_pct = 10", "second_review_pct = 100")
    with desk.services.db.write() as session:
        applied = policies.put_in_force(
            session, text, at=desk.services.clock.now(), actor="system", proposed_by=None, preview_hash=None
        )
    desk.house.policy = applied.policy
    return desk.house.case(with_boxes(paper or invoice()))


def seen(client: Any, case: CaseSummary) -> Any:
    return client.get(f"/v1/cases/{case.case_id}").json()


def match(client: Any, case: CaseSummary) -> dict[str, str]:
    return {"If-Match": f'"{seen(client, case)["version"]}"'}


def test_who_asks_is_shown_what_to_send_and_the_answer_brings_the_case_back(desk: Desk) -> None:
    case, anna = held(desk), desk.client("ap_clerk", "anna")
    page = anna.get(f"/cases/{case.case_id}").text
    csrf = anna.headers["X-CSRF-Token"]
    assert 'action="/cases/' in page and 'name="until" value="2026-11-30"' in page
    form = {"csrf": csrf, "version": str(seen(anna, case)["version"]), "reason_code": "ask_supplier", "comment": ""}
    refused = anna.post(f"/cases/{case.case_id}/ask", data=form | {"until": "soon", "whom": "Frau Berg"})
    assert refused.status_code == 422 and 'value="Frau Berg"' in refused.text
    done = anna.post(f"/cases/{case.case_id}/ask", data=form | {"whom": "Frau Berg", "until": "2026-12-01"})
    assert done.headers["location"] == f"/cases/{case.case_id}#asked"
    told = seen(anna, case)
    assert (told["state"], told["waits_for"], told["waits_until"]) == ("asked", "Frau Berg", "2026-12-01T23:59:59Z")
    page = anna.get(f"/cases/{case.case_id}").text
    assert "Welcher wurde wann und mit wem vereinbart?" in page and "R-8812" in page and "2026-12-01" in page
    assert 'data-open="no"' in page, "the page's script does not claim what waits"
    assert anna.get("/v1/cases").json()["cases"] == []
    assert [one["case_id"] for one in anna.get("/v1/cases?state=asked").json()["cases"]] == [case.case_id]
    ben = desk.client("ap_clerk", "ben")
    answered = ben.post(f"/v1/cases/{case.case_id}/answer", json={"text": "22 it is"}, headers=match(ben, case))
    assert (answered.status_code, answered.json()["state"]) == (200, "open")
    (question,) = ben.get(f"/v1/cases/{case.case_id}/questions").json()
    assert (question["whom"], question["ended"], question["answer"]) == ("Frau Berg", "answered", "22 it is")
    assert "22 it is" in ben.get(f"/cases/{case.case_id}").text
    assert ben.get(f"/v1/cases/{case.case_id}/reasons").json()["approve"][0]["code"] == "price_agreed"


def test_a_worker_brings_back_what_nobody_answered(desk: Desk) -> None:
    case, anna = held(desk), desk.client("ap_clerk", "anna")
    ask = {"resolution": "request_information", "reason_code": "ask_buyer", "until": "2026-11-23T09:10:00Z"}
    assert anna.post(f"/v1/cases/{case.case_id}/resolve", json=ask, headers=match(anna, case)).status_code == 200
    desk.house.later(minutes=11)
    ComingBack(desk.services, "worker:w").go_on()
    assert seen(anna, case)["state"] == "open"
    assert "no answer came in time" in anna.get(f"/cases/{case.case_id}").text


def test_a_letter_to_the_outside_says_nothing_of_an_account_and_one_inside_says_what_was_found() -> None:
    found = [("SUP-BANK", "The account on the paper, DE75 …, is not the one we have: DE02 …."), ("MATCH-PRICE", "4.20")]
    about = About(reference="case_1", what="R-8812", total=None, currency=None, findings=found)
    from datetime import UTC, datetime

    how: dict[str, Any] = {"question": "", "until": datetime(2026, 12, 1, tzinfo=UTC), "sender": "anna"}
    outside = letter(about, reason_code="ask_supplier", language="en", **how)
    assert outside.by_phone_only and "DE02" not in outside.text and "DE75" not in outside.text
    assert "Which price was agreed" in outside.text and "case_1" in outside.subject
    inside = letter(about, reason_code="ask_buyer", language="xx", **how)
    assert "DE02" in inside.text and not inside.by_phone_only
    own = letter(about, reason_code="ask_supplier", language="de", **(how | {"question": "Wirklich 4,20?"}))
    assert "Wirklich 4,20?" in own.text and "vereinbart" not in own.text and "Sehr geehrte" in own.text


def test_a_file_is_given_back_as_a_download_and_shown_only_as_an_image(desk: Desk) -> None:
    case, anna, auditor = held(desk), desk.client("ap_clerk", "anna"), desk.client("auditor")
    page = b"<html><script>alert(1)</script></html>"
    files = {"file": ('"><img src=x onerror=alert(1)>.html', page)}
    kept = anna.post(f"/v1/cases/{case.case_id}/attachments", files=files).json()
    where = f"/v1/cases/{case.case_id}/attachments/{kept['attachment_id']}"
    given = auditor.get(where)
    assert given.content == page
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert auditor.get(f"{where}/pages/1.png").status_code == 404
    assert anna.get(where.replace(case.case_id, "case_x")).status_code == 404
    shown = anna.get(f"/cases/{case.case_id}").text
    assert "&lt;img src=x" in shown and "<img src=x" not in shown
    form = {"csrf": anna.headers["X-CSRF-Token"]}
    again = anna.post(
        f"/cases/{case.case_id}/attach", data=form, files=[("files", ("a.txt", b"one")), ("files", ("b", b"2"))]
    )
    assert again.headers["location"] == f"/cases/{case.case_id}#files"
    assert len(auditor.get(f"/v1/cases/{case.case_id}/attachments").json()) == 3
    big = anna.post(f"/v1/cases/{case.case_id}/attachments", files={"file": ("big", b"x" * 100_001)})
    assert (big.status_code, big.json()["code"]) == (413, "DOC-TOO-LARGE")
    assert auditor.post(f"/v1/cases/{case.case_id}/attachments", files={"file": ("a", b"1")}).status_code == 403


def test_the_page_says_until_when_what_was_done_may_be_undone(desk: Desk) -> None:
    case, anna = held(desk), desk.client("ap_clerk", "anna")
    held(desk)
    form = {"csrf": anna.headers["X-CSRF-Token"], "version": str(case.version), "resolution": "approve"}
    done = anna.post(f"/cases/{case.case_id}/resolve", data=form | {"reason_code": "price_agreed"})
    following = anna.get(done.headers["location"]).text
    assert "Approved Nordlicht GmbH" in following and "2026-11-23T09:15:00.000000Z" in following
    assert seen(anna, case)["undo_until"] == "2026-11-23T09:15:00Z"
    desk.house.later(minutes=16)
    late = anna.post(f"/v1/cases/{case.case_id}/undo", headers=match(anna, case))
    assert (late.status_code, late.json()["code"]) == (409, "CASE-UNDO-LATE")
    assert seen(anna, case)["may"]["undo"]["code"] == "CASE-UNDO-LATE"


def test_how_often_two_checkers_differ_is_a_figure_by_week(desk: Desk) -> None:
    case, anna, ben = sampled(desk), desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    verdict = {"resolution": "approve", "reason_code": "sample_confirmed"}
    for who, differs in ((anna, {}), (ben, {"total_with_vat": "328"})):
        body = verdict | {"differs": differs}
        assert who.post(f"/v1/cases/{case.case_id}/resolve", json=body, headers=match(who, case)).status_code == 200
    told = ben.get("/v1/insights/second-checks").json()
    assert (told["totals"]["checked"], told["totals"]["differed"], told["totals"]["share"]) == (1, 1, 1.0)
    assert [row["week"] for row in told["rows"]] == ["2026-11-23"]
    assert told["before"]["checked"] == 0 and "second-checks" in ben.get("/v1/insights").json()["names"]
    page = ben.get("/insights").text
    assert "Checks checked by a second person" in page and "of two checkers, not agreed" in page


def test_a_list_is_narrowed_to_ones_own_work_and_to_words_of_a_supplier(desk: Desk) -> None:
    case, anna, ben = held(desk), desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    anna.post(f"/v1/cases/{case.case_id}/claim", headers=match(anna, case))

    def listed(who: Any, query: str) -> list[str]:
        return [one["case_id"] for one in who.get(f"/v1/cases?{query}").json()["cases"]]

    assert (listed(anna, "mine=true"), listed(ben, "mine=true")) == ([case.case_id], [])
    assert listed(ben, "supplier=gmbh+nordlicht") == listed(ben, "supplier=Nordlicht+GmbH") == [case.case_id]
    assert listed(ben, "supplier=S-1") == [case.case_id] and listed(ben, "supplier=nordlicht+ag") == []


def test_the_second_to_check_sees_neither_the_first_verdict_nor_how_sure_the_machine_was(desk: Desk) -> None:
    case, anna, ben = sampled(desk), desk.client("ap_clerk", "anna"), desk.client("ap_clerk", "ben")
    anna.post(f"/v1/cases/{case.case_id}/comment", json={"text": "looks odd to me"})
    verdict = {"resolution": "approve", "reason_code": "sample_confirmed", "comment": "it was fine"}
    first = anna.post(f"/v1/cases/{case.case_id}/resolve", json=verdict, headers=match(anna, case)).json()
    assert (first["state"], first["review_stage"], first["resolution"]) == ("open", "second", None)
    told = seen(ben, case)
    assert "confidence" not in str(told["extraction"]) and told["comments"] == []
    assert [one["action"] for one in told["history"]][-1] == "case.opened"
    page = ben.get(f"/cases/{case.case_id}").text
    assert "Blind check" in page and "it was fine" not in page and "looks odd" not in page and "anna" not in page
    assert not re.search(r'class="(trust|doubt)"', page)
    assert "confidence" in str(seen(anna, case)["extraction"]), "who has judged it may see all of it again"
    form = {"csrf": ben.headers["X-CSRF-Token"], "version": str(told["version"]), "resolution": "approve"}
    done = ben.post(f"/cases/{case.case_id}/check", data=form | {"field.total_with_vat": "328,00"})
    assert done.status_code == 303
    third = seen(ben, case)
    assert (third["review_stage"], third["needs_role"], third["resolution"]) == ("third", "ap_approver", None)
    dora = desk.client("ap_approver", "dora")
    both = next(e for e in seen(dora, case)["history"] if e["action"] == "case.checks_differ")["payload"]
    assert both["second"]["differs"] == {"total_with_vat": "328"} and both["first"]["comment"] == "it was fine"
    ended = dora.post(f"/v1/cases/{case.case_id}/resolve", json=verdict, headers=match(dora, case)).json()
    assert (ended["state"], ended["resolved_by"]) == ("resolved", "dora")
