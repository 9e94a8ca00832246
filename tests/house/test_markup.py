"""IN-08: markup in any text shows as words on every page that shows the text."""

import pytest
from django.apps import apps
from django.db import models

from common.sealed_fields import SealedTextField
from tests.fuzz import surface
from tests.fuzz.asking import let_go, quiet
from tests.house import world as worlds
from tests.house.forms_shown import typed_into_the_address
from tests.house.test_house import OWN_APPS

MARK = '<b id="pwn">\'"&'
LEAST = len(MARK)
# The city sees what counties do, with the same templates.
ROLES = ("city", "liaison", "cadre", "leader", "admin", "auditor")


@pytest.fixture
def world(db: None) -> worlds.World:
    made = worlds.build()
    for side in (made.near, made.far):
        for row in side.values():
            _mark(row)
    return made


@pytest.mark.parametrize("role", ROLES)
def test_markup_in_a_text_shows_as_words(role: str, world: worlds.World):
    shown = surface.of(role, world)
    told, raw, open_boxes = 0, [], []

    for url in shown.gets:
        with quiet():
            answer = shown.client.get(url)
        let_go(answer)
        if answer.streaming:
            continue
        text = answer.content.decode()
        told += "&lt;b id=&quot;pwn&quot;&gt;" in text
        if '<b id="pwn"' in text:
            raw.append(url)
        open_boxes += [(url, name) for name in typed_into_the_address(text)]

    assert raw == []
    # PR-04: a number that is typed must not stand in histories and logs.
    assert open_boxes == []
    assert told > 0 or role in ("leader", "auditor")


def _mark(row: models.Model) -> None:
    """Put markup into every free text of the row that has room for it."""
    if row._meta.app_label not in OWN_APPS:
        return
    for field in row._meta.concrete_fields:
        if _is_free_text(field):
            setattr(row, field.name, MARK)
    row.save()


def _is_free_text(field: "models.Field") -> bool:
    if isinstance(field, SealedTextField):
        # The content of drafts and import rows is written by us, as JSON.
        return field.name not in ("content", "before")
    return (
        type(field) is models.CharField
        and not field.choices
        and not field.unique
        and (field.max_length or 0) >= LEAST
        and field.name in ("name", "village", "words", "title", "post", "companions")
    )


def test_the_texts_that_are_marked_are_many():
    marked = [
        field
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
        for field in model._meta.concrete_fields
        if _is_free_text(field)
    ]

    assert len(marked) >= 20
