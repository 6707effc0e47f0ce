"""Invents companies, streets, towns and goods: nobody's, in eight languages."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from training.identifiers import bic, countries_with_iban, countries_with_vat, iban, tax_id, vat_id
from training.papers import Bank, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class _Land:
    stems: str
    forms: str
    streets: str
    towns: str
    number_first: bool
    dial: str
    top_level: str


_STEMS = (
    "Aldor Bremko Calvara Dornick Elvanto Fenwald Gantria Holmqvar Iskander Jorvale Kestrup Lindovar Marbeck Norvela "
    "Ostrand Pellworm Quarnes Rosvik Sandermo Tarnholt Ulvera Valmeer Westarn Yorvik Zelmar Brunetta Castrel Dunmore "
    "Esquina Falkner Gravelot Hexby Inverno Julmark Karvel Lortie Montelo Nystad Orvieto Pardel Roquet Solvane Tresco "
    "Umbra Verlaine Wickham Arbona Belcourt Corvin Drovers Ebersold Fontaine Greifen Hollinger Ivarsen Jurassic Kolden"
)
_FIELDS = {
    "de": "Handels|Großhandel|Technik|Lebensmittel|Papier|Verpackung|Haushaltswaren|Textil|Werkzeuge|Getränke|Möbel",
    "en": "Trading|Supplies|Foods|Paper|Packaging|Homeware|Textiles|Tools|Beverages|Furniture|Wholesale|Provisions",
    "fr": "Distribution|Négoce|Alimentation|Papeterie|Emballages|Textiles|Outillage|Boissons|Mobilier|Fournitures",
    "es": "Distribuciones|Comercial|Alimentos|Papelera|Envases|Textiles|Herramientas|Bebidas|Muebles|Suministros",
    "it": "Distribuzione|Commerciale|Alimentari|Cartiera|Imballaggi|Tessuti|Utensili|Bevande|Arredi|Forniture",
    "nl": "Handel|Groothandel|Levensmiddelen|Papier|Verpakking|Huishoud|Textiel|Gereedschap|Dranken|Meubelen",
    "pt": "Comércio|Distribuição|Alimentar|Papelaria|Embalagens|Têxteis|Ferramentas|Bebidas|Mobiliário|Serviços",
    "pl": "Handel|Hurtownia|Papier|Opakowania|Tekstylia|Meble|Serwis|Transport|Budownictwo",
}
_LANDS = {
    "DE": _Land(stems="de", forms="GmbH|AG|GmbH & Co. KG|KG|OHG|SE", number_first=False, dial="+49", top_level="de",
                streets="Lindenweg|Hafenstraße|Am Alten Markt|Industriestraße|Bachgasse|Ringstraße|Feldweg",
                towns="20457 Hamburg|50667 Köln|04109 Leipzig|70173 Stuttgart|28195 Bremen|90402 Nürnberg|24103 Kiel"),
    "AT": _Land(stems="de", forms="GmbH|AG|OG|KG", number_first=False, dial="+43", top_level="at",
                streets="Mariengasse|Donaustraße|Südtiroler Platz|Gewerbepark|Schulgasse",
                towns="1010 Wien|4020 Linz|5020 Salzburg|8010 Graz|6020 Innsbruck"),
    "CH": _Land(stems="de", forms="AG|GmbH|SA", number_first=False, dial="+41", top_level="ch",
                streets="Seestrasse|Bahnhofstrasse|Gewerbestrasse|Dorfplatz|Mühleweg",
                towns="8001 Zürich|3011 Bern|4051 Basel|6003 Luzern|9000 St. Gallen"),
    "FR": _Land(stems="fr", forms="SARL|SAS|SA|EURL|SNC", number_first=True, dial="+33", top_level="fr",
                streets="rue des Tanneurs|avenue du Port|place de l'Église|chemin des Vignes|boulevard Carnot|quai Sud",
                towns="75011 Paris|69003 Lyon|33000 Bordeaux|44000 Nantes|67000 Strasbourg|31000 Toulouse"),
    "BE": _Land(stems="fr", forms="SRL|SA|NV|BV", number_first=False, dial="+32", top_level="be",
                streets="Rue du Marché|Chaussée de Namur|Kerkstraat|Avenue des Arts",
                towns="1000 Bruxelles|4000 Liège|2000 Antwerpen|9000 Gent|5000 Namur"),
    "ES": _Land(stems="es", forms="S.L.|S.A.|S.L.U.|S.Coop.", number_first=False, dial="+34", top_level="es",
                streets="Calle Mayor|Avenida del Puerto|Plaza Nueva|Calle de la Fuente|Polígono Sur|Paseo del Río",
                towns="28013 Madrid|08002 Barcelona|46001 Valencia|41001 Sevilla|48001 Bilbao|50001 Zaragoza"),
    "IT": _Land(stems="it", forms="S.r.l.|S.p.A.|S.n.c.|S.a.s.", number_first=False, dial="+39", top_level="it",
                streets="Via Garibaldi|Corso Italia|Via dei Mulini|Piazza Dante|Viale Europa|Via Roma",
                towns="20121 Milano|00184 Roma|10121 Torino|40121 Bologna|50122 Firenze|37121 Verona"),
    "NL": _Land(stems="nl", forms="B.V.|N.V.|V.O.F.|BV", number_first=False, dial="+31", top_level="nl",
                streets="Dorpsstraat|Havenweg|Keizersgracht|Industrieweg|Molenlaan|Marktplein",
                towns="1012 AB Amsterdam|3011 HE Rotterdam|3511 LX Utrecht|5611 EM Eindhoven|9711 LM Groningen"),
    "GB": _Land(stems="en", forms="Ltd|Limited|plc|LLP|& Sons Ltd", number_first=True, dial="+44", top_level="co.uk",
                streets="High Street|Mill Lane|Station Road|Quay Road|Church Street|Foundry Way|Kingsway",
                towns="M1 4BT Manchester|BS1 5TR Bristol|LS1 4DY Leeds|EC1A 1BB London|EH1 1YZ Edinburgh"),
    "IE": _Land(stems="en", forms="Ltd|Limited|DAC", number_first=True, dial="+353", top_level="ie",
                streets="Main Street|Harbour Road|Bridge Street|Abbey Lane",
                towns="D02 X285 Dublin 2|T12 W8KP Cork|H91 E2K3 Galway"),
    "US": _Land(stems="en", forms="Inc.|LLC|Corp.|Co.", number_first=True, dial="+1", top_level="com",
                streets="Maple Avenue|Harbor Blvd|Main Street|Commerce Drive|Lakeview Road",
                towns="OH 44114 Cleveland|TX 78701 Austin|OR 97204 Portland|IL 60601 Chicago|MA 02110 Boston"),
    "SE": _Land(stems="en", forms="AB|HB", number_first=False, dial="+46", top_level="se",
                streets="Storgatan|Hamngatan|Kungsgatan|Industrivägen",
                towns="111 52 Stockholm|411 05 Göteborg|211 22 Malmö"),
    "DK": _Land(stems="en", forms="A/S|ApS", number_first=False, dial="+45", top_level="dk",
                streets="Nørregade|Havnevej|Vestergade|Industrivej",
                towns="1165 København|8000 Aarhus|5000 Odense"),
    "PL": _Land(stems="en", forms="Sp. z o.o.|S.A.", number_first=False, dial="+48", top_level="pl",
                streets="ul. Lipowa|ul. Polna|ul. Portowa|al. Jana",
                towns="00-001 Warszawa|31-005 Krakau|80-001 Danzig|60-001 Posen"),
    "PT": _Land(stems="pt", forms="Lda.|S.A.|Lda|Unipessoal Lda.", number_first=False, dial="+351", top_level="pt",
                streets="Rua das Flores|Avenida da Liberdade|Rua do Moinho|Travessa Nova|Praça da Indústria",
                towns="1100-148 Lisboa|4050-253 Porto|3000-150 Coimbra|4700-031 Braga|8000-076 Faro"),
    "BR": _Land(stems="pt", forms="Ltda.|S.A.|EIRELI|ME", number_first=False, dial="+55", top_level="com.br",
                streets="Rua das Palmeiras|Avenida Brasil|Rua Sete de Setembro|Alameda Santos",
                towns="SP_01310-100 São Paulo|RJ_20040-020 Rio de Janeiro|PR_80010-000 Curitiba"),
    "CZ": _Land(stems="en", forms="s.r.o.|a.s.|spol. s r.o.", number_first=False, dial="+420", top_level="cz",
                streets="Lipová|Nádražní|Polní|Masarykova",
                towns="110_00 Praha 1|602_00 Brno|702_00 Ostrava"),
    "NO": _Land(stems="en", forms="AS|ASA|DA", number_first=False, dial="+47", top_level="no",
                streets="Storgata|Havnegata|Kirkeveien|Industriveien",
                towns="0150 Oslo|5003 Bergen|7010 Trondheim|4006 Stavanger"),
    "MY": _Land(stems="en", forms="Sdn Bhd|Sdn. Bhd.|(M) Sdn Bhd|Enterprise|Trading", number_first=False, dial="+60",
                top_level="com.my", streets="No. 12, Jalan Melati|Lot 7, Jalan Usaha|Jalan SS 2/24, No.|Lorong Utara B",
                towns="47300 Petaling Jaya, Selangor|50450 Kuala Lumpur|81100 Johor Bahru, Johor|10200 Penang"),
    "SG": _Land(stems="en", forms="Pte Ltd|Pte. Ltd.|LLP", number_first=True, dial="+65", top_level="com.sg",
                streets="Tuas Avenue 3|Ubi Road 1 #04-12|Jurong East Street|Bukit Batok Crescent",
                towns="408705 Singapore|637341 Singapore|609601 Singapore"),
    "AU": _Land(stems="en", forms="Pty Ltd|Pty. Ltd.|Ltd", number_first=True, dial="+61", top_level="com.au",
                streets="George Street|Harbour Street|Wattle Road|Collins Street",
                towns="NSW_2000 Sydney|VIC_3000 Melbourne|QLD_4000 Brisbane|WA_6000 Perth"),
    "CA": _Land(stems="en", forms="Inc.|Ltd.|Corp.|Limited", number_first=True, dial="+1", top_level="ca",
                streets="King Street West|Maple Road|Granville Street|Lakeshore Blvd",
                towns="ON_M5V_2T6 Toronto|BC_V6B_1A1 Vancouver|AB_T2P_3C5 Calgary"),
    "JP": _Land(stems="en", forms="Co., Ltd.|K.K.|Inc.", number_first=True, dial="+81", top_level="co.jp",
                streets="Marunouchi 1-chome, Chiyoda-ku|Honmachi 2-chome, Chuo-ku|Sakae 3-chome, Naka-ku",
                towns="100-0005 Tokyo|541-0053 Osaka|460-0008 Nagoya"),
    "IN": _Land(stems="en", forms="Pvt. Ltd.|Private Limited|LLP|& Co.", number_first=True, dial="+91",
                top_level="co.in", streets="MG Road|Nehru Place|Linking Road|Industrial Area Phase II",
                towns="400001 Mumbai|110019 New Delhi|560001 Bengaluru|600002 Chennai"),
}  # fmt: skip
_PEOPLE = (
    "Anna Berg|Paul Hensel|Marie Lambert|Tom Archer|Lucia Ferri|Jan de Wit|Elena Soto|Karl Moser|Claire Dumas|"
    "Sven Holm|Rosa Blanco|Marco Riva|Greta Vos|Owen Price|Nina Adler"
)
CARRIERS = ("Nordlinie Spedition", "TransAlba", "Quickvan Express", "Rheinfracht", "Postillon Cargo", "Seeweg Logistik")

_GOODS = {
    "de": (
        (
            "Kopierpapier|Ordner|Handseife|Küchenrolle|Kaffeebohnen|Schreibtischlampe|Schraubendreher|"
            "Wandfarbe|Apfelsaft|Bettwäsche|Gartenschlauch|Rührschüssel|Batterien|Klebeband|Geschirrtuch|"
            "Müllbeutel|Nudeln|Olivenöl"
        ),
        (
            "80 g, weiß|rot|groß|klein|extra stark|im Karton|mit Deckel|500 ml|1 kg|Größe M|10er-Pack|"
            "Bio|Edelstahl|wasserfest|2 m"
        ),
    ),
    "en": (
        (
            "Copy paper|Ring binder|Hand soap|Kitchen roll|Coffee beans|Desk lamp|Screwdriver|Wall paint|"
            "Apple juice|Bed linen|Garden hose|Mixing bowl|Batteries|Packing tape|Tea towel|Bin bags|"
            "Pasta|Olive oil"
        ),
        (
            "80 gsm white|red|large|small|heavy duty|boxed|with lid|500 ml|1 kg|size M|pack of 10|"
            "organic|stainless steel|waterproof|2 m"
        ),
    ),
    "fr": (
        (
            "Papier copie|Classeur|Savon liquide|Essuie-tout|Café en grains|Lampe de bureau|Tournevis|"
            "Peinture murale|Jus de pomme|Parure de lit|Tuyau d'arrosage|Saladier|Piles|Ruban adhésif|"
            "Torchon|Sacs poubelle|Pâtes|Huile d'olive"
        ),
        ("80 g blanc|rouge|grand|petit|extra fort|en boîte|avec couvercle|500 ml|1 kg|taille M|lot de 10|bio|inox|2 m"),
    ),
    "es": (
        (
            "Papel de copia|Archivador|Jabón de manos|Papel de cocina|Café en grano|Lámpara de mesa|"
            "Destornillador|Pintura|Zumo de manzana|Ropa de cama|Manguera|Ensaladera|Pilas|Cinta adhesiva|"
            "Paño de cocina|Bolsas de basura|Pasta"
        ),
        ("80 g blanco|rojo|grande|pequeño|extra fuerte|en caja|con tapa|500 ml|1 kg|talla M|pack de 10|ecológico|2 m"),
    ),
    "it": (
        (
            "Carta per copie|Raccoglitore|Sapone liquido|Carta da cucina|Caffè in grani|Lampada da tavolo|"
            "Cacciavite|Vernice|Succo di mela|Biancheria|Tubo da giardino|Insalatiera|Batterie|"
            "Nastro adesivo|Strofinaccio|Sacchi|Pasta|Olio"
        ),
        (
            "80 g bianca|rosso|grande|piccolo|extra forte|in scatola|con coperchio|500 ml|1 kg|taglia M|"
            "conf. da 10|bio|2 m"
        ),
    ),
    "nl": (
        (
            "Kopieerpapier|Ordner|Handzeep|Keukenrol|Koffiebonen|Bureaulamp|Schroevendraaier|Muurverf|"
            "Appelsap|Beddengoed|Tuinslang|Mengkom|Batterijen|Plakband|Theedoek|Vuilniszakken|Pasta|"
            "Olijfolie"
        ),
        ("80 g wit|rood|groot|klein|extra sterk|in doos|met deksel|500 ml|1 kg|maat M|10 stuks|bio|rvs|waterdicht|2 m"),
    ),
    "pt": (
        (
            "Papel de cópia|Detergente|Rolo de cozinha|Café em grão|Candeeiro|Chave de fendas|Tinta|Sumo de maçã|"
            "Mangueira|Pilhas|Fita adesiva|Azeite|Massa|Sacos do lixo"
        ),
        ("80 g branco|vermelho|grande|pequeno|extra forte|em caixa|com tampa|500 ml|1 kg|tamanho M|bio|2 m"),
    ),
    "pl": (
        (
            "Papier ksero|Mydlo|Recznik kuchenny|Kawa ziarnista|Lampa biurkowa|Farba|Sok jablkowy|Waz ogrodowy|"
            "Baterie|Tasma klejaca|Olej|Makaron|Worki na smieci|Segregator"
        ),
        ("80 g bialy|czerwony|duzy|maly|mocny|w kartonie|z pokrywka|500 ml|1 kg|rozmiar M|bio|2 m"),
    ),
}
_SERIES = "Classic|Pro|Eco|Basic|Comfort|Nova|Prime|Solo|Duo|Line"

VAT_RATES: dict[str, tuple[str, ...]] = {
    "DE": ("19", "7"), "AT": ("20", "10"), "CH": ("8.1", "2.6"), "FR": ("20", "5.5"), "BE": ("21", "6"),
    "ES": ("21", "10"), "IT": ("22", "10"), "NL": ("21", "9"), "GB": ("20", "0"), "IE": ("23", "13.5"),
    "US": ("0", "0"), "SE": ("25", "12"), "DK": ("25", "25"), "PL": ("23", "8"),
    "PT": ("23", "6"), "BR": ("18", "12"), "CZ": ("21", "12"), "NO": ("25", "15"), "MY": ("8", "6"), "SG": ("9", "9"),
    "AU": ("10", "0"), "CA": ("13", "5"), "JP": ("10", "8"), "IN": ("18", "5"),
}  # fmt: skip


def company(rng: Random, country: str, *, with_bank: bool = True) -> Party:
    """A company of a country with valid identifiers and all the small print a letterhead needs."""
    land = _LANDS[country]
    stem = rng.choice(_STEMS.split())
    field = rng.choice(_FIELDS[land.stems].split("|"))
    form = rng.choice(land.forms.split("|"))
    second = rng.choice(_STEMS.split())
    name = rng.choice(
        (f"{stem} {field} {form}", f"{stem} {form}", f"{field} {stem} {form}", f"{stem} & {second} {form}")
    )
    postcode, city = place(rng, country)
    domain = f"{stem.lower()}-{rng.choice(('online', 'group', 'trade', 'net'))}.{land.top_level}"
    return Party(
        name=name,
        street=street(rng, country),
        postcode=postcode,
        city=city,
        country=country,
        vat_id=vat_id(rng, country) if country in countries_with_vat() else tax_id(rng, country),
        tax_number=f"{rng.randint(10, 99)}/{rng.randint(100, 999)}/{rng.randint(10000, 99999)}"
        if rng.random() < 0.4
        else None,
        phone=phone(rng, country),
        fax=phone(rng, country) if rng.random() < 0.4 else None,
        email=f"{rng.choice(('info', 'office', 'accounts', 'billing'))}@{domain}",
        web=f"www.{domain}" if rng.random() < 0.6 else None,
        register=f"{city} {rng.choice(('HRB', 'B', 'No.', 'RG'))} {rng.randint(1000, 99999)}",
        manager=rng.choice(_PEOPLE.split("|")) if rng.random() < 0.5 else None,
        bank=bank(rng, country if country in countries_with_iban() else "GB") if with_bank else None,
    )


def bank(rng: Random, country: str) -> Bank:
    """An account at an invented bank."""
    name = f"{rng.choice(_STEMS.split())} {rng.choice(('Bank', 'Sparkasse', 'Credit', 'Union Bank', 'Banca'))}"
    return Bank(name=name, iban=iban(rng, country), bic=bic(rng, country))


def place(rng: Random, country: str) -> tuple[str, str]:
    """Postcode and town."""
    words = rng.choice(_LANDS[country].towns.split("|")).split()
    size = 2 if country in {"NL", "GB", "IE", "US", "SE"} else 1
    return " ".join(words[:size]).replace("_", " "), " ".join(words[size:])


def street(rng: Random, country: str) -> str:
    """Street and house number in the country's order."""
    land = _LANDS[country]
    name, number = rng.choice(land.streets.split("|")), str(rng.randint(1, 180))
    return f"{number} {name}" if land.number_first else f"{name} {number}"


def phone(rng: Random, country: str) -> str:
    """A telephone number."""
    return f"{_LANDS[country].dial} {rng.randint(20, 99)} {rng.randint(100000, 9999999)}"


def person(rng: Random) -> str:
    """Somebody's name."""
    return rng.choice(_PEOPLE.split("|"))


def goods(rng: Random, language: str) -> str:
    """What a line is about: short or long enough to be wrapped."""
    names, kinds = (part.split("|") for part in _GOODS[language])
    text = f"{rng.choice(names)} {rng.choice(kinds)}"
    chance = rng.random()
    if chance < 0.35:
        text = f"{rng.choice(names)} {rng.choice(_SERIES.split('|'))} {rng.randint(10, 990)}, {rng.choice(kinds)}"
    if chance < 0.1:
        text += f", {rng.choice(kinds)}, {rng.choice(names).lower()} {rng.choice(kinds)}"
    return text


def rate(rng: Random, country: str) -> Decimal:
    """A VAT rate of the country, mostly the ordinary one."""
    ordinary, reduced = VAT_RATES[country]
    return Decimal(ordinary if rng.random() < 0.8 else reduced)
