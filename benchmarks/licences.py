"""Which licences the packages that ship have: those of `requirements.lock`, as they say of themselves.

`python -m benchmarks.licences [--page]` (`make audit`) prints a table and a RESULT line, and ends with 1 when a licence
may not ship or nobody has looked at it; `--page` writes docs/licences.md.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)$", re.MULTILINE)
# The lesser licence has "GPL" in its name and is another: what is imported, and can be exchanged, may be under it.
_REFUSED = re.compile(r"(?<!L)\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
_KNOWN = re.compile(
    r"MIT|BSD|Apache|MPL|Mozilla|PSF|Public Domain|LGPL|Lesser General Public|Zlib|CC0|Unlicense|ISC", re.IGNORECASE
)
LOOKED_AT = {
    "saxonche": "MPL-2.0 (its maker's word; the wheel names none)",
}
"""Packages whose metadata does not say it, with what was found by hand."""

_WHAT = """\
Made by `make audit` from `requirements.lock` and from what each package says of itself. GPL and AGPL may not ship; a
test fails for them and for a licence nobody has looked at. LGPL packages are imported as they are and can be exchanged.
Known weaknesses of packages are looked up by `pip-audit -r requirements.lock` where its service can be reached; it is
no part of the build, which has to run without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What a package says its licence is."""

    package: str
    version: str
    says: str

    @property
    def is_refused(self) -> bool:
        """Whether it may not ship."""
        return _REFUSED.search(self.says) is not None

    @property
    def is_unknown(self) -> bool:
        """Whether somebody has to look."""
        return not self.is_refused and _KNOWN.search(self.says) is None


def shipped(lock: str) -> list[Licence]:
    """The licence of each package of a lock file that is installed here; those of other systems are left out."""
    found = {}
    for name, version, _ in _PACKAGE.findall(lock):
        try:
            found[name] = Licence(package=name, version=version, says=_said(name, distribution(name)))
        except PackageNotFoundError:
            continue
    return [found[name] for name in sorted(found)]


def _said(name: str, package: Distribution) -> str:
    if name in LOOKED_AT:
        return LOOKED_AT[name]
    told = package.metadata
    expression = _first(told.get_all("License-Expression"))
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in told.get_all("Classifier") or ()
        if line.startswith("License ::") and line.rpartition("::")[2].strip() != "OSI Approved"
    ]
    line = _first(told.get_all("License")).strip().partition("\n")[0]
    return expression or ", ".join(classifiers) or line or "says nothing"


def _first(values: Sequence[str] | None) -> str:
    return values[0] if values else ""


def page(licences: Iterable[Licence]) -> str:
    """The page as Markdown."""
    return "\n".join(
        [
            "# Licences of what ships",
            "",
            _WHAT,
            "",
            "| package | version | licence |",
            "|---|---|---|",
            *(f"| {at.package} | {at.version} | {at.says} |" for at in licences),
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table and the RESULT line; 1 when one may not ship."""
    licences = shipped((_ROOT / "requirements.lock").read_text(encoding="utf-8"))
    refused = [at for at in licences if at.is_refused]
    unknown = [at for at in licences if at.is_unknown]
    print(page(licences))
    for at in (*refused, *unknown):
        print(f"{at.package}: {at.says}: {'may not ship' if at.is_refused else 'look at it'}", file=sys.stderr)
    if "--page" in (sys.argv[1:] if arguments is None else arguments):
        (_ROOT / "docs" / "licences.md").write_text(page(licences), encoding="utf-8")
    print(f"RESULT packages={len(licences)} refused={len(refused)} unknown={len(unknown)}")
    return 1 if refused or unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
