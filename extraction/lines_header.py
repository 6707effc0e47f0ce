"""Finds the headings of line tables: which words over a table name which column, even stacked over several rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from core.documents import Box
from extraction.labels import Token, row_tokens
from extraction.layout import Layout, surrounding
from extraction.vocabulary import column_beginnings, column_phrases

_MOST_TOKENS = 6
_LEAST_COLUMNS, _FEW_COLUMNS = 2, 3
_CELL_GAP, _WORD_GAP = 0.75, 0.66
_STACK_GAP, _TALLER = 0.9, 1.4
_MOST_STACKED = 4
_NEIGHBOUR_GAP = 4.0
_DECIDING = frozenset(
    {
        "quantity", "unit_price", "line_net_amount", "description", "list_price", "tax_rate", "seller_item_id", "gtin",
        "buyer_item_id", "sscc", "lot_number", "ordered_quantity", "package_count",
    }
)  # fmt: skip
_LONGEST_LEFTOVER = 24
_LINKS = frozenset({"of", "de", "des", "di", "do", "da", "van", "per"})
_FREIGHT = frozenset({"package_count", "gross_weight"})
_NAMES_OF_GOODS = frozenset({"description", "seller_item_id", "gtin", "buyer_item_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading cell: the columns its words may stand for, likeliest first; none when the words are unknown."""

    columns: tuple[str, ...]
    box: Box
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A table's heading: rows `first_row` to `last_row` of the layout, headings from left to right.

    An inferred one has no words: it stands between the rows `last_row` and the next, and knows its columns otherwise.
    """

    page: int
    first_row: int
    last_row: int
    headings: tuple[Heading, ...]
    inferred: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two headings the same table's."""
        return tuple(heading.text.casefold() or "/".join(heading.columns) for heading in self.headings)


@dataclass(slots=True, kw_only=True)
class _Atom:
    text: str
    key: str
    box: Box
    columns: tuple[str, ...]


def find_headers(layout: Layout) -> tuple[Header, ...]:
    """Every heading of a table that could be of lines, in reading order."""
    headers: list[Header] = []
    row = 0
    while row < len(layout.rows):
        if _names_several(layout, row) and _heads_goods(layout, row):
            header = _grow(layout, row)
            if headers and header.first_row <= headers[-1].last_row:
                headers.pop()
            headers.append(header)
            row = header.last_row + 1
        else:
            row += 1
    return tuple(headers)


def heading_words(layout: Layout, first: int, last: int) -> list[tuple[tuple[str, ...], Box]]:
    """The words of rows `first` to `last` (exclusive) that head columns anywhere, and where they stand."""
    return [(atom.columns, atom.box) for row in range(first, last) for atom in _atoms_of(layout, row) if atom.columns]


def leading_phrase(layout: Layout, tokens: Sequence[Token]) -> tuple[tuple[str, ...], int]:
    """The columns that the first words of a row name, none when they name none, and the first word behind them."""
    length, key = _longest(layout, tokens, 0) if tokens else (0, "")
    return (column_phrases()[key], tokens[length - 1].word + 1) if key else ((), tokens[0].word if tokens else 0)


def _trimmed(atoms: Sequence[_Atom]) -> list[_Atom]:
    """Without what stands beside the table: unknown words before the first heading and after the last."""
    known = [index for index, atom in enumerate(atoms) if atom.columns]
    while known and atoms[known[0]].columns[0] == "other":
        known.pop(0)
    if not known or any(_has_amount(atom.text) for atom in atoms[known[-1] + 1 :]):
        return []
    return list(atoms[known[0] : known[-1] + 1])


def _heads_goods(layout: Layout, row: int) -> bool:
    """Whether a row heads goods, by itself or with the words right under it (`Gelieferte` over `Menge`)."""
    atoms = _trimmed(_atoms_of(layout, row))
    if _names_columns(atoms):
        return True
    if sum(bool(_NAMES_OF_GOODS & set(atom.columns)) for atom in atoms) == 0:
        return False
    below = _row_below(layout, row, atoms[0].box.x0)
    completing = [atom for atom in _atoms_of(layout, below) if _completes(atom, layout, row)] if below else []
    for atom in completing:
        _join(atoms, atom)
    return bool(completing) and _names_columns(atoms)


