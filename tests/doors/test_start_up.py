"""AU-14 and HD-07: what a real system refuses to start with, and what it passes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from cadres.enums import Role
from jinchang_care import serving
from jinchang_care.keeping import preparation
from jinchang_care.start_up import faults
from tests import cast

BASE = Path(settings.BASE_DIR)
# Keys are made there at the first look, and lie apart from those of other tests.
GOOD = {"DATA_DIR": str(BASE / "var" / "test" / "start_up")}
# What a test run sets for itself; the last is of the tests that drive a browser.
OURS = {
    *("DATA_DIR", "DEMO", "DEBUG", "ALLOWED_HOSTS", "HTTPS", "ROOT_SECRET"),
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}


def run(*command: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these settings in its environment and none of ours."""
    kept = {name: os.environ[name] for name in os.environ.keys() - OURS}
    return subprocess.run(
        [sys.executable, *command],
        cwd=BASE,
        env={**kept, "DJANGO_SETTINGS_MODULE": "jinchang_care.settings", **given},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_say(words: str, **given: str) -> str:
    script = f"import jinchang_care.settings as s; {words}"
    done = run("-c", script, **{**GOOD, **given})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ROOT_SECRET": "changeme"}, "ROOT_SECRET"),
    ],
)
def test_a_real_system_refuses_to_start_in_one_sentence(given, words):
    done = run("-c", "import jinchang_care.settings", **{**GOOD, "DEMO": "0", **given})

    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_keys_that_another_secret_wrapped_are_refused(tmp_path):
    place = {"DATA_DIR": str(tmp_path), "DEMO": "0"}
    settings_say("pass", **place, ROOT_SECRET="a" * 64)

    done = run("-c", "import jinchang_care.settings", **place, ROOT_SECRET="b" * 64)

    assert done.returncode != 0
    assert "主密钥不对" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_good_settings_it_starts(tmp_path):
    assert settings_say("print(s.DEMO)", DEMO="0") == "False"


def test_a_key_file_that_others_read_is_refused(tmp_path, settings):
    file = tmp_path / "keys.json"
    file.write_text("{}")
    told = {
        "debug": False,
        "hosts": ["care.example"],
        "ring": settings.SECRETS.ring(),
        "secret_file": file,
    }
    for mode, found in ((0o600, 0), (0o640, 1), (0o604, 1)):
        file.chmod(mode)
        assert len(faults(**told)) == found


def test_a_database_with_demo_accounts_is_refused(areas):
    cast.make_user("cadre", Role.CADRE, demo=True)

    with pytest.raises(SystemExit, match="演示账号"):
        preparation._refuse_demo_accounts()


def test_without_demo_accounts_it_goes_on(areas):
    cast.make_user("cadre", Role.CADRE)

    preparation._refuse_demo_accounts()


def test_the_deployment_check_has_nothing_to_say():
    done = run(
        *("-m", "django", "check", "--deploy", "--fail-level", "WARNING"),
        **{**GOOD, "DEMO": "0", "HTTPS": "1", "ALLOWED_HOSTS": "care.example"},
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_under_https_cookies_belong_to_this_host_alone():
    words = (
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS,"
        " getattr(s, 'SESSION_COOKIE_DOMAIN', None),"
        " getattr(s, 'SESSION_COOKIE_PATH', '/'))"
    )

    said = settings_say(words, DEMO="0", HTTPS="1")

    assert said == "__Host-session __Host-csrf True True Strict 31536000 None /"


@pytest.mark.parametrize(
    ("name", "limit", "wait"),
    [
        ("nginx.conf", r"client_max_body_size (\d+)m", r"proxy_read_timeout (\d+)s"),
        ("Caddyfile", r"max_size (\d+)MB", r"response_header_timeout (\d+)s"),
    ],
)
def test_the_sample_proxies_fit_the_product(name, limit, wait, settings):
    from jinchang_care.watchdog import LIMIT

    text = (BASE / "docs" / "deploy" / name).read_text()

    megabytes = settings.UPLOAD_MAX_BYTES // 2**20
    assert int(re.search(limit, text)[1]) == megabytes + 1
    assert int(re.search(wait, text)[1]) > LIMIT
    assert "X-Forwarded-For" in text


@pytest.mark.django_db
def test_more_threads_than_the_database_has_lines_for_are_refused(monkeypatch):
    preparation._refuse_too_few_lines()
    monkeypatch.setattr(serving, "THREADS", 1_000)

    with pytest.raises(SystemExit, match="数据库只容许"):
        preparation._refuse_too_few_lines()
