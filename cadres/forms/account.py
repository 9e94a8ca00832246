"""Forms of accounts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from cadres.enums import TextSize
from cadres.models import User


class LoginForm(AuthenticationForm):
    """Asks for name and password; says the same whatever is wrong."""

    error_messages = {
        "invalid_login": "用户名或密码不对,请核对后再试。",
        "inactive": "用户名或密码不对,请核对后再试。",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"


class PasswordForm(forms.Form):
    """Asks for the present password and the new one twice."""

    present = forms.CharField(
        label="当前密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        help_text="至少 10 个字符,不要用姓名、用户名或常见密码;可以用一句话。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.user.check_password(present):
            raise forms.ValidationError("当前密码不对。")
        return present

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", "两次输入的新密码不一样。")
        return cleaned


class TextSizeForm(forms.Form):
    """Asks how large the letters should be."""

    size = forms.ChoiceField(label="字号", choices=TextSize)
