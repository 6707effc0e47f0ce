"""The words of shipment papers, orders and letters in French, Spanish, Italian and Portuguese."""

FR = """
packing_list: Liste de colisage|LISTE DE COLISAGE|Note de colisage
delivery_note: Bon de livraison|BON DE LIVRAISON|Bordereau de livraison|Bulletin de livraison
sea_bl: CONNAISSEMENT|Connaissement maritime|Connaissement / Bill of Lading
cmr: LETTRE DE VOITURE INTERNATIONALE|Lettre de voiture internationale (CMR)|Lettre de voiture CMR
straight_bl: Lettre de voiture|LETTRE DE VOITURE|Lettre de transport
despatch_advice: Avis d'expédition|AVIS D'EXPÉDITION|Avis d'envoi
purchase_order: Bon de commande|BON DE COMMANDE|Commande|Commande fournisseur
order_confirmation: Confirmation de commande|Accusé de réception de commande
nr_packing: Liste de colisage n°|N° de liste|N° de document
nr_delivery: Bon de livraison n°|N° de BL|BL n°|Numéro de bon de livraison|N° BL
nr_advice: Avis n°|N° d'avis|N° d'expédition|Numéro d'expédition
nr_waybill: N° d'expédition|N° d'envoi|Lettre de voiture n°|Référence d'expédition
nr_order: N° de commande|Commande n°|Numéro de commande
bl_no: Connaissement n°|N° de connaissement|B/L n°
po: Votre commande|N° de commande|Commande n°|Votre commande n°|Référence commande|Bon de commande
despatch_date: Date d'expédition|Expédié le|Date du BL|Date|Date de départ
shipped_on_board: Date d'embarquement|Établi à, le|Chargé le
delivery_date: Date de livraison|Livraison prévue|Livraison le|Arrivée prévue
carrier: Transporteur|Transporteur (nom, adresse)|Expédié par|Mode d'expédition
tracking: N° de suivi|Numéro de suivi|N° de colis|Suivi
container: N° de conteneur|Conteneur|Conteneur n°
seal: N° de plomb|Scellé n°|Plomb|N° de scellé
shipper: Expéditeur|Chargeur|Expéditeur (nom, adresse, pays)|Remettant
consignee: Destinataire|Adresse de livraison|Livré à|Destinataire (nom, adresse, pays)
notify: Notifier|Adresse de notification|Partie à notifier
bill_to: Adresse de facturation|Facturé à|Donneur d'ordre
supplier: Fournisseur|À
packages: Nombre de colis|Nb de colis|Colis|Total colis|Nombre total de colis
gross: Poids brut|Poids brut total|Poids total|Poids total brut
net: Poids net|Poids net total
volume: Volume|Cubage m³
vessel: Navire
voyage: Voyage n°|Voyage
pol: Port de chargement|Port d'embarquement
pod: Port de déchargement
receipt_place: Lieu de prise en charge|Lieu de réception
delivery_place: Lieu de livraison|Destination finale
booking: N° de réservation|Notre référence
incoterms: Conditions de livraison|Incoterm
order_date: Date de commande
customer_no: N° client|Code client
contact: Contact|Votre interlocuteur
invoice_no: Facture n°|N° de facture
trailer: Immatriculation|N° remorque
warehouse: Entrepôt|Dépôt|Quai
charges: Port|Frais de transport
page: Page
total: Total|TOTAL|Totaux
lot: Lot|N° de lot|N° lot
sscc: SSCC|N° SSCC|Code SSCC
expiry: DLUO|À consommer avant
c_pos: Pos.|Ligne|N°
c_desc: Désignation|Description|Nature de la marchandise|Désignation des marchandises|Libellé
c_sku: Référence|Réf.|Code article|Article
c_buyer: Votre réf.|Réf. client
c_gtin: EAN|GTIN|Code EAN|Gencod
c_qty: Quantité|Qté|Qté livrée|Quantité livrée|Qté expédiée
c_ordered: Qté commandée|Commandée|Quantité commandée
c_back: Reliquat|Reste à livrer
c_unit: Unité|Un.
c_pkg: Colis|Nb colis|Cartons
c_gross: Poids brut|Poids|Poids kg
c_net: Poids net
c_po: Commande|N° commande
c_marks: Marques et numéros
c_price: Prix unitaire|PU HT
c_amount: Montant|Montant HT
received: Reçu en bon état : nom, date, signature|Cachet et signature du destinataire
note: Veuillez vérifier la marchandise à la réception.
k_pallet: palettes|palettes Europe
k_carton: colis|cartons
piece: pce|pièces|u
kilogram: kg
charges_text: Port payé|Port dû
said: Selon déclaration du chargeur
"""
ES = """
packing_list: Lista de empaque|LISTA DE EMPAQUE|Packing list / Lista de contenido|Lista de contenido
delivery_note: Albarán|ALBARÁN|Albarán de entrega|Nota de entrega
sea_bl: CONOCIMIENTO DE EMBARQUE|Conocimiento de embarque / Bill of Lading
cmr: CARTA DE PORTE INTERNACIONAL|Carta de porte internacional (CMR)|Carta de porte CMR
straight_bl: Carta de porte|CARTA DE PORTE
despatch_advice: Aviso de expedición|AVISO DE EXPEDICIÓN|Aviso de envío
purchase_order: Pedido de compra|PEDIDO|Orden de compra|Pedido a proveedor
order_confirmation: Confirmación de pedido
nr_packing: Lista de empaque n.º|N.º de lista|N.º documento
nr_delivery: Albarán n.º|N.º de albarán|Número de albarán|Nº albarán
nr_advice: Aviso n.º|N.º de aviso|N.º de envío|Número de envío
nr_waybill: N.º de envío|N.º de expedición|Número de expedición|Carta de porte n.º
nr_order: N.º de pedido|Pedido n.º|Número de pedido
bl_no: B/L n.º|Conocimiento n.º|N.º de conocimiento
po: Su pedido|Pedido n.º|N.º de pedido|Orden de compra|Pedido cliente|Su pedido n.º
despatch_date: Fecha de envío|Fecha de expedición|Enviado el|Fecha albarán|Fecha|Fecha de salida
shipped_on_board: Fecha de embarque|Lugar y fecha de emisión
delivery_date: Fecha de entrega|Entrega prevista|Llegada prevista
carrier: Transportista|Agencia de transporte|Porteador|Transportista (nombre, dirección)
tracking: N.º de seguimiento|Número de seguimiento|Seguimiento
container: Contenedor n.º|N.º de contenedor|Contenedor
seal: Precinto n.º|N.º de precinto|Precinto
shipper: Remitente|Expedidor|Cargador|Remitente (nombre, dirección, país)
consignee: Destinatario|Consignatario|Dirección de entrega|Destinatario (nombre, dirección, país)
notify: Notificar a|Notificar
bill_to: Facturar a|Dirección de facturación
supplier: Proveedor|A
packages: Número de bultos|N.º de bultos|Bultos|Total bultos
gross: Peso bruto|Peso bruto total|Peso total
net: Peso neto|Peso neto total
volume: Volumen|Volumen m³
vessel: Buque
voyage: Viaje n.º|Viaje
pol: Puerto de carga|Puerto de embarque
pod: Puerto de descarga
receipt_place: Lugar de recepción|Lugar de carga
delivery_place: Lugar de entrega|Destino final
booking: N.º de reserva|Nuestra referencia
incoterms: Condiciones de entrega|Incoterms
order_date: Fecha de pedido|Fecha pedido
customer_no: N.º cliente|Código de cliente
contact: Contacto|Persona de contacto
invoice_no: Factura n.º|N.º de factura
trailer: Matrícula|Remolque
warehouse: Almacén|Muelle
charges: Portes|Flete
page: Página|Hoja
total: Total|TOTAL|Totales
lot: Lote|N.º de lote|N.º lote
sscc: SSCC|Código SSCC
expiry: Caducidad|Consumir antes de
c_pos: Pos.|Línea|N.º
c_desc: Descripción|Descripción de la mercancía|Artículo|Concepto
c_sku: Referencia|Ref.|Código|Cód. artículo
c_buyer: Su ref.|Ref. cliente
c_gtin: EAN|GTIN|Código EAN
c_qty: Cantidad|Cant.|Cant. entregada|Cantidad entregada|Uds.
c_ordered: Cant. pedida|Pedida|Cantidad pedida
c_back: Pendiente|Cant. pendiente
c_unit: Unidad|Ud.
c_pkg: Bultos|Cajas
c_gross: Peso bruto|Peso|Peso kg
c_net: Peso neto
c_po: Pedido|N.º pedido
c_marks: Marcas y números
c_price: Precio|Precio unitario
c_amount: Importe|Total
received: Recibido conforme: nombre, fecha, firma|Firma y sello del destinatario
note: Rogamos revisen la mercancía a su recepción.
k_pallet: palés|palets
k_carton: bultos|cajas
piece: uds|ud.
kilogram: kg
charges_text: Portes pagados|Portes debidos
said: Según declaración del cargador
"""
IT = """
packing_list: Lista di imballaggio|Packing list|Distinta colli|PACKING LIST
delivery_note: Documento di trasporto|DOCUMENTO TRASPORTO (DDT)|D.D.T.|Bolla di consegna|Documento di trasporto - DDT
sea_bl: POLIZZA DI CARICO|Polizza di carico / Bill of Lading
cmr: LETTERA DI VETTURA INTERNAZIONALE|Lettera di vettura internazionale (CMR)|Lettera di vettura CMR
straight_bl: Lettera di vettura|LETTERA DI VETTURA
despatch_advice: Avviso di spedizione|AVVISO DI SPEDIZIONE
purchase_order: Ordine di acquisto|ORDINE DI ACQUISTO|Ordine a fornitore|Ordine fornitore
order_confirmation: Conferma d'ordine
nr_packing: Packing list n.|N. documento|Lista n.
nr_delivery: DDT n.|Numero DDT|N. DDT|Bolla n.|Numero documento
nr_advice: Avviso n.|N. avviso|Spedizione n.|Numero spedizione
nr_waybill: Spedizione n.|N. spedizione|Numero spedizione|Lettera di vettura n.
nr_order: Ordine n.|Numero ordine|N. ordine
bl_no: Polizza di carico n.|B/L n.|Polizza n.
po: Vostro ordine|Vs. ordine n.|Ordine n.|Rif. ordine|Ordine cliente|Vs. ordine
despatch_date: Data di spedizione|Data spedizione|Data DDT|Data|Data inizio trasporto
shipped_on_board: Data di imbarco|Luogo e data di emissione
delivery_date: Data di consegna|Consegna prevista|Data consegna
carrier: Vettore|Trasportatore|Corriere|Vettore (nome, indirizzo)
tracking: Tracking n.|Numero di tracking|N. tracking|Codice spedizione
container: Container n.|N. container|Contenitore n.
seal: Sigillo n.|N. sigillo|Sigillo
shipper: Mittente|Speditore|Caricatore|Mittente (nome, indirizzo, paese)|Cedente
consignee: Destinatario|Luogo di destinazione|Destinazione merce|Destinatario (nome, indirizzo, paese)|Spett.le
notify: Notificare a|Notify
bill_to: Fatturare a|Intestatario fattura|Cessionario
supplier: Fornitore|A
packages: Numero colli|N. colli|Totale colli|Colli
gross: Peso lordo|Peso lordo totale|Peso totale|Peso lordo kg
net: Peso netto|Peso netto totale
volume: Volume|Volume m³
vessel: Nave
voyage: Viaggio n.|Viaggio
pol: Porto di imbarco|Porto di carico
pod: Porto di sbarco
receipt_place: Luogo di presa in carico|Luogo di ricevimento
delivery_place: Luogo di consegna|Destinazione finale
booking: N. prenotazione|Nostro riferimento
incoterms: Resa|Termini di consegna
order_date: Data ordine
customer_no: Codice cliente|Cod. cliente
contact: Contatto|Riferimento interno
invoice_no: Fattura n.|N. fattura
trailer: Targa|Targa automezzo
warehouse: Magazzino|Deposito
charges: Porto|Trasporto a cura
page: Pagina|Pag.
total: Totale|TOTALE|Totali
lot: Lotto|N. lotto|Lotto n.
sscc: SSCC|Codice SSCC
expiry: Scadenza|TMC
c_pos: Pos.|Riga|N.
c_desc: Descrizione|Descrizione dei beni|Descrizione merce|Articolo
c_sku: Codice|Cod. art.|Codice articolo
c_buyer: Vs. codice|Cod. cliente
c_gtin: EAN|GTIN|Codice EAN
c_qty: Quantità|Q.tà|Q.tà consegnata|Qta
c_ordered: Q.tà ordinata|Ordinata
c_back: Residuo|Da consegnare
c_unit: U.M.|UM
c_pkg: Colli|N. colli
c_gross: Peso lordo|Peso|Peso kg
c_net: Peso netto
c_po: Ordine|N. ordine
c_marks: Marche e numeri
c_price: Prezzo|Prezzo unitario
c_amount: Importo|Totale
received: Firma del destinatario|Merce ricevuta in buono stato: firma
note: Si prega di controllare la merce al ricevimento.
k_pallet: bancali|pallet
k_carton: colli|scatole|cartoni
piece: pz|PZ
kilogram: kg
charges_text: Porto franco|Porto assegnato
said: Secondo dichiarazione del caricatore
"""
PT = """
packing_list: Lista de embalagem|LISTA DE EMBALAGEM|Romaneio|Lista de volumes
delivery_note: Guia de remessa|GUIA DE REMESSA|Guia de transporte|Nota de entrega
sea_bl: CONHECIMENTO DE EMBARQUE|Conhecimento de embarque / Bill of Lading
cmr: DECLARAÇÃO DE EXPEDIÇÃO INTERNACIONAL|Declaração de expedição internacional (CMR)|Guia CMR
straight_bl: Carta de porte|CARTA DE PORTE|Guia de expedição
despatch_advice: Aviso de expedição|AVISO DE EXPEDIÇÃO|Aviso de envio
purchase_order: Nota de encomenda|NOTA DE ENCOMENDA|Ordem de compra|Encomenda a fornecedor
order_confirmation: Confirmação de encomenda
nr_packing: Lista n.º|N.º da lista|N.º documento
nr_delivery: Guia n.º|Guia de remessa n.º|N.º da guia|Guia de transporte n.º
nr_advice: Aviso n.º|N.º de aviso|N.º de expedição
nr_waybill: N.º de expedição|Expedição n.º|N.º de envio
nr_order: Encomenda n.º|N.º da encomenda
bl_no: B/L n.º|Conhecimento n.º|N.º do conhecimento
po: Vossa encomenda|Encomenda n.º|N.º da encomenda|V/ encomenda|Nota de encomenda|Encomenda
despatch_date: Data de expedição|Data de envio|Data da guia|Data|Data de carga|Expedido em
shipped_on_board: Data de embarque|Local e data de emissão
delivery_date: Data de entrega|Entrega prevista
carrier: Transportador|Transportadora|Transportador (nome, morada)
tracking: N.º de seguimento|Código de seguimento|N.º de rastreio
container: Contentor n.º|N.º do contentor|Contentor
seal: Selo n.º|N.º do selo|Selo
shipper: Expedidor|Remetente|Carregador|Expedidor (nome, morada, país)
consignee: Destinatário|Consignatário|Local de descarga|Morada de entrega|Destinatário (nome, morada, país)
notify: Notificar|Notificar a
bill_to: Faturar a|Morada de faturação
supplier: Fornecedor|A
packages: Número de volumes|N.º de volumes|Volumes|Total de volumes
gross: Peso bruto|Peso bruto total|Peso total
net: Peso líquido|Peso líquido total
volume: Volume m³|Cubagem
vessel: Navio
voyage: Viagem n.º|Viagem
pol: Porto de embarque|Porto de carga
pod: Porto de descarga
receipt_place: Local de receção|Local de carga
delivery_place: Local de entrega|Destino final
booking: N.º de reserva|Nossa referência
incoterms: Condições de entrega|Incoterms
order_date: Data da encomenda
customer_no: N.º cliente|Código de cliente
contact: Contacto|Emitido por
invoice_no: Fatura n.º|N.º da fatura
trailer: Matrícula|Viatura
warehouse: Armazém|Cais
charges: Portes|Frete
page: Página|Pág.
total: Total|TOTAL|Totais
lot: Lote|N.º de lote|N.º lote
sscc: SSCC|Código SSCC
expiry: Validade|Consumir até
c_pos: Pos.|Linha|N.º
c_desc: Descrição|Descrição da mercadoria|Designação|Artigo
c_sku: Código|Referência|Ref.|Cód. artigo
c_buyer: V/ ref.|Ref. cliente
c_gtin: EAN|GTIN|Código de barras
c_qty: Quantidade|Qtd.|Quant.|Qtd. entregue
c_ordered: Qtd. encomendada|Encomendada
c_back: Pendente|Em falta
c_unit: Un.|Unidade
c_pkg: Volumes|Caixas|N.º volumes
c_gross: Peso bruto|Peso|Peso kg
c_net: Peso líquido
c_po: Encomenda|N.º enc.
c_marks: Marcas e números
c_price: Preço|Preço unitário
c_amount: Valor|Total
received: Recebido em bom estado: nome, data, assinatura|Assinatura do destinatário
note: Por favor verifique a mercadoria no ato da receção.
k_pallet: paletes
k_carton: volumes|caixas
piece: un|uni
kilogram: kg
charges_text: Portes pagos|Portes a pagar
said: Segundo declaração do carregador
"""
