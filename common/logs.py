"""Lines of the log: one a fact, with the request's number, without private facts."""

import re
from collections.abc import ItemsView, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

# Eighteen digits are an id, and a few less or more one that somebody mistyped; eleven
# are a phone; the longer is looked for first.
PRIVATE = re.compile(r"(?<!\d)(?:\d{14,19}[Xx]?|1\d{10})(?!\d)")
# What PostgreSQL adds to a fault for the client alone: the row, or the statement.
STATEMENTS = re.compile(r"^(DETAIL|LINE \d+|CONTEXT|QUERY|HINT):.*$", re.MULTILINE)

# A fault may quote what somebody wrote, and people here write Chinese; the places in
# our own code, which are what a fault is read for, are not in it.
QUOTED = re.compile(r"[^\x00-\x7f]+")


def without_private_facts(text: str) -> str:
    """Put stars where an id number or a phone stood, or a row that was refused."""
    return PRIVATE.sub("***", STATEMENTS.sub(r"\1: ***", text))


def line_format(*, as_json: bool) -> dict[str, Any]:
    """Return the formatter for ``LOGGING``: JSON for machines, plain for people."""
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
        ],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask_values,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if as_json
            else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
        ],
    }


def _mask_values(
    logger: Any, name: str, told: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask every text of a line; of a fault's traceback keep what is no Chinese."""
    masked = {
        key: without_private_facts(value) if isinstance(value, str) else value
        for key, value in told.items()
    }
    if "exception" in masked:
        masked["exception"] = QUOTED.sub("***", masked["exception"])
        # Celery writes the fault's own words once more into the line itself.
        if str(masked.get("logger", "")).startswith("celery"):
            masked["event"] = QUOTED.sub("***", masked["event"])
    return masked


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
