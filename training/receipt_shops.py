# ruff: noqa: E501  a town and its parts are one line
"""Invents shops and what stands at the head of their receipts: nobody's, many of them Malaysian."""

from random import Random

from training.bill_random import company_name
from training.names import company, person
from training.sheet import city_line

_TOWNS = (
    ("JALAN", "TAMAN", "47300 PETALING JAYA", "SELANGOR"), ("JLN", "BANDAR", "81100 JOHOR BAHRU", "JOHOR"),
    ("JALAN", "SEKSYEN", "40150 SHAH ALAM", "SELANGOR DARUL EHSAN"), ("LORONG", "KAMPUNG", "50450 KUALA LUMPUR", ""),
    ("PERSIARAN", "PUSAT PERDAGANGAN", "14000 BUKIT MERTAJAM", "PENANG"), ("JALAN", "TAMAN", "43000 KAJANG", "SELANGOR"),
)  # fmt: skip
NAMES = "BINTANG|SETIA|MELATI|PERMATA|CEMPAKA|INDAH|SENTOSA|UTAMA|MAJU|WAWASAN|DAMAI|PUTRA|KENANGA"
_TRADES = (
    "MART|TRADING|HARDWARE|FOOD|BOOKS|STATIONERY|RESTAURANT|CAFE|BAKERY|AUTO PARTS|MACHINERY|ELECTRICAL|GIFTS|PHARMACY"
)
_FORMS = ("SDN BHD", "SDN. BHD.", "(M) SDN BHD", "ENTERPRISE", "TRADING", "SDN BHD", "SDN BHD", "", "& CO")


def random_shop(rng: Random, country: str) -> tuple[str, list[str]]:
    """A shop's name and the lines of its address."""
    if country == "MY":
        road, place, town, state = rng.choice(_TOWNS)
        first, second = rng.sample(NAMES.split("|"), 2)
        stem = company_name(rng, "GB", formal=0.0).split(" ")[0].upper()
        name = f"{rng.choice((stem, first, f'{stem} {first}', person(rng).split()[0].upper()))} {rng.choice(_TRADES.split('|'))}"
        name = f"{name} {rng.choice(_FORMS)}".strip()
        number = rng.choice(
            (
                f"NO {rng.randint(1, 99)}",
                f"NO. {rng.randint(1, 99)}-G",
                f"LOT {rng.randint(1, 999)}",
                f"{rng.randint(2, 80)}",
            )
        )
        lines = [
            f"{number}, {road} {first} {rng.randint(1, 20)}/{rng.randint(1, 30)},",
            f"{place} {second},",
            f"{town},",
            f"{state}.",
        ]
        lines = [line for line in lines if line != "."]
        drop = rng.random()
        lines = [" ".join(lines[:2]), *lines[2:]] if drop < 0.35 else lines
        lines = [*lines[:-2], " ".join(lines[-2:])] if drop > 0.6 else lines
        if rng.random() < 0.3:
            name, lines = name.title(), [line.title() for line in lines]
        return name, lines
    party = company(rng, country)
    name = company_name(rng, country, formal=0.6)
    lines = [party.street, city_line(party)] if rng.random() < 0.75 else [f"{party.street}, {city_line(party)}"]
    if rng.random() < 0.5:
        name = name.upper()
    return name, [line.upper() for line in lines] if rng.random() < 0.4 else lines
