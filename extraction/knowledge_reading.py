"""Reads a corrected paper again, to learn from it: one call that a limited child process can run."""

from collections.abc import Mapping

from extraction.knowledge import Learnt
from extraction.pipeline import ReadOptions


def learn_from(data: bytes, options: ReadOptions, corrected: Mapping[str, str], said: Mapping[str, str]) -> Learnt:
    """What a corrected paper teaches; see `extraction.knowledge_learn.learn`.

    Raises:
        ClearholdError: why it cannot be read.
    """
    from extraction.bundle import default_bundle, load_bundle
    from extraction.knowledge_learn import learn
    from extraction.read import read
    from ingest.sniff import sniff

    media_type = options.media_type or sniff(data)
    reading = read(data, media_type=media_type, limits=options.limits, ocr=options.ocr)
    bundle = default_bundle() if options.bundle is None else load_bundle(options.bundle)
    return learn(reading, corrected, said, bundle)
