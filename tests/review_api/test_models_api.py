"""Which models are loaded and which are refused, as the service tells it; without any it is ready all the same."""

from models.bundle import Bundle, make_bundle, write_bundle
from tests.review_api.conftest import Desk


def put(desk: Desk, threshold: float = 0.5) -> Bundle:
    bundle = make_bundle(
        "sla-miss", features=("a",), boosters={}, content={"at": threshold}, card={"trained_until": "2026-09-30"}
    )
    write_bundle(bundle, desk.services.settings.home / "bundles" / "sla-miss.json")
    return bundle


def test_without_any_model_the_service_is_ready_and_says_so(desk: Desk) -> None:
    told = desk.stranger().get("/readyz").json()
    assert (told["status"], told["models"]) == ("ready", {})
    told = desk.key("score").get("/v1/models").json()
    assert {one["state"] for one in told} == {"missing"}
    assert [one["name"] for one in told] == ["sla-miss", "demand", "replenishment", "review", "routing"]


def test_a_new_model_is_taken_up_and_a_damaged_one_is_refused_while_the_old_one_serves(desk: Desk) -> None:
    bundle, client = put(desk), desk.key("score")
    assert desk.stranger().get("/readyz").json()["models"] == {"sla-miss": bundle.version}
    assert (
        client.get("/v1/models").json()[0] | {"trained_until": "2026-09-30", "version": bundle.version}
        == (client.get("/v1/models").json()[0])
    )
    path = desk.services.settings.home / "bundles" / "sla-miss.json"
    path.write_text(path.read_text().replace("0.5", "0.25"))
    told = client.get("/v1/models").json()[0]
    assert (told["state"], told["code"], told["version"]) == ("refused", "MODEL-CHECKSUM", bundle.version)
    assert "clearhold-train sla-miss --promote" in told["remedy"]
    assert desk.stranger().get("/readyz").json()["models"] == {"sla-miss": "refused"}
    newer = put(desk, 0.75)
    assert desk.stranger().get("/readyz").json()["models"] == {"sla-miss": newer.version}
