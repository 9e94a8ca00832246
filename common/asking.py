"""A form and the deed it asks for: done, or refused in words beside the form."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest

from common.refusals import Refused, Stale

T = TypeVar("T")


def accepted(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[..., T],
    *,
    field: str | None = None,
) -> T | None:
    """Do the deed with what the posted form told, and return what came of it.

    None when there was nothing to do: the form was only asked for, is not right, or
    the deed was refused, which the form then says, beside ``field`` if there is one to
    blame. A stale form is no matter of its.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    made: list[T] = []
    tried(form, lambda: made.append(deed(**form.cleaned_data)), field=field)
    return made[0] if made else None


def tried(
    form: forms.BaseForm, deed: Callable[[], Any], *, field: str | None = None
) -> bool:
    """Do it; a refusal becomes the form's words, but a stale form is the page's."""
    try:
        deed()
    except Stale:
        raise
    except Refused as refusal:
        form.add_error(field, str(refusal))
        return False
    return True


def status_of(form: forms.Form) -> int:
    """Return 422 for a form that is shown again, else 200."""
    return 422 if form.errors else 200
