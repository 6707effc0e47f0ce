"""Readings kept between runs, since OCR is most of the time that measuring and training on scans take.

A kept reading is found by the document's bytes, the engine and the program text of the modules that read, so that a
change to how pages are read reads them again.
"""

import hashlib
import pickle
from functools import cache
from pathlib import Path

from core.documents import Reading
from extraction.read import read

_ROOT = Path(__file__).resolve().parent.parent
KEPT = _ROOT / "var" / "readings"
_PICTURES = ("read", "ocr*", "images", "text_layer", "frames", "language")
_PDFS = (*_PICTURES, "read_*", "pdf*", "render", "regions", "rulings")


def kept_reading(data: bytes, *, media_type: str, ocr: str = "auto", folder: Path = KEPT) -> Reading:
    """What `extraction.read.read` gives for these bytes, from the folder when it was read before.

    Raises:
        ClearholdError: as `read` does; failures are not kept.
    """
    program = _program(_PICTURES if media_type.startswith("image/") else _PDFS)
    name = hashlib.sha256(b"|".join((data, media_type.encode(), ocr.encode(), program.encode()))).hexdigest()
    path = folder / f"{name}.pickle"
    if path.exists():
        kept: Reading = pickle.loads(path.read_bytes())  # noqa: S301  written by this function, in a folder of our own
        return kept
    reading = read(data, media_type=media_type, ocr=ocr)
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{id(reading)}.part")
    part.write_bytes(pickle.dumps(reading))
    part.replace(path)
    return reading


@cache
def _program(readers: tuple[str, ...]) -> str:
    files = sorted({file for name in readers for file in (_ROOT / "extraction").glob(f"{name}.py")})
    files.append(_ROOT / "core" / "documents.py")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
