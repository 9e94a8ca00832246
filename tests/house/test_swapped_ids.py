"""AZ-03: a row's key in a form, changed for somebody else's, does nothing."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.fuzz import surface
from tests.fuzz.asking import let_go, quiet
from tests.fuzz.pages import Form
from tests.house import world as worlds
from tests.house.matrix import DEFAULT_FAR, SEES_FAR
from tests.house.test_matrix import _checksums as checksums

# The forms of others hold keys of rows that are the whole city's.
ROLES = ("county", "liaison")
# What tells that it was tried, and what every look leaves.
LEFT_BY_TRYING = {"audit_event", "cadres_session"}
REFUSED = {403, 404, 409, 422}


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.mark.parametrize("role", ROLES)
def test_another_rows_key_in_a_form_does_nothing(role: str, world: worlds.World):
    shown = surface.of(role, world)
    before, tried, done = checksums(), 0, []

    for form in shown.posts:
        if form.action == reverse("reports:find"):
            # Asks for a page, as a GET does; what that page tells is asked elsewhere.
            continue
        for name, key, kind in _keys(form, world):
            foreign = world.far[kind]
            if role in SEES_FAR.get(kind, DEFAULT_FAR) or foreign.pk == key:
                continue
            tried += 1
            status, after = _post(shown.client, form, {name: str(foreign.pk)})
            if status not in REFUSED or after != before:
                done.append(f"{form.action} {name} {kind}: {status}")

    assert done == []
    assert tried > 0


def _keys(form: Form, world: worlds.World):
    """Yield the fields of the form that hold the key of a row of one's own."""
    kinds = {str(row.pk): (row.pk, kind) for kind, row in world.near.items()}
    for name, field in form.fields.items():
        for value in {field.value, *field.choices}:
            if value in kinds:
                yield name, *kinds[value]
                break


def _post(client: Client, form: Form, swapped: dict[str, str]):
    filled = {name: field.filled() for name, field in form.fields.items()}
    with transaction.atomic(), quiet():
        answer = client.post(form.action, filled | swapped)
        let_go(answer)
        after = checksums()
        transaction.set_rollback(True)
    return answer.status_code, after