def _names_columns(atoms: Sequence[_Atom]) -> bool:
    """Whether the headings are those of goods: what they are, how many, what they cost; and little else on the row."""
    known = [atom for atom in atoms if atom.columns]
    names = {name for atom in known for name in atom.columns}
    figures = len(names & {"quantity", "unit_price", "line_net_amount", "list_price"})
    of_goods = figures >= 2 or (figures == 1 and bool(names & _NAMES_OF_GOODS))
    of_goods = of_goods or ("description" in names and bool(names & _FREIGHT))
    unknown = sum(len(atom.text) for atom in atoms if not atom.columns)
    little_else = unknown <= sum(len(atom.text) for atom in known)
    amounts = any(_has_amount(atom.text) for atom in atoms if not atom.columns)
    apart = len(known) > _FEW_COLUMNS or any(
        after.box.x0 - before.box.x1 > _WORD_GAP * (after.box.bottom - after.box.top)
        for before, after in pairwise(atoms)
    )
    return of_goods and len(known) >= _LEAST_COLUMNS and little_else and apart and not amounts


def _has_amount(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 2


def _names_several(layout: Layout, row: int) -> bool:
    """Whether a row has the words of two columns, without which it is no heading; most rows have not."""
    return sum(bool(key) for _, _, key in _pieces(layout, row_tokens(layout, row))) >= _LEAST_COLUMNS


def _pieces(layout: Layout, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """Tokens `start` to `end` (exclusive) that are one heading phrase, or one word that is none and has no key."""
    position = 0
    while position < len(tokens):
        length, key = _longest(layout, tokens, position)
        end = position + max(length, 1)
        while not length and end < len(tokens) and tokens[end].word == tokens[position].word:
            end += 1
        yield position, end, key
        position = end


def _atoms_of(layout: Layout, row: int) -> list[_Atom]:
    """The heading phrases of a row, longest first, and the words between them."""
    tokens, known = row_tokens(layout, row), column_phrases()
    atoms: list[_Atom] = []
    for start, end, key in _pieces(layout, tokens):
        words = [layout.words[word] for word in dict.fromkeys(token.word for token in tokens[start:end])]
        box, text = surrounding([word.box for word in words]), " ".join(word.text for word in words)
        if key:
            atoms.append(_Atom(text=text, key=key, box=box, columns=known[key]))
            continue
        whole = "".join(_token_key(token.text) for token in tokens[start:end])
        previous = atoms[-1] if atoms else None
        if (
            previous is not None
            and (not previous.columns or whole in _LINKS)
            and box.x0 - previous.box.x1 < (_WORD_GAP if previous.columns else _CELL_GAP) * (box.bottom - box.top)
        ):
            previous.text, previous.key, previous.box = (
                f"{previous.text} {text}",
                previous.key + whole,
                surrounding([previous.box, box]),
            )
        else:
            atoms.append(_Atom(text=text, key=whole, box=box, columns=()))
    return atoms


def _longest(layout: Layout, tokens: Sequence[Token], position: int) -> tuple[int, str]:
    known, begun = column_phrases(), column_beginnings()
    key, best, best_key = "", 0, ""
    for length in range(1, min(_MOST_TOKENS, len(tokens) - position) + 1):
        token = tokens[position + length - 1]
        if length > 1:
            before = tokens[position + length - 2]
            a, b = layout.words[before.word].box, layout.words[token.word].box
            if before.word != token.word and b.x0 - a.x1 > _CELL_GAP * max(a.bottom - a.top, 1.0):
                break
            wide = before.word != token.word and b.x0 - a.x1 > _WORD_GAP * max(a.bottom - a.top, 1.0)
            if wide and best == length - 1 and _word_key(tokens, position + best) in known:
                break
        key += _token_key(token.text)
        if key not in begun:
            break
        if token.last_of_word and key in known:
            best, best_key = length, key
    return best, best_key


def _word_key(tokens: Sequence[Token], start: int) -> str:
    same = takewhile(lambda token: token.word == tokens[start].word, tokens[start:])
    return "".join(_token_key(token.text) for token in same)


def _token_key(text: str) -> str:
    return {"#": "no", "%": "pct"}.get(text, text)


def _without_neighbour(cells: list[_Atom]) -> list[_Atom]:
    """Without the words of what stands left of the table, across a wide gap, and names no column of lines."""
    for index in range(1, len(cells)):
        left, gap = cells[:index], cells[index].box.x0 - cells[index - 1].box.x1
        height = cells[index].box.bottom - cells[index].box.top
        if gap > _NEIGHBOUR_GAP * height and not any(_DECIDING & set(cell.columns) for cell in left):
            return cells[index:]
    return cells


def _grow(layout: Layout, row: int) -> Header:
    """Takes in the rows straight above and below that still belong to the heading."""
    own = _own_atoms(layout, row)
    left = own[0].box.x0
    rows = [row]
    while len(rows) <= _MOST_STACKED and rows[0] > 0 and _belongs(layout, rows[0] - 1, rows[0], left):
        rows.insert(0, rows[0] - 1)
    upper = len(rows)
    while len(rows) - upper < _MOST_STACKED and (below := _row_below(layout, rows[-1], left)) is not None:
        rows.append(below)
    cells: list[_Atom] = []
    for stacked in rows:
        for atom in own if stacked == row else _within(_atoms_of(layout, stacked), left):
            _join(cells, atom)
    cells = _without_neighbour(sorted(cells, key=lambda cell: cell.box.x0))
    headings = tuple(Heading(columns=cell.columns, box=cell.box, text=cell.text) for cell in cells)
    return Header(page=layout.rows[row].page, first_row=rows[0], last_row=rows[-1], headings=headings)


def _own_atoms(layout: Layout, row: int) -> list[_Atom]:
    """The headings of a row, with a first one that only the row under it makes one of (`Your` over `item no.`)."""
    atoms = _atoms_of(layout, row)
    own = _trimmed(atoms)
    before = atoms.index(own[0]) - 1
    if before >= 0 and not atoms[before].columns and row + 1 < len(layout.rows):
        first = atoms[before]
        for other in _atoms_of(layout, row + 1):
            if _stands_over(first, other) and first.key + other.key in column_beginnings():
                return [first, *own]
    return own


def _within(atoms: Sequence[_Atom], left: float) -> list[_Atom]:
    """Without what stands beside the table, across a wide gap left of its headings, and does not describe goods."""
    kept: list[_Atom] = []
    for atom in reversed(atoms):
        if "description" in atom.columns or left - atom.box.x1 <= _NEIGHBOUR_GAP * (atom.box.bottom - atom.box.top):
            kept.insert(0, atom)
            left = min(left, atom.box.x0)
    return kept


def _row_below(layout: Layout, row: int, left: float) -> int | None:
    """The next row that belongs to a heading; one that stands wholly left of the table may come between."""
    for below in (row + 1, row + 2):
        if below >= len(layout.rows):
            return None
        if _belongs(layout, below, row, left):
            return below
        if layout.rows[below].box.x1 > left - layout.rows[below].height:
            return None
    return None


def _belongs(layout: Layout, row: int, beside: int, left: float) -> bool:
    """Whether a row next to a heading row is part of the heading: close, short words, no figures."""
    a, b = layout.rows[row], layout.rows[beside]
    if a.page != b.page:
        return False
    gap = max(a.box.top - b.box.bottom, b.box.top - a.box.bottom)
    if gap > _STACK_GAP * min(a.height, b.height) or a.height > _TALLER * b.height:
        return False
    atoms = _within(_atoms_of(layout, row), left)
    if any(_has_amount(atom.text) for atom in atoms):
        return False
    known = sum(bool(atom.columns) or _completes(atom, layout, beside) for atom in atoms)
    return (
        any(atom.columns[:1] != ("other",) for atom in atoms)
        and known > 0
        and all(len(atom.text) <= _LONGEST_LEFTOVER and not atom.text.endswith(":") for atom in atoms)
        and 2 * known >= len(atoms)
    )


def _completes(atom: _Atom, layout: Layout, beside: int) -> bool:
    """Whether a word, together with the one over or under it, names a column (`Ref.` over `cliente`)."""
    for other in _atoms_of(layout, beside):
        overlap = min(other.box.x1, atom.box.x1) - max(other.box.x0, atom.box.x0)
        if overlap > 0 and {other.key + atom.key, atom.key + other.key} & column_phrases().keys():
            return True
        if overlap > 0 and atom.key in _LINKS and any(key.startswith(other.key + atom.key) for key in column_phrases()):
            return True
    return False


def _join(cells: list[_Atom], atom: _Atom) -> None:
    """Adds an atom to the cell above it, or to two above it that it makes one of (`Price per` over `unit`)."""
    above = [cell for cell in cells if _stands_over(cell, atom)]
    if not above:
        cells.append(atom)
        return
    above.sort(key=lambda cell: cell.box.x0)
    key = "".join(cell.key for cell in above) + atom.key
    if len(above) > 1 and key not in column_phrases():
        above, key = above[:1], above[0].key + atom.key
    first = above[0]
    columns = column_phrases().get(key) or first.columns or atom.columns
    text = " ".join([*(cell.text for cell in above), atom.text])
    merged = _Atom(text=text, key=key, box=surrounding([*(cell.box for cell in above), atom.box]), columns=columns)
    cells[:] = [cell for cell in cells if cell not in above] + [merged]


def _stands_over(cell: _Atom, atom: _Atom) -> bool:
    overlap = min(cell.box.x1, atom.box.x1) - max(cell.box.x0, atom.box.x0)
    return (
        overlap >= 0.4 * min(cell.box.x1 - cell.box.x0, atom.box.x1 - atom.box.x0)
        and atom.box.top >= cell.box.bottom - 3
    )
