"""Keeps a link that somebody else may have written on this site."""


def address_here(address: str) -> str:
    """An address of this site only: whoever sends a link must not choose where a form leads."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe else "/"
