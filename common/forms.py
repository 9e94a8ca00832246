"""How every form looks: label above, help under, error under, all 44 px high."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template import loader

from common.hidden_numbers import SearchInput
from common.resident_id import IdError
from common.search_text import Kind, SearchQuery
from common.tables.numbers import read_amount
from common.tables.text import clean

CHECKS = (
    forms.CheckboxInput,
    forms.RadioSelect,
    forms.CheckboxSelectMultiple,
)
OWN_TEMPLATES = {
    "django/forms/widgets/select.html": "forms/select.html",
    "django/forms/widgets/radio.html": "forms/choices.html",
    "django/forms/widgets/checkbox_select.html": "forms/choices.html",
}


def checked(read: Callable[[], str]) -> str:
    """Return the number that is read; what is wrong with it is said at its field."""
    try:
        return read()
    except IdError as error:
        raise forms.ValidationError(error.words) from None


class StyledField(BoundField):
    """A field whose widget wears the house's classes without being told."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        own = [class_for(widget), widget.attrs.get("class", ""), attrs.get("class", "")]
        if self.errors:
            own.append("is-invalid")
        # The widget's own class would be overwritten by ours, so they are joined.
        if classes := " ".join(dict.fromkeys(" ".join(own).split())):
            attrs["class"] = classes
        return attrs

    @property
    def is_single_check(self) -> bool:
        """Say whether the label stands beside the box instead of above it."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class FormRenderer(DjangoTemplates):
    """Takes ``forms/…`` from the house and widgets from Django."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = StyledField

    def get_template(self, template_name: str) -> Any:
        name = OWN_TEMPLATES.get(template_name, template_name)
        if name.startswith("forms/"):
            return loader.get_template(name)
        return super().get_template(name)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class SearchField(forms.CharField):
    """The box that stands first in a list's filters: who is meant, as SearchQuery."""

    def __init__(self, **options: Any) -> None:
        box = SearchInput("姓名 / 拼音 / 编号")
        given = {"label": "查找", "required": False, "max_length": 60, "widget": box}
        super().__init__(**{**given, **options})

    def clean(self, value: Any) -> Any:
        query = SearchQuery.parse(super().clean(value))
        if query.kind == Kind.REFUSED:
            raise forms.ValidationError(query.words)
        return query


class PhoneInput(forms.TextInput):
    """A phone number: the digits' keyboard, nothing remembered by the browser."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "tel", "autocomplete": "off", **(attrs or {})})


class MaskedField(forms.CharField):
    """A number on file, shown masked: left as it was shown, it stays as it is filed."""

    def __init__(self, *, mask: Callable[[str], str], **options: Any) -> None:
        super().__init__(required=False, **options)
        self.mask, self.filed = mask, ""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        self.filed = form.get_initial_for_field(self, field_name) or ""
        if self.filed:
            self.help_text = "已有号码只显示首尾;要改,请把整个号码重新填写。"
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> Any:
        return self.mask(self.filed) if value and value == self.filed else value

    def clean(self, value: Any) -> Any:
        told = super().clean(value)
        return self.filed if told == self.mask(self.filed) else told


class MoneyInput(forms.TextInput):
    """An amount in yuan: the keyboard of digits and a point."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        keyboard = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__({**keyboard, **(attrs or {})})


class MoneyField(forms.Field):
    """An amount in yuan, typed as freely as it may stand in a cell of a file."""

    widget = MoneyInput

    def __init__(self, *, most: Decimal, **options: Any) -> None:
        too_much = MaxValueValidator(most, "金额太大,请核对单位是元。")
        super().__init__(validators=[too_much], **options)

    def to_python(self, value: Any) -> Decimal | None:
        """Return the yuan; raises ValidationError with what the reader found wrong."""
        read = read_amount(clean(value), "")
        if read.problems:
            raise forms.ValidationError([problem.words for problem in read.problems])
        return cast("Decimal | None", read.value)


def class_for(widget: forms.Widget) -> str:
    """Return the class that gives this kind of widget its look."""
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    if isinstance(widget, forms.HiddenInput | forms.MultiWidget):
        return ""
    return "form-control"
