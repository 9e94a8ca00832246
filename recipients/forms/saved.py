"""The name under which filters are kept."""

from django import forms


class SaveFilterForm(forms.Form):
    """Asks what the filters of the list are to be called."""

    name = forms.CharField(
        label="名称",
        max_length=20,
        widget=forms.TextInput(
            attrs={"placeholder": "例如:河西堡重残", "autocomplete": "off"}
        ),
    )
