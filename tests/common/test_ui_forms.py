"""How forms look: labels, help, errors, and a summary with links on top."""

from datetime import date

from django import forms

from common.forms import DayInput, PhoneInput


class VisitForm(forms.Form):
    """A form with one widget of each kind."""

    name = forms.CharField(label="姓名", help_text="同身份证")
    phone = forms.CharField(label="电话", widget=PhoneInput(attrs={"class": "wide"}))
    day = forms.DateField(label="日期", widget=DayInput)
    kind = forms.ChoiceField(label="类别", choices=[("a", "孤儿")])
    way = forms.ChoiceField(
        label="方式", choices=[("a", "入户"), ("b", "电话")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="知情同意")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("这一天已经记过。")


def test_widgets_wear_their_classes_and_keep_their_own():
    form = VisitForm()

    assert 'class="form-control"' in str(form["name"])
    assert 'class="form-control wide"' in str(form["phone"])
    assert 'class="form-select"' in str(form["kind"])
    assert 'class="form-check-input"' in str(form["agreed"])
    assert "class" not in str(form["token"])


def test_a_day_is_asked_by_the_browsers_calendar():
    form = VisitForm(initial={"day": date(2026, 11, 23)})

    assert 'type="date"' in str(form["day"])
    assert 'value="2026-11-23"' in str(form["day"])


def test_help_and_errors_are_tied_to_their_field():
    html = str(VisitForm({})["name"].as_field_group())

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "is-invalid" in html


def test_the_summary_leads_to_every_field_that_is_wrong():
    html = str(VisitForm({"name": "王小花"}))

    assert "data-focus" in html
    assert 'href="#id_phone"' in html
    assert 'href="#id_way_group"' in html
    assert 'id="id_way_group"' in html
    assert "这一天已经记过。" in html
    assert 'href="#id_name"' not in html


def test_radio_buttons_form_a_group_with_a_legend_and_keep_the_choice():
    html = str(VisitForm({"way": "b"})["way"].as_field_group())

    assert "<fieldset" in html
    assert "<legend" in html
    assert 'value="b" id="id_way_1" class="form-check-input" checked' in html
    assert html.count("checked") == 1


def test_what_was_typed_comes_back_as_words():
    html = str(VisitForm({"name": '"><script>alert(1)</script>'}))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html
