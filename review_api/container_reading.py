"""Says why a mail or archive is not read as a paper: it could not be opened, or it lies inside another."""

from core.documents import Extraction
from core.errors import InputError
from extraction.pipeline import ReadOptions, read_and_extract
from ingest.containers import UnpackLimits, unpack


def explain_container(data: bytes, options: ReadOptions, limits: UnpackLimits, is_inside: bool) -> Extraction:
    """Opens what was received unopened, to name the reason; it always raises.

    Args:
        is_inside: it came in a mail or archive itself, and so was deeper than is opened.

    Raises:
        InputError: `DOC-ARCHIVE…` with the remedy.
    """
    assert options.media_type is not None
    unpack(data, options.media_type, limits)
    if is_inside:
        raise InputError(
            "DOC-ARCHIVE-NESTED",
            "It is a mail or archive inside another, deeper than is opened.",
            "Ask the sender for the papers themselves, or take them out and send each by itself.",
        )
    return read_and_extract(data, options)
