"""What is told of a cadre's relative."""

from django import forms
from django.utils import timezone

from common import resident_id
from common.forms import checked
from recipients.enums import Kinship

UNREMEMBERED = {"autocomplete": "off"}


class RelativeForm(forms.Form):
    """Asks who the relative is; whether the person is on file does not matter."""

    relation = forms.ChoiceField(label="是干部的", choices=Kinship)
    name = forms.CharField(
        label="亲属姓名", max_length=40, widget=forms.TextInput(UNREMEMBERED)
    )
    resident_id = forms.CharField(
        label="亲属身份证号",
        max_length=30,
        widget=forms.TextInput(UNREMEMBERED),
        help_text="只用来在结对时回避,加密存放。",
    )

    def clean_resident_id(self) -> str:
        text, today = self.cleaned_data["resident_id"], timezone.localdate()
        return checked(lambda: resident_id.check(text, today=today).number)
