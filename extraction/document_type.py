"""Says what kind of paper it is from the words on it, titles first, and how sure that is."""

import math

from core.documents import DocumentType
from extraction.layout import Layout, Run
from extraction.values import squeeze

_TITLES: dict[DocumentType, str] = {
    DocumentType.CREDIT_NOTE: """
        creditnote creditmemo creditinvoice gutschrift rechnungskorrektur korrekturrechnung stornorechnung
        avoir factureavoir notedecredit abono notadeabono facturarectificativa notadecredito notadicredito
        creditnota creditfactuur notadecredito fakturakorygujaca korekta taxcreditnote kaufmannischegutschrift
        facturadeabono
    """,
    DocumentType.RECEIPT: """
        receipt officialreceipt cashreceipt salesreceipt paymentreceipt kassenbon kassenbeleg quittung
        ticketdecaisse recu ticket scontrino kassabon recibo paragon taxinvoicesimplified simplifiedtaxinvoice
        cashbill cash
    """,
    DocumentType.PACKING_LIST: """
        packinglist packingslip packliste listedecolisage listadeempaque packing listadiimballaggio paklijst
        romaneio listapakowa
    """,
    DocumentType.DELIVERY_NOTE: """
        deliverynote deliverydocket deliveryorder despatchnote dispatchnote lieferschein warenbegleitschein
        bondelivraison albaran albarandeentrega notadeentrega documentoditrasporto ddt bolladiconsegna pakbon
        leverbon guiaderemessa guiadetransporte dokumentwz wydaniezewnetrzne lieferavis bordereaudelivraison
        leveringsbon afleverbon
    """,
    DocumentType.DESPATCH_ADVICE: """
        despatchadvice dispatchadvice versandanzeige avisdexpedition advanceshippingnotice
    """,
    DocumentType.BILL_OF_LADING: """
        billoflading konnossement frachtbrief connaissement lettredevoiture conocimientodeembarque
        cartadeporte polizzadicarico cognossement vrachtbrief conhecimentodeembarque konosament waybill
    """,
    DocumentType.PURCHASE_ORDER: """
        purchaseorder bestellung bondecommande pedidodecompra ordendecompra ordinediacquisto inkooporder
        notadeencomenda zamowienie auftragsbestatigung orderconfirmation
    """,
    DocumentType.INVOICE: """
        invoice taxinvoice rechnung handelsrechnung facture factura fattura factuur fatura faktura fakturavat
        commercialinvoice teilrechnung schlussrechnung proformainvoice verkaufsrechnung bill faktur
        warenrechnung
    """,
}
_KEYWORDS = {squeeze(word): kind for kind, words in _TITLES.items() for word in words.split()}
_OFTEN_LABELS = frozenset({DocumentType.PURCHASE_ORDER, DocumentType.DELIVERY_NOTE, DocumentType.BILL_OF_LADING})
_MOST_WORDS = 4
_TITLE_SIZE = 1.25
_RECEIPT_WIDTH_TO_HEIGHT = 0.55


def tell_document_type(layout: Layout, *, has_totals: bool) -> tuple[DocumentType, float]:
    """The likeliest kind and its probability.

    A title counts by how early, how large and how alone on its line it stands; a word in running text hardly counts.
    """
    scores = dict.fromkeys(DocumentType, 0.0)
    for segment in layout.segments:
        words = [squeeze(w.text) for w in layout.words[segment.start : segment.end]]
        position = segment.box.top / layout.page_sizes[segment.page - 1][1] + segment.page - 1
        for start in range(min(len(words), 6)):
            for length in range(1, min(_MOST_WORDS, len(words) - start) + 1):
                kind = _KEYWORDS.get("".join(words[start : start + length]))
                if kind is None:
                    continue
                alone = length / len(words)
                if kind in _OFTEN_LABELS and (alone < 1 or _is_label(layout, segment)):
                    alone *= 0.3
                size = min(segment.height / layout.text_height, 3.0)
                weight = (
                    (0.3 + 2.0 * alone * (start == 0))
                    * size**1.5
                    * math.exp(-1.5 * position)
                    * (1 + 0.2 * (length - 1))
                )
                scores[kind] = max(scores[kind], weight) + 0.05
    if has_totals:
        scores[DocumentType.INVOICE] += 0.6
    else:
        for kind in (DocumentType.DELIVERY_NOTE, DocumentType.PACKING_LIST):
            scores[kind] *= 1.2
    _favour_receipt(layout, scores)
    return _winner(scores)


def _is_label(layout: Layout, segment: Run) -> bool:
    """Whether something stands right of it or it ends with a colon: the name of a number, not of the paper."""
    beside = layout.rows[segment.row].end > segment.end and segment.height < _TITLE_SIZE * layout.text_height
    return beside or segment.text.endswith(":")


def _favour_receipt(layout: Layout, scores: dict[DocumentType, float]) -> None:
    """A long narrow strip of paper is a receipt, whatever it calls itself."""
    if len(layout.page_sizes) == 1 and layout.is_ocr:
        width, height = layout.page_sizes[0]
        if width / height < _RECEIPT_WIDTH_TO_HEIGHT:
            scores[DocumentType.RECEIPT] += 1.5


def _winner(scores: dict[DocumentType, float]) -> tuple[DocumentType, float]:
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, top), (_, second) = ranked[0], ranked[1]
    if top < 0.15:
        return DocumentType.OTHER, 0.5
    weight = [math.exp(1.6 * value) for value in (top, second)]
    return best, round(min(0.995, weight[0] / (sum(weight) + 0.2)), 4)
