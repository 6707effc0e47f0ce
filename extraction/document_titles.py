"""What papers call themselves in eight languages: the phrases of titles, by the kind of paper."""

from collections.abc import Mapping
from functools import cache

from core.documents import DocumentType
from extraction.values import squeeze

TITLED = (
    DocumentType.INVOICE,
    DocumentType.CREDIT_NOTE,
    DocumentType.RECEIPT,
    DocumentType.PACKING_LIST,
    DocumentType.DELIVERY_NOTE,
    DocumentType.BILL_OF_LADING,
    DocumentType.DESPATCH_ADVICE,
    DocumentType.PURCHASE_ORDER,
    DocumentType.OTHER,
)
_TITLES: dict[DocumentType, str] = {
    DocumentType.INVOICE: """
        invoice, tax invoice, commercial invoice, proforma invoice, pro forma invoice, sales invoice, invoice receipt,
        bill, rechnung, handelsrechnung, teilrechnung, schlussrechnung, verkaufsrechnung, warenrechnung, faktura,
        abschlagsrechnung, sammelrechnung, facture, facture proforma, factura, factura proforma, fattura,
        fattura immediata, fattura differita, factuur, verkoopfactuur, fatura, fatura recibo, faktura vat, faktur,
        faktura koncowa, honorarnote, exportrechnung
    """,
    DocumentType.CREDIT_NOTE: """
        credit note, credit memo, credit invoice, tax credit, gutschrift, rechnungskorrektur, korrekturrechnung,
        stornorechnung, kaufmannische gutschrift, avoir, facture avoir, facture d avoir, note de credit, abono,
        nota de abono, factura rectificativa, nota de credito, nota di credito, nota credito, creditnota,
        creditfactuur, faktura korygujaca, korekta, factura de abono
    """,
    DocumentType.RECEIPT: """
        receipt, official receipt, cash receipt, sales receipt, payment receipt, till receipt, kassenbon, kassenbeleg,
        quittung, ticket de caisse, recu, ticket, factura simplificada, scontrino, kassabon, recibo, talao, paragon,
        paragon fiskalny, tax invoice simplified, simplified tax invoice, cash bill, cash, cash sales
    """,
    DocumentType.PACKING_LIST: """
        packing list, packing slip, packaging list, packing note, packliste, packzettel, liste de colisage,
        note de colisage, lista de empaque, packing list lista de contenido, lista de contenido, lista de bultos,
        lista di imballaggio, distinta colli, packliste packing list, paklijst, inpaklijst, romaneio,
        lista de embalagem, lista de volumes, lista pakowa, specyfikacja wysylki
    """,
    DocumentType.DELIVERY_NOTE: """
        delivery note, delivery docket, delivery order, delivery slip, goods delivery note, despatch note,
        dispatch note, goods note, lieferschein, lieferschein delivery note, warenbegleitschein, bon de livraison,
        bordereau de livraison, bulletin de livraison, albaran, albaran de entrega, nota de entrega,
        documento di trasporto, documento trasporto, ddt, d d t, documento di trasporto ddt, documento trasporto ddt,
        bolla di consegna, bolla di accompagnamento, pakbon, leverbon, leveringsbon, afleverbon, guia de remessa,
        guia de transporte, dokument wz, wydanie zewnetrzne, wydanie zewnetrzne wz, wz wydanie zewnetrzne, wz,
        dowod dostawy, list dostawy
    """,
    DocumentType.BILL_OF_LADING: """
        bill of lading, ocean bill of lading, straight bill of lading, bill of lading for port to port,
        combined transport bill of lading, sea waybill, waybill, air waybill, cmr waybill, consignment note, cmr,
        international consignment note, international consignment note cmr, konnossement, seefrachtbrief,
        konnossement bill of lading, frachtbrief, cmr frachtbrief, internationaler frachtbrief, speditionsfrachtbrief,
        internationaler frachtbrief cmr, ladeschein, connaissement, connaissement maritime, lettre de voiture,
        connaissement bill of lading, lettre de voiture internationale, lettre de voiture cmr, lettre de transport,
        lettre de voiture internationale cmr, conocimiento de embarque, conocimiento de embarque bill of lading,
        carta de porte, carta de porte internacional, carta de porte cmr, carta de porte internacional cmr,
        polizza di carico, polizza di carico bill of lading, lettera di vettura, lettera di vettura internazionale,
        lettera di vettura cmr, lettera di vettura internazionale cmr, cognossement, cognossement bill of lading,
        vrachtbrief, internationale vrachtbrief, internationale vrachtbrief cmr, cmr vrachtbrief,
        conhecimento de embarque, conhecimento de embarque bill of lading, guia de expedicao, guia cmr,
        declaracao de expedicao internacional, declaracao de expedicao internacional cmr, declaracao de expedicao,
        konosament, konosament bill of lading, list przewozowy, list przewozowy cmr, miedzynarodowy list przewozowy,
        miedzynarodowy list przewozowy cmr, miedzynarodowy list
    """,
    DocumentType.DESPATCH_ADVICE: """
        despatch advice, dispatch advice, advance shipping notice, advance ship notice, advance ship notice asn,
        shipping notice, shipping advice, asn, lieferavis, versandanzeige, versandavis, avisierung, avis d expedition,
        avis d envoi, aviso de expedicion, aviso de envio, avviso di spedizione, verzendadvies, verzendbericht,
        leveringsavies, leveringsadvies, aviso de expedicao, awizo dostawy, awizo wysylki, awizo,
        zawiadomienie o wysylce
    """,
    DocumentType.PURCHASE_ORDER: """
        purchase order, supply order, order, order confirmation, order acknowledgement, sales order, bestellung,
        einkaufsbestellung, lieferabruf, auftragsbestatigung, bon de commande, commande, commande fournisseur,
        confirmation de commande, pedido de compra, pedido, orden de compra, pedido a proveedor,
        confirmacion de pedido, ordine di acquisto, ordine a fornitore, ordine fornitore, ordine, conferma d ordine,
        inkooporder, bestelling, bestelbon, orderbevestiging, nota de encomenda, ordem de compra, encomenda,
        encomenda a fornecedor, confirmacao de encomenda, zamowienie, zamowienie zakupu, potwierdzenie zamowienia
    """,
    DocumentType.OTHER: """
        agreement, framework agreement, supply contract, contract, statement of account, account statement, statement,
        price list, letter of complaint, certificate of origin, quotation, quote, offer, reminder, rahmenvertrag,
        liefervertrag, vertrag, kontoauszug, preisliste, mahnung, zahlungserinnerung, ursprungszeugnis, reklamation,
        angebot, contrat cadre, contrat de fourniture, contrat, releve de compte, liste de prix, reclamation,
        certificat d origine, devis, contrato marco, contrato de suministro, contrato, extracto de cuenta,
        lista de precios, reclamacion, presupuesto, contratto quadro, contratto di fornitura, contratto,
        estratto conto, listino prezzi, reclamo, preventivo, raamovereenkomst, leveringscontract, overeenkomst,
        rekeningoverzicht, prijslijst, klacht, offerte, contrato quadro, contrato de fornecimento, extrato de conta,
        tabela de precos, reclamacao, orcamento, umowa ramowa, umowa dostawy, umowa, wyciag z konta, cennik,
        reklamacja, oferta
    """,
}
LONGEST_TITLE = 8


@cache
def titles() -> Mapping[str, DocumentType]:
    """Every title, squeezed, with its kind."""
    return {
        squeeze(phrase): kind for kind, phrases in _TITLES.items() for phrase in phrases.replace("\n", " ").split(",")
    }
