"""RapidOCR behind the same question: slower than Tesseract, far better on photographs, receipts and poor scans.

Its models are inside its wheel and are named by path, so that it never tries to fetch any. Only its three steps are
used (find lines, tell which are upside down, read lines); the places of words are worked out here, since its own word
boxes come with the scores of other characters.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import UnavailableError
from extraction.language import guess_language
from extraction.ocr_engines import FAILED, OcrWord, Recognised

if TYPE_CHECKING:
    from PIL.Image import Image

# Lines are found on a smaller picture than they are read from: a fifth less time for the same words.
_LONGEST_SIDE = 2_800
_LONGEST_SEARCHED = 1_600
_SHORTEST_SIDE = 32
_LINE_SCORE = 0.5
_UPRIGHT_SCORE = 0.9
_TALL = 1.5
_VOTING = 4
# What a found line has above its capitals and below its descenders, of its height: measured against Tesseract's boxes.
_ABOVE, _BELOW = 0.2, 0.05
_LEAST_GAP = 5
_WIDE_GAP = 2.5
_PUNCTUATION = {"。": ".", "、": ",", "\u3000": " ", "–": "-", "—": "-"}
_FULL_WIDTH = range(0xFF01, 0xFFEF)


class RapidOcr:
    """The models, loaded when the first picture comes."""

    hugs_ink = False

    @cached_property
    def _steps(self) -> Any:
        return _load()

    def recognise(
        self,
        image: "Image",
        *,
        dpi: float,
        language: str | None,
        is_upright: bool = False,
    ) -> Recognised:
        """The words of a grey picture, whatever their Latin language."""
        try:
            found = self._lines(image)
            quarter = 0 if is_upright else _quarter(found)
            if quarter:
                found = self._lines(image.rotate(90 * quarter, expand=True))
            words = tuple(self._words(found))
        except MemoryError:
            raise
        except Exception as error:
            raise FAILED from error
        return Recognised(words=words, quarter=quarter, language=language or guess_language(w.text for w in words))

    def _lines(self, image: "Image") -> "_Found":
        """Where lines of text are, each cut out; no reading yet."""
        import numpy as np
        from PIL.Image import Resampling
        from rapidocr.main import RapidOCRError

        scale = min(_LONGEST_SIDE / max(image.size), 1.0)
        size = tuple(max(round(side * scale), 1) for side in image.size)
        small = image.resize((size[0], size[1]), Resampling.LANCZOS) if scale < 1 else image
        pixels = np.asarray(_padded(small).convert("RGB"))
        try:
            cuts, found = self._steps.detect_and_crop(pixels, {})
        except RapidOCRError:
            return _Found([], [], [], scale)
        # Longer lines would be squeezed until nothing can be told from them.
        starts = [cut[:, : _VOTING * cut.shape[0]] for cut in cuts]
        votes = self._steps.cls_and_rotate(starts)[1].cls_res
        is_turned = ["180" in label and score > _UPRIGHT_SCORE for label, score in votes]
        return _Found(_unturned(cuts, found.boxes.tolist()), found.boxes.tolist(), is_turned, scale)

    def _words(self, found: "_Found") -> Iterator[OcrWord]:
        if not found.cuts:
            return
        read = self._steps.recognize_txt(found.cuts)
        for number, (text, score, places) in enumerate(zip(read.txts, read.scores, read.word_results, strict=True)):
            if score >= _LINE_SCORE and text.strip():
                yield from _line(text, places, found.quads[number], found.scale, number)


class _Found(NamedTuple):
    """Lines of text: pictures of them, their corners (top left, top right, bottom right, bottom left), votes."""

    cuts: list[Any]
    quads: list[list[list[float]]]
    is_turned: list[bool]
    scale: float


class _Char(NamedTuple):
    """A character of a line: its middle, counted in steps of the reader, and how sure it is."""

    text: str
    step: float
    confidence: float
    follows_space: bool


@lru_cache(maxsize=1)
def engine() -> RapidOcr:
    """The engine of this process.

    Raises:
        UnavailableError: `OCR-MISSING` when RapidOCR or its models are not installed.
    """
    if any(find_spec(module) is None for module in ("rapidocr", "onnxruntime")):
        raise _missing("RapidOCR is not installed")
    return RapidOcr()


def _load() -> Any:
    import cv2
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    models = {step: next(folder.glob(f"*_{step}_*.onnx"), None) for step in ("det", "cls", "rec")}
    if None in models.values():
        raise _missing("RapidOCR's models are not where its wheel has them")
    cv2.setNumThreads(1)
    return rapidocr.RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
            "Global.use_vertical_padding": False,
            "Global.return_word_box": True,
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST_SEARCHED,
            **{f"{step.capitalize()}.model_path": str(path) for step, path in models.items()},
        }
    )


def _missing(what: str) -> UnavailableError:
    return UnavailableError("OCR-MISSING", f"{what}.", "Run `make setup`, or install it: pip install rapidocr.")


def _padded(image: "Image") -> "Image":
    """Thin strips get paper around them: lines are not found in less."""
    from PIL import Image

    if min(image.size) >= _SHORTEST_SIDE:
        return image
    paper = Image.new("L", (max(image.width, _SHORTEST_SIDE), max(image.height, _SHORTEST_SIDE)), 255)
    paper.paste(image, (0, 0))
    return paper


def _unturned(cuts: Sequence[Any], quads: Sequence[Sequence[Sequence[float]]]) -> list[Any]:
    """The cuts as they stand: a lone `1` is tall as well, but no line of text that runs downwards."""
    import numpy as np

    lines = [_length(quad[0], quad[3]) for quad in quads if not _is_tall(quad)]
    highest = _TALL * median(lines) if lines else 0.0
    return [
        np.rot90(cut, -1) if _is_tall(quad) and _length(quad[0], quad[3]) <= highest else cut
        for cut, quad in zip(cuts, quads, strict=True)
    ]


def _is_tall(quad: Sequence[Sequence[float]]) -> bool:
    return _length(quad[0], quad[3]) >= _TALL * _length(quad[0], quad[1])


def _quarter(found: _Found) -> int:
    """The quarter turns of most of the text, by the shape of its lines and by which way up they are."""
    votes = [0.0] * 4
    for quad, is_turned in zip(found.quads, found.is_turned, strict=True):
        length = max(_length(quad[0], quad[1]), _length(quad[0], quad[3]))
        votes[(1 if _is_tall(quad) else 0) + (2 if is_turned else 0)] += length
    return votes.index(max(votes))


def _line(text: str, places: Any, quad: list[list[float]], scale: float, number: int) -> Iterator[OcrWord]:
    """The words of a line, each at its place between the line's ends."""
    chars = _characters(text, places)
    if not chars or not places.line_txt_len:
        return
    steps = median(b.step - a.step for a, b in pairwise(chars)) if len(chars) > 1 else 2.0
    height = (_length(quad[0], quad[3]) + _length(quad[1], quad[2])) / 2
    (x0, y0), (x1, y1) = _middle(quad[0], quad[3]), _middle(quad[1], quad[2])
    if _is_tall(quad) and len(chars) > 1:
        yield _across(chars, quad, scale, number)
        return
    for word in _split(chars, steps):
        start = max(word[0].step - _half_width(word[0], steps), 0.0) / places.line_txt_len
        end = min((word[-1].step + _half_width(word[-1], steps)) / places.line_txt_len, 1.0)
        middle = (start + end) / 2
        width = max((end - start) * _length((x0, y0), (x1, y1)), 1.0)
        yield OcrWord(
            text="".join(char.text for char in word),
            left=(x0 + middle * (x1 - x0) - width / 2) / scale,
            top=(y0 + middle * (y1 - y0) + (_ABOVE - 0.5) * height) / scale,
            width=width / scale,
            height=(1 - _ABOVE - _BELOW) * height / scale,
            confidence=sum(char.confidence for char in word) / len(word),
            line=(number,),
        )


