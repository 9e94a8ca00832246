"""Says in words by which filters of its list a ledger was narrowed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from common.search_text import Kind, SearchQuery
from recipients.filters import RecipientFilterForm
from reports.scope import Scope
from visits.filters import VisitFilterForm

# A number that names one person has no place in a file's notes.
HIDDEN = {Kind.RESIDENT_ID: "按完整证号", Kind.PHONE: "按完整电话"}


def filter_words(ledger: str, scope: Scope) -> str:
    """Return 「类别 孤残儿童;低保」, or nothing when the whole list was asked for."""
    form = _form(ledger, scope) if scope.query else None
    if form is None or not form.is_valid():
        return ""
    return ";".join(_told(form))


def _form(ledger: str, scope: Scope) -> forms.Form | None:
    query = QueryDict(scope.query)
    match ledger:
        case "recipients":
            today = timezone.localdate()
            return RecipientFilterForm(query, user=scope.user, today=today)
        case "visits":
            return VisitFilterForm(query, user=scope.user)
        case _:
            return None


def _told(form: forms.Form) -> Iterator[str]:
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if isinstance(value, SearchQuery):
            if value.kind != Kind.NOTHING:
                yield f"{field.label} {HIDDEN.get(value.kind, value.text)}"
        elif isinstance(value, list):
            yield from [f"{field.label} {len(value)} 人"] if value else []
        elif value is True:
            yield str(field.label)
        elif isinstance(field, forms.ModelChoiceField):
            yield from [f"{field.label} {value}"] if value else []
        elif value:
            choices = dict(_flat(getattr(field, "choices", ())))
            yield f"{field.label} {choices.get(value, value)}"


def _flat(choices: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, str(label)
