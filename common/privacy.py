"""Every field's class, from one file: public, internal, personal or sensitive.

It decides what is sealed, masked in the trail and kept out of logs. The file is
``privacy.toml`` at the root; a field that is not in it fails the build.
"""

import tomllib
from functools import cache
from typing import Literal, cast

from django.conf import settings
from django.db import models

FieldClass = Literal["public", "internal", "personal", "sensitive"]


@cache
def classes() -> dict[str, dict[str, FieldClass]]:
    """Return {model label: {field name: class}}."""
    with (settings.BASE_DIR / "privacy.toml").open("rb") as file:
        read = tomllib.load(file)
    return {
        f"{app}.{model}": {
            name: cast(FieldClass, level)
            for level, names in by_class.items()
            for name in names
        }
        for app, by_model in read.items()
        for model, by_class in by_model.items()
    }


def field_class(model: type[models.Model] | models.Model, name: str) -> FieldClass:
    """Return the class of one field; KeyError when the file does not know it."""
    return classes()[model._meta.label][name]


def is_private(model: type[models.Model] | models.Model, name: str) -> bool:
    """Say whether the field's value must not appear in the trail or a log."""
    return field_class(model, name) in ("personal", "sensitive")
