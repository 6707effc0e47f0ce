"""Invents till receipts as they are read from a photo or scan, so that training sees more than invoices.

A receipt is made as words with boxes, line by line; there is no need to print it. What is true of it is known from
the making. Shops, streets and goods come from `training.names`: nobody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from core.documents import Box, Page, Reading, Source, Word
from core.money import plain
from training.extraction_noise import as_if_scanned
from training.names import company

_WIDTH = 595.0
_COUNTRIES = {
    "en": ("GB", "IE", "US"),
    "de": ("DE", "AT"),
    "fr": ("FR", "BE"),
    "es": ("ES",),
    "it": ("IT",),
    "nl": ("NL",),
}
_TITLES = {
    "en": (
        "TAX INVOICE",
        "RECEIPT",
        "Tax Invoice",
        "SALES RECEIPT",
        "CASH BILL",
        "INVOICE",
        "Simplified Tax Invoice",
        "Official Receipt",
    ),
    "de": ("Kassenbon", "QUITTUNG", "Rechnung", "Kassenbeleg", ""),
    "fr": ("TICKET DE CAISSE", "FACTURE", "Reçu", ""),
    "es": ("FACTURA SIMPLIFICADA", "TICKET", "Recibo"),
    "it": ("DOCUMENTO COMMERCIALE", "SCONTRINO FISCALE", "Ricevuta"),
    "nl": ("KASSABON", "BON", "Factuur", ""),
}
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "number": ("Invoice No", "Receipt No", "Bill No", "Doc No", "INV No", "Receipt #", "Slip No"),
        "date": ("Date", "DATE", "Date/Time", "Bill Date", "Inv Date", ""),
        "net": ("Sub Total", "SUBTOTAL", "Total (Excluding GST)", "Total Excl. Tax", "Net Amount", "Taxable Amount"),
        "tax": ("GST 6%", "VAT 20%", "Tax", "Total GST", "Service Tax", "VAT"),
        "gross": (
            "TOTAL",
            "Total",
            "Grand Total",
            "TOTAL DUE",
            "Total Sales (Inclusive of GST)",
            "NETT TOTAL",
            "Total Amount",
            "Amount Due",
            "Total Incl. Tax",
            "TOTAL RM",
        ),
        "rounding": ("Rounding", "Rounding Adj", "Rounding Adjustment"),
        "cash": ("CASH", "Cash", "VISA", "Tendered", "Cash Received"),
        "change": ("CHANGE", "Change", "Change Due"),
        "count": ("Total Qty", "Item(s)", "No. of Items", "TOTAL QTY"),
        "clerk": ("Cashier", "Counter", "Terminal", "Server", "Table"),
        "tax_id": ("GST ID", "GST Reg No", "VAT No", "Tax ID"),
        "register": ("Co. Reg No", "Reg No", "ROC"),
        "thanks": ("THANK YOU", "Thank you, please come again", "Goods sold are not returnable"),
    },
    "de": {
        "number": ("Bon-Nr.", "Beleg-Nr.", "Rechnung Nr."),
        "date": ("Datum", "", "Datum/Uhrzeit"),
        "net": ("Netto", "Zwischensumme", "Summe netto"),
        "tax": ("MwSt 19%", "USt 7%", "enth. MwSt"),
        "gross": ("SUMME", "Summe EUR", "Gesamtbetrag", "TOTAL", "Zu zahlen"),
        "rounding": ("Rundung",),
        "cash": ("BAR", "Gegeben", "EC-Karte"),
        "change": ("Rückgeld", "Zurück"),
        "count": ("Anzahl Artikel", "Posten"),
        "clerk": ("Kasse", "Bediener", "Es bediente Sie"),
        "tax_id": ("USt-IdNr.", "St.-Nr."),
        "register": ("HRB",),
        "thanks": ("Vielen Dank für Ihren Einkauf", "Auf Wiedersehen"),
    },
    "fr": {
        "number": ("Ticket No", "Facture No", "N°"),
        "date": ("Date", "", "Le"),
        "net": ("Total HT", "Sous-total"),
        "tax": ("TVA 20%", "Dont TVA"),
        "gross": ("TOTAL", "TOTAL TTC", "Total à payer", "Net à payer", "MONTANT DU"),
        "rounding": ("Arrondi",),
        "cash": ("ESPECES", "CB", "Espèces"),
        "change": ("Rendu", "A RENDRE"),
        "count": ("Nombre d'articles", "Articles"),
        "clerk": ("Caisse", "Vendeur"),
        "tax_id": ("N° TVA", "SIRET"),
        "register": ("RCS",),
        "thanks": ("Merci de votre visite",),
    },
    "es": {
        "number": ("Ticket", "Nº Factura", "Factura simplificada"),
        "date": ("Fecha", ""),
        "net": ("Base imponible", "Subtotal"),
        "tax": ("IVA 21%", "Cuota IVA"),
        "gross": ("TOTAL", "TOTAL A PAGAR", "Total EUR", "IMPORTE TOTAL"),
        "rounding": ("Redondeo",),
        "cash": ("EFECTIVO", "Entregado", "TARJETA"),
        "change": ("CAMBIO", "Cambio"),
        "count": ("Artículos",),
        "clerk": ("Caja", "Le atendió"),
        "tax_id": ("NIF", "CIF"),
        "register": ("Reg. Merc.",),
        "thanks": ("Gracias por su visita",),
    },
    "it": {
        "number": ("Doc. N.", "Scontrino n."),
        "date": ("Data", ""),
        "net": ("Imponibile", "Subtotale"),
        "tax": ("IVA 22%", "di cui IVA"),
        "gross": ("TOTALE", "TOTALE COMPLESSIVO", "TOTALE EURO", "Importo pagato"),
        "rounding": ("Arrotondamento",),
        "cash": ("CONTANTI", "Bancomat"),
        "change": ("RESTO",),
        "count": ("N. articoli",),
        "clerk": ("Cassa", "Operatore"),
        "tax_id": ("P.IVA", "Partita IVA"),
        "register": ("REA",),
        "thanks": ("Grazie e arrivederci",),
    },
    "nl": {
        "number": ("Bonnr.", "Bon", "Factuurnr."),
        "date": ("Datum", ""),
        "net": ("Subtotaal", "Totaal excl. btw"),
        "tax": ("BTW 21%", "btw 9%"),
        "gross": ("TOTAAL", "Totaal", "Te betalen", "TOTAAL EUR"),
        "rounding": ("Afronding",),
        "cash": ("CONTANT", "PIN"),
        "change": ("Wisselgeld",),
        "count": ("Aantal artikelen",),
        "clerk": ("Kassa", "Medewerker"),
        "tax_id": ("BTW-nr",),
        "register": ("KvK",),
        "thanks": ("Bedankt en tot ziens",),
    },
}
_FORMS = {
    "US": ("SDN BHD", "Inc.", "ENTERPRISE", "TRADING", "(M) SDN BHD"),
    "GB": ("Ltd", "& Sons", "STORE", "RESTAURANT", "CAFE", "SDN. BHD."),
}
_TRADES = ("Mart", "Trading", "Hardware", "Food", "Books", "Star", "Sri", "Fresh", "Auto")
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y", "%d-%b-%Y", "%d-%m-%y")


@dataclass(slots=True, kw_only=True)
class _Strip:
    """The paper strip while it is being written."""

    size: float
    advance: float
    y: float
    decimals: str
    words: list[Word] = field(default_factory=list)
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def put(self, text: str, x: float, *, names: Sequence[str] = ()) -> None:
        first = len(self.words)
        for part in text.split():
            right = x + self.advance * len(part)
            self.words.append(Word(text=part, box=Box(x, self.y, right, self.y + self.size)))
            x = right + self.advance
        for name in names:
            boxes = [w.box for w in self.words[first:]]
            place = {"page": 1, "box": [boxes[0].x0, boxes[0].top, boxes[-1].x1, boxes[-1].bottom], "text": text}
            self.seen.setdefault(name, []).append(place)

    def centre(self, text: str, *, names: Sequence[str] = ()) -> None:
        self.put(text, max((_WIDTH - self.advance * len(text)) / 2, 8.0), names=names)
        self.down()

    def down(self, lines: float = 1.0) -> None:
        self.y += 1.35 * self.size * lines

    def amount(self, label: str, value: Decimal, x: float, *, names: Sequence[str] = (), currency: str = "") -> None:
        self.put(label, x)
        text = currency + self.money(value)
        self.put(text, _WIDTH - 25 - self.advance * len(text), names=names)
        self.down()

    def money(self, value: Decimal) -> str:
        return f"{value:.2f}".replace(".", self.decimals)


def random_receipt(rng: Random) -> tuple[Reading, dict[str, Any]]:
    """A receipt as it would be read by OCR, and its label."""
    language = rng.choice(("en", "en", "en", "en", "de", "fr", "es", "it", "nl"))
    words = {key: rng.choice(options) for key, options in _WORDS[language].items()}
    size = rng.uniform(13, 24)
    strip = _Strip(
        size=size,
        advance=size * rng.uniform(0.5, 0.62),
        y=rng.uniform(20, 160),
        decimals="." if language == "en" else ",",
    )
    label: dict[str, Any] = {
        "document_type": "receipt",
        "language": language,
        "layout": f"receipt-{language}",
        "fields": {},
        "lines": [],
    }
    _head(strip, rng, language, words, label)
    _meta(strip, rng, language, words, label)
    total = _goods(strip, rng)
    _sums(strip, rng, words, total, label)
    label["evidence"] = strip.seen
    page = Page(number=1, width=_WIDTH, height=strip.y + 60, source=Source.OCR, words=tuple(strip.words))
    return as_if_scanned(Reading(sha256="0" * 64, media_type="image/jpeg", pages=(page,)), rng), label


def _head(strip: _Strip, rng: Random, language: str, words: dict[str, str], label: dict[str, Any]) -> None:
    country = rng.choice(_COUNTRIES[language])
    party = company(rng, country)
    name = party.name
    if country in _FORMS and rng.random() < 0.7:
        name = f"{name.split()[0]} {rng.choice(_TRADES)} {rng.choice(_FORMS[country])}"
    name = name.upper() if rng.random() < 0.6 else name
    if rng.random() < 0.15:
        strip.centre(
            rng.choice(("*** WELCOME ***", "Reprint", str(rng.randrange(1000, 99999)), "Your order number is"))
        )
    if rng.random() < 0.15:
        strip.centre(name.split()[0])
    strip.centre(name, names=("seller_name",))
    label["fields"]["seller_name"] = name
    if rng.random() < 0.5:
        strip.centre(
            rng.choice(
                (
                    f"({rng.randrange(100000, 999999)}-{rng.choice('XWHTKMAPV')})",
                    f"{words['register']} : {rng.randrange(10**6, 10**8)}",
                )
            )
        )
    street = party.street.upper() if rng.random() < 0.5 else party.street
    street = f"NO. {rng.randrange(1, 99)}, {street}" if rng.random() < 0.3 else street
    town = f"{party.postcode} {party.city}"
    for part in (street, town):
        strip.centre(part + ("," if part is street and rng.random() < 0.5 else ""), names=("seller_address",))
    label["fields"]["seller_address"] = f"{street}, {town}"
    for text in (f"Tel : {rng.randrange(10**7, 10**9)}", f"{words['tax_id']} : {rng.randrange(10**11, 10**12 - 1)}"):
        if rng.random() < 0.7:
            strip.centre(text)
    title = rng.choice(_TITLES[language])
    if title:
        strip.down(0.5)
        strip.centre(title)


def _meta(strip: _Strip, rng: Random, language: str, words: dict[str, str], label: dict[str, Any]) -> None:
    day = date(2016, 1, 1) + timedelta(days=rng.randrange(3500))
    form = rng.choice(_DATES[:4] if language != "en" else _DATES)
    time = f"{rng.randrange(8, 22)}:{rng.randrange(60):02d}" + (
        f":{rng.randrange(60):02d}" if rng.random() < 0.5 else ""
    )
    number = rng.choice(
        (
            f"{rng.choice(('CS', 'INV', 'R', 'A', ''))}{rng.randrange(1000, 10**7)}",
            f"{rng.randrange(10, 99)}-{rng.randrange(1000, 99999)}",
        )
    )
    colon = rng.choice((":", " :", ""))
    rows = [
        (words["number"], number, ("invoice_number",), 0.75),
        (words["date"], day.strftime(form) + (f" {time}" if rng.random() < 0.6 else ""), ("issue_date",), 1.0),
        (words["clerk"], rng.choice(("01", "ANNA", "#3", "Manager")), (), 0.6),
    ]
    rng.shuffle(rows)
    for text, value, names, chance in rows:
        if rng.random() > chance:
            continue
        strip.put(f"{text}{colon}" if text else "", 22)
        x = 22 + strip.advance * (len(text) + 3) if rng.random() < 0.5 else 180
        strip.put(value.split()[0] if names == ("issue_date",) and form.count(" ") == 0 else value, x, names=names)
        if names == ("issue_date",) and form.count(" ") == 0 and " " in value:
            strip.put(value.split(" ", 1)[1], x + strip.advance * (len(value.split()[0]) + 1))
        strip.down()
    if "invoice_number" in strip.seen:
        label["fields"]["invoice_number"] = number
    label["fields"]["issue_date"] = day.isoformat()


def _goods(strip: _Strip, rng: Random) -> Decimal:
    total = Decimal(0)
    strip.down(0.5)
    for _ in range(rng.randrange(1, 12)):
        count, price = rng.choice((1, 1, 1, 2, 3, 5)), Decimal(rng.randrange(50, 9000)) / 100
        name = " ".join(
            rng.choice(
                ("MILK", "BREAD", "TEA", "Coffee", "RICE", "Nasi", "Soap", "PAINT", "Cake", "Water", "A4", "Pen", "Oil")
            )
            for _ in range(rng.randrange(1, 4))
        )
        two_rows = rng.random() < 0.4
        strip.put(f"{rng.randrange(10**6, 10**12)} {name}" if rng.random() < 0.3 else name, 22)
        if two_rows:
            strip.down()
            strip.put(f"{count} x {strip.money(price)}", 60)
        amount = strip.money(price * count)
        strip.put(amount, _WIDTH - 25 - strip.advance * (len(amount) + rng.choice((0, 0, 3))))
        strip.down()
        total += price * count
    strip.down(0.5)
    return total


def _sums(strip: _Strip, rng: Random, words: dict[str, str], total: Decimal, label: dict[str, Any]) -> None:
    rate, x = Decimal(rng.choice((6, 7, 10, 19, 20, 21))), rng.choice((22.0, 22.0, 180.0))
    net = (total / (1 + rate / 100)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    rounded = total.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if rng.random() < 0.25 else total
    currency = rng.choice(("", "", "", "RM", "€", "£", "$"))
    fields = label["fields"]
    if rng.random() < 0.3:
        strip.put(f"{words['count']} : {rng.randrange(1, 20)}", 22)
        strip.down()
    if rng.random() < 0.45:
        strip.amount(words["net"], net, x, names=("total_without_vat",))
        strip.amount(words["tax"], total - net, x, names=("total_vat",))
        fields |= {"total_without_vat": plain(net), "total_vat": plain(total - net)}
    if rounded != total:
        strip.amount(words["gross"], total, x)
        strip.amount(words["rounding"], rounded - total, x)
    strip.amount(words["gross"], rounded, x, names=("total_with_vat",), currency=currency)
    fields["total_with_vat"] = plain(rounded)
    if rng.random() < 0.75:
        given = rounded if rng.random() < 0.4 else rounded + Decimal(rng.randrange(1, 4000)) / 100
        strip.amount(words["cash"], given, x)
        strip.amount(words["change"], given - rounded, x)
    if rng.random() < 0.4:
        strip.put(f"SR {rate}%", 22)
        strip.put(strip.money(net), 250)
        strip.put(strip.money(total - net), 450)
        strip.down()
    strip.down(0.5)
    strip.centre(words["thanks"])
