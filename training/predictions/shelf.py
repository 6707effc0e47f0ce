"""Where exported bundles lie: the one in service, and every one that was before it.

`CLEARHOLD_HOME/bundles/NAME.json` is what the service loads. `bundles/NAME/VERSION.json` keeps each that ever was.
"""

from pathlib import Path

from core.errors import ClearholdError
from models.bundle import Bundle, read_bundle, write_bundle
from training import tracking
from training.predictions.refusals import no_such_bundle


class Shelf:
    """The bundles of one model of a house."""

    def __init__(self, home: Path, name: str) -> None:
        self._folder = home / "bundles"
        self._name = name

    @property
    def served(self) -> Path:
        """The file the service loads."""
        return self._folder / f"{self._name}.json"

    def champion(self) -> Bundle | None:
        """The bundle in service; None where there is none, or where it is not as it was written."""
        try:
            return read_bundle(self.served, name=self._name)
        except ClearholdError:
            return None

    def promote(self, bundle: Bundle) -> Path:
        """Puts a bundle in service; the former one stays beside it under its version."""
        former = self.champion()
        for kept in (former, bundle):
            if kept is not None and not self._kept(kept.version).exists():
                write_bundle(kept, self._kept(kept.version))
        write_bundle(bundle, self.served)
        return self.served

    def find(self, asked: str) -> Bundle:
        """The bundle that is called so: `champion`, `challenger`, a version, a number of the registry, or a file.

        Raises:
            NotFoundError: `TRAIN-BUNDLE-UNKNOWN`.
            UnavailableError: `MODEL-CHECKSUM`.
        """
        path = self._place(asked)
        if path is None or not path.exists():
            raise no_such_bundle(self._name, asked)
        return read_bundle(path, name=self._name)

    def _place(self, asked: str) -> Path | None:
        if asked == tracking.CHAMPION:
            return self.served
        if asked == tracking.CHALLENGER or asked.isdecimal():
            return tracking.registered(self._name, asked)
        kept = self._kept(asked)
        return kept if "/" not in asked and kept.exists() else Path(asked)

    def _kept(self, version: str) -> Path:
        return self._folder / self._name / f"{version}.json"
