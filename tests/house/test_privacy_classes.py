"""PR-02: every field has a class, and what the class asks for is done."""

import tomllib

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from common.privacy import classes
from common.sealed_fields import SealedTextField
from tests.house.test_house import OWN_MODELS

# Free words and numbers; codes, dates and keys of these kinds carry no text.
TEXT_FIELDS = (models.TextField, models.CharField, models.JSONField)


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda found: found._meta.label)
def test_every_field_has_a_class(model: type[models.Model]):
    fields = {field.name for field in model._meta.concrete_fields}

    assert fields == set(classes().get(model._meta.label, {}))


def test_the_file_names_no_model_that_is_gone():
    known = {model._meta.label for model in apps.get_models()}

    assert set(classes()) <= known


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda found: found._meta.label)
def test_sensitive_text_is_sealed_and_sealed_text_is_sensitive(
    model: type[models.Model],
):
    levels = classes()[model._meta.label]
    for field in model._meta.concrete_fields:
        level = levels[field.name]
        if isinstance(field, SealedTextField):
            assert level == "sensitive", field
        elif level == "sensitive" and isinstance(field, TEXT_FIELDS):
            assert field.choices or field.name == "password", field


def test_no_field_appears_in_two_classes():
    with (settings.BASE_DIR / "privacy.toml").open("rb") as file:
        read = tomllib.load(file)
    for by_model in read.values():
        for by_class in by_model.values():
            names = [name for group in by_class.values() for name in group]
            assert len(names) == len(set(names))
