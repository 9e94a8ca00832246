"""IN-01, IN-02, AZ-12: whatever is sent, the answer is Chinese, quick and ours."""

import random
from collections.abc import Callable

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.fuzz import corpora
from tests.fuzz.asking import Asked, ask
from tests.fuzz.conftest import SCALE, so_many
from tests.fuzz.pages import TYPED, Form
from tests.fuzz.surface import Surface

# In every run one of each kind of reach, all of them by `make fuzz`.
SAMPLE = ("stranger", "county", "liaison", "cadre", "department", "admin")
ROLES = (*SAMPLE, "city", "township", "leader", "auditor") if SCALE >= 1 else SAMPLE
POSTS, QUERIES = 50_000, 10_000
GROWTH_MB = 100
ODD_QUERIES = (
    *("page=9e99", "page=-1", "ordering=password", "after=%00", "after=AAAA"),
    *("q=", "q=%", "before=%F0%9F", "area=620", "area=', ''", "size=0", "export=1"),
)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_breaks_anything(
    role: str,
    forms: Surface,
    chance: random.Random,
    record_property: Callable[[str, object], None],
):
    asked, before = Asked(), _rss_mb()
    posts, queries = so_many(POSTS, len(ROLES)), so_many(QUERIES, len(ROLES))

    for _ in range(posts):
        _post_something(forms, chance, asked)
    for _ in range(queries):
        _query_something(forms, chance, asked)

    record_property("statuses", asked.statuses)
    assert asked.wrong == [], _told(asked)
    assert asked.count == posts + queries
    assert _rss_mb() - before < GROWTH_MB


def _post_something(forms: Surface, chance: random.Random, asked: Asked) -> None:
    form = chance.choice(forms.posts)
    pairs, typed = _filled(form, chance)
    if chance.random() < 0.2:
        unasked = chance.choice(corpora.UNASKED)
        pairs.append((unasked, corpora.any_value(chance)))
        # Of a field that comes twice the last one counts, as everywhere.
        typed.pop(unasked, None)
    if chance.random() < 0.05 and pairs:
        pairs.append((chance.choice(pairs)[0], corpora.any_value(chance)))
        typed = {}
    content, kind = None, "application/x-www-form-urlencoded"
    if form.is_multipart:
        content, kind = _with_files(form, pairs, chance), MULTIPART_CONTENT
    ask(
        forms.client,
        asked,
        method="POST",
        url=form.action,
        pairs=pairs,
        typed=typed,
        content=content,
        content_type=kind,
    )


def _filled(
    form: Form, chance: random.Random
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Fill the form well, but for one field or two; return the words typed by hand."""
    names = [name for name, field in form.fields.items() if field.kind != "file"]
    odd = set(chance.sample(names, min(len(names), chance.choice((1, 1, 1, 2)))))
    pairs, typed = [], {}
    for name in names:
        field = form.fields[name]
        if name in odd and chance.random() < 0.1:
            continue
        value = corpora.any_value(chance) if name in odd else field.filled()
        pairs.append((name, value))
        if field.kind in TYPED - {"password"}:
            typed[name] = value
    return pairs, typed


def _with_files(
    form: Form, pairs: list[tuple[str, str]], chance: random.Random
) -> bytes:
    told: dict[str, object] = {
        name: value.encode("utf-8", "replace").decode() for name, value in pairs
    }
    for name, field in form.fields.items():
        if field.kind == "file" and chance.random() < 0.9:
            file_name = chance.choice(
                ("名册.xlsx", "../../x.xls", "CON", "a\r\nb.csv", "x" * 300, "照片.jpg")
            )
            told[name] = SimpleUploadedFile(file_name, _bytes(chance))
    return encode_multipart(BOUNDARY, told)


def _bytes(chance: random.Random) -> bytes:
    beginning = chance.choice((b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>"))
    return beginning + chance.randbytes(chance.choice((0, 10, 2_000)))


def _query_something(forms: Surface, chance: random.Random, asked: Asked) -> None:
    if forms.lists and chance.random() < 0.7:
        form = chance.choice(forms.lists)
        pairs, _ = _filled(form, chance)
        ask(forms.client, asked, method="GET", url=form.action, pairs=_short(pairs))
        return
    url = chance.choice(forms.gets)
    if chance.random() < 0.3:
        ask(forms.client, asked, method="GET", url=f"{url}?{_odd(chance)}")
        return
    names = ("q", "page", "after", "before", "area", "sort", "ordering", "at", "month")
    pairs = [(chance.choice(names), corpora.any_value(chance)) for _ in range(2)]
    ask(forms.client, asked, method="GET", url=url, pairs=_short(pairs))


def _short(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    # A web server takes no longer line; see gunicorn.conf.py.
    return [(name, value[:2_000]) for name, value in pairs]


def _odd(chance: random.Random) -> str:
    return chance.choice(ODD_QUERIES)


def _rss_mb() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _told(asked: Asked) -> str:
    lines = sorted(set(asked.wrong))[:40]
    return f"{len(asked.wrong)} of {asked.count}; {asked.statuses}\n" + "\n".join(lines)
