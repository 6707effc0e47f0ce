"""The words of papers that are of no kind that is asked for: contracts, letters, statements, price lists."""

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.ship_papers import ShipPaper

_TITLES = {
    "en": """
        Framework Agreement
        Supply Contract
        Statement of Account
        Price List
        Letter of Complaint
        Certificate of Origin
    """,
    "de": """
        Rahmenvertrag
        Liefervertrag
        Kontoauszug
        Preisliste
        Mahnung
        Ursprungszeugnis
        Reklamation
    """,
    "fr": """
        Contrat-cadre
        Contrat de fourniture
        Relevé de compte
        Liste de prix
        Réclamation
        Certificat d'origine
    """,
    "es": """
        Contrato marco
        Contrato de suministro
        Extracto de cuenta
        Lista de precios
        Reclamación
    """,
    "it": """
        Contratto quadro
        Contratto di fornitura
        Estratto conto
        Listino prezzi
        Reclamo
    """,
    "nl": """
        Raamovereenkomst
        Leveringscontract
        Rekeningoverzicht
        Prijslijst
        Klacht
    """,
    "pt": """
        Contrato-quadro
        Contrato de fornecimento
        Extrato de conta
        Tabela de preços
        Reclamação
    """,
    "pl": """
        Umowa ramowa
        Umowa dostawy
        Wyciag z konta
        Cennik
        Reklamacja
    """,
}
_SENTENCES = {
    "en": """
        This agreement is made between the parties named above and takes effect on {day}.
        The supplier shall deliver the goods named in each purchase order within the period agreed.
        Invoices are payable within thirty days.
        We refer to our telephone call of {day} and thank you for your patience.
        The delivery of {day} arrived incomplete, the delivery note named more cartons.
        Either party may end this agreement with three months' notice.
        Prices are valid until {day} and exclude carriage.
        Please find our account statement enclosed; no payment is asked for.
    """,
    "de": """
        Dieser Vertrag wird zwischen den oben genannten Parteien geschlossen und tritt am {day} in Kraft.
        Der Lieferant liefert die in der jeweiligen Bestellung genannten Waren fristgerecht.
        Rechnungen sind binnen dreißig Tagen zu zahlen.
        Wir beziehen uns auf unser Gespräch vom {day}.
        Die Lieferung vom {day} war unvollständig, der Lieferschein nannte mehr Kartons.
        Der Vertrag kann mit einer Frist von drei Monaten gekündigt werden.
        Die Preise gelten bis {day}.
    """,
    "fr": """
        Le présent contrat est conclu entre les parties ci-dessus et prend effet le {day}.
        Le fournisseur livre les marchandises de chaque commande dans les délais convenus.
        Les factures sont payables à trente jours.
        Nous faisons suite à notre entretien du {day}.
        La livraison du {day} était incomplète.
        Chaque partie peut résilier avec un préavis de trois mois.
    """,
    "es": """
        El presente contrato se celebra entre las partes citadas y entra en vigor el {day}.
        El proveedor entregará la mercancía de cada pedido en el plazo acordado.
        Las facturas se pagarán a treinta días.
        Nos referimos a nuestra conversación del {day}.
        La entrega del {day} llegó incompleta.
        Cualquiera de las partes podrá resolver el contrato.
    """,
    "it": """
        Il presente contratto è stipulato tra le parti sopra indicate e decorre dal {day}.
        Il fornitore consegna la merce di ogni ordine nei termini convenuti.
        Le fatture sono pagabili a trenta giorni.
        Facciamo riferimento al colloquio del {day}.
        La consegna del {day} era incompleta.
        Ciascuna parte può recedere con preavviso di tre mesi.
    """,
    "nl": """
        Deze overeenkomst wordt gesloten tussen bovengenoemde partijen en gaat in op {day}.
        De leverancier levert de goederen van elke bestelling binnen de afgesproken termijn.
        Facturen worden binnen dertig dagen betaald.
        Wij verwijzen naar ons gesprek van {day}.
        De levering van {day} was onvolledig.
        De prijzen gelden tot {day}.
    """,
    "pt": """
        O presente contrato é celebrado entre as partes acima e entra em vigor em {day}.
        O fornecedor entrega a mercadoria de cada encomenda no prazo acordado.
        As faturas são pagas a trinta dias.
        Referimo-nos à nossa conversa de {day}.
        A entrega de {day} chegou incompleta.
        Os preços são válidos até {day}.
    """,
    "pl": """
        Niniejsza umowa zostaje zawarta pomiedzy stronami i wchodzi w zycie {day}.
        Dostawca dostarcza towary zgodnie z kazdym zamowieniem.
        Faktury sa platne w ciagu trzydziestu dni.
        Nawiazujemy do rozmowy z dnia {day}.
        Dostawa z dnia {day} byla niekompletna.
        Ceny obowiazuja do {day}.
    """,
}


_LEDGERS = {
    "en": "Statement of Account|Account Statement|Price List|Quotation",
    "de": "Kontoauszug|Offene Posten|Preisliste|Angebot",
    "fr": "Relevé de compte|Liste de prix|Devis",
    "es": "Extracto de cuenta|Lista de precios|Presupuesto",
    "it": "Estratto conto|Listino prezzi|Preventivo",
    "nl": "Rekeningoverzicht|Prijslijst|Offerte",
    "pt": "Extrato de conta|Tabela de preços|Orçamento",
    "pl": "Wyciag z konta|Cennik|Oferta",
}


def ledger_title(rng: Random, language: str) -> str:
    """The title of a paper of rows that is none of those asked for: a statement, a price list, an offer."""
    return rng.choice(_LEDGERS[language].split("|"))


def other_text(rng: Random, language: str, paper: "ShipPaper") -> tuple[str, ...]:
    """A title and paragraphs; a letter may have a sentence about deliveries in place of a title."""
    sentences = _lines(_SENTENCES[language])
    day = paper.asides["order_date"]
    paragraphs = []
    for number in range(1, rng.randint(3, 9)):
        chosen = rng.sample(sentences, rng.randint(1, 3))
        text = " ".join(chosen).format(day=day)
        paragraphs.append(f"{number}. {text}" if rng.random() < 0.5 else text)
    title = rng.choice(_lines(_TITLES[language]))
    return (title if rng.random() < 0.9 else "", *paragraphs)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]
