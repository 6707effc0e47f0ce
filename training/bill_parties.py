"""Blocks that say who sells, who buys and who else has a name on a bill."""

from training.bill_sheet import GREY, PALE, BillSheet
from training.pen import Token, words_of


def logo(s: BillSheet, x: float, top: float, side: float) -> None:
    """A drawn mark of simple shapes."""
    pen, colour = s.pen, s.style.accent
    pale = tuple(min(1.0, part * 0.4 + 0.55) for part in colour)
    soft = (pale[0], pale[1], pale[2])
    kind = s.rng.randrange(6)
    if kind == 0:
        pen.disc(x + side / 2, top + side / 2, side / 2, colour)
        pen.disc(x + side / 2, top + side / 2, side / 4, soft)
    elif kind == 1:
        pen.box(x, top, x + side * 0.6, top + side * 0.6, fill=colour, line=None)
        pen.box(x + side * 0.4, top + side * 0.4, x + side, top + side, fill=soft, line=None)
    elif kind == 2:
        pen.wedge(x, top, side, colour)
        pen.wedge(x + side * 0.5, top, side, soft)
    elif kind == 3:
        for bar in range(4):
            left = x + bar * side / 4
            pen.box(left, top + side * (0.75 - 0.2 * bar), left + side / 5, top + side, fill=colour, line=None)
    elif kind == 4:
        for place in range(3):
            pen.disc(x + side * (0.2 + place * 0.3), top + side / 2, side * 0.2, soft if place == 1 else colour)
    else:
        pen.box(x, top, x + side, top + side, fill=colour, line=None)
        initial = s.paper.seller.name[0].upper()
        pen.text(x + side / 2, top + side * 0.78, initial, size=side * 0.8, bold=True, align="centre", colour=(1, 1, 1))


def brand(s: BillSheet, x: float, top: float, width: float) -> float:
    """The logo: a mark, the name as people call the seller, or both; rarely the full name."""
    size = s.style.size * s.pick(1.6, 2.0, 2.4, 3.0)
    align = s.pick("left", "left", "right", "centre")
    marked, bottom = s.chance(0.6), top
    if marked:
        side = size * 1.6
        place = x if align == "left" else x + width - side if align == "right" else x + (width - side) / 2
        logo(s, place, top, side)
        bottom = top + side + 4
        if align == "left":
            x, width, bottom = x + side + 8, width - side - 8, top
    full = s.chance(0.35)
    row = s.name_row("seller") if full else words_of(s.paper.extras.printed_name or s.paper.seller.name)
    if not full and s.chance(0.3):
        row = words_of(s.paper.extras.printed_name.upper())
    if marked and not full and s.chance(0.25):
        return max(bottom, top + size * 1.6)
    end = s.stack(x, bottom, width, [row], size=size, bold=True, align=align, colour=s.style.accent)
    return max(end, top + size * 1.6 if marked and align == "left" else top)


def letterhead(s: BillSheet, x: float, top: float, width: float) -> float:
    """Name, address and contacts together."""
    align = s.pick("left", "left", "right", "centre")
    big = s.style.size * s.pick(1.0, 1.2, 1.5, 1.8)
    if s.chance(0.4):
        side = big * 2
        place = x if align == "left" else x + width - side if align == "right" else x + (width - side) / 2
        logo(s, place, top, side)
        top += side + 3
    bottom = s.stack(x, top, width, [s.name_row("seller")], size=big, bold=s.chance(0.8), align=align, colour=s.accent)
    rows = s.address_rows(s.paper.seller, "seller_address", split=s.chance(0.7))
    rows += s.contact_rows() if s.chance(0.7) else []
    if s.chance(0.5):
        rows += [row for row in (s.vat_row(s.paper.seller, "seller"),) if row]
    return s.stack(x, bottom + 2, width, rows, align=align, size=s.style.size * s.pick(1.0, 0.9))


