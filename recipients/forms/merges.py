"""What is told when two files are made one, or are said to be two people's."""

from typing import Any

from django import forms

from recipients.merging.choices import GONE, KEPT, Choice


class MergeForm(forms.Form):
    """Asks which value of each differing field stays, and why it is one person."""

    words = forms.CharField(
        label="为什么是同一人",
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text="如:身份证录错一位,已与本人核对。",
    )

    def __init__(self, *args: Any, differing: list[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        self.differing = differing
        for choice in differing:
            self.fields[f"stays_{choice.name}"] = forms.ChoiceField(
                label=choice.label,
                choices=[(KEPT, choice.kept), (GONE, choice.gone)],
                initial=choice.stays,
                widget=forms.RadioSelect,
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields that differ, each with its two radio buttons."""
        return [
            {
                "choice": choice,
                "name": f"stays_{choice.name}",
                "stays": self[f"stays_{choice.name}"].value(),
            }
            for choice in self.differing
        ]

    def choices(self) -> dict[str, str]:
        return {
            choice.name: self.cleaned_data[f"stays_{choice.name}"]
            for choice in self.differing
        }


class WhyForm(forms.Form):
    """Asks for a reason in a few words."""

    words = forms.CharField(label="原因", max_length=200)


class MaybeWhyForm(forms.Form):
    """Asks for words that may be left out."""

    words = forms.CharField(label="意见", max_length=200, required=False)
