"""Papers, mails, archives and feeds damaged at random, among files made to hurt: the same seed, the same files."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from random import Random

from benchmarks.hostile_bombs import bombs

BOMB_SHARE = 0.02
# Scans take half a second each to recognise, whatever was done to them; the rest takes milliseconds.
_SHARES = {"pdf": 30, "xml": 26, "edi": 14, "mail": 10, "zip": 8, "feed": 10, "picture": 2}
_KINDS = {".pdf": "pdf", ".xml": "xml", ".png": "picture", ".tif": "picture", ".eml": "mail", ".csv": "feed"}
_TOKENS = (
    b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"<", b">", b"&", b"'", b"+", b"~", b"*", b"9" * 60, b"-1",
    b"1e999", b"NaN", b"<!DOCTYPE x>", b"<![CDATA[", b"/Kids [1 0 R]", b"/Length 999999999", b"stream", b"endobj",
    b"%PDF-1.7", b"PK\x03\x04", b"Content-Type: multipart/mixed; boundary=x", b"\xef\xbb\xbf", b"\xff\xfe",
    "\u202e".encode(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A file: what it was, what was done to it, and its bytes. A feed's kind is the feed's name after a colon."""

    kind: str
    damage: str
    data: bytes


def files(
    seeds: Mapping[str, Sequence[bytes]], count: int, *, seed: int, port: int, only_damaged: bool = False
) -> Iterator[Hostile]:
    """So many files, no two alike."""
    chance = Random(seed)
    makers = [] if only_damaged else list(bombs(port).items())
    names = [name for name in seeds if _family(name) in _SHARES]
    weights = [_SHARES[_family(name)] / sum(_family(other) == _family(name) for other in names) for name in names]
    for number in range(count):
        if makers and (chance.random() < BOMB_SHARE or number < len(makers)):
            name, make = makers[number % len(makers)]
            yield Hostile(kind=name.partition(":")[0].split()[0], damage=name, data=make(chance))
            continue
        kind = chance.choices(names, weights)[0]
        damage, data = _damaged(chance.choice(seeds[kind]), chance, seeds)
        yield Hostile(kind=kind, damage=damage, data=data)


def made_seeds(papers: Sequence[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    """Whole files of every kind by kind: of those given, and what is put together of them."""
    seeds: dict[str, list[bytes]] = {"edi": [_EDIFACT, _X12]}
    for name, data in papers:
        kind = _KINDS.get(Path(name).suffix)
        if kind is not None:
            seeds.setdefault(f"feed:{Path(name).stem}" if kind == "feed" else kind, []).append(data)
    small = sorted((data for name, data in papers if not name.endswith(".csv")), key=len)[:6]
    seeds["zip"] = [_archive(small[:3]), _archive(small[3:])]
    seeds.setdefault("mail", []).extend([_letter(small[:2]), _letter([seeds["zip"][0]])])
    return seeds


def retailer_papers(folder: Path) -> list[tuple[str, bytes]]:
    """The demo's papers and feeds; scans made smaller, so that what was done to them is what takes time."""
    program = str(Path(sys.executable).with_name("clearhold-train"))
    subprocess.run([program, "retailer", str(folder)], check=True, stdout=subprocess.DEVNULL)
    paths = sorted([*folder.glob("papers/*"), *folder.glob("feeds/*.csv")])
    return [(path.name, _smaller(path) if path.suffix in {".png", ".tif"} else path.read_bytes()) for path in paths]


def _family(kind: str) -> str:
    return kind.partition(":")[0]


def _smaller(path: Path) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    with Image.open(path) as image:
        image.convert("L").crop((0, 0, 700, 500)).save(out, "PNG" if path.suffix == ".png" else "TIFF")
    return out.getvalue()


def _damaged(whole: bytes, chance: Random, seeds: Mapping[str, Sequence[bytes]]) -> tuple[str, bytes]:
    damage = chance.choice(
        ("cut off", "bits turned", "pieces changed", "pieces repeated", "two in one", "put together")
    )
    data = bytearray(whole)
    if damage == "cut off":
        del data[chance.randrange(len(data)) :]
    elif damage == "bits turned":
        for _ in range(chance.choice((1, 4, 40, 400))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif damage == "pieces changed":
        for _ in range(chance.choice((1, 3, 12))):
            place = chance.randrange(len(data))
            data[place : place + chance.choice((0, 1, 4, 30))] = chance.choice(_TOKENS)
    elif damage == "pieces repeated":
        place, length = chance.randrange(len(data)), chance.choice((10, 100, 1_000))
        data[place:place] = data[place : place + length] * chance.choice((2, 20, 200))
    else:
        other = chance.choice(seeds[chance.choice(list(seeds))])
        place = chance.randrange(len(data)) if damage == "two in one" else len(data)
        data[place:] = other[chance.randrange(len(other)) if damage == "two in one" else 0 :]
    return damage, bytes(data) + b"\n" * chance.randrange(2)


def _archive(papers: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(papers):
            archive.writestr(f"{number}.bin", data)
    return out.getvalue()


def _letter(papers: Sequence[bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Invoices"
    message.set_content("See there.")
    for number, data in enumerate(papers):
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"{number}.bin")
    return message.as_bytes()


_EDIFACT = (
    b"UNA:+.? 'UNB+UNOC:3+4012345000009:14+4098765000002:14+261102:0800+77'UNH+1+INVOIC:D:96A:UN:EAN008'"
    b"BGM+380+R-4711+9'DTM+137:20261102:102'RFF+ON:PO-17'NAD+SU+4012345000009::9++Nordlicht GmbH'"
    b"NAD+BY+4098765000002::9'CUX+2:EUR:4'LIN+1++4012345678901:EN'QTY+47:5'MOA+203:100.00'PRI+AAA:20'"
    b"TAX+7+VAT+++:::19+S'UNS+S'CNT+2:1'MOA+79:100.00'MOA+77:119.00'MOA+124:19.00'UNT+19+1'UNZ+1+77'"
)
_X12 = (
    b"ISA*00*          *00*          *ZZ*SUPPLIER       *ZZ*RETAILER       *261102*0800*U*00401*000000077*0*P*>~"
    b"GS*IN*SUPPLIER*RETAILER*20261102*0800*77*X*004010~ST*810*0001~BIG*20261102*R-4711*20261020*PO-17~CUR*SE*USD~"
    b"N1*SE*Northlight Inc~IT1*1*5*EA*20**VN*L-1~PID*F****Desk lamp~TDS*10000~CTT*1~SE*9*0001~GE*1*77~IEA*1*000000077~"
)
