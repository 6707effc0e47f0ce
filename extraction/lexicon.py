"""Words that are not labels: months, legal forms, units, countries and stop words of the eight languages."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTH_NAMES = """
january jan januar janner jenner janvier janv enero ene gennaio gen januari janeiro styczen stycznia sty
february feb februar fevrier fevr fev febrero febbraio febr februari fevereiro luty lutego lut
march mar marz maerz mrz mars marzo maart mrt marco marzec marca
april apr avril avr abril abr aprile kwiecien kwietnia kwi
may mai mayo maggio mag mei maio maj maja
june jun juni juin junio giugno giu junho czerwiec czerwca cze
july jul juli juillet juil julio luglio lug julho lipiec lipca lip
august aug aout agosto ago augustus sierpien sierpnia sie
september sep sept septembre septiembre settembre set setembro wrzesien wrzesnia wrz
october oct oktober okt octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz
november nov novembre noviembre novembro listopad listopada lis
december dec dezember dez decembre diciembre dic dicembre dezembro grudzien grudnia gru
"""
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.strip().splitlines(), 1) for name in names.split()}

LEGAL_FORMS = _words("""
    gmbh ag kg ohg ug gbr ev eg mbh kgaa se ltd limited plc llp llc inc incorporated corp corporation co company
    sarl sas sa sasu eurl snc sci sl slu srl spa snc sas bv nv vof cv lda unipessoal sociedade spzoo spolka sdn
    bhd berhad enterprise enterprises trading pty pte as aps ab oy group holding gesellschaft verein societe kft
    doo sro sdnbhd ptyltd pteltd coltd gmbhcokg spzoo
""")

STOP_WORDS = {
    "en": """
        the of and to for invoice number date from your please total amount due payment with by quantity price
        delivery order tax
    """,
    "de": """
        der die das und fur von zu mit nach bitte rechnung nummer datum betrag menge preis lieferung zahlbar
        bestellung wir sie ihre gesamt steuer
    """,
    "fr": """
        le la les des du et pour de facture numero date montant quantite prix livraison reglement votre nous
        total commande tva ht ttc
    """,
    "es": """
        el la los las de del y para factura numero fecha importe cantidad precio entrega pago su pedido iva base
    """,
    "it": """
        il la di del della e per fattura numero data importo quantita prezzo consegna pagamento ordine iva
        totale imponibile
    """,
    "nl": """
        de het een en van voor factuur nummer datum bedrag aantal prijs levering betaling uw totaal bestelling
        btw wij
    """,
    "pt": """
        o a os de do da e para fatura numero data valor quantidade preco entrega pagamento encomenda iva total
        nota guia
    """,
    "pl": """
        i w z na do od faktura numer data kwota ilosc cena dostawa platnosc zamowienie razem netto brutto
        sprzedawca nabywca
    """,
}

UNITS = _words("""
    pc pcs pce piece pieces ea each st stk stck stuck stueck kg g t l ml m m2 m3 km h hr hrs hour hours std
    stunde stunden tag tage day days box boxes ctn carton cartons karton kart pal pallet palette pk pkg pack
    packs pkt set sets unit units un und ud uds u pieza piezas pz pezzi szt opak kpl kart cx cj caja cajas bte
    boite rol rll rolls dz doz dozen paar pr pair c62 h87 kgm ltr mtr stuks stuk stks doos doos pcs. ens x
    heure heures hora horas ora ore uur uren godz godzina godziny godzin scatola scatole caixa caixas colis colli
    volume volumes bulto bultos karton kartony kartonow palet palety palettes palets pallets paletten packung packungen
""")

COUNTRIES = {
    "DE": "deutschland germany allemagne alemania germania duitsland alemanha niemcy",
    "FR": "france frankreich francia frankrijk franca francja",
    "GB": "unitedkingdom uk england grossbritannien greatbritain",
    "ES": "spain espana spanien espagne spagna spanje espanha hiszpania",
    "IT": "italy italia italien italie wlochy",
    "NL": "netherlands nederland niederlande paysbas thenetherlands holland",
    "PT": "portugal portogallo portugalia",
    "PL": "poland polska polen pologne polonia",
    "AT": "austria osterreich autriche",
    "CH": "switzerland schweiz suisse svizzera",
    "BE": "belgium belgie belgique belgien",
    "IE": "ireland irland",
    "LU": "luxembourg luxemburg",
    "US": "usa unitedstates unitedstatesofamerica",
    "MY": "malaysia",
    "HK": "hongkong hk",
    "SG": "singapore singapur singapour",
    "CA": "canada kanada",
    "AU": "australia australien australie",
    "DK": "denmark danmark danemark danimarca dania",
    "SE": "sweden sverige schweden suede suecia svezia szwecja",
    "NO": "norway norge norwegen norvege",
    "CZ": "czechrepublic czechia ceskarepublika tschechien",
    "IN": "india indien inde",
    "JP": "japan japon giappone",
}
COUNTRY_WORDS = {word: code for code, words in COUNTRIES.items() for word in words.split()}

REGION_WORDS = _words("""
    selangor de ehsan johor kedah kelantan melaka malacca negeri sembilan pahang perak perlis penang pulau pinang sabah
    sarawak terengganu wilayah persekutuan wp kl darul takzim nsw vic qld sa tas act ontario quebec alberta county co
    kent surrey essex sussex norfolk suffolk hampshire devon cornwall lancashire yorkshire
""")

STREET_WORDS = tuple(
    sorted(
        _words("""
    strasse str. straße weg allee platz gasse ring damm street road avenue lane drive rue boulevard chemin place
    quai calle avenida plaza paseo via viale corso piazza straat laan plein kade singel rua praca travessa ulica
    ul. aleja al. jalan jln lot taman unit suite floor park estate industrial gracht weg. dreef postbus postfach
    hwy highway court way close blvd vej gade gatan vag gaten ulice trida bandar seksyen kampung blok block level wisma
    menara
""")
    )
)

SALUTATIONS = _words("""
    herrn herr frau firma fa an mr mrs ms messrs monsieur madame mme spettle spett spettabile heer mevrouw exmos
""")

COURTESY = _words("""
    thank thanks you your please come again welcome visit us danke vielen dank auf wiedersehen merci votre visite
    gracias por su grazie arrivederci bedankt tot ziens obrigado dziekujemy goods sold are not returnable and do
    refund exchange reprint copy original duplicate page seite blatt kopie
""")

ADDRESS_KEYS = {
    key: kind
    for kind, keys in {
        "street": """strasse str strassehausnummer strassenr strasseundhausnummer anschrift adresse addressline1 address
            street streetaddress streetname adresszeile1 rue adresse1 calle direccion domicilio via indirizzo straat
            straatnaam adres rua morada ulica addressline strassepostfach postanschrift""",
        "more": """adresszusatz addressline2 addressline3 adresszeile2 hausnummer housenumber zusatz huisnummer""",
        "postcode": """plz postleitzahl postcode postalcode zip zipcode codepostal cp codigopostal cap postcodes
            kodpocztowy postalzone pscczip""",
        "town": """ort stadt city town ville ciudad poblacion citta comune plaats woonplaats localidade cidade miasto
            wohnort cityname""",
        "both": """plzort postleitzahlort plzundort postcodecity zipcity codepostalville cpville caplocalita
            postcodeplaats""",
    }.items()
    for key in keys.split()
}
