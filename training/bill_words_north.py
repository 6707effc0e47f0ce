# ruff: noqa: E501  a meaning and its words are one line
"""Words of the bills' own blocks in English, German, Dutch and Polish: a meaning, then its words."""

NORTH = {
    "en": """
attn: Attn. | Attn: | Attention: | c/o | FAO
dept: Accounts Payable | Purchasing Dept. | Finance Department | Warehouse 4 | Accounts
mister: Mr | Ms | Mrs | Dr
pobox: P.O. Box | PO Box
client: Customer | Client | Sold to | Bill to | Invoicee | Recipient | Billed to | Invoice address | Buyer | Invoice To
issuer: Seller | Supplier | From | Issued by | Vendor | Remit to | Service provider
payee: Payee | Beneficiary | Account holder | Account name | Pay to
name: Name | Company | Company name | Party name
address: Address | Street | Street address
postcode: Postcode | ZIP | Postal code
city: City | Town
country: Country | Country code
ours: Our reference | Our ref | Your contact
contract: Contract no. | Agreement | Project no.
when: Time | Printed | Print date
skonto: {pct} % cash discount if paid by {day}: {amount} | Less {pct}% if settled within {days} days ({amount})
shipping: Shipping | Freight | Carriage | Delivery charge | Postage & packing
allowance: Discount | Trade discount | Less discount
deposit: Deposit | Returnable packaging | Pallet deposit
line_sum: Goods value | Sum of lines | Items total | Merchandise
rounding: Rounding | Rounding adj.
incl: incl. VAT {rate} | including {rate} VAT | VAT included {rate}
nr_of: Invoice No. {number} dated {date} | Commercial invoice (380) {number} of {date} | Invoice {number} of {date} | Invoice no. {number} / {date}
prose: We refer to your order {order} and invoice you under number {number} of {date} as follows. | With reference to order {order}, please find below our invoice {number} dated {date}.
amounts_in: All amounts in {currency} | Amounts in {currency} | Currency: {currency}
gross_line: Gross | Total incl. VAT | Gross amount
line_tax: VAT | Tax amount
section_doc: Invoice data | Document details | General information | Header
section_buyer: Information about the buyer | Buyer | Customer details
section_seller: Information about the seller | Seller | Supplier details
section_lines: Invoice lines | Overview of items | Details
section_totals: Invoice totals | Totals | Summary of amounts
section_tax: VAT breakdown | Tax summary | VAT summary
section_pay: Payment details | Payment instructions | Bank transfer
group: Section | Delivery | Group
group_sum: Subtotal | Section total
service: Consulting services | Software maintenance | Hosting | Legal advice | Design work | Translation | Cleaning services | Installation | Training day | Rent
period: Period | Service period
greeting: Dear Sir or Madam, | Dear customer, | Hello,
farewell: Kind regards | Yours faithfully | Best regards
paid: PAID | RECEIVED | COPY | DUPLICATE | POSTED
party_id: Party ID | Number | Seller ID | Identifier | GLN
note_word: Remarks | Notes | Comment
note: Please quote the invoice number when paying. | Goods remain our property until full payment. | Returns within 14 days only. | Late payments bear interest of 8 %.
invoice_number: Bill no. | Invoice ID | Inv. | Our document | Ref
issue_date: Invoice dt. | Raised on | Tax date
purchase_order: Your PO | PO reference | Customer order | Buyer reference | Purchase order no.
gross_total: Total to pay | Invoice amount | Total payable | Sum total | Total {currency}
net_total: Total before tax | Net value | Excl. tax | Total excluding tax
""",
    "de": """
attn: z. Hd. | z.Hd. | z. H. | c/o | Attn.
dept: Buchhaltung | Einkauf | Abt. Kreditoren | Zentrale Rechnungsprüfung | Wareneingang
mister: Herrn | Frau | Herr | Herrn Dr.
pobox: Postfach
client: Kunde | Rechnungsempfänger | Leistungsempfänger | Käufer | Rechnungsadresse | Auftraggeber | Empfänger | Rechnung an
issuer: Verkäufer | Lieferant | Rechnungssteller | Leistungserbringer | Absender
payee: Kontoinhaber | Zahlungsempfänger | Empfänger | Begünstigter
name: Name | Firma | Firmenname | Unternehmen
address: Straße | Anschrift | Straße / Hausnummer | Adresse
postcode: PLZ | Postleitzahl
city: Ort | Stadt
country: Land | Ländercode
ours: Unser Zeichen | Ihr Zeichen | Ihre Nachricht vom
contract: Vertragsnummer | Vertrag Nr. | Projektnummer
when: Uhrzeit | Druckdatum | Gedruckt am
skonto: Bei Zahlung bis {day} {pct} % Skonto: {amount} | {days} Tage {pct} % Skonto = {amount}
shipping: Versandkosten | Fracht | Porto und Verpackung | Versand | Transportkosten
allowance: Rabatt | abzgl. Rabatt | Nachlass | Sonderrabatt
deposit: Pfand | Leergut | Palettenpfand | DSD
line_sum: Warenwert | Summe Positionen | Positionssumme | Zwischensumme
rounding: Rundung | Rundungsdifferenz
incl: inkl. {rate} MwSt. | enthält {rate} USt. | einschl. {rate} MwSt.
nr_of: Rechnung Nr. {number} vom {date} | Handelsrechnung (380) Nr. {number} vom {date} | Rechnung {number} vom {date} | Rechnungs-Nr./Datum: {number} / {date}
prose: Gemäß Ihrem Auftrag {order} erlauben wir uns, Ihnen mit Rechnung {number} vom {date} zu berechnen: | Zu Ihrer Bestellung {order} stellen wir unter der Nummer {number} am {date} in Rechnung:
amounts_in: Alle Beträge in {currency} | Beträge in {currency} | Währung: {currency}
gross_line: Brutto | Gesamt brutto | Endbetrag
line_tax: MwSt. | Steuer
section_doc: Rechnungsdaten | Allgemeine Angaben | Übersicht | Belegdaten
section_buyer: Informationen zum Käufer | Käufer | Angaben zum Kunden
section_seller: Informationen zum Verkäufer | Verkäufer | Angaben zum Lieferanten
section_lines: Rechnungspositionen | Positionen | Details
section_totals: Gesamtbeträge der Rechnung | Rechnungssummen | Summen
section_tax: Aufschlüsselung der Umsatzsteuer | Steueraufstellung | MwSt-Übersicht
section_pay: Zahlungsdaten | Zahlungsanweisungen | Überweisung
group: Gruppe | Lieferung | Bauabschnitt
group_sum: Zwischensumme | Summe Gruppe
service: Beratung | Softwarewartung | Webhosting | Übersetzung | Reinigung | Montage | Schulung | Miete | Planungsleistung | Telefonie
period: Leistungszeitraum | Zeitraum
greeting: Sehr geehrte Damen und Herren, | Guten Tag, | Sehr geehrter Kunde,
farewell: Mit freundlichen Grüßen | Freundliche Grüße | Beste Grüße
paid: BEZAHLT | EINGEGANGEN | KOPIE | DUPLIKAT | GEBUCHT
party_id: Nummer | Kennung | GLN | Globale Nummer
note_word: Bemerkungen | Bemerkung | Hinweis
note: Bitte geben Sie bei Zahlung die Rechnungsnummer an. | Es gelten unsere AGB. | Rücksendung nur nach Absprache. | Bei Verzug berechnen wir Zinsen.
invoice_number: Rg.-Nr. | Rechn.-Nr. | Dokumentnummer | Unsere Rechnung | R-Nr.
issue_date: Rg.-Datum | erstellt am | Ausgestellt am | Datum der Rechnung
purchase_order: Ihr Auftrag | Bestellreferenz | Ihre Order | Best.-Nr. | Bestellung
gross_total: Gesamt | Rechnungssumme | Zahlbetrag brutto | Summe {currency} | Gesamt inkl. MwSt.
net_total: Rechnungsbetrag netto | Summe ohne MwSt. | Nettosumme | Betrag netto
""",
    "nl": """
attn: T.a.v. | t.a.v. | p/a | Attn.
dept: Crediteurenadministratie | Afdeling inkoop | Administratie | Boekhouding
mister: de heer | mevrouw | Dhr. | Mw.
pobox: Postbus
client: Klant | Factuuradres | Afnemer | Debiteur | Factuur aan | Geadresseerde | Koper
issuer: Leverancier | Verkoper | Afzender | Opdrachtnemer
payee: Rekeninghouder | Begunstigde | T.n.v. | Ten name van
name: Naam | Bedrijf | Bedrijfsnaam
address: Adres | Straat
postcode: Postcode
city: Plaats | Woonplaats
country: Land
ours: Onze referentie | Ons kenmerk | Uw kenmerk
contract: Contractnummer | Projectnr.
when: Tijd | Afgedrukt op
skonto: {pct}% korting bij betaling voor {day}: {amount} | {pct} % betalingskorting binnen {days} dagen ({amount})
shipping: Verzendkosten | Vrachtkosten | Transport | Bezorgkosten
allowance: Korting | Klantkorting
deposit: Statiegeld | Emballage
line_sum: Goederenwaarde | Som regels | Goederenbedrag
rounding: Afronding
incl: incl. {rate} btw | inclusief {rate} BTW
nr_of: Factuur {number} van {date} | Factuurnr. {number} d.d. {date} | Factuur nr. {number} / {date}
prose: Naar aanleiding van uw bestelling {order} brengen wij u met factuur {number} van {date} in rekening: | Conform order {order} sturen wij u factuur {number}, gedateerd {date}.
amounts_in: Alle bedragen in {currency} | Bedragen in {currency} | Valuta: {currency}
gross_line: Totaal incl. | Bruto
line_tax: BTW | btw-bedrag
section_doc: Factuurgegevens | Algemeen
section_buyer: Gegevens koper | Koper
section_seller: Gegevens verkoper | Verkoper
section_lines: Factuurregels | Specificatie
section_totals: Totalen | Totaaloverzicht
section_tax: Btw-specificatie | Btw-overzicht
section_pay: Betaalgegevens | Betaling
group: Groep | Levering | Onderdeel
group_sum: Subtotaal | Totaal groep
service: Advies | Softwareonderhoud | Hosting | Vertaling | Schoonmaak | Installatie | Training | Huur
period: Periode | Leverperiode
greeting: Geachte heer, mevrouw, | Beste klant,
farewell: Met vriendelijke groet | Hoogachtend
paid: BETAALD | ONTVANGEN | KOPIE | DUPLICAAT
party_id: Nummer | Identificatie | GLN
note_word: Opmerkingen | Toelichting
note: Vermeld bij betaling het factuurnummer. | Retour na overleg. | Bij te late betaling rekenen wij rente.
invoice_number: Fact.nr. | Factuur-ID | Documentnr.
issue_date: Fact.datum | Opgemaakt op | Datum van factuur
purchase_order: Uw ordernr. | Inkooporder | PO-nummer | Bestelling
gross_total: Te betalen bedrag | Totaalbedrag | Totaal {currency} | Factuurtotaal
net_total: Bedrag excl. btw | Netto bedrag | Totaal exclusief btw
""",
    "pl": """
attn: do rak | sz. p. | c/o
dept: Ksiegowosc | Dzial zakupów | Dzial finansowy
mister: Pan | Pani
pobox: Skrytka pocztowa
client: Nabywca | Kupujacy | Klient | Platnik | Zamawiajacy
issuer: Sprzedawca | Wystawca | Dostawca
payee: Wlasciciel rachunku | Odbiorca przelewu | Beneficjent
name: Nazwa | Firma | Nazwa firmy
address: Adres | Ulica
postcode: Kod pocztowy | Kod
city: Miejscowosc | Miasto
country: Kraj
ours: Nasz znak | Wasz znak
contract: Umowa nr | Zlecenie nr
when: Godzina | Wydrukowano
skonto: Skonto {pct} % przy zaplacie do {day}: {amount} | {pct} % skonta w ciagu {days} dni ({amount})
shipping: Koszty wysylki | Transport | Dostawa
allowance: Rabat | Upust
deposit: Kaucja | Opakowania zwrotne
line_sum: Wartosc towarów | Suma pozycji
rounding: Zaokraglenie
incl: w tym VAT {rate} | zawiera {rate} VAT
nr_of: Faktura nr {number} z dnia {date} | Faktura VAT {number} z {date}
prose: Na podstawie zamówienia {order} wystawiamy fakture {number} z dnia {date}: | Dotyczy zamówienia {order}, faktura {number} z dnia {date}.
amounts_in: Kwoty w {currency} | Wszystkie kwoty w {currency} | Waluta: {currency}
gross_line: Wartosc brutto | Brutto
line_tax: Kwota VAT | VAT
section_doc: Dane faktury | Informacje ogólne
section_buyer: Nabywca | Dane nabywcy
section_seller: Sprzedawca | Dane sprzedawcy
section_lines: Pozycje faktury | Szczególy
section_totals: Podsumowanie | Razem
section_tax: Zestawienie VAT | Podsumowanie stawek VAT
section_pay: Platnosc | Dane do przelewu
group: Grupa | Dostawa
group_sum: Razem grupa | Suma czesciowa
service: Doradztwo | Serwis oprogramowania | Hosting | Tlumaczenie | Sprzatanie | Montaz | Szkolenie | Najem
period: Okres | Okres rozliczeniowy
greeting: Szanowni Panstwo, | Dzien dobry,
farewell: Z powazaniem | Pozdrawiamy
paid: ZAPLACONO | KOPIA | DUPLIKAT
party_id: Identyfikator | Numer | GLN
note_word: Uwagi | Informacje
note: Prosimy o podanie numeru faktury w tytule przelewu. | Reklamacje w ciagu 7 dni. | Odsetki za zwloke wedlug ustawy.
""",
}
