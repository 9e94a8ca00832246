"""Forms of accounts."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator
from django.forms.utils import ErrorDict

from cadres.enums import TextSize
from cadres.models import User

# Enough for any sentence; longer ones would only cost time to hash.
LONGEST = 500
LONGEST_NAME = 40
WRONG = (
    "用户名或密码不对,请核对后再试。连续输错 6 次要等 15 分钟,"
    "急用请找管理员解锁或重置密码。"
)


class LoginForm(AuthenticationForm):
    """Asks for name and password; says the same whatever is wrong."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Django only writes maxlength into the page; here it is asked.
        for name, longest in (("username", LONGEST_NAME), ("password", LONGEST)):
            self.fields[name].validators.append(MaxLengthValidator(longest))
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"

    @property
    def was_tried(self) -> bool:
        """Say whether a name and a password were there to be tried."""
        told = getattr(self, "cleaned_data", {})
        return bool(told.get("username") and told.get("password"))

    def refuse(self) -> None:
        """Say the words of a wrong try, whatever the reason."""
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}
        self.add_error(None, WRONG)


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
        max_length=LONGEST,
        help_text="至少 10 个字符,什么字符都行,可以用一句话;"
        "不要用常见密码,也不要只用姓名、用户名、电话、地名加数字。",
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


class CodeForm(forms.Form):
    """Asks for the code of the minute, or a backup code."""

    code = forms.CharField(
        label="动态码",
        max_length=20,
        help_text="手机验证器上的 6 位数字;手机不在身边时,输一个备用码。",
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class TextSizeForm(forms.Form):
    """Asks how large the letters should be."""

    size = forms.ChoiceField(label="字号", choices=TextSize)
