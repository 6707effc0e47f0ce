"""From bytes to what the document says, in one call that a limited child process can run."""

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.documents import Evidence, Extraction, Field, Reading, Remark, Row
from core.errors import InputError
from extraction.frames import Frame
from extraction.limits import ReadLimits, too_large
from extraction.xml_safe import parse_xml

if TYPE_CHECKING:
    from core.documents import Document
    from core.settings import Settings
    from extraction.bundle import Bundle
    from extraction.knowledge import Knowledge
    from extraction.parts import Several

_EDI = frozenset({"application/edifact", "application/edi-x12"})
_NEEDED = (
    "ingest.sniff",
    "pypdfium2",
    "PIL.Image",
    "lxml.etree",
    "extraction.read",
    "extraction.render",
    "extraction.extract",
    "extraction.split_pages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How a document is to be read.

    Attributes:
        media_type: as told from its content before; None to tell it now.
        ocr: `auto`, `tesseract` or `rapidocr`.
        ignore_embedded: read only what a person would see, not the e-invoice inside.
        bundle: folder of the extraction bundle; the shipped one when None.
        knowledge: file of what the house knows besides the paper; nothing when None.
        keep_words: give the words of the pages too, for people to select.
    """

    media_type: str | None = None
    ocr: str = "auto"
    ignore_embedded: bool = False
    limits: ReadLimits = field(default_factory=ReadLimits)
    bundle: Path | None = None
    knowledge: Path | None = None
    keep_words: bool = False

    @classmethod
    def from_settings(
        cls, settings: "Settings", document: "Document | None" = None, knowledge: Path | None = None
    ) -> "ReadOptions":
        """As the settings say; the type of a received document was told when it came."""
        return cls(
            media_type=document.media_type if document else None,
            ocr=settings.ocr,
            limits=ReadLimits(
                max_bytes=settings.max_bytes,
                max_pages=settings.max_pages,
                max_page_pixels=settings.max_page_pixels,
                max_xml_depth=settings.max_xml_depth,
            ),
            bundle=settings.bundle,
            knowledge=knowledge,
        )


def read_and_extract(data: bytes, options: ReadOptions | None = None) -> Extraction:
    """Reads a file as one document and says what is in it.

    Raises:
        ClearholdError: why it cannot be read, with code and remedy; nothing else, whatever the bytes.
    """
    result = _read(data, options or ReadOptions(), apart=False)
    assert isinstance(result, Extraction)
    return result


def read_documents(data: bytes, options: ReadOptions | None = None) -> "Extraction | Several":
    """Reads a file: what the document in it says or, where it surely holds several, each as a file of its own.

    Raises:
        ClearholdError: as `read_and_extract`.
    """
    return _read(data, options or ReadOptions(), apart=True)


def _read(data: bytes, options: ReadOptions, *, apart: bool) -> "Extraction | Several":
    from extraction.read import read_framed
    from ingest.sniff import sniff

    if len(data) > options.limits.max_bytes:
        raise too_large(len(data), options.limits)
    media_type = options.media_type or sniff(data)
    if apart and media_type in _EDI and (several := _messages(data, media_type)):
        return several
    framed = read_framed(data, media_type=media_type, limits=options.limits, ocr=options.ocr)
    reading = framed.reading
    remarks: tuple[Remark, ...] = ()
    if len(reading.pages) > 1 and (reading.xml is None or options.ignore_embedded):
        from extraction.split_pages import cut_pages

        cut = cut_pages(reading, _bundle(options.bundle))
        if apart and (parts := _pages_apart(data, media_type, cut.ranges, options.limits)):
            return parts
        remarks = cut.remarks()
    if media_type == "application/pdf" and reading.xml is None and not options.ignore_embedded:
        from extraction.attached import unread_data

        remarks += unread_data(data, options.limits)
    extraction = _extract(reading, options)
    if options.keep_words:
        from extraction.words import as_displayed

        extraction = replace(extraction, words=as_displayed(framed))
    return _as_displayed(replace(extraction, findings=(*extraction.findings, *remarks)), framed.frames)


def warm_up(bundle: Path | None = None) -> None:
    """Loads what the first document would otherwise wait for."""
    for module in _NEEDED:
        import_module(module)
    _bundle(bundle)


def _messages(data: bytes, media_type: str) -> "Several | None":
    from extraction.edi_split import split_edi
    from extraction.parts import Part, Several

    messages = split_edi(data, media_type)
    parts = tuple(Part(number=number, data=message) for number, message in enumerate(messages, 1))
    return Several(parts=parts) if parts else None


def _pages_apart(
    data: bytes, media_type: str, ranges: tuple[tuple[int, int], ...], limits: ReadLimits
) -> "Several | None":
    """The documents on the pages as files; None where there is one only, or a file would be larger than allowed."""
    from extraction.parts import CUTTABLE_TYPES, Several, cut_file

    if len(ranges) < 2 or media_type not in CUTTABLE_TYPES:
        return None
    parts = cut_file(data, media_type, ranges, limits)
    return Several(parts=parts) if all(len(part.data) <= limits.max_bytes for part in parts) else None


def _extract(reading: Reading, options: ReadOptions) -> Extraction:
    """A hybrid PDF whose e-invoice cannot be read is still a paper that people can; plain XML has nothing else."""
    if reading.edi is not None:
        from extraction.structured import parse_edi

        return parse_edi(reading.edi, reading.media_type, reading.sha256)
    if reading.xml is not None and not reading.pages:
        from extraction.structured import parse_einvoice

        return parse_einvoice(reading.xml, reading.sha256, max_depth=options.limits.max_xml_depth)
    from extraction.extract import extract

    bundle, knowledge = _bundle(options.bundle), _knowledge(options.knowledge)
    if reading.xml is None or options.ignore_embedded:
        return extract(reading, bundle=bundle, ignore_embedded=True, knowledge=knowledge)
    try:
        parse_xml(reading.xml, max_depth=options.limits.max_xml_depth)
        return extract(reading, bundle=bundle)
    except InputError as error:
        remark = Remark(
            code="DOC-SCHEMA",
            outcome="hold",
            message=f"The e-invoice inside the PDF was left aside and the pages were read instead. {error.message}",
        )
    seen = extract(reading, bundle=bundle, ignore_embedded=True, knowledge=knowledge)
    return replace(seen, findings=(*seen.findings, remark))


@cache
def _bundle(path: Path | None) -> "Bundle":
    from extraction.bundle import default_bundle, load_bundle

    return default_bundle() if path is None else load_bundle(path)


@lru_cache(maxsize=2)
def _knowledge(path: Path | None) -> "Knowledge":
    """Its file never changes, another has another name. Without it the paper is read all the same."""
    from json import loads

    from extraction.knowledge import EMPTY, knowledge_from_json

    if path is None:
        return EMPTY
    try:
        return knowledge_from_json(loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return EMPTY


def _as_displayed(extraction: Extraction, frames: tuple[Frame, ...]) -> Extraction:
    """Evidence where a person sees it: pages that were turned or straightened for reading are put back."""
    sizes = tuple((round(frame.width, 2), round(frame.height, 2)) for frame in frames)
    if all(frame.quarter == 0 and frame.skew == 0 for frame in frames):
        return replace(extraction, page_sizes=sizes)
    return replace(
        extraction,
        page_sizes=sizes,
        fields=_row_as_displayed(extraction.fields, frames),
        lines=tuple(_row_as_displayed(row, frames) for row in extraction.lines),
        tax_breakdown=tuple(_row_as_displayed(row, frames) for row in extraction.tax_breakdown),
        findings=tuple(_remark_as_displayed(remark, frames) for remark in extraction.findings),
        alternatives={
            name: tuple(replace(one, evidence=_evidence_as_displayed(one.evidence, frames)) for one in some)
            for name, some in extraction.alternatives.items()
        },
    )


def _row_as_displayed(row: Row, frames: tuple[Frame, ...]) -> Row:
    return {name: _field_as_displayed(found, frames) for name, found in row.items()}


def _field_as_displayed(found: Field, frames: tuple[Frame, ...]) -> Field:
    return replace(found, evidence=tuple(_evidence_as_displayed(place, frames) for place in found.evidence))


def _remark_as_displayed(remark: Remark, frames: tuple[Frame, ...]) -> Remark:
    return replace(remark, evidence=tuple(_evidence_as_displayed(place, frames) for place in remark.evidence))


def _evidence_as_displayed(place: Evidence, frames: tuple[Frame, ...]) -> Evidence:
    return replace(place, box=frames[place.page - 1].to_display(place.box))
