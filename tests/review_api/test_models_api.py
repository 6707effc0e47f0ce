"""Which models are loaded and which are refused, as the service tells it; without any it is ready all the same."""

from models.bundle import MODEL_NAMES, Bundle, make_bundle, write_bundle
from models.late.features import feature_names
from tests.review_api.conftest import Desk


def put(desk: Desk, threshold: float = 0.5) -> Bundle:
    bundle = make_bundle(
        "sla-miss",
        features=feature_names(()),
        boosters={"late": ""},
        content={"at": threshold},
        card={"trained_until": "2026-09-30"},
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


def test_a_model_of_other_columns_is_named_a_misfit_with_the_columns_and_the_remedy(desk: Desk) -> None:
    home = desk.services.settings.home
    for name in MODEL_NAMES:
        other = make_bundle(name, features=("moon",), boosters={}, content={}, card={})
        write_bundle(other, home / "bundles" / f"{name}.json")
    for one in desk.key("score").get("/v1/models").json():
        assert (one["state"], one["code"]) == ("misfit", "MODEL-COLUMNS")
        assert "not made here: moon" in one["message"]
        assert one["remedy"] == f"Train it again: clearhold-train {one['name']} --promote."
    told = desk.stranger().get("/readyz").json()
    assert told["models"] == dict.fromkeys(MODEL_NAMES, "misfit")
    (check,) = (one for one in told["checks"] if one["name"] == "models")
    assert check["status"] == "degraded"
    assert "moon" in check["message"]
    assert "clearhold-train" in check["remedy"]
