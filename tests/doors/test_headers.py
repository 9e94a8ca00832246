"""HD-01, HD-03 to HD-05: what every answer carries, and whom we believe.

That every address carries it, whatever is answered to whom, is seen where all of them
are asked (house/test_matrix.py).
"""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from common import errors
from common.addresses import client_address
from common.refusals import Refused
from tests.doors.headers import faults_of
from tests.fuzz.asking import let_go

pytestmark = pytest.mark.django_db
FORCED = {
    400: lambda request: errors.bad_request(request, Exception()),
    403: lambda request: errors.forbidden(request, Exception()),
    404: lambda request: errors.not_found(request, Exception()),
    409: lambda request: errors.refused(request, Refused("不行")),
    500: errors.server_error,
    503: lambda request: errors.unavailable(request, None),
}


@pytest.mark.parametrize("status", FORCED)
def test_every_error_carries_every_header(client, monkeypatch, status):
    monkeypatch.setattr(
        "cadres.views.doors._page", lambda *a, **k: FORCED[status](a[0])
    )

    answer = client.get("/login/")

    assert answer.status_code == status
    assert faults_of(answer) == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_carries_every_header(monkeypatch):
    def fault(*words, **more):
        raise RuntimeError("marked 620321196503129019")

    monkeypatch.setattr("cadres.views.doors._page", fault)
    client = Client(raise_request_exception=False)

    answer = client.get("/login/")

    assert answer.status_code == 500
    assert faults_of(answer) == []
    assert "620321196503129019" not in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", "/static/css/site.css", 200), ("GET", "/static/none.css", 404)),
        *(("GET", "/.git/config", 404), ("GET", "/.env", 404), ("GET", "/admin/", 404)),
        *(("GET", "/static/../manage.py", 404), ("GET", "/static/", 404)),
        *(("GET", "/static/css/", 404), ("TRACE", "/login/", 405)),
        *(("GET", "/__debug__/", 404), ("GET", "/static/css/site.css.map", 404)),
    ],
)
def test_what_is_not_for_visitors_is_not_there(client, method, path, status):
    answer = client.generic(method, path)
    let_go(answer)

    assert answer.status_code == status
    assert faults_of(answer) == []
    assert not answer.cookies


def test_no_static_file_sets_a_cookie(client, cadre_user):
    client.force_login(cadre_user)

    answer = client.get("/static/css/site.css")
    let_go(answer)

    assert not answer.cookies


CHAIN = "6.6.6.6, 203.0.113.7, 10.0.0.2, 10.0.0.3"


@pytest.mark.parametrize(
    ("count", "peer", "told", "found"),
    [
        (0, "127.0.0.1", CHAIN, "127.0.0.1"),
        (0, "198.51.100.9", CHAIN, "198.51.100.9"),
        (1, "127.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (3, "127.0.0.1", CHAIN, "203.0.113.7"),
        (3, "198.51.100.9", CHAIN, "198.51.100.9"),
        (3, "127.0.0.1", "203.0.113.7", "127.0.0.1"),
        (1, "127.0.0.1", "nonsense", "127.0.0.1"),
        (1, "127.0.0.1", "", "127.0.0.1"),
        (1, "", "203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(settings, count, peer, told, found):
    settings.PROXY_COUNT = count
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=told)

    assert client_address(request) == found


def test_a_spoofed_chain_does_not_get_round_a_lock(settings, cadre_user):
    settings.AXES_ENABLED, settings.PROXY_COUNT = True, 1
    sent = {"username": "cadre", "password": "wrong"}
    for number in range(7):
        told = f"6.6.6.{number}, 203.0.113.7"
        last = Client().post("/login/", sent, headers={"x-forwarded-for": told})

    assert last.status_code == 429
    elsewhere = {"x-forwarded-for": "203.0.113.8"}
    right = {**sent, "password": "jinchang-demo"}
    assert Client().post("/login/", right, headers=elsewhere).status_code == 302


@pytest.mark.parametrize(
    ("count", "peer", "proto", "secure"),
    [
        (0, "127.0.0.1", "https", False),
        (1, "127.0.0.1", "https", True),
        (1, "127.0.0.1", "http", False),
        (1, "198.51.100.9", "https", False),
    ],
)
def test_only_our_proxy_says_that_the_line_is_sealed(
    settings, count, peer, proto, secure
):
    settings.PROXY_COUNT = count
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-proto": proto, "x-forwarded-host": "evil.example"}

    looked = Client(REMOTE_ADDR=peer).get("/login/", headers=headers)
    posted = Client(REMOTE_ADDR=peer).post("/login/", headers=headers)

    assert looked.status_code == (200 if secure else 301)
    assert posted.status_code == (422 if secure else 403)
    assert "evil.example" not in looked.headers.get("Location", "")


def test_what_polls_by_itself_says_so():
    from tests.house.test_house import TEMPLATES

    polling = [
        path
        for path in TEMPLATES.rglob("*.html")
        if 'hx-trigger="every' in path.read_text()
    ]

    assert polling
    for path in polling:
        assert """hx-headers='{"X-Poll": "1"}'""" in path.read_text(), path


def test_a_body_longer_than_any_file_is_refused_unread(client, settings):
    class Unread(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    answer = client.generic(
        "POST",
        "/login/",
        CONTENT_LENGTH=str(settings.LONGEST_BODY + 1),
        **{"wsgi.input": Unread()},
    )

    assert answer.status_code == 413
    assert "50 MB" in answer.content.decode()


def test_more_fields_or_files_than_any_form_has_are_refused(client):
    fields = client.post("/login/", {f"f{n}": "x" for n in range(1_001)})
    files = client.post(
        "/login/", {f"f{n}": SimpleUploadedFile("a.txt", b"x") for n in range(101)}
    )

    assert (fields.status_code, files.status_code) == (400, 400)
