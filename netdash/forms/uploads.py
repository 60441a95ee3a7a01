"""What people may send: small files, kept in memory, never written to disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_FILE = 1_048_576


class SmallUploadHandler(FileUploadHandler):
    """Keep a file as long as it is small, and nothing of a larger one.

    A larger one is passed over to its end, so that what else was typed is read, and comes as an
    empty file of its true size.
    """

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin with nothing."""
        super().new_file(*args, **options)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or nothing at all past the limit."""
        if start + len(raw_data) > LARGEST_FILE:
            self.kept = BytesIO()
        else:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give what was kept."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
        )
