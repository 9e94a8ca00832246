"""How a phone that somebody typed is read."""

import re

from django import forms

from common import resident_id
from common.search_text import LANDLINE, MOBILE


def clean_phone(text: str) -> str:
    """Return the phone as it is kept: digits only; raises ValidationError."""
    number = re.sub(r"[()()]", "", resident_id.normalise(text)).removeprefix("+86")
    if number and not (MOBILE.fullmatch(number) or LANDLINE.fullmatch(number)):
        raise forms.ValidationError("电话应为 11 位手机号,或带区号的座机,请核对。")
    return number
