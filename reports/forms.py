"""Forms of the pages that look across everything."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from audit.models import EventQuerySet
from audit.sentences import SENTENCES


class TrailForm(forms.Form):
    """Narrows the trail by person, deed, subject and days."""

    who = forms.CharField(label="操作人", required=False, max_length=40)
    kind = forms.ChoiceField(label="事项", required=False)
    subject = forms.CharField(label="对象编号", required=False, max_length=40)
    since = forms.DateField(
        label="从", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="到", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = sorted(SENTENCES.items(), key=lambda pair: pair[1])
        kind = self.fields["kind"]
        kind.choices = [("", "全部事项"), *choices]  # type: ignore[attr-defined]

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """Return those events that fit what was asked."""
        asked = self.cleaned_data
        if asked["who"]:
            events = events.filter(by_name=asked["who"].strip())
        if asked["kind"]:
            events = events.filter(kind=asked["kind"])
        if asked["subject"]:
            events = events.filter(subject_words__contains=asked["subject"].strip())
        if asked["since"]:
            events = events.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            after = asked["until"] + timedelta(days=1)
            events = events.filter(at__lt=_midnight(after))
        return events


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