def contacts(s: BillSheet, x: float, top: float, width: float) -> float:
    """A narrow column with everything about the seller, the name on top, in it or missing."""
    rows = s.address_rows(s.paper.seller, "seller_address") + s.contact_rows()
    rows += [row for row in (s.vat_row(s.paper.seller, "seller"),) if row]
    if s.chance(0.4):
        rows += s.bank_rows()
    if s.chance(0.75):
        rows = [s.name_row("seller"), *rows]
    if s.chance(0.3) and s.paper.distraction:
        rows.append(words_of(f"{s.label('contact')} {s.paper.distraction.contact}"))
    align = s.pick("left", "left", "right")
    size = s.style.size * s.pick(0.8, 0.9, 1.0)
    return s.stack(
        x, top, width, rows, size=size, first_bold=s.chance(0.4), align=align, colour=s.pick(GREY, (0, 0, 0))
    )


def window(s: BillSheet, x: float, top: float, width: float) -> float:
    """The buyer where the envelope's window is: no label, perhaps a small line with the sender above."""
    y = top + s.pick(0.0, 6.0, 18.0, 30.0)
    if s.chance(0.65):
        seller, mark = s.paper.seller, Token(s.pick("·", "-", "|", "*", "–"))
        row = [*s.name_row("seller"), mark, *words_of(seller.street, "seller_address"), mark]
        row += words_of(s.city_line(seller), "seller_address")
        y = s.stack(x, y, width, [row], size=min(s.style.size * 0.75, 7.0), colour=s.pick(GREY, (0, 0, 0)))
        if s.chance(0.5):
            s.pen.rule(x, y + 1, x + width * 0.9, y + 1, weight=0.3)
        y += 6
    rows = s.party_rows("buyer")
    if s.style.language == "de" and s.chance(0.25):
        rows = [words_of(s.pick("Firma", "An", "Herrn/Frau/Firma")), *rows]
    if s.style.language == "it" and s.chance(0.3):
        rows = [words_of("Spett.le"), *rows]
    return s.stack(x, y, width, rows, size=s.style.size * s.pick(1.0, 1.1))


def buyer(s: BillSheet, x: float, top: float, width: float) -> float:
    """The buyer under a label."""
    top = s.heading(x, top, s.pick(s.word("client"), s.word("bill_to"), s.label("client")), width=width)
    return s.stack(x, top, width, s.party_rows("buyer"), first_bold=s.chance(0.35))


def seller(s: BillSheet, x: float, top: float, width: float) -> float:
    """The seller under a label."""
    top = s.heading(x, top, s.pick(s.word("issuer"), s.word("seller"), s.label("issuer")), width=width)
    rows = s.party_rows("seller", full=s.chance(0.7))
    rows += s.contact_rows()[: s.pick(0, 0, 2, 4)]
    return s.stack(x, top, width, rows, first_bold=s.chance(0.35))


def ship_to(s: BillSheet, x: float, top: float, width: float) -> float:
    """Where the goods went, when that is told apart."""
    party = s.paper.ship_to
    if party is None:
        return top
    top = s.heading(x, top, s.word("ship_to"), width=width)
    return s.stack(x, top, width, [words_of(party.name), *s.address_rows(party, None)], first_bold=s.chance(0.2))


def parties_box(s: BillSheet, x: float, top: float, width: float) -> float:
    """Seller, buyer and perhaps the place of delivery as boxes of one height."""
    blocks = [seller, buyer] if s.chance(0.7) else [buyer, seller]
    if s.paper.ship_to is not None and s.chance(0.7):
        blocks.append(ship_to)
    share, bottom = width / len(blocks), top
    for place, block in enumerate(blocks):
        bottom = max(bottom, block(s, x + place * share + 5, top + 4, share - 12))
    for place in range(len(blocks)):
        s.pen.box(x + place * share, top, x + (place + 1) * share - 2, bottom + 4)
    return bottom + 6


