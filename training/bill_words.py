# ruff: noqa: E501  a meaning and its words are one line
"""Words of the bills' own blocks, and rarer synonyms: what `training.wordings` does not have, by language.

They stand apart so that the houses of the demo keep drawing as they do.
"""

from collections.abc import Mapping
from functools import cache
from random import Random

from training.wordings import all_words, choose_words
from training.wordings_others import read_words

_OWN = {
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
    "fr": """
attn: À l'attention de | Attn. | c/o | A l'attention de
dept: Comptabilité fournisseurs | Service achats | Service comptable | Direction financière
mister: M. | Mme | Monsieur | Madame
pobox: BP | B.P.
client: Client | Facturé à | Adresse de facturation | Destinataire | Acheteur | Donneur d'ordre | Facture à
issuer: Vendeur | Fournisseur | Émetteur | Prestataire
payee: Titulaire du compte | Bénéficiaire | Titulaire
name: Nom | Société | Raison sociale
address: Adresse | Rue
postcode: Code postal | CP
city: Ville | Localité
country: Pays | Code pays
ours: Notre référence | Votre référence | Réf. interne
contract: Contrat n° | N° de contrat | Affaire
when: Heure | Imprimé le
skonto: Escompte {pct} % si paiement avant le {day} : {amount} | {pct} % d'escompte sous {days} jours ({amount})
shipping: Frais de port | Port et emballage | Transport | Livraison
allowance: Remise | Rabais | Remise commerciale
deposit: Consigne | Consignes
line_sum: Total lignes | Montant marchandises | Total articles
rounding: Arrondi
incl: TVA {rate} incluse | dont TVA {rate} | TTC, TVA {rate}
nr_of: Facture n° {number} du {date} | Facture {number} du {date} | Facture No {number} / {date}
prose: Suite à votre commande {order}, veuillez trouver notre facture {number} du {date}. | Selon commande {order}, nous facturons sous le numéro {number} le {date} :
amounts_in: Montants en {currency} | Tous les montants en {currency} | Devise : {currency}
gross_line: TTC | Montant TTC
line_tax: TVA | Montant TVA
section_doc: Données de la facture | Informations générales | Document
section_buyer: Acheteur | Informations client | Le client
section_seller: Vendeur | Informations vendeur | Le fournisseur
section_lines: Lignes de facture | Détail | Prestations
section_totals: Totaux | Récapitulatif | Montants
section_tax: Ventilation de la TVA | Détail TVA | Récapitulatif TVA
section_pay: Paiement | Coordonnées bancaires | Règlement
group: Lot | Livraison | Groupe
group_sum: Sous-total | Total du lot
service: Conseil | Maintenance logicielle | Hébergement | Traduction | Nettoyage | Installation | Formation | Location
period: Période | Période de prestation
greeting: Madame, Monsieur, | Cher client,
farewell: Cordialement | Salutations distinguées
paid: PAYÉ | ACQUITTÉE | COPIE | DUPLICATA
party_id: Identifiant | Numéro | GLN
note_word: Remarques | Observations
note: Merci de rappeler le numéro de facture. | Pas d'escompte pour paiement anticipé. | Pénalités de retard : 3 fois le taux légal.
invoice_number: N° doc. | Facture réf. | N° de document | Notre facture
issue_date: Établie le | Date doc. | Facturée le
purchase_order: Réf. commande | Votre cde | N° cde client | Bon n° | Commande client
gross_total: Montant TTC | Total T.T.C. | Total à régler | Montant total | Total {currency}
net_total: Montant HT | Total H.T. | Montant hors taxes | Net HT
""",
    "es": """
attn: A la atención de | Attn. | c/o
dept: Departamento de compras | Contabilidad | Administración | Proveedores
mister: D. | Dña. | Sr. | Sra.
pobox: Apartado | Apdo. de Correos
client: Cliente | Facturar a | Datos del cliente | Destinatario | Comprador | Dirección de facturación
issuer: Vendedor | Proveedor | Emisor | Datos del emisor
payee: Titular | Titular de la cuenta | Beneficiario
name: Nombre | Razón social | Empresa
address: Dirección | Domicilio | Calle
postcode: C.P. | Código postal
city: Población | Ciudad
country: País
ours: Nuestra referencia | Su referencia | N/Ref.
contract: Contrato n.º | N.º contrato | Obra
when: Hora | Impreso el
skonto: {pct} % de descuento por pago antes del {day}: {amount} | Pronto pago {pct} % a {days} días ({amount})
shipping: Portes | Gastos de envío | Transporte
allowance: Descuento | Dto. comercial | Bonificación
deposit: Envases | Fianza
line_sum: Suma líneas | Importe bruto | Total artículos
rounding: Redondeo
incl: IVA {rate} incluido | incl. {rate} IVA
nr_of: Factura n.º {number} de {date} | Factura {number} de fecha {date} | Factura N° {number} / {date}
prose: Según su pedido {order} le facturamos con el número {number} de fecha {date} lo siguiente: | En relación con el pedido {order}, adjuntamos la factura {number} del {date}.
amounts_in: Importes en {currency} | Todos los importes en {currency} | Moneda: {currency}
gross_line: Total con IVA | Importe total
line_tax: IVA | Cuota
section_doc: Datos de la factura | Información general
section_buyer: Datos del comprador | Comprador
section_seller: Datos del vendedor | Vendedor
section_lines: Líneas de factura | Detalle
section_totals: Totales | Resumen de importes
section_tax: Desglose de IVA | Resumen de impuestos
section_pay: Datos de pago | Forma de pago
group: Grupo | Albarán | Capítulo
group_sum: Subtotal | Suma capítulo
service: Consultoría | Mantenimiento | Alojamiento web | Traducción | Limpieza | Instalación | Formación | Alquiler
period: Periodo | Período facturado
greeting: Estimados señores: | Estimado cliente:
farewell: Atentamente | Un cordial saludo
paid: PAGADO | RECIBIDO | COPIA | DUPLICADO
party_id: Identificador | Número | GLN
note_word: Observaciones | Notas
note: Indique el número de factura en el pago. | Reserva de dominio hasta el pago total. | No se admiten devoluciones pasados 15 días.
invoice_number: Fra. n.º | N.º doc. | Documento | Nº fra.
issue_date: Fecha fra. | Fecha exp. | Expedida el
purchase_order: Su ped. | N.º pedido cliente | Pedido cliente | Ref. pedido
gross_total: Importe total | Total a pagar | Líquido a pagar | Total {currency} | TOTAL FACTURA
net_total: Importe neto | Total sin IVA | Suma | Base imp.
""",
    "it": """
attn: Alla c.a. | c.a. | Att.ne | c/o
dept: Ufficio acquisti | Amministrazione | Ufficio fornitori | Contabilità
mister: Sig. | Sig.ra | Dott. | Dott.ssa
pobox: C.P. | Casella postale
client: Cliente | Spett.le | Destinatario | Intestatario | Cessionario / committente | Fatturare a
issuer: Fornitore | Cedente / prestatore | Venditore | Emittente
payee: Intestatario conto | Beneficiario | Intestato a
name: Denominazione | Ragione sociale | Nome
address: Indirizzo | Via | Sede
postcode: CAP
city: Comune | Città | Località
country: Nazione | Paese
ours: Ns. riferimento | Vs. riferimento | Rif. interno
contract: Contratto n. | CIG | Commessa
when: Ora | Stampato il
skonto: Sconto {pct} % per pagamento entro il {day}: {amount} | Sconto cassa {pct}% a {days} giorni ({amount})
shipping: Spese di trasporto | Trasporto | Spese di spedizione | Imballo
allowance: Sconto | Sconto incondizionato | Abbuono
deposit: Cauzione | Vuoti
line_sum: Totale merce | Totale righe | Valore merce
rounding: Arrotondamento
incl: IVA {rate} inclusa | comprensivo di IVA {rate}
nr_of: Fattura n. {number} del {date} | Fattura {number} del {date} | Documento {number} / {date}
prose: Con riferimento al Vs. ordine {order} Vi fatturiamo con n. {number} del {date} quanto segue: | A saldo dell'ordine {order} emettiamo fattura {number} in data {date}.
amounts_in: Importi in {currency} | Tutti gli importi in {currency} | Valuta: {currency}
gross_line: Totale ivato | Lordo
line_tax: IVA | Imposta
section_doc: Dati generali | Dati del documento
section_buyer: Cessionario / committente | Dati cliente
section_seller: Cedente / prestatore | Dati fornitore
section_lines: Dettaglio | Righe | Prodotti e servizi
section_totals: Totali | Riepilogo importi
section_tax: Riepilogo IVA | Dati di riepilogo per aliquota
section_pay: Modalità pagamento | Dati pagamento | Coordinate bancarie
group: Gruppo | DDT | Lotto
group_sum: Subtotale | Totale gruppo
service: Consulenza | Manutenzione software | Hosting | Traduzione | Pulizie | Installazione | Formazione | Affitto
period: Periodo | Periodo di riferimento
greeting: Gentile cliente, | Spett.le ditta,
farewell: Cordiali saluti | Distinti saluti
paid: PAGATO | RICEVUTO | COPIA | DUPLICATO
party_id: Identificativo | Numero | GLN
note_word: Note | Causale
note: Indicare il numero di fattura nel pagamento. | Contributo CONAI assolto ove dovuto. | Reclami entro 8 giorni.
invoice_number: N. doc. | Doc. n. | Nr. documento | Ns. fattura
issue_date: Data doc. | Emesso il
purchase_order: Rif. ordine | Ord. cliente | Vs. ord. | N. ordine cliente
gross_total: Totale a pagare | Netto a pagare | Totale complessivo | Totale {currency} | Importo totale
net_total: Totale netto | Imponibile totale | Totale senza IVA | Tot. imponibile
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
    "pt": """
attn: A/C | Ao cuidado de | c/o
dept: Contabilidade | Departamento de compras | Serviços financeiros
mister: Sr. | Sra. | Eng. | Dr.
pobox: Apartado
client: Cliente | Exmo.(s) Sr.(s) | Faturar a | Adquirente | Dados do cliente | Destinatário
issuer: Fornecedor | Emitente | Prestador | Vendedor
payee: Titular da conta | Beneficiário | Titular
name: Nome | Empresa | Firma | Razão social
address: Morada | Endereço | Rua
postcode: Código postal | CEP
city: Localidade | Cidade
country: País
ours: N/ Ref. | V/ Ref. | Nossa referência
contract: Contrato n.º | Processo
when: Hora | Impresso em
skonto: Desconto de {pct} % até {day}: {amount} | {pct} % pronto pagamento a {days} dias ({amount})
shipping: Portes | Transporte | Frete | Despesas de envio
allowance: Desconto | Desconto comercial
deposit: Depósito | Vasilhame
line_sum: Total artigos | Soma das linhas | Mercadoria
rounding: Arredondamento
incl: IVA {rate} incluído | com IVA {rate}
nr_of: Fatura n.º {number} de {date} | Fatura {number} de {date}
prose: Relativamente à encomenda {order}, faturamos sob o n.º {number} em {date} o seguinte: | Conforme encomenda {order} segue a fatura {number} de {date}.
amounts_in: Valores em {currency} | Todos os valores em {currency} | Moeda: {currency}
gross_line: Total com IVA | Valor bruto
line_tax: IVA | Imposto
section_doc: Dados da fatura | Informação geral
section_buyer: Dados do adquirente | Comprador
section_seller: Dados do emitente | Vendedor
section_lines: Linhas da fatura | Detalhe
section_totals: Totais | Resumo de valores
section_tax: Resumo do IVA | Quadro resumo de impostos
section_pay: Dados de pagamento | Pagamento
group: Grupo | Guia | Lote
group_sum: Subtotal | Total do grupo
service: Consultoria | Manutenção | Alojamento | Tradução | Limpeza | Instalação | Formação | Renda
period: Período | Período de faturação
greeting: Exmos. Senhores, | Caro cliente,
farewell: Com os melhores cumprimentos | Atentamente
paid: PAGO | RECEBIDO | CÓPIA | 2.ª VIA
party_id: Identificador | Número | GLN
note_word: Observações | Notas
note: Indique o número da fatura no pagamento. | Processado por programa certificado. | Não se aceitam devoluções após 8 dias.
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
_TAX_NAMES = {
    "US": ("Sales Tax", "Tax", "State Tax"),
    "MY": ("SST", "GST", "Service Tax"),
    "SG": ("GST",),
    "AU": ("GST",),
    "CA": ("HST", "GST/HST", "GST"),
    "IN": ("GST", "IGST"),
    "JP": ("Consumption Tax", "JCT"),
    "CH": ("VAT",),
}


@cache
def _own(language: str) -> Mapping[str, tuple[str, ...]]:
    return read_words(_OWN[language])


def own_words(language: str, key: str) -> tuple[str, ...]:
    """Every wording of one meaning among the bills' own words."""
    return _own(language)[key]


def bill_words(rng: Random, language: str, country: str, currency: str) -> dict[str, str]:
    """One wording for every meaning, the rarer ones too, with the tax called as the seller's country calls it."""
    words = choose_words(rng, language, upper_labels=rng.random() < 0.1)
    known = all_words(language)
    for key, choices in _own(language).items():
        if key not in known:
            words[key] = rng.choice(choices)
        elif rng.random() < len(choices) / (len(choices) + len(known[key])):
            words[key] = rng.choice(choices).replace("{currency}", currency)
    if words["net_total"] == words["gross_total"]:
        words["gross_total"] = known["gross_total"][0]
    if language == "en" and country in _TAX_NAMES:
        tax = rng.choice(_TAX_NAMES[country])
        words = {key: text.replace("VAT", tax) for key, text in words.items()}
    return words
