"""IN-08: markup in any text shows as words on every page that shows the text.

On the way: no page shows a link or a button that its reader is refused.
"""

import re

import pytest
from django.apps import apps
from django.db import models
from django.urls import Resolver404, resolve

from common.sealed_fields import SealedTextField
from tests.fuzz import surface
from tests.house import world as worlds
from tests.house.forms_shown import typed_into_the_address
from tests.house.test_house import OWN_APPS

MARK = '<b id="pwn">\'"&'
LEAST = len(MARK)
LEADS = re.compile(r'\b(?:href|action|formaction|hx-get|hx-post)="(/[^"?#]*)')
# What may be opened goes by the role, what is shown by the area too.
ROLES = (
    *("city", "county", "liaison", "cadre"),
    *("department", "leader", "admin", "auditor"),
)
# Who sees sums, codes or a single matter, and so no text of ours.
SEE_NO_TEXT = ("leader", "auditor")


@pytest.fixture
def world(db: None) -> worlds.World:
    made = worlds.build()
    for side in (made.near, made.far):
        for row in side.values():
            _mark(row)
    return made


@pytest.mark.parametrize("role", ROLES)
def test_every_page_shows_texts_as_words_and_nothing_its_reader_may_not_open(
    role: str, world: worlds.World
):
    shown, user = surface.of(role, world), world.users[role]
    told, raw, open_boxes, closed = 0, [], [], []

    for url, page in shown.pages.items():
        told += "&lt;b id=&quot;pwn&quot;&gt;" in page
        if '<b id="pwn"' in page:
            raw.append(url)
        open_boxes += [(url, name) for name in typed_into_the_address(page)]
        leads = LEADS.findall(page)
        closed += [(url, to) for to in leads if not _opens(to, user)]

    assert raw == []
    # PR-04: a number that is typed must not stand in histories and logs.
    assert open_boxes == []
    assert closed == []
    assert told > 0 or role in SEE_NO_TEXT


def _opens(lead: str, user: worlds.User) -> bool:
    """Say whether the role may use what stands at this address, if it is ours."""
    try:
        view = resolve(lead).func
    except Resolver404:
        return True
    permission = getattr(view, "permission", None)
    return permission is None or user.has_permission(permission)


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