def party_pairs(s: BillSheet, x: float, top: float, width: float, role: str) -> float:
    """A party field by field, label beside value; a second line of a value has no label."""
    party = s.paper.buyer if role == "buyer" else s.paper.seller
    extra, key = s.paper.distraction, f"{role}_address"
    street, town = words_of(party.street, key), words_of(s.city_line(party), key)
    rows: list[tuple[str, list[Token]]] = [(s.word("name"), s.name_row(role))]
    if role == "buyer" and s.paper.extras.contact and s.chance(0.5):
        rows.append((s.word("contact"), words_of(s.paper.extras.contact)))
    form = s.rng.randrange(4)
    if form == 0:
        rows += [(s.word("address"), street), ("", town)]
    elif form == 1:
        rows += [(s.word("address"), street), ("", [Token(party.country), *town])]
    elif form == 2:
        rows += [(s.word("address"), street), (s.word("postcode"), words_of(party.postcode, key)),
                 (s.word("city"), words_of(party.city, key))]  # fmt: skip
    else:
        rows += [(s.word("address"), [*street[:-1], Token(street[-1].text, key, "", ","), *town])]
    if s.chance(0.5):
        rows.append((s.word("country"), words_of(party.country)))
    if vat := s.vat(party):
        rows += [(s.word("vat_id"), [Token(vat, f"{role}_vat_id")])] if s.chance(0.75) else []
    more = [("contact", extra.contact if extra else ""), ("phone", party.phone), ("email", party.email),
            ("tax_number", party.tax_number), ("register", party.register)]  # fmt: skip
    rows += [(s.word(word), words_of(text)) for word, text in more if text and s.chance(0.4)]
    for word, share in (("party_id", 0.5), ("customer_number", 0.3)):
        if s.chance(share):
            place = s.pick(0, 0, 1, len(rows))
            rows.insert(place, (s.word(word), words_of(str(s.rng.randrange(10**4, 10 ** s.pick(6, 9, 13))))))
    return pairs(s, x, top, width, rows)


def pairs(s: BillSheet, x: float, top: float, width: float, rows: list[tuple[str, list[Token]]]) -> float:
    """Label and value in two columns: plain, ruled, every other row grey, or a grey label column."""
    kind = s.style.seed % 7
    label_width = min(
        max((s.pen.text_width(f"{label}:", bold=kind == 4) for label, _ in rows), default=0) + 10, width * 0.5
    )
    if kind in {5, 6}:
        label_width = max(label_width, width * 0.38)
    size, leading, y = s.style.size, s.line, top
    gap = 4.0 if kind in {1, 2, 5} else 1.0
    for number, (label, value) in enumerate(rows):
        text = words_of(f"{label}:" if kind in {0, 3, 5} and label else label)
        lines = max(
            len(s.pen.wrap(text, label_width - 4, bold=kind == 4)), len(s.pen.wrap(value, width - label_width - 3))
        )
        bottom = y + lines * leading + gap
        if kind == 5 and number % 2:
            s.pen.box(x, y, x + width, bottom, fill=PALE, line=None)
        elif kind == 1:
            s.pen.box(x, y, x + width, bottom)
        elif kind == 2:
            s.pen.rule(x, bottom, x + width, bottom, weight=0.3, colour=GREY)
        colour = GREY if kind == 3 else (0, 0, 0)
        s.pen.paragraph(
            x + 3, y + size + gap / 2, text, label_width - 4, leading=leading, bold=kind == 4, colour=colour
        )
        strong = kind in {5, 6} and bool(value) and (value[0].key or "").endswith("_name")
        s.pen.paragraph(
            x + label_width, y + size + gap / 2, value, width - label_width - 3, leading=leading, bold=strong
        )
        y = bottom
    return y + 2


