"""Takes what a browser sends: in memory, or in a file that has no name."""

import weakref
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

IN_MEMORY = 2 * 1024 * 1024


class UnnamedUploadHandler(FileUploadHandler):
    """Keeps an upload where nobody else finds it, and nothing is left of it.

    Django's own would give a large file a name in the system's temporary folder,
    where it stays when the process is killed. ``settings.FILE_UPLOAD_HANDLERS`` names
    this class.
    """

    def new_file(self, *told: Any, **more: Any) -> None:
        super().new_file(*told, **more)
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        # Nobody tells a handler that the line was cut: the file goes with it then.
        self._cut_off = weakref.finalize(self, self.file.close)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self._cut_off.detach()
        self.file.seek(0)
        return UploadedFile(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
