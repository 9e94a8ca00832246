"""AZ-12: fields that a form does not have change nothing, whatever they are called."""

import random
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from tests.fuzz import surface
from tests.fuzz.asking import let_go, quiet
from tests.fuzz.conftest import SCALE
from tests.fuzz.pages import Form
from tests.house import world as worlds
from tests.house.test_house import OWN_APPS

MARK = "没人问起的值"
ROLES = ("county", "cadre", "admin") if SCALE >= 1 else ("county", "cadre")
FORMS = None if SCALE >= 1 else 12
FIELDS = {
    field.name
    for model in apps.get_models()
    if model._meta.app_label in OWN_APPS
    for field in model._meta.concrete_fields
} | {"by", "is_staff", "is_superuser", "user_id", "area_id"}
# Asked for, but by another form than the one that the walk has found.
ASKED_ELSEWHERE = {
    "recipient_unmask": {"words"},
    "duplicate_dismiss": {"words"},
    "merge_return": {"words"},
}
# Who may do what: nobody becomes more by a form, but by the one that says so.
POWERS = "SELECT id, role, area_id, organisation_id, is_active FROM cadres_user"


@pytest.mark.parametrize("role", ROLES)
def test_fields_that_nobody_asked_for_change_nothing(
    role: str, world: worlds.World, chance: random.Random
):
    shown = surface.of(role, world)
    forms = chance.sample(shown.posts, min(FORMS or 999, len(shown.posts)))
    wrong = [form.action for form in forms if _changes_more(shown.client, form)]

    assert len(forms) > 5
    assert wrong == []


def _changes_more(client: Client, form: Form) -> bool:
    """Say whether a value that was not asked for is kept anywhere, or gives power."""
    filled = {name: field.filled() for name, field in form.fields.items()}
    asked = set(filled) | ASKED_ELSEWHERE.get(
        resolve(urlsplit(form.action).path).url_name, set()
    )
    unasked = dict.fromkeys(FIELDS - asked, MARK)
    powers = {"role": "admin", "area": "620300000000", "is_active": "on"}
    unasked |= {name: text for name, text in powers.items() if name not in filled}
    plain, _ = _posted(client, form, filled)
    powerful, kept = _posted(client, form, filled | unasked)
    gained = {"role", "area"}.isdisjoint(filled) and powerful != plain
    return gained or kept


def _posted(
    client: Client, form: Form, told: dict[str, str]
) -> tuple[set[tuple], bool]:
    """Return who may do what after the form, and whether it kept what is unasked."""
    with transaction.atomic(), quiet():
        known = {row[0] for row in _rows(POWERS)}
        let_go(client.post(form.action, told))
        # An account may be disabled by its form; its role, area and unit stay.
        powers = {row[:4] for row in _rows(POWERS) if row[0] in known}
        kept = _is_kept_anywhere()
        transaction.set_rollback(True)
    return powers, kept


def _is_kept_anywhere() -> bool:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    asked = " UNION ALL ".join(
        f"SELECT 1 FROM {table} t WHERE t::text LIKE '%{MARK}%'" for table in tables
    )
    return bool(_rows(asked))


def _rows(question: str) -> set[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return set(cursor.fetchall())