def section_ship(s: BillSheet, x: float, top: float, width: float) -> float:
    """Where the goods went or who is paid, as a section of a form."""
    party = s.paper.ship_to or s.paper.extras.payee
    if party is None:
        return top
    word = "ship_to" if s.paper.ship_to else "payee"
    rows = [(s.word("name"), words_of(party.name)), (s.word("address"), words_of(party.street)),
            ("", words_of(s.city_line(party)))]  # fmt: skip
    return pairs(s, x, s.heading(x, top, s.word(word), width=width), width, rows)


def section_notes(s: BillSheet, x: float, top: float, width: float) -> float:
    """Remarks as a section of a form; the seller's imprint may be one of them."""
    rows = [(s.word("note_word"), words_of(s.word("note")))]
    if s.paper.purchase_order and s.chance(0.4):
        order = [*words_of(s.label("purchase_order")), Token(s.paper.purchase_order, "purchase_order_reference")]
        rows.insert(0, (s.word("note_word"), order))
    y = pairs(s, x, s.heading(x, top, s.word("note_word"), width=width), width, rows)
    if s.chance(0.6):
        imprint = [s.name_row("seller"), *s.address_rows(s.paper.seller, "seller_address")]
        imprint += [words_of(f"{s.label('manager')} {s.paper.seller.manager or s.paper.seller.web or ''}")]
        y = s.stack(x + width * 0.3, y + 3, width * 0.7, [*imprint, *s.contact_rows()], size=s.style.size * 0.9)
    return y


def section_buyer(s: BillSheet, x: float, top: float, width: float) -> float:
    """The buyer as a section of a form."""
    return party_pairs(s, x, s.heading(x, top, s.word("section_buyer"), width=width), width, "buyer")


def section_seller(s: BillSheet, x: float, top: float, width: float) -> float:
    """The seller as a section of a form."""
    return party_pairs(s, x, s.heading(x, top, s.word("section_seller"), width=width), width, "seller")


def party_line(s: BillSheet, x: float, top: float, width: float) -> float:
    """Buyer and customer number in one line of a form."""
    row = [*words_of(s.label("client")), *s.name_row("buyer"), Token(",")]
    row[-2] = Token(row[-2].text, row[-2].key, "", ",")
    row = [
        *row[:-1],
        *(token for part in s.address_rows(s.paper.buyer, "buyer_address", split=False)[:1] for token in part),
    ]
    return s.stack(x, top, width, [row])


def sign_off(s: BillSheet, x: float, top: float, width: float) -> float:
    """The end of a letter: regards, the name of who wrote and of the house."""
    rows = [words_of(s.word("farewell"))]
    if s.paper.distraction:
        rows.append(words_of(s.paper.distraction.contact))
    if s.chance(0.7):
        rows.append(s.name_row("seller"))
    return s.stack(x, top + 8, width, rows)


def seller_line(s: BillSheet, x: float, top: float, width: float) -> float:
    """All of the seller in one small line."""
    row = [*s.name_row("seller"), Token("·"), *words_of(s.paper.seller.street, "seller_address"), Token("·")]
    row += words_of(s.city_line(s.paper.seller), "seller_address")
    for part in s.contact_rows()[: s.pick(0, 1, 2)]:
        row += [Token("·"), *part]
    return s.stack(x, top, width, [row], size=s.style.size * 0.85, align=s.pick("left", "centre"), colour=GREY)


def agent(s: BillSheet, x: float, top: float, width: float) -> float:
    """Somebody else's name at the head, as agents and portals have."""
    party = s.paper.extras.payee or s.paper.ship_to
    return s.stack(x, top, width, [words_of(party.name)], size=s.style.size * 0.9) if party else top


def filled_head(s: BillSheet, x: float, top: float, width: float) -> float:
    """A pale field across the top with buyer and seller in it."""
    half = width / 2
    depth = s.line * 9
    s.pen.box(x, top, x + width, top + depth, fill=PALE, line=None)
    bottom = max(buyer(s, x + 6, top + 6, half - 14), seller(s, x + half + 6, top + 6, half - 14))
    return max(bottom, top + depth)
