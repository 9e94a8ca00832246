"""Model fields that are text in hand and ciphertext in the database."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property

from common.encryption import (
    UNREADABLE,
    Unreadable,
    UnreadableText,
    seal,
    unseal,
)
from common.refusals import Refused

# Who is told the place of a value that does not open; an app above plugs itself in.
told_of_unreadable: list[Callable[["SealedTextField", object], None]] = []


def json_in(text: str) -> Any:
    """Return what a sealed field holds as JSON; an empty object where it can't be."""
    if not text or isinstance(text, UnreadableText):
        return {}
    return json.loads(text)


def json_needed(text: str) -> Any:
    """Return what a sealed field holds as JSON; Refused where it does not open."""
    if isinstance(text, UnreadableText):
        raise Refused("这一行的原值无法读取,不能撤销,请联系管理员。")
    return json_in(text)


class SealedAttribute(DeferredAttribute):
    """Opens the value when it is first looked at, so lists pay for what they show."""

    field: "SealedTextField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, bytes | memoryview):
            return value
        text = self.field.opened(value, pk=instance.pk)
        instance.__dict__[self.field.attname] = text
        return text

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Without it the instance's own dictionary would be read past __get__.
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.Field):  # type: ignore[type-arg]
    """Text that is stored sealed, bound to its row; empty text stays empty bytes.

    It can be written through an instance only: an UPDATE of many rows cannot know
    which row each value belongs to, and is refused.
    """

    descriptor_class = SealedAttribute
    empty_strings_allowed = True

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def place(self, pk: object) -> str:
        """Name the one place in the database where this row's value opens."""
        return f"{self._column}:{pk}"

    @cached_property
    def _column(self) -> str:
        return f"{self.model._meta.label}.{self.attname}"

    def sealed(self, text: str, *, pk: object) -> bytes:
        """Seal the text for the row ``pk``; for writers that go round the ORM."""
        return seal(text, bound_to=self.place(pk)) if text else b""

    def opened(self, value: bytes | memoryview, *, pk: object) -> str:
        """Open a stored value; words that say so where it cannot be opened."""
        if not value:
            return ""
        try:
            return unseal(bytes(value), bound_to=self.place(pk))
        except Unreadable:
            for tell in told_of_unreadable:
                tell(self, pk)
            return UnreadableText.of(bytes(value))

    def from_db_value(self, value: Any, *_: object) -> Any:
        return "" if value is None or len(value) == 0 else value

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:  # noqa: FBT001
        value = getattr(model_instance, self.attname)
        if isinstance(value, UnreadableText):
            # What cannot be read is kept as it is: the key may yet be found.
            return value.sealed
        if value == UNREADABLE:
            raise Refused(f"“{self.verbose_name}”读不出来,请先重新填写再保存。")
        return self.sealed(value, pk=model_instance.pk)

    def get_db_prep_value(
        self,
        value: Any,
        connection: Any,
        prepared: bool = False,  # noqa: FBT001, FBT002
    ) -> Any:
        if value is None:
            return None
        if isinstance(value, str):
            if value:
                raise FieldError(f"{self} is sealed: save it through its instance.")
            value = b""
        return connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError(f"{self} is sealed: it cannot be searched or ordered.")

    def formfield(self, **options: Any) -> Any:
        from django import forms

        return super().formfield(**{"form_class": forms.CharField, **options})

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))
