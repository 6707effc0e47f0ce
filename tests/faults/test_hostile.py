"""A handful of what `benchmarks/hostile.py` sends by the thousand: each file is answered, and nothing is reached."""

from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from benchmarks.hostile import check_door, nobodys_door, send_all
from benchmarks.hostile_bombs import bombs
from benchmarks.hostile_files import Hostile, files, made_seeds
from tests.chaos.papers import e_invoice, orders_feeds
from tests.extraction.test_read import draw_invoice, make_pdf

# Quick to make and to refuse; the others are in the whole run.
QUICK = ("xml: entities", "xml: a file", "xml: 100,000", "zip: sizes", "zip: a path", "pdf: pages", "pdf: a page",
         "png: 60,000", "tiff", "jpeg", "mail: 500", "edifact: one")  # fmt: skip


@pytest.mark.enable_socket
def test_damaged_and_malicious_files_are_each_answered_within_the_limits(tmp_path: Path) -> None:
    picture = BytesIO()
    Image.new("L", (60, 20), 255).save(picture, "PNG")
    papers = [("a.pdf", make_pdf(draw_invoice)), ("b.xml", e_invoice(1)), ("c.png", picture.getvalue())]
    papers += [(f"{name}.csv", text.encode()) for name, text in orders_feeds(range(3)).items()]
    with nobodys_door() as door:
        port = door.getsockname()[1]
        made = [
            Hostile(kind=name.partition(":")[0], damage=name, data=make(Random(1)))
            for name, make in bombs(port).items()
            if name.startswith(QUICK)
        ]
        told = send_all(tmp_path, [*made, *files(made_seeds(papers), 60, seed=7, port=port, only_damaged=True)])
        check_door(door, told)
    assert told.broken == []
    assert told.codes["DOC-CRASHED"] == 0
    assert told.outcomes["clear"] == 0 and told.outcomes.total() > 40
