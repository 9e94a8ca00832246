"""IG-06: every rule that the database keeps is kept round the operations too."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tests.house import world as worlds
from tests.house.lives_breaking import BREAKERS
from tests.house.test_house import OWN_APPS


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


def test_every_constraint_has_a_way_to_break_it():
    declared = {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
        for constraint in model._meta.constraints
    }

    assert set(BREAKERS) == declared


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_a_constraint_holds_whoever_writes(name: str, world: worlds.World):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAKERS[name](world)
