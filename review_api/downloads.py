"""Gives a stored file back: always as a download, never shown as a page of this site."""

from urllib.parse import quote

from fastapi import Response


def download(data: bytes, file_name: str) -> Response:
    """The bytes as they came, under the name they came with."""
    disposition = f"attachment; filename*=utf-8''{quote(file_name, safe='')}"
    return Response(data, media_type="application/octet-stream", headers={"Content-Disposition": disposition})
