"""Turns hostile bytes into an XML tree, or into the reason why not: no DTD, no entities, no network, no depth.

Element names come out without namespaces (`Invoice`, `ID`): the dialect is told from the root's namespace, and inside
UBL and CII no two elements differ by namespace alone.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)")
_PROLOG_BYTES = 100_000
_REMEDY = "Ask the sender for the e-invoice as their system wrote it, without changes."


def parse_xml(data: bytes, *, max_depth: int) -> tuple[str, "_Element"]:
    """The root's namespace and the tree, with names that have none.

    Raises:
        InputError: `DOC-XML-ENTITIES` for a document type declaration, `DOC-XML-DEPTH`, `DOC-XML-BROKEN`.
    """
    from lxml import etree

    root = parse_safely(data, max_depth=max_depth)
    namespace = etree.QName(root).namespace or ""
    _drop_namespaces(root)
    return namespace, root


def parse_safely(data: bytes, *, max_depth: int) -> "_Element":
    """The tree as it is written.

    Raises:
        InputError: as `parse_xml`.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _refusal(data, str(error), max_depth) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None:
        raise _entities()
    if _is_deeper(root, max_depth):
        raise _depth(max_depth)
    return root


def _refusal(data: bytes, problem: str, max_depth: int) -> InputError:
    if _DOCTYPE.search(data[:_PROLOG_BYTES].replace(b"\0", b"")):
        return _entities()
    if "depth" in problem.lower():
        return _depth(max_depth)
    where = re.search(r"line (\d+)", problem)
    place = f" near line {where[1]}" if where else ""
    return InputError("DOC-XML-BROKEN", f"It is not well-formed XML{place}.", _REMEDY)


def _entities() -> InputError:
    return InputError(
        "DOC-XML-ENTITIES", "It declares a document type or entities, which an e-invoice never needs.", _REMEDY
    )


def _depth(max_depth: int) -> InputError:
    return InputError("DOC-XML-DEPTH", f"Its elements are nested deeper than {max_depth} levels.", _REMEDY)


def _is_deeper(root: "_Element", max_depth: int) -> bool:
    level: list[_Element] = [root]
    for _ in range(max_depth):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def _drop_namespaces(root: "_Element") -> None:
    for element in _elements(root):
        tag = element.tag
        if tag.startswith("{"):
            element.tag = tag.rpartition("}")[2]


def _elements(root: "_Element") -> "Iterator[_Element]":
    return root.iter("{*}*")
