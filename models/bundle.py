"""What serving knows of a trained model: one file with boosters, signature, calibration and card, and its checksum.

A bundle is exported by `clearhold-train NAME --promote` and loaded from `CLEARHOLD_HOME/bundles/NAME.json`. The service
looks at the file's stamp at each use, so that a new one is taken up while it runs; a file that is not as it was written
is refused, and what was loaded before stays.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.canonical import sha256_of
from core.errors import UnavailableError

Stamp = tuple[int, int, int]
FORMAT = 1
MODEL_NAMES = ("sla-miss", "demand", "replenishment", "review", "routing")
"""The models a house can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A trained model as it is served.

    Attributes:
        name: the model (`sla-miss`, `demand`, `replenishment`, `review`, `routing`).
        version: name and first digits of the checksum of what was learnt: the same learning, the same version.
        features: the columns it was trained on, in its order. Serving refuses to score with others.
        boosters: LightGBM's own text of each booster, by what it predicts.
        content: all else that was learnt: calibration, encodings, offsets, averages; JSON's own types.
        card: what it was made from and how good it is, for people.
    """

    name: str
    version: str
    features: tuple[str, ...]
    boosters: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)


def make_bundle(
    name: str,
    *,
    features: tuple[str, ...],
    boosters: Mapping[str, str],
    content: Mapping[str, Any],
    card: Mapping[str, Any],
) -> Bundle:
    """A bundle whose version names what was learnt."""
    learnt = sha256_of({"features": features, "boosters": boosters, "content": content})
    return Bundle(
        name=name, version=f"{name}-{learnt[:12]}", features=features, boosters=boosters, content=content, card=card
    )


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Writes a bundle beside its place and moves it there at once: a reader sees the old one or the new one."""
    body = _body(bundle)
    text = json.dumps({**body, "checksum": sha256_of(body)}, sort_keys=True, separators=(",", ":"), allow_nan=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_bundle(path: Path, *, name: str) -> Bundle:
    """Reads a bundle and checks that it is whole and the model asked for.

    Raises:
        UnavailableError: `MODEL-MISSING`, or `MODEL-CHECKSUM` when it is not as it was written.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnavailableError(
            "MODEL-MISSING", f"There is no {name} model at {path}.", f"Train one: clearhold-train {name} --promote."
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(path, name) from error
    checksum = body.pop("checksum", None) if isinstance(body, dict) else None
    if checksum is None or checksum != sha256_of(body) or body.get("format") != FORMAT or body.get("name") != name:
        raise _damaged(path, name)
    return Bundle(
        name=body["name"],
        version=body["version"],
        features=tuple(body["features"]),
        boosters=body["boosters"],
        content=body["content"],
        card=body["card"],
    )


class Bundles:
    """The models of a house, each loaded when first used and again when its file changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, tuple[Stamp, Bundle]] = {}
        self._refused: dict[str, tuple[Stamp, UnavailableError]] = {}

    def get(self, name: str) -> Bundle | None:
        """The model with this name; None where there is none, or where its file is broken and none was loaded.

        A file that goes away while the service runs takes no model with it: that may be a disk, or half an export.
        """
        path = self._folder / f"{name}.json"
        stamp = _stamp(path)
        loaded = self._loaded.get(name)
        if stamp is None:
            return None if loaded is None else loaded[1]
        if loaded is not None and loaded[0] == stamp:
            return loaded[1]
        refused = self._refused.get(name)
        if refused is None or refused[0] != stamp:
            try:
                bundle = read_bundle(path, name=name)
            except UnavailableError as error:
                self._refused[name] = (stamp, error)
            else:
                self._loaded[name] = (stamp, bundle)
                return bundle
        return None if loaded is None else loaded[1]

    def problem(self, name: str) -> UnavailableError | None:
        """What is wrong with a model's file, for those who look after the house; a missing one is no problem."""
        loaded = self.get(name)
        path = self._folder / f"{name}.json"
        stamp = _stamp(path)
        if stamp is None:
            return None if loaded is None else _gone(path, loaded)
        refused = self._refused.get(name)
        return refused[1] if refused is not None and refused[0] == stamp else None


def _body(bundle: Bundle) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": bundle.name,
        "version": bundle.version,
        "features": list(bundle.features),
        "boosters": dict(bundle.boosters),
        "content": dict(bundle.content),
        "card": dict(bundle.card),
    }


def _stamp(path: Path) -> Stamp | None:
    try:
        at = path.stat()
    except OSError:
        return None
    return at.st_mtime_ns, at.st_size, at.st_ino


def _gone(path: Path, loaded: Bundle) -> UnavailableError:
    return UnavailableError(
        "MODEL-GONE",
        f"The file {path.name} is gone; {loaded.version} goes on until the service is started anew.",
        f"Restore it from a backup, or train it again: clearhold-train {loaded.name} --promote.",
    )


def _damaged(path: Path, name: str) -> UnavailableError:
    return UnavailableError(
        "MODEL-CHECKSUM",
        f"The model {path.name} is not as it was written, or was made for another version.",
        f"Restore it from a backup, or train it again: clearhold-train {name} --promote.",
    )
