"""Nothing ships under a licence that would bind the house, and the page says what each package has."""

from pathlib import Path

import pytest

from benchmarks.licences import Licence, shipped

ROOT = Path(__file__).resolve().parents[2]


def test_what_ships_has_licences_somebody_has_looked_at_and_none_is_gpl() -> None:
    licences = shipped((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(licences) > 50
    assert [at for at in licences if at.is_refused or at.is_unknown] == []


def test_every_package_that_ships_is_on_the_page() -> None:
    listed = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    licences = shipped((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert [at.package for at in licences if f"| {at.package} | {at.version} |" not in listed] == []


@pytest.mark.parametrize(
    ("says", "refused"),
    [
        ("GPL-3.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("GNU General Public License v2 (GPLv2)", True),
        ("AGPLv3", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("MIT License", False),
    ],
)
def test_the_lesser_licence_is_told_from_the_others(says: str, refused: bool) -> None:
    assert Licence(package="a", version="1", says=says).is_refused is refused
