"""Answers with a file that lies sealed, opened as it is sent."""

from pathlib import Path

from django.http import FileResponse, Http404

from common import sealed_files
from common.sealed_chunks import Damaged


def download(path: Path, file_name: str) -> FileResponse:
    """Stream the sealed file's text under this name; a spoilt one is not found."""
    try:
        text = sealed_files.opened(path)
    except Damaged:
        raise Http404 from None
    response = FileResponse(text, as_attachment=True, filename=file_name)
    response["Content-Length"] = sealed_files.length_inside(path)
    return response
