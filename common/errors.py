"""Error pages: what happened, what to do, and a number to read out."""

import sys
from typing import Any

import psycopg2
import psycopg2.errors
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from common import durable
from common.durable import is_disk
from common.refusals import Crowded, Refused

AWAY = "数据库暂时没有回应,请等 15 秒再刷新。"
BUSY = "同一条内容正被别的操作占用,或这一步等得太久,已经停下。请等几秒再试。"
FULL = "服务器的磁盘满了,现在不能保存,请告诉管理员;查看不受影响。"
ILL_DISK = "服务器的磁盘写不进去,现在不能保存,请告诉管理员;查看不受影响。"
READ_ONLY = "系统正在维护,暂时只能查看,请稍后再保存。"
# What the database says of itself, and after how many seconds to come again.
TROUBLES: dict[type[Exception], tuple[str, int]] = {
    psycopg2.errors.LockNotAvailable: (BUSY, 5),
    psycopg2.errors.QueryCanceled: (BUSY, 5),
    psycopg2.errors.DeadlockDetected: (BUSY, 5),
    psycopg2.errors.DiskFull: (FULL, 60),
    psycopg2.errors.ReadOnlySqlTransaction: (READ_ONLY, 60),
}


def _page(
    request: HttpRequest,
    status: int,
    *,
    name: str | None = None,
    asks_nothing: bool = False,
    **words: Any,
) -> HttpResponse:
    context = {
        "number": getattr(request, "number", ""),
        "office_phone": settings.CARE_OFFICE_PHONE,
        **words,
    }
    # What a page is usually given along may itself ask a database that is away.
    asked = None if asks_nothing else request
    html = render_to_string(f"{name or status}.html", context, request=asked)
    response = HttpResponse(html, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense."""
    return _page(request, 400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer one who sends more than the largest file, before any of it is read."""
    return _page(request, 413, asks_nothing=True)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer someone whose role does not include this."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that has lain open for too long."""
    return _page(request, 403, name="403_csrf")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer as if it did not exist; for strangers it does not."""
    return _page(request, 404)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Say why an operation would not do as asked."""
    changes = getattr(refusal, "changes", [])
    return _page(request, 409, words=str(refusal), changes=changes)


def server_error(request: HttpRequest) -> HttpResponse:
    """Own up to a fault of ours; a database in trouble is none, wherever it was met."""
    fault = sys.exception()
    if will_pass(fault):
        return unavailable(request, fault)
    return _page(request, 500)


def will_pass(fault: BaseException | None) -> bool:
    """Say whether database or disk is only away, busy or full: no one is at fault."""
    if isinstance(fault, OperationalError | InterfaceError) or is_disk(fault):
        return True
    if not isinstance(fault, DatabaseError):
        return False
    cause = fault.__cause__
    # A server that dies at work leaves an error of no kind and without a code.
    died = type(cause) is psycopg2.DatabaseError and cause.pgcode is None
    return died or type(cause) in TROUBLES


def unavailable(request: HttpRequest, fault: BaseException | None) -> HttpResponse:
    """Say what keeps database or disk from doing it, and when to try again."""
    if isinstance(fault, OSError):
        return _later(request, words_of_disk(fault), 60)
    cause = type(fault.__cause__) if fault else None
    words, seconds = TROUBLES.get(cause, (AWAY, 15))  # type: ignore[arg-type]
    return _later(request, words, seconds)


def words_of_disk(fault: OSError) -> str:
    """Return what to say of a disk that takes nothing."""
    return FULL if fault.errno in durable.FULL else ILL_DISK


def crowded(request: HttpRequest, fault: Crowded) -> HttpResponse:
    """Ask for a little patience, so that others are served meanwhile."""
    return _later(request, str(fault), fault.seconds)


def _later(request: HttpRequest, words: str, seconds: int) -> HttpResponse:
    response = _page(request, 503, asks_nothing=True, words=words)
    response.headers["Retry-After"] = str(seconds)
    return response
