"""The form that brings a file in."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from intake import originals
from intake.enums import BatchKind


class UploadForm(forms.Form):
    """Asks what the rows are about, and for the file."""

    kind = forms.ChoiceField(
        label="导入内容",
        choices=BatchKind,
        initial=BatchKind.RECIPIENTS,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        help_text="Excel(.xlsx、.xls)或 CSV,不超过 50 MB,不设打开密码。",
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > originals.limit():
            raise forms.ValidationError(originals.too_large())
        return file
