"""Keeps private facts out of logs and reports."""

import logging
import re
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

# Eighteen digits are an id, eleven a phone; the longer is looked for first.
PRIVATE = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1\d{10})(?!\d)")


def without_private_facts(text: str) -> str:
    """Put stars where an id number or a phone stood."""
    return PRIVATE.sub("***", text)


class MaskPrivateFacts(logging.Filter):
    """The second net: the first is not to log private facts at all."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_private_facts(record.getMessage())
        record.args = None
        return True


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Keeps local variables and posted words out of every error report."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        nothing: dict[str, Any] = {}
        return nothing.items()

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}
