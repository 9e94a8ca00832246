"""What a browser sends lies nowhere under a name, and nothing of it is left."""

import gc
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

TEXT = b"0123456789" * 400_000


@pytest.fixture(autouse=True)
def passing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def sent(text: bytes) -> HttpRequest:
    return RequestFactory().post("/", {"file": SimpleUploadedFile("名册.csv", text)})


@pytest.mark.parametrize("text", [b"", b"short", TEXT], ids=["empty", "short", "long"])
def test_a_file_arrives_as_it_was_sent(text: bytes, passing: Path):
    request = sent(text)
    file = request.FILES["file"]

    assert (file.name, file.size) == ("名册.csv", len(text))
    assert b"".join(file.chunks()) == text
    assert list(passing.iterdir()) == []
    request.close()
    assert file.closed


def cut_off() -> None:
    """Send a file over a line that is cut in the middle of it."""
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a.csv", TEXT)})
    request = RequestFactory().generic("POST", "/", body, MULTIPART_CONTENT)
    whole, taken = request._stream.read, 0

    def read(size: int) -> bytes:
        nonlocal taken
        taken += size
        if taken > len(TEXT):
            raise OSError("The line was cut.")
        return whole(size)

    request._stream.read = read

    with pytest.raises(UnreadablePostError):
        _ = request.FILES


def test_a_file_that_is_cut_off_leaves_nothing(passing: Path):
    cut_off()

    # A file that nobody closed would be complained about here, and fail the test.
    gc.collect()
    assert list(passing.iterdir()) == []
