"""The words of shipment papers, orders and letters in English, German, Dutch and Polish: synonyms."""

EN = """
packing_list: Packing List|PACKING LIST|Packing Slip|PACKING SLIP|Packaging List
delivery_note: Delivery Note|DELIVERY NOTE|Delivery Docket|Goods Delivery Note|Despatch Note
sea_bl: BILL OF LADING|Bill of Lading|Ocean Bill of Lading|BILL OF LADING FOR PORT-TO-PORT OR COMBINED TRANSPORT
cmr: INTERNATIONAL CONSIGNMENT NOTE|International Consignment Note (CMR)|CMR Waybill|CONSIGNMENT NOTE
straight_bl: STRAIGHT BILL OF LADING|Straight Bill of Lading – Short Form|BILL OF LADING – NOT NEGOTIABLE|Bill of Lading
despatch_advice: Despatch Advice|DESPATCH ADVICE|Dispatch Advice|Advance Shipping Notice|Advance Ship Notice (ASN)
purchase_order: Purchase Order|PURCHASE ORDER|Order|Supply Order
order_confirmation: Order Confirmation|Order Acknowledgement
nr_packing: Packing List No.|Packing Slip No.|Packing List Number|Slip #|Document No.
nr_delivery: Delivery Note No.|Delivery No.|Delivery Note Number|Docket No.|DN No.
nr_advice: Despatch Advice No.|ASN No.|Shipment No.|Despatch No.|ASN Number
nr_waybill: Shipment No.|Shipment ID|Consignment No.|Waybill No.|Shipment Reference
nr_order: Purchase Order No.|PO Number|Order No.|PO #
bl_no: B/L No.|Bill of Lading No.|Bill of Lading Number|B/L Number|BOL #
po: Purchase Order|PO No.|Customer PO|Your Order No.|PO Number|Buyer's Order No.|Order Reference
despatch_date: Despatch Date|Ship Date|Shipping Date|Date Shipped|Date of Despatch|Date
shipped_on_board: Shipped on Board Date|Laden on Board|Date of Loading|Date of Issue|Place and date of issue
delivery_date: Delivery Date|Expected Delivery|ETA|Required Delivery Date|Expected Arrival
carrier: Carrier|Carrier Name|Shipped via|Haulier|Ship Via|Transport Company
tracking: Tracking No.|Tracking Number|Tracking #|Consignment Tracking|PRO Number
container: Container No.|Container Number|Container|Cntr No.
seal: Seal No.|Seal Number|Seal|Seal #
shipper: Shipper|Shipper/Exporter|Ship From|Sender|Consignor|Shipper (name and address)
consignee: Consignee|Ship To|Deliver To|Consignee (name and address)|Delivery Address|Recipient
notify: Notify Party|Notify Address|Also Notify|Notify
bill_to: Bill To|Invoice To|Sold To|Third Party Freight Charges Bill To
supplier: Supplier|Vendor|To
packages: No. of Packages|Total Packages|Packages|Number of Packages|Total Cartons|Total Packages
gross: Gross Weight|Total Gross Weight|Gross Wt.|G.W.|Total Weight
net: Net Weight|Total Net Weight|Net Wt.|N.W.
volume: Measurement|Volume|Total Volume|CBM
vessel: Vessel|Ocean Vessel|Vessel Name
voyage: Voyage No.|Voy. No.|Voyage
pol: Port of Loading|Loading Port|POL
pod: Port of Discharge|Discharge Port|POD
receipt_place: Place of Receipt|Pre-carriage by|Place of Acceptance
delivery_place: Place of Delivery|Final Destination|Place designated for delivery
booking: Booking No.|Booking Ref.|Export References|Forwarder Ref.
incoterms: Incoterms|Terms of Delivery|Delivery Terms
order_date: Order Date|PO Date|Date of Order
customer_no: Customer No.|Account No.|Customer ID
contact: Contact|Contact Person|Prepared by
invoice_no: Invoice No.|Commercial Invoice|Invoice Ref.
trailer: Trailer No.|Vehicle Reg.|Truck No.
warehouse: Warehouse|Depot|Dock
charges: Freight Charges|Freight|Freight Terms
page: Page
total: Total|TOTAL|Totals|Grand Total
lot: Lot|Batch|Lot No.|Batch No.|Lot Number
sscc: SSCC|SSCC No.|Pallet SSCC|SSCC-18
expiry: Best before|Expiry|Use by
c_pos: Pos.|Line|Item|No.|#
c_desc: Description|Description of Goods|Product|Item Description|Goods
c_sku: Item No.|SKU|Article No.|Part No.|Product Code
c_buyer: Your Item No.|Customer Part No.|Customer Item
c_gtin: GTIN|EAN|Barcode|UPC
c_qty: Qty|Quantity|Qty Shipped|Delivered|Shipped|Quantity Delivered|Qty Delivered
c_ordered: Ordered|Qty Ordered|Order Qty
c_back: Backordered|B/O|Back Order|Outstanding
c_unit: Unit|UOM|U/M
c_pkg: Packages|Pkgs|Cartons|Ctns|No. of Pkgs
c_gross: Gross Weight|G.W.|Gross Wt.|Weight
c_net: Net Weight|N.W.|Net Wt.
c_po: PO No.|Order No.|PO
c_marks: Marks and Numbers|Marks & Nos.|Container No. / Seal No.
c_price: Unit Price|Price|Price Each
c_amount: Amount|Line Total|Total
received: Received in good order and condition: name, date, signature|Goods received complete and undamaged
note: Please check the goods on arrival and report shortages within three days.|Goods remain our property until paid.
k_pallet: pallets|PALLETS|plts
k_carton: cartons|ctns|packages|boxes|CTNS
piece: pcs|EA|each|PCS
kilogram: kg
charges_text: FREIGHT PREPAID|FREIGHT COLLECT|Prepaid|Collect
said: SAID TO CONTAIN|Shipper's load, stow and count
"""
DE = """
packing_list: Packliste|PACKLISTE|Packzettel|Packliste / Packing List
delivery_note: Lieferschein|LIEFERSCHEIN|Warenbegleitschein|Lieferschein / Delivery Note
sea_bl: KONNOSSEMENT|Konnossement / Bill of Lading|Seefrachtbrief
cmr: INTERNATIONALER FRACHTBRIEF|Internationaler Frachtbrief (CMR)|CMR-Frachtbrief|Frachtbrief
straight_bl: Frachtbrief|FRACHTBRIEF|Speditionsfrachtbrief|Ladeschein
despatch_advice: Lieferavis|LIEFERAVIS|Versandanzeige|Versandavis|Avisierung
purchase_order: Bestellung|BESTELLUNG|Einkaufsbestellung|Lieferabruf
order_confirmation: Auftragsbestätigung|AUFTRAGSBESTÄTIGUNG
nr_packing: Packlistennummer|Packliste Nr.|Packlisten-Nr.|Beleg-Nr.
nr_delivery: Lieferschein-Nr.|Lieferscheinnummer|Lieferschein Nr.|LS-Nr.|Lieferung Nr.
nr_advice: Avisnummer|Lieferavis-Nr.|Sendungsnummer|Versandanzeige Nr.
nr_waybill: Sendungsnummer|Sendungs-Nr.|Frachtbrief-Nr.|Lieferung Nr.
nr_order: Bestellnummer|Bestell-Nr.|Bestellung Nr.
bl_no: B/L-Nr.|Konnossement-Nr.|Konnossementnummer|B/L Nr.
po: Bestellnummer|Ihre Bestellung|Bestell-Nr.|Ihre Bestell-Nr.|Kundenbestellung|Ihre Bestellnummer
despatch_date: Versanddatum|Lieferscheindatum|Versand am|Warenausgang|Datum|Verladedatum
shipped_on_board: Ort und Tag der Ausstellung|Verladen am|Ausgestellt am|Verladedatum
delivery_date: Liefertermin|Lieferdatum|Anlieferung|Voraussichtliche Lieferung|Wunschtermin
carrier: Spediteur|Frachtführer|Spedition|Versandart|Frachtführer (Name, Anschrift)
tracking: Sendungsverfolgung|Paketnummer|Tracking-Nr.|Trackingnummer
container: Container-Nr.|Containernummer|Container
seal: Plombe|Plomben-Nr.|Siegelnummer|Siegel-Nr.
shipper: Absender|Versender|Ablader|Absender (Name, Anschrift, Land)|Verlader
consignee: Empfänger|Warenempfänger|Lieferadresse|Empfänger (Name, Anschrift, Land)|Lieferanschrift
notify: Notify-Adresse|Meldeadresse|Zu benachrichtigen
bill_to: Rechnungsempfänger|Rechnungsadresse|Auftraggeber
supplier: Lieferant|An
packages: Anzahl Packstücke|Packstücke|Colli|Kolli|Packstücke gesamt|Anzahl Colli
gross: Bruttogewicht|Gewicht brutto|Gesamtgewicht|Gesamtgewicht brutto|Bruttogewicht gesamt
net: Nettogewicht|Gewicht netto|Nettogewicht gesamt
volume: Volumen|Umfang in m³|Rauminhalt
vessel: Schiff|Seeschiff|Schiffsname
voyage: Reise-Nr.|Reise
pol: Ladehafen|Verladehafen
pod: Löschhafen|Entladehafen
receipt_place: Übernahmeort|Ort und Tag der Übernahme
delivery_place: Auslieferungsort|Bestimmungsort|Ablieferungsort
booking: Buchungs-Nr.|Unsere Referenz|Speditionsauftrag
incoterms: Lieferbedingung|Incoterms|Lieferbedingungen
order_date: Bestelldatum|Auftragsdatum|Bestellung vom
customer_no: Kundennummer|Kunden-Nr.|Kd.-Nr.
contact: Ansprechpartner|Bearbeiter|Sachbearbeiter
invoice_no: Rechnung Nr.|Rechnungsnummer|Zu Rechnung
trailer: Kennzeichen|Amtl. Kennzeichen|LKW
warehouse: Lager|Versandstelle|Rampe
charges: Fracht|Frachtzahlung|Frankatur
page: Seite|Blatt
total: Gesamt|Summe|Gesamtsumme|Summen
lot: Charge|Chargen-Nr.|Los|Ch.-Nr.
sscc: SSCC|NVE|NVE/SSCC|SSCC-Nr.
expiry: MHD|Mindestens haltbar bis
c_pos: Pos.|Pos|Position|Nr.
c_desc: Bezeichnung|Artikelbezeichnung|Warenbezeichnung|Beschreibung|Ware|Bezeichnung des Gutes
c_sku: Artikelnummer|Art.-Nr.|Artikel-Nr.|Material
c_buyer: Ihre Art.-Nr.|Kundenartikel|Ihre Artikelnummer
c_gtin: EAN|GTIN|EAN-Code
c_qty: Menge|Liefermenge|Geliefert|Gelieferte Menge|Anzahl|Menge geliefert
c_ordered: Bestellt|Bestellmenge|Menge bestellt
c_back: Rückstand|Offen|Restmenge
c_unit: Einheit|ME|Einh.
c_pkg: Packstücke|Kolli|Colli|Kartons
c_gross: Brutto kg|Bruttogewicht|Gewicht
c_net: Netto kg|Nettogewicht
c_po: Bestellung|Bestell-Nr.
c_marks: Kennzeichen und Nummern|Zeichen und Nummern
c_price: Einzelpreis|Preis|E-Preis
c_amount: Gesamt|Betrag|Gesamtpreis
received: Ware vollständig und unbeschädigt erhalten: Datum, Unterschrift|Empfang bestätigt (Stempel, Unterschrift)
note: Bitte prüfen Sie die Ware bei Annahme.|Mängel sind innerhalb von drei Tagen zu melden.
k_pallet: Paletten|Pal.|Europaletten
k_carton: Kartons|Packstücke|Colli|Ktn
piece: Stk|Stück|St.
kilogram: kg
charges_text: frei Haus|unfrei|frei Frachtführer
said: Angaben des Abladers
"""
NL = """
packing_list: Paklijst|PAKLIJST|Inpaklijst
delivery_note: Pakbon|PAKBON|Leverbon|Leveringsbon|Afleverbon
sea_bl: COGNOSSEMENT|Cognossement / Bill of Lading
cmr: INTERNATIONALE VRACHTBRIEF|Internationale vrachtbrief (CMR)|CMR-vrachtbrief|Vrachtbrief
straight_bl: Vrachtbrief|VRACHTBRIEF
despatch_advice: Verzendadvies|VERZENDADVIES|Verzendbericht|Leveringsavies
purchase_order: Inkooporder|INKOOPORDER|Bestelling|Bestelbon
order_confirmation: Orderbevestiging|ORDERBEVESTIGING
nr_packing: Paklijstnummer|Paklijst nr.|Documentnr.
nr_delivery: Pakbonnummer|Pakbon nr.|Leverbonnummer|Pakbonnr.
nr_advice: Adviesnummer|Verzendadvies nr.|Zendingnummer
nr_waybill: Zendingnummer|Zendingsnr.|Vrachtbriefnummer
nr_order: Inkoopordernummer|Ordernummer|Bestelnummer
bl_no: B/L nr.|Cognossementnummer|B/L-nummer
po: Uw bestelling|Uw ordernummer|Bestelnummer|Uw bestelnummer|Inkooporder|Uw order
despatch_date: Verzenddatum|Verzonden op|Pakbondatum|Datum|Datum verzending
shipped_on_board: Laaddatum|Plaats en datum van opmaak|Geladen op
delivery_date: Leverdatum|Verwachte levering|Afleverdatum|Gewenste leverdatum
carrier: Vervoerder|Transporteur|Verzonden met|Vervoerder (naam, adres)
tracking: Trackingnummer|Track & trace|Trackingnr.|Barcode zending
container: Containernummer|Containernr.|Container
seal: Zegelnummer|Zegel|Zegelnr.
shipper: Afzender|Verlader|Afzender (naam, adres, land)
consignee: Geadresseerde|Afleveradres|Ontvanger|Leveradres|Geadresseerde (naam, adres, land)
notify: Notify-adres|Te verwittigen
bill_to: Factuuradres|Factuur aan
supplier: Leverancier|Aan
packages: Aantal colli|Totaal colli|Colli|Aantal pakketten
gross: Brutogewicht|Totaal brutogewicht|Gewicht bruto|Totaal gewicht
net: Nettogewicht|Gewicht netto|Totaal nettogewicht
volume: Volume|Volume m³
vessel: Schip|Zeeschip
voyage: Reisnummer|Reis
pol: Laadhaven
pod: Loshaven
receipt_place: Plaats van ontvangst|Plaats van inlading
delivery_place: Plaats van aflevering|Eindbestemming
booking: Boekingsnummer|Onze referentie
incoterms: Leveringsvoorwaarden|Incoterms
order_date: Orderdatum|Besteldatum
customer_no: Klantnummer|Debiteurnr.
contact: Contactpersoon|Behandeld door
invoice_no: Factuurnummer|Factuur nr.
trailer: Kenteken|Trailer
warehouse: Magazijn|Depot
charges: Vracht|Frankering
page: Pagina|Blad
total: Totaal|TOTAAL
lot: Batch|Partij|Lotnr.|Batchnr.|Charge
sscc: SSCC|SSCC-nr.|SSCC-code
expiry: THT|Houdbaar tot
c_pos: Pos.|Regel|Nr.
c_desc: Omschrijving|Artikelomschrijving|Goederenomschrijving|Product
c_sku: Artikelnr.|Artikelnummer|Artikelcode
c_buyer: Uw artikelnr.|Klantartikel
c_gtin: EAN|GTIN|EAN-code
c_qty: Aantal|Geleverd|Aantal geleverd|Hoeveelheid
c_ordered: Besteld|Aantal besteld
c_back: Backorder|Naleveren|In backorder
c_unit: Eenheid|Eenh.
c_pkg: Colli|Dozen|Aantal colli
c_gross: Brutogewicht|Bruto kg|Gewicht
c_net: Nettogewicht|Netto kg
c_po: Order|Bestelnr.
c_marks: Merken en nummers
c_price: Prijs|Stukprijs
c_amount: Bedrag|Totaal
received: Voor ontvangst in goede staat (naam, handtekening)|Handtekening ontvanger
note: Controleer de goederen bij ontvangst.|Manco's binnen drie dagen melden.
k_pallet: pallets|europallets
k_carton: colli|dozen|pakketten
piece: st|stuks
kilogram: kg
charges_text: franco|niet franco
said: Volgens opgave van de afzender
"""
PL = """
packing_list: Lista pakowa|LISTA PAKOWA|Specyfikacja wysyłki
delivery_note: Dokument WZ|Wydanie zewnętrzne (WZ)|WZ – Wydanie zewnętrzne|Dowód dostawy|List dostawy
sea_bl: KONOSAMENT|Konosament / Bill of Lading
cmr: MIĘDZYNARODOWY LIST PRZEWOZOWY|Międzynarodowy list przewozowy (CMR)|List przewozowy CMR
straight_bl: List przewozowy|LIST PRZEWOZOWY
despatch_advice: Awizo dostawy|AWIZO WYSYŁKI|Awizo wysyłki|Zawiadomienie o wysyłce
purchase_order: Zamówienie|ZAMÓWIENIE|Zamówienie zakupu
order_confirmation: Potwierdzenie zamówienia
nr_packing: Nr listy pakowej|Lista pakowa nr|Nr dokumentu
nr_delivery: Nr WZ|WZ nr|Numer WZ|Nr dokumentu WZ
nr_advice: Nr awiza|Awizo nr|Nr wysyłki
nr_waybill: Nr przesyłki|Nr wysyłki|List przewozowy nr|Numer przesyłki
nr_order: Nr zamówienia|Numer zamówienia|Zamówienie nr
bl_no: Nr konosamentu|Konosament nr|B/L nr
po: Nr zamówienia|Zamówienie|Zamówienie nr|Zamówienie klienta|Numer zamówienia
despatch_date: Data wysyłki|Data wydania|Data nadania|Data
shipped_on_board: Data załadunku|Miejsce i data wystawienia
delivery_date: Data dostawy|Termin dostawy|Planowana dostawa
carrier: Przewoźnik|Spedytor|Przewoźnik (nazwa, adres)
tracking: Nr śledzenia|Numer śledzenia|Nr paczki
container: Nr kontenera|Kontener|Numer kontenera
seal: Nr plomby|Plomba|Numer plomby
shipper: Nadawca|Wysyłający|Nadawca (nazwa, adres, kraj)|Dostawca
consignee: Odbiorca|Adres dostawy|Odbiorca (nazwa, adres, kraj)
notify: Powiadomić|Strona zawiadamiana
bill_to: Płatnik|Nabywca
supplier: Dostawca|Do
packages: Liczba opakowań|Ilość opakowań|Liczba paczek|Opakowania razem
gross: Waga brutto|Masa brutto|Waga brutto razem
net: Waga netto|Masa netto
volume: Objętość|Objętość m³
vessel: Statek
voyage: Nr podróży|Rejs
pol: Port załadunku
pod: Port wyładunku
receipt_place: Miejsce przyjęcia|Miejsce załadunku
delivery_place: Miejsce dostawy|Miejsce przeznaczenia
booking: Nr rezerwacji|Nasz numer
incoterms: Warunki dostawy|Incoterms
order_date: Data zamówienia
customer_no: Nr klienta|Kod klienta
contact: Osoba kontaktowa|Wystawił
invoice_no: Nr faktury|Faktura nr
trailer: Nr rejestracyjny|Nr naczepy
warehouse: Magazyn
charges: Przewoźne|Koszty przewozu
page: Strona|Str.
total: Razem|RAZEM|Suma
lot: Partia|Nr partii|Seria
sscc: SSCC|Nr SSCC|Kod SSCC
expiry: Data ważności
c_pos: Lp.|Lp|Poz.
c_desc: Nazwa towaru|Opis|Nazwa|Towar
c_sku: Indeks|Kod|Kod towaru|Nr artykułu
c_buyer: Kod klienta|Wasz kod
c_gtin: EAN|Kod EAN|GTIN
c_qty: Ilość|Ilość wydana|Ilość dostarczona
c_ordered: Ilość zamówiona|Zamówiona
c_back: Zaległe|Do dostarczenia
c_unit: J.m.|Jm|Jedn.
c_pkg: Opakowania|Kartony|Paczki
c_gross: Waga brutto|Masa brutto|Brutto kg
c_net: Waga netto|Netto kg
c_po: Zamówienie|Nr zam.
c_marks: Cechy i numery
c_price: Cena|Cena netto
c_amount: Wartość|Wartość netto
received: Towar odebrałem bez zastrzeżeń: data, podpis|Podpis odbiorcy
note: Prosimy sprawdzić towar przy odbiorze.
k_pallet: palet|palety
k_carton: kartonów|opakowań|paczek
piece: szt.|szt
kilogram: kg
charges_text: opłacone z góry|płaci odbiorca
said: Według oświadczenia nadawcy
"""
