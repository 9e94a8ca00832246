"""What every request passes through: a number, safe headers, refusals as pages."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

from common import errors
from common.refusals import Crowded, Refused

# Nothing here needs a sensor: a photo is a file that the person chooses.
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
        *("hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
    )
)
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives the request the number that a person can read out to the office."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(4).upper()
        request.number = number  # type: ignore[attr-defined]
        with bound_contextvars(request=number):
            response = self.get_response(request)
        response.headers["X-Request-Id"] = number
        return response


class LongestBodyMiddleware:
    """Refuses a body longer than any file may be, before it is read or kept.

    What tells no length is not read at all by Django, and what lies is cut.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if told.isdigit() and int(told) > settings.LONGEST_BODY:
            return errors.too_large(request)
        return self.get_response(request)


class SealedLineMiddleware:
    """Refuses words that came over an open line; a mere look is sent to the sealed one.

    They have been read on the way already: a redirect would only hide that.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        open_line = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if open_line and request.method not in ("GET", "HEAD"):
            return HttpResponse(status=403)
        return self.get_response(request)


class HeadersMiddleware:
    """Adds the headers Django has no setting for; pages are never stored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault(
            "Permissions-Policy",
            PERMISSIONS,
        )
        return response


class RefusalMiddleware:
    """Turns a refusal into a 409 that says why, and a crowd into a 503."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        if isinstance(exception, Crowded):
            return errors.crowded(request, exception)
        return None
