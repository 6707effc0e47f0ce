# ruff: noqa: E501  a meaning and its words are one line
"""Words of the bills' own blocks in French, Spanish, Italian and Portuguese: a meaning, then its words."""

SOUTH = {
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
}