def _half_width(char: _Char, steps: float) -> float:
    return steps / 2 if char.text.isalnum() else steps / 4


def _across(chars: Sequence[_Char], quad: list[list[float]], scale: float, number: int) -> OcrWord:
    """A note written across the others, such as along the edge: one word."""
    xs, ys = [x / scale for x, _ in quad], [y / scale for _, y in quad]
    return OcrWord(
        text="".join(char.text for char in chars),
        left=min(xs),
        top=min(ys),
        width=max(xs) - min(xs),
        height=max(ys) - min(ys),
        confidence=sum(char.confidence for char in chars) / len(chars),
        line=(number,),
    )


def _characters(text: str, places: Any) -> list[_Char]:
    """The characters of a line without white space; the reader gives a step for each of them, a score for all."""
    steps = [step for word in places.word_cols for step in word]
    chars: list[_Char] = []
    space = False
    for char, score in zip(text, places.confs, strict=True):
        if char.isspace():
            space = True
        elif len(chars) < len(steps):
            chars.append(_Char(plain(char), steps[len(chars)], score, space))
            space = False
    return chars


def plain(char: str) -> str:
    """Full-width signs as they are printed on Latin papers."""
    return unicodedata.normalize("NFKC", char) if ord(char) in _FULL_WIDTH else _PUNCTUATION.get(char, char)


def _split(chars: Sequence[_Char], steps: float) -> Iterator[list[_Char]]:
    word = [chars[0]]
    for before, char in pairwise(chars):
        if char.follows_space or char.step - before.step > max(_LEAST_GAP, _WIDE_GAP * steps):
            yield word
            word = []
        word.append(char)
    yield word


def _length(a: Sequence[float], b: Sequence[float]) -> float:
    return float(((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5)


def _middle(a: Sequence[float], b: Sequence[float]) -> tuple[float, float]:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
