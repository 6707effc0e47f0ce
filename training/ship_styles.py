"""Draws by chance how a house's shipment papers look: family, fonts, columns, forms of weights and packages."""

from random import Random

from training.ship_layouts import FAMILIES_OF
from training.ship_papers import ShipPaper
from training.ship_random import random_forms
from training.ship_sheet import ShipStyle
from training.ship_words import choose_ship_words
from training.styles import A4, A4_LANDSCAPE, LETTER

_ACCENTS = ((0.1, 0.25, 0.45), (0.45, 0.1, 0.12), (0.1, 0.35, 0.2), (0.2, 0.2, 0.2), (0.5, 0.3, 0.05))
_FILLS = ((0.93, 0.94, 0.96), (0.9, 0.9, 0.9), (0.95, 0.95, 0.88))
_LIST_COLUMNS = {
    "packing_list": (("c_pos", 0.7), ("c_sku", 0.8), ("c_desc", 1.0), ("lot", 0.3), ("c_qty", 1.0), ("c_unit", 0.4),
                     ("c_pkg", 0.8), ("c_net", 0.4), ("c_gross", 0.6), ("c_po", 0.12), ("sscc", 0.12)),
    "delivery_note": (("c_pos", 0.7), ("c_sku", 0.85), ("c_buyer", 0.2), ("c_gtin", 0.2), ("c_desc", 1.0),
                      ("c_ordered", 0.3), ("c_qty", 1.0), ("c_back", 0.2), ("c_unit", 0.5), ("lot", 0.3),
                      ("c_pkg", 0.2), ("c_gross", 0.15)),
    "despatch_advice": (("c_pos", 0.6), ("sscc", 0.45), ("c_gtin", 0.5), ("c_sku", 0.6), ("c_desc", 1.0),
                        ("c_qty", 1.0), ("c_unit", 0.5), ("lot", 0.4), ("c_pkg", 0.3), ("c_po", 0.25)),
    "sea_bl": (("c_marks", 0.85), ("c_pkg", 1.0), ("c_desc", 1.0), ("c_gross", 1.0), ("c_net", 0.15)),
    "cmr": (("c_marks", 0.8), ("c_pkg", 1.0), ("c_desc", 1.0), ("c_gross", 1.0)),
    "straight_bl": (("c_pkg", 1.0), ("c_desc", 1.0), ("c_gross", 1.0), ("c_po", 0.3)),
    "purchase_order": (("c_pos", 0.7), ("c_sku", 0.85), ("c_desc", 1.0), ("c_qty", 1.0), ("c_unit", 0.5),
                       ("c_price", 1.0), ("c_amount", 0.9)),
    "other": (("c_desc", 1.0),),
}  # fmt: skip
_NOTES = {"lot": 0.3, "sscc": 0.2, "gtin": 0.12, "po": 0.08, "expiry": 0.12}


def random_ship_style(rng: Random, paper: ShipPaper, *, family: str | None = None) -> ShipStyle:
    """A style for a paper, of the family named or of any its kind comes in."""
    american = paper.shipper.country == "US"
    family = family or rng.choice(FAMILIES_OF[paper.kind])
    columns = _columns(rng, paper)
    bill = paper.kind in {"sea_bl", "cmr", "straight_bl"}
    noted = {"lot": "lot", "sscc": "sscc", "gtin": "c_gtin", "po": "c_po"}
    words = choose_ship_words(rng, paper.language)
    notes = tuple(
        name
        for name, share in _NOTES.items()
        if noted.get(name) not in columns and rng.random() < share and paper.kind not in {"sea_bl", "purchase_order"}
    )
    courier = family == "ship-plain" or rng.random() < 0.05
    return ShipStyle(
        family=family,
        seed=rng.randrange(10**9),
        language=paper.language,
        words=words,
        forms=random_forms(rng, paper),
        page_size=LETTER if american else A4_LANDSCAPE if rng.random() < 0.06 and not bill else A4,
        font="courier" if courier else rng.choice(("helvetica", "helvetica", "helvetica", "times", "vera")),
        size=rng.choice((7.0, 7.5, 8.0)) if courier else rng.choice((8.0, 8.5, 9.0, 9.0, 9.5)),
        accent=rng.choice(_ACCENTS),
        fill=rng.choice(_FILLS),
        coloured=rng.random() < 0.4,
        upper=rng.random() < 0.15,
        mark=rng.choice((":", ":", "", " :")),
        bold_labels=rng.random() < 0.4,
        margin=rng.choice((28.0, 36.0, 42.0, 50.0)),
        columns=columns,
        notes=notes,
        package_form=rng.choice(("plain", "word", "slash")),
        weight_form=rng.choices(("suffix", "label", "glued"), weights=(6, 4, 1))[0],
        container_form=rng.choice(("tight", "tight", "spaced", "dash")),
        unit_with_quantity="c_unit" not in columns and rng.random() < 0.7,
        rules=rng.choice(("none", "header", "rows", "grid", "zebra")),
        totals_row=rng.random() < (0.7 if paper.kind in {"packing_list", "sea_bl", "cmr", "purchase_order"} else 0.35),
        countries=rng.random() < 0.5,
    )


def _columns(rng: Random, paper: ShipPaper) -> tuple[str, ...]:
    chosen = [name for name, share in _LIST_COLUMNS[paper.kind] if rng.random() < share]
    if paper.weight_unit != "kg":
        chosen = [name for name in chosen if name not in {"c_gross", "c_net"} or paper.weight_unit == "lb"]
    if rng.random() < 0.2 and "c_qty" in chosen and paper.kind != "purchase_order":
        chosen.remove("c_qty")
        chosen.insert(rng.randint(0, 1), "c_qty")
    return tuple(chosen)
