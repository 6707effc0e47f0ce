"""What atheris feeds with bytes of its own making: each reader that runs on strangers' bytes, in this process.

`python -m tests.fuzz.targets NAME CORPUS [-max_total_time=SECONDS]`. A reader may answer, or refuse with a coded error;
anything else it raises is a find. The corpus grows in its folder.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["extraction", "ingest", "core"]):
    from core.errors import ClearholdError
    from extraction import edifact, structured, x12
    from ingest.containers import UnpackLimits, unpack
    from ingest.feed_files import read_feed
    from ingest.sniff import sniff

LIMITS = UnpackLimits(max_bytes=1_000_000, max_files=50)


def _xml(data: bytes) -> object:
    return structured.parse_einvoice(data, "0" * 64)


def _edi(data: bytes) -> object:
    media_type = "application/edi-x12" if data.startswith(b"ISA") else "application/edifact"
    (x12.read_x12 if data.startswith(b"ISA") else edifact.read_edifact)(data)
    return structured.parse_edi(data, media_type, "0" * 64)


def _mail(data: bytes) -> object:
    return unpack(data, "message/rfc822", LIMITS)


def _archive(data: bytes) -> object:
    return unpack(data, "application/zip", LIMITS)


def _feed(data: bytes) -> object:
    # Parquet is opened in a child process and by a library of others.
    return None if data.startswith(b"PAR1") else read_feed("suppliers", data, file_name="a", max_rows=1_000)


TARGETS: Mapping[str, Callable[[bytes], object]] = {
    "xml": _xml, "edi": _edi, "mail": _mail, "archive": _archive, "feed": _feed, "sniff": sniff,
}  # fmt: skip


def main(name: str, corpus: Path, *options: str) -> None:
    """Runs one target until its time is over or it finds something."""
    read = TARGETS[name]

    def one(data: bytes) -> None:
        try:
            read(data)
        except ClearholdError as error:
            if not (error.code and error.remedy):
                raise RuntimeError("a refusal without code or remedy") from error

    atheris.Setup([name, str(corpus), "-max_len=8192", "-timeout=10", f"-artifact_prefix={corpus}.", *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
