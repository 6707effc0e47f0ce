"""Makes files of their own out of the documents in one file: pages of a PDF or TIFF, messages of an interchange.

The same file gives the same bytes each time, so that what came out of it once is known when it comes again.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from core.errors import InputError
from extraction.limits import ReadLimits

if TYPE_CHECKING:
    from PIL.Image import Image

CUTTABLE_TYPES = frozenset({"application/pdf", "image/tiff"})
"""Types whose pages can become files of their own."""
_PDF_ID = re.compile(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\](?=>>\r?\nstartxref)")
_PDF_DATE = re.compile(rb"(?<=/CreationDate\(D:)\d{14}(?=\+00'00'\)/Creator\(PDFium\))")
_NO_DATE = b"19700101000000"
_JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One document of several in a file, as a file of its own.

    Attributes:
        number: its place in the file, counted from 1.
        pages: its first and last page in the file; None for a message, which has none.
    """

    number: int
    data: bytes
    pages: tuple[int, int] | None = None

    def file_name(self, whole: str) -> str:
        """What to call it: `scan.pdf` gives `scan (pages 3-4).pdf`."""
        stem, dot, ending = whole.rpartition(".")
        if not stem:
            stem, dot, ending = whole, "", ""
        return f"{stem} ({self._place()}){dot}{ending}"

    def to_json(self, of: int) -> dict[str, int]:
        """Which of how many documents it is, and where its pages lie in the whole file."""
        place = {"number": self.number, "of": of}
        return place if self.pages is None else place | {"first_page": self.pages[0], "last_page": self.pages[1]}

    def _place(self) -> str:
        if self.pages is None:
            return f"message {self.number}"
        first, last = self.pages
        return f"page {first}" if first == last else f"pages {first}-{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A file that holds more than one document."""

    parts: tuple[Part, ...]


def cut_file(data: bytes, media_type: str, ranges: tuple[tuple[int, int], ...], limits: ReadLimits) -> tuple[Part, ...]:
    """A file for each range of pages.

    Args:
        media_type: one of `CUTTABLE_TYPES`.

    Raises:
        InputError: the file cannot be opened, as in `extraction.read`.
    """
    cut = _cut_pdf if media_type == "application/pdf" else _cut_tiff
    pieces = cut(data, ranges, limits)
    return tuple(
        Part(number=number, data=piece, pages=pages)
        for number, (piece, pages) in enumerate(zip(pieces, ranges, strict=True), 1)
    )


def _cut_pdf(data: bytes, ranges: tuple[tuple[int, int], ...], limits: ReadLimits) -> Iterator[bytes]:
    import pypdfium2

    from extraction import pdf

    with pdf.open_pdf(data, limits) as whole:
        for first, last in ranges:
            piece = pypdfium2.PdfDocument.new()
            try:
                piece.import_pages(whole, list(range(first - 1, last)))
                out = BytesIO()
                piece.save(out)
            except pypdfium2.PdfiumError as error:
                raise InputError(
                    "DOC-PDF-BROKEN",
                    "Its pages cannot be taken apart.",
                    "Ask the sender for each document in a file of its own.",
                ) from error
            finally:
                piece.close()
            yield _timeless(out.getvalue())


def _timeless(data: bytes) -> bytes:
    """Without the instant and the random name that PDFium gives to a new file; as long as before."""
    data = _PDF_DATE.sub(_NO_DATE, data)
    blank = _PDF_ID.sub(b"/ID[<" + b"0" * 32 + b"><" + b"0" * 32 + b">]", data)
    name = hashlib.sha256(blank).hexdigest()[:32].upper().encode()
    return _PDF_ID.sub(b"/ID[<" + name + b"><" + name + b">]", data)


def _cut_tiff(data: bytes, ranges: tuple[tuple[int, int], ...], limits: ReadLimits) -> Iterator[bytes]:
    from PIL import Image

    from extraction import images

    with Image.open(BytesIO(data), formats=("TIFF",)) as file:
        compression = str(file.info.get("compression", ""))
    pages = images.pages(data, "image/tiff", limits)
    for first, last in ranges:
        pictures = [(picture.copy(), dpi) for picture, dpi in (next(pages) for _ in range(first, last + 1))]
        yield _tiff(pictures, compression)


def _tiff(pictures: "list[tuple[Image, float]]", compression: str) -> bytes:
    """Pages as a TIFF: photographs as they were, roughly; everything else without loss."""
    from PIL.TiffImagePlugin import AppendingTiffWriter

    out = BytesIO()
    with AppendingTiffWriter(out, new=True) as writer:
        for picture, dpi in pictures:
            options: dict[str, object] = {"dpi": (dpi, dpi)}
            if picture.mode == "1":
                options["compression"] = "group4"
            elif compression == "jpeg" and picture.mode in {"L", "RGB"}:
                options |= {"compression": "jpeg", "quality": _JPEG_QUALITY}
            else:
                options["compression"] = "tiff_adobe_deflate"
            picture.save(writer, "TIFF", **options)
            writer.newFrame()
    return out.getvalue()
