"""Files made to hurt whoever opens them: small to send, endless, huge or contradictory to read."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import cache
from random import Random

MEGABYTE = 1_000_000


def bombs(port: int) -> Mapping[str, Callable[[Random], bytes]]:
    """By name what makes one, another each time; `port` is where nobody may ever call."""
    there = f"http://127.0.0.1:{port}/"
    return {
        "xml: entities in entities": lambda chance: _laughs(chance, there),
        "xml: a file from outside": lambda chance: _outside(chance, there),
        "xml: 100,000 deep": lambda chance: _salt(chance) + b"<a>" * 100_000,
        "xml: a million attributes": lambda chance: b"<Invoice " + _attributes(chance) + b"/>",
        "xml: encoding that lies": _lying_xml,
        "zip: 200 MB of nothing": lambda chance: _zip({f"{chance.random()}.xml": _nothing()}),
        "zip: in a zip in a zip": lambda chance: _matryoshka(chance, 6),
        "zip: 5,000 files": lambda chance: _zip({f"{chance.random()}{n}": b"x" for n in range(5_000)}),
        "zip: sizes that lie": _lying_zip,
        "zip: a path out": lambda chance: _zip({"../../../../tmp/out": b"<Invoice/>", f"{chance.random()}": b"x"}),
        "pdf: a stream of 400 MB": lambda chance: _pdf(chance, b"/Contents 4 0 R", _flate_stream()),
        "pdf: pages that hold themselves": lambda chance: _pdf(chance, b"/Kids [3 0 R 3 0 R] /Parent 3 0 R", b""),
        "pdf: a page of 10^9 points": lambda chance: _pdf(chance, b"/MediaBox [0 0 999999999 999999999]", b""),
        "pdf: lengths that lie": lambda chance: _pdf(chance, b"", b"4 0 obj<</Length 99999999>>stream\nx\nendstream\n"),
        "pdf: 100,000 deep": lambda chance: _pdf(chance, b"/X " + b"[" * 100_000 + b"]" * 100_000, b""),
        "pdf: opens a page of the web": lambda chance: _pdf(chance, f"/AA<</O<</S/URI/URI({there})>>>>".encode(), b""),
        "pdf and zip at once": lambda chance: _pdf(chance, b"", b"") + _zip({"a.xml": b"<Invoice/>"}),
        "png: 60,000 × 60,000": lambda chance: _png(60_000, 60_000, chance),
        "png: lines of 100 MB": lambda chance: _png(10_000, 10_000, chance),
        "tiff: pages in a ring": _ring_of_tiff,
        "jpeg: a size that lies": _lying_jpeg,
        "mail: 500 deep": lambda chance: _deep_mail(chance, 500),
        "mail: no end": _endless_mail,
        "mail: a bomb attached": lambda chance: _mail(_zip({f"{chance.random()}": _nothing()})),
        "edifact: 100,000 segments": lambda chance: _edifact(b"LIN+1'" * 100_000, chance),
        "edifact: one endless segment": lambda chance: _edifact(b"FTX+" + b"a:+" * 300_000, chance),
        "x12: 100,000 segments": lambda chance: _x12(b"IT1*1*1*EA*1~" * 100_000, chance),
        "text: one line of 5 MB": lambda chance: b"9" * 5_000_000 + _salt(chance),
    }  # fmt: skip


def _salt(chance: Random) -> bytes:
    return f"<!--{chance.random()}-->".encode()


def _lying_xml(chance: Random) -> bytes:
    return b'<?xml version="1.0" encoding="utf-16"?><Invoice>' + chance.randbytes(99)


def _lying_jpeg(chance: Random) -> bytes:
    return b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + chance.randbytes(200)


def _endless_mail(chance: Random) -> bytes:
    return b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 50_000 + _salt(chance)


def _laughs(chance: Random, there: str) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE Invoice [<!ENTITY a0 "{there}">{entities}]>'
    return f"<?xml version='1.0'?>{head}<Invoice>&a11;{chance.random()}</Invoice>".encode()


def _outside(chance: Random, there: str) -> bytes:
    head = f'<!DOCTYPE Invoice SYSTEM "{there}x.dtd" [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return f"<?xml version='1.0'?>{head}<Invoice>&f;{chance.random()}</Invoice>".encode()


def _attributes(chance: Random) -> bytes:
    return " ".join(f'a{n}="{chance.randrange(9)}"' for n in range(200_000)).encode()


@cache
def _nothing() -> bytes:
    return bytes(200 * MEGABYTE)


@cache
def _packed_nothing(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _matryoshka(chance: Random, deep: int) -> bytes:
    data = f"<Invoice>{chance.random()}</Invoice>".encode()
    for _ in range(deep):
        data = _zip({"in.zip": data, "beside.zip": data})
    return data


def _lying_zip(chance: Random) -> bytes:
    data = bytearray(_zip({"a.xml": b"<Invoice/>" + chance.randbytes(50) * 100}))
    place = data.rfind(b"PK\x01\x02")
    struct.pack_into("<II", data, place + 20, chance.randrange(2**31), chance.randrange(2**32))
    return bytes(data)


def _pdf(chance: Random, page: bytes, objects: bytes) -> bytes:
    body = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842] " + page + b">>endobj\n" + objects
    )
    return body + f"trailer<</Root 1 0 R>>\n% {chance.random()}\n%%EOF\n".encode()


def _flate_stream() -> bytes:
    packed = _packed_nothing(400)
    return b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream endobj\n"


def _png(width: int, height: int, chance: Random) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    told = chunk(b"tEXt", b"a\0" + str(chance.random()).encode())
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + told + chunk(b"IDAT", _packed_nothing(100)) + chunk(b"IEND", b"")
    )


def _ring_of_tiff(chance: Random) -> bytes:
    entry = struct.pack("<HHII", 256, 4, 1, chance.randrange(2**31))
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)


def _deep_mail(chance: Random, deep: int) -> bytes:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(deep))
    return f"From: a@b\nSubject: {chance.random()}\n{parts}\n\nend\n".encode()


def _mail(attached: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Invoice"
    message.set_content("See there.")
    message.add_attachment(attached, maintype="application", subtype="zip", filename="invoice.zip")
    return message.as_bytes()


def _edifact(segments: bytes, chance: Random) -> bytes:
    number = chance.randrange(10**9)
    head = f"UNA:+.? 'UNB+UNOC:3+A+B+261101:1200+{number}'UNH+1+INVOIC:D:96A:UN'BGM+380+{number}'".encode()
    return head + segments + f"UNT+9+1'UNZ+1+{number}'".encode()


def _x12(segments: bytes, chance: Random) -> bytes:
    number = f"{chance.randrange(10**9):09}"
    head = f"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261101*1200*U*00401*{number}*0*P*>~"
    return head.encode() + b"GS*IN*A*B*20261101*1200*1*X*004010~ST*810*0001~" + segments + b"SE*9*0001~GE*1*1~IEA*1*1~"
