"""Units of measure: what a unit's code or word stands for, and which units turn into one another by themselves.

Codes are those of UN/ECE Recommendations 20 and 21; words are those that stand on papers in our languages. How many
pieces a case holds is an item's own matter (its case pack) and no business of this table.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

PIECE, CASE, ONE = "piece", "case", "one"
"""Kinds of counted units. `one` says only that something is counted (C62, `units`), not what."""

SOLD_AS_ONE = frozenset({"set", "roll", "bottle", "bag", "can", "pair", "service"})
"""Kinds that one house counts by their own name and the next one as pieces."""

MEASURES = frozenset({"mass", "volume", "length", "area", "time", "energy"})
"""Kinds that are measured, not counted."""

_REC_21 = re.compile(r"X[A-Z0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit by what it measures and how large it is: a gram is 0.001 of `mass`, whose base is the kilogram."""

    kind: str
    size: Decimal

    @property
    def is_measured(self) -> bool:
        """Whether it is weighed or measured, rather than counted."""
        return self.kind in MEASURES


@lru_cache(maxsize=4096)
def unit_of(text: str | None) -> Unit | None:
    """The unit a code or word stands for; None where it is missing or nobody knows it."""
    word = unit_key(text)
    known = _UNITS.get(word)
    if known is None and _REC_21.fullmatch(word.upper()):
        return _UNITS.get(word[1:])
    return known


def unit_key(text: str | None) -> str:
    """A unit as it is compared: lower case, without dots and spaces around it."""
    return (text or "").strip(" .").casefold()


_BASES: dict[tuple[str, str], str] = {
    (PIECE, "1"): """h87 ea each pce pcs pc pcs pz pza pièce pièces piece pieces nar nmb stk stck stück stuck stueck st
        stücke pieza piezas pezzo pezzi stuk stuks szt sztuka sztuki sztuk peça peças peca pecas pç""",
    ("pair", "1"): "pr npr pair pairs paar paire paires par pares paio paia para pary",
    (PIECE, "12"): "dzn dpc dz doz dutzend douzaine docena docenas dozzina dúzia tuzin",
    (PIECE, "100"): "cen hundert cent",
    (PIECE, "144"): "gro gross",
    (PIECE, "1000"): "mil tausend mille millar",
    (ONE, "1"): """c62 one unit units un uds ud u unidad unidades unité unités unite unites unità unita einheit
        einheiten eenheid eenheden unidade jedn""",
    (CASE, "1"): """ct ctn cs bx box boxes carton cartons case cases karton kartons kart kartony kartonów kiste kisten
        kolli colli colis caja cajas cj caixa caixas cx scatola scatole cartone cartoni doos pk pack packs package
        packages pkg pkt paket pakete packung packungen pck ve vpe gebinde paquet paquets pacco pacchi paquete paquetes
        pak pakken opak opakowanie embalagem tray trays crate crates krat kratten""",
    ("set", "1"): "set sets kit kits satz ens kpl komplet",
    ("roll", "1"): "ro rl rol rll roll rolls rolle rollen rouleau rouleaux rollo rollos rotolo rotoli rolka",
    ("bottle", "1"): "bo btl bottle bottles flasche flaschen fl bouteille bouteilles botella bottiglia fles butelka",
    ("bag", "1"): "bg bag bags beutel sack säcke sac sacs saco sacco zak zakken worek",
    ("can", "1"): "ca can cans dose dosen canette lata latta blik puszka",
    ("pallet", "1"): "pf px pal pallet pallets palette paletten palet palety palé bancale",
    ("service", "1"): "e48 ls lump pauschal pauschale psch forfait forfettario",
    ("mass", "1"): "kgm kg kgs kilo kilos kilogramm kilogram kilogramme",
    ("mass", "0.001"): "grm g gr gram gramm gramme",
    ("mass", "1000"): "tne t to ton tonne tonnen tonnes",
    ("mass", "0.45359237"): "lbr lb lbs",
    ("mass", "0.028349523125"): "onz oz",
    ("volume", "1"): "ltr l lt liter litre litres litro litri litros",
    ("volume", "0.001"): "mlt ml",
    ("volume", "0.01"): "clt cl",
    ("volume", "100"): "hlt hl",
    ("volume", "1000"): "mtq m3 m³ cbm",
    ("length", "1"): "mtr m lfm meter metre metres metro metri mb",
    ("length", "0.01"): "cmt cm",
    ("length", "0.001"): "mmt mm",
    ("length", "1000"): "kmt ktm km",
    ("length", "0.3048"): "fot ft",
    ("area", "1"): "mtk m2 m² qm sqm",
    ("time", "1"): "hur h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren godz",
    ("time", "0.016666666666666666666666666667"): "min minute minuten",
    ("day", "1"): "day days tag tage jour jours dag dagen día días giorno giorni",
    ("month", "1"): "mon month months monat monate mois mes mese maand",
    ("energy", "1"): "kwh",
}  # fmt: skip
_UNITS = {word: Unit(kind=kind, size=Decimal(size)) for (kind, size), words in _BASES.items() for word in words.split()}
