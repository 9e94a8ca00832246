"""SC-02 and SC-06: no address of an index, and nothing secret, in any tracked file."""

import math
import re
from collections import Counter

import pytest

from tests.supply.tracked import texts

# Put together here, so that this file does not hold what it looks for.
HOSTS = (
    *("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "mirror.com"),
    *("yarn" + "pkg.com", "mirrors.ali" + "yun", "tuna.tsing" + "hua", "doub" + "anio"),
    *("index" + "-url =", "index" + "_url", "proxy.go" + "lang.org"),
)
PATTERNS = {
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIV" + "ATE KEY"),
    "a cloud key": re.compile(r"\b(?:AKIA|ASIA|LTAI)[0-9A-Za-z]{12,}"),
    "a token of a forge": re.compile(r"\b(?:gh[pousr]_|glpat-|xox[abp]-)[\w-]{16,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(
        r"\b(?:postgres|postgresql|redis|https?|amqp)://[^\s/:@{$]+:(?P<word>[^\s@/{$]+)@"
    ),
    "a secret that is set": re.compile(
        r"(?i)\b(?:secret_key|field_keys|index_key|backup_key|api_?key)\s*[=:]\s*"
        r"[\"']?(?P<word>[\w+/=-]{16,})"
    ),
}
# What stands for a password in an example.
EXAMPLES = {"password", "密码", "secret", "…"}
# How words begin that a test made up to stand for a key.
MADE_UP = ("k3Yw8Zp1QmX5",)
LONG = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
HEXADECIMAL = re.compile(r"[0-9a-f]+")
HASHES = re.compile(r"sha(?:256|512)[:-][A-Za-z0-9+/=]+")
# Letters and digits drawn by lot have about 5 bits a sign at this length; words and
# paths less.
TOO_MUCH_CHANCE = 4.7


def secrets_in(text: str) -> list[str]:
    """Return what looks like a secret in a text."""
    found = [
        words
        for words, pattern in PATTERNS.items()
        for hit in pattern.finditer(text)
        if hit.groupdict().get("word") not in EXAMPLES
    ]
    without = HASHES.sub("", text)
    found += [
        f"chance: {word[:6]}…"
        for word in LONG.findall(without)
        if not HEXADECIMAL.fullmatch(word)
        and not word.startswith(MADE_UP)
        and word.count("/") < 3
        and chance(word) > TOO_MUCH_CHANCE
    ]
    return found


def chance(word: str) -> float:
    """Return the bits of chance in each sign of a word (Shannon)."""
    counts = Counter(word)
    return -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())


def test_no_tracked_file_names_an_index():
    found = [
        f"{name}: {host}" for name, text in texts() for host in HOSTS if host in text
    ]

    assert len(texts()) > 300
    assert found == []


def test_no_tracked_file_holds_a_secret():
    found = [f"{name}: {what}" for name, text in texts() for what in secrets_in(text)]

    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN PRIV" + "ATE KEY-----",
        "key = 'AKIA" + "IOSFODNN7EXAMPLE'",
        "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "postgres://care:" + "hunter2hunter2@db/care",
        "SECRET_KEY = '" + "abcdefabcdefabcdef12'",
        "x = '" + "qZ3vN8xK1pLw7TbYd5Rf0G" + "hJ2mCe9sUaXo4iWnVkQy6zBtE" + "'",
    ],
)
def test_a_planted_secret_is_found(planted: str):
    assert secrets_in(planted)


@pytest.mark.parametrize(
    "innocent",
    [
        "sha256:9362660c4a31150cf18e78cae2ce8aa1e929fc6c6739e69f6dd5dbea9c3edc82",
        "postgres://jinchang:password@host:5432/jinchang",
        "postgres://jinchang:${POSTGRES_PASSWORD:-}@db:5432/jinchang",
        "test_a_very_long_name_of_a_test_that_says_what_happens_when_it_is_run",
    ],
)
def test_what_is_no_secret_is_let_be(innocent: str):
    assert secrets_in(innocent) == []
