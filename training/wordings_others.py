"""Which words papers in Portuguese and Polish use for what: synonyms a document chooses one of.

Polish stands without its own letters, as many printers leave it: the fonts of a PDF reader do not have them.
"""


def read_words(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of `meaning: word | word` as a table; an empty word at the end of a line is a word."""
    pairs = (line.split(":", 1) for line in text.strip().splitlines())
    return {key.strip(): tuple(word.strip() for word in words.split("|")) for key, words in pairs}


PT = read_words("""
invoice: Fatura | FATURA | Factura | Fatura comercial | Fatura/Recibo
credit_note: Nota de Crédito | NOTA DE CRÉDITO | Nota de credito
delivery_note: Guia de Remessa | GUIA DE REMESSA | Guia de Transporte
invoice_number: Número da fatura | Fatura N.º | Fatura n.º | N.º da fatura | Fatura No | Número | N.º Documento
credit_number: Nota de crédito n.º | Número | N.º da nota
delivery_number: Guia n.º | N.º da guia | Número
issue_date: Data da fatura | Data | Data de emissão | Emitida em | Data do documento
credit_date: Data | Data de emissão
despatch_date: Data de expedição | Expedido em | Data de carga
due_date: Data de vencimento | Vencimento | Pagar até | Data limite de pagamento | Vence em
delivery_date: Data de entrega | Entregue em | Data da prestação
arrival_date: Entrega prevista | Chegada prevista
purchase_order: Encomenda n.º | V/ Encomenda | Nota de encomenda | Pedido n.º | Sua encomenda | V. Requisição
order_date: Data da encomenda | Data do pedido
customer_number: N.º de cliente | Cliente n.º | Código de cliente
quote_number: Orçamento | N/ Referência | Proposta
contact: Contacto | Vendedor | Responsável
project: Projeto | Centro de custo | Obra
despatch_number: Guia de remessa | Guia n.º | Guia de transporte
original_number: Ref. à fatura | Fatura original | Retifica a fatura
payment_reference: Referência | Referência de pagamento | Ref. Multibanco
currency: Moeda | Divisa | Valores em
page: Página | Pág. | Folha
of: de | /
bill_to: Cliente | Faturar a | Exmo.(s) Sr.(s) | Adquirente | Dados do cliente
ship_to: Local de entrega | Entregar a | Morada de entrega | Local de descarga
seller: Fornecedor | Emitente | Vendedor
vat_id: NIF | Contribuinte n.º | N.º IVA | NIPC | N.º de contribuinte
buyer_vat_id: V/ Contribuinte | NIF do cliente | Contribuinte do cliente
tax_number: Capital social | N.º fiscal | CAE
phone: Tel. | Telefone | Telf.
fax: Fax | Telefax
email: E-mail | Email
web: Web | Site
bank: Banco | Dados bancários
iban: IBAN | IBAN
bic: BIC | SWIFT | BIC/SWIFT
register: Matrícula | Cons. Reg. Com. | Registo comercial
manager: Gerente | Administração
position: N.º | Item | Linha | Pos.
seller_item_id: Código | Artigo | Referência | Ref. | Cód. artigo
buyer_item_id: V/ Código | Cód. cliente | V. Ref.
gtin: EAN | GTIN | Cód. barras
description: Descrição | Designação | Produto | Descrição do artigo
quantity: Quantidade | Qtd. | Quant. | Qtde
unit: Unid. | Un. | Unidade
unit_price: Preço unitário | P. Unitário | Preço | Preço Unit. | Pr. Unit.
list_price: Preço tabela | PVP
discount_pct: Desc. % | Desconto % | Desc.
tax_rate: IVA % | IVA | Taxa IVA | Tx. IVA
line_net: Total | Valor | Valor líquido | Montante | Importância | Total líquido
lot_number: Lote | N.º lote
package_count: Volumes | N.º volumes
net_total: Total sem IVA | Subtotal | Total ilíquido | Valor líquido | Base tributável | Incidência
tax_total: IVA {rate} | IVA ({rate}) | IVA à taxa de {rate} | IVA {rate} sobre {base}
tax_sum: Total IVA | Valor do IVA | IVA
gross_total: Total a pagar | TOTAL | Total da fatura | Total com IVA | Valor total | Total do documento
credit_total: Total do crédito | Total | Total a creditar
prepaid: Adiantamento | Já pago | Valor pago
due_total: Valor a pagar | Saldo | Em dívida | Valor em dívida
tax_base: Incidência | Base | Base de incidência
tax_amount: Valor IVA | Imposto | Total IVA
carried: A transportar | Transporte
brought: Transporte | De transporte
terms: Condições de pagamento | Pagamento | Cond. pagamento
terms_text: {days} dias | Pagamento a {days} dias | {days} dias data da fatura | Prazo de {days} dias
terms_dated: Pagar até {due}. | Agradecemos o pagamento até {due}. | Pagamento a {days} dias, até {due}.
intro: Faturamos o seguinte: | Obrigado pela sua encomenda. | Mercadoria fornecida: |
credit_intro: Creditamos o seguinte: |
delivery_intro: Enviamos a seguinte mercadoria: |
closing: Os bens permanecem nossa propriedade até integral pagamento. | Obrigado pela preferência. |
reverse: IVA - autoliquidação. | Isento de IVA, transmissão intracomunitária.
sentence: Total {gross}: {net} líquidos e {tax} IVA ({rate}). | {net} mais {rate} IVA {tax} totaliza {gross}.
carrier: Transportador | Transportadora
tracking_number: N.º de seguimento | N.º de envio
gross_weight: Peso bruto | Peso total
net_weight: Peso líquido | Peso liq.
signature: Recebido por (data, assinatura)
piece: un | UN | pç | unid
carton: cx | caixa
kilogram: kg | Kg
litre: l | lt
hour: h | hora
""")

PL = read_words("""
invoice: Faktura VAT | FAKTURA | Faktura | FAKTURA VAT | Faktura handlowa
credit_note: Faktura korygujaca | KOREKTA FAKTURY | Nota kredytowa
delivery_note: Dowód dostawy | WZ | List przewozowy
invoice_number: Numer faktury | Nr faktury | Faktura nr | Faktura VAT nr | Numer | Nr dokumentu | Numer dokumentu
credit_number: Faktura korygujaca nr | Numer korekty | Nr dokumentu
delivery_number: Numer WZ | WZ nr | Nr dostawy
issue_date: Data wystawienia | Data faktury | Wystawiono dnia | Data wyst. | Data dokumentu
credit_date: Data wystawienia | Data korekty
despatch_date: Data wysylki | Wyslano dnia
due_date: Termin platnosci | Termin zaplaty | Platne do | Data platnosci
delivery_date: Data sprzedazy | Data dostawy | Data wykonania uslugi | Data zakonczenia dostawy
arrival_date: Planowana dostawa | Termin dostawy
purchase_order: Numer zamówienia | Nr zamówienia | Zamówienie nr | Wasze zamówienie | Zamówienie klienta
order_date: Data zamówienia | Z dnia
customer_number: Nr klienta | Kod klienta | Numer klienta
quote_number: Oferta | Nasz znak | Nr oferty
contact: Osoba kontaktowa | Handlowiec | Opiekun
project: Projekt | Umowa nr | Budowa
despatch_number: Numer WZ | WZ | Dowód dostawy
original_number: Do faktury nr | Dotyczy faktury
payment_reference: Tytul przelewu | Tytulem
currency: Waluta | Waluta dokumentu
page: Strona | Str.
of: z | /
bill_to: Nabywca | Nabywca | Kupujacy | Platnik
ship_to: Odbiorca | Adres dostawy | Miejsce dostawy
seller: Sprzedawca | Sprzedawca | Wystawca | Dostawca
vat_id: NIP | NIP UE | NIP | VAT ID
buyer_vat_id: NIP nabywcy | NIP klienta
tax_number: REGON | KRS | BDO
phone: Tel. | Telefon | tel.
fax: Fax | Faks
email: E-mail | e-mail
web: WWW | Strona
bank: Bank | Nazwa banku | Rachunek w banku
iban: Nr konta | Numer konta | IBAN | Rachunek bankowy | Konto
bic: SWIFT | BIC | SWIFT/BIC
register: KRS | Sad Rejonowy
manager: Prezes | Zarzad
position: Lp. | L.p. | Poz. | Nr
seller_item_id: Indeks | Kod | Symbol | Kod towaru
buyer_item_id: Kod klienta | Indeks klienta
gtin: EAN | GTIN
description: Nazwa towaru lub uslugi | Nazwa | Opis | Towar / usluga
quantity: Ilosc | Ilosc
unit: J.m. | Jm | jedn.
unit_price: Cena netto | Cena jedn. netto | Cena jedn. | Cena jednostkowa
list_price: Cena katalogowa | Cena przed rabatem
discount_pct: Rabat % | Rabat
tax_rate: VAT % | Stawka VAT | VAT | Stawka
line_net: Wartosc netto | Netto | Wart. netto | Kwota netto
lot_number: Partia | Seria
package_count: Liczba paczek | Ilosc opakowan
net_total: Razem netto | Wartosc netto | Netto | Suma netto
tax_total: VAT {rate} | Podatek VAT {rate} | VAT {rate} od {base}
tax_sum: Kwota VAT | Razem VAT | Podatek VAT
gross_total: Razem brutto | Do zaplaty | Wartosc brutto | RAZEM | Suma brutto | Kwota brutto
credit_total: Do zwrotu | Razem brutto
prepaid: Zaplacono | Zaliczka
due_total: Pozostaje do zaplaty | Pozostalo do zaplaty
tax_base: Netto | Wartosc netto
tax_amount: VAT | Kwota VAT
carried: Do przeniesienia
brought: Z przeniesienia
terms: Sposób zaplaty | Warunki platnosci | Forma platnosci
terms_text: przelew {days} dni | {days} dni netto | Przelew w ciagu {days} dni
terms_dated: Prosimy o zaplate do {due}. | Platne przelewem do {due}. | Termin {days} dni, do {due}.
intro: Za dostarczony towar: | Dziekujemy za zamówienie. |
credit_intro: Korekta obejmuje: |
delivery_intro: Wydano towar: |
closing: Towar pozostaje nasza wlasnoscia do czasu zaplaty. | Dziekujemy za zakupy. |
reverse: Odwrotne obciazenie. | Wewnatrzwspólnotowa dostawa towarów, VAT 0%.
sentence: Kwota {gross} obejmuje {net} netto oraz {tax} VAT ({rate}). | Netto {net} plus {rate} VAT {tax} daje {gross}.
carrier: Przewoznik | Spedytor
tracking_number: Nr przesylki | List przewozowy
gross_weight: Waga brutto | Masa brutto
net_weight: Waga netto | Masa netto
signature: Odebral (data, podpis)
piece: szt. | szt | SZT
carton: karton | opak.
kilogram: kg | kg
litre: l | litr
hour: godz. | h
""")
