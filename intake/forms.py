"""The forms that bring a file in, and say what its columns are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from openpyxl.utils import get_column_letter

from common.refusals import Refused
from intake import originals, reading
from intake.enums import BatchKind, Question
from intake.layouts import Blanks
from intake.tables import Table


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


class AnswerForm(forms.Form):
    """Takes the answer to a question, for the rows that ask it or one of them."""

    question = forms.ChoiceField(label="待定", choices=Question)
    agreed = forms.TypedChoiceField(
        label="答复", choices=[("yes", "是"), ("no", "否")], coerce="yes".__eq__
    )
    row = forms.UUIDField(label="行", required=False)


class TicksForm(forms.Form):
    """Takes the answer to whether a blank among ticks is a no."""

    say_no = forms.TypedChoiceField(
        label="空白", choices=[("yes", "表示否"), ("no", "没有填")], coerce="yes".__eq__
    )


class ColumnsForm(forms.Form):
    """Asks what each column of a file's tables is; '' for one that is not read."""

    repeat = forms.BooleanField(
        label="乡镇、村、单位、户主的空白格沿用上一行", required=False
    )
    say_no = forms.BooleanField(label="只打√的列,空白表示“否”", required=False)

    def __init__(
        self,
        *args: Any,
        tables: Sequence[Table],
        batch_kind: str,
        ticked: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """Offer every column that has a head, as it was taken."""
        super().__init__(*args, **kwargs)
        self.of_tables, self.batch_kind = tables, batch_kind
        if ticked:
            self.fields["say_no"].help_text = f"这样的列:{'、'.join(ticked)}"
        else:
            del self.fields["say_no"]
        choices = [("", "不读入"), *reading.fields_of(batch_kind)]
        for number, table in enumerate(tables):
            for index, (head, name) in enumerate(_columns(table)):
                if head:
                    self.fields[_key(number, index)] = forms.ChoiceField(
                        label=f"{get_column_letter(index + 1)} 列“{head}”",
                        choices=choices,
                        initial=name,
                        required=False,
                    )

    def tables(self) -> Iterator[tuple[Table, list[forms.BoundField]]]:
        """Give each table with the questions about its columns."""
        for number, table in enumerate(self.of_tables):
            keys = (_key(number, index) for index in range(len(table.heads)))
            yield table, [self[key] for key in keys if key in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for names in self.chosen():
                try:
                    reading.check_columns(self.batch_kind, names)
                except Refused as refusal:
                    self.add_error(None, str(refusal))
        return cleaned

    def about_blanks(self) -> list[forms.BoundField]:
        """Return the questions about blank cells."""
        return [self[name] for name in ("repeat", "say_no") if name in self.fields]

    def blanks(self) -> Blanks:
        """Return what blank cells mean."""
        told = self.cleaned_data
        return Blanks(repeat=told["repeat"], say_no=told.get("say_no", False))

    def chosen(self) -> list[list[str]]:
        """Return, for each table, the field of each column."""
        return [
            [self.cleaned_data.get(_key(number, i), "") for i in range(len(t.heads))]
            for number, t in enumerate(self.of_tables)
        ]


def _columns(table: Table) -> Iterator[tuple[str, str]]:
    return zip(table.heads, table.fields, strict=True)


def _key(table: int, column: int) -> str:
    return f"column-{table}-{column}"
