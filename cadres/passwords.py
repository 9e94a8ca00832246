"""Which passwords are too easily guessed for the person who chooses them."""

import re
from typing import Any

from django.core.exceptions import ValidationError

from cadres.models import Cadre, User
from common.pinyin import pinyin_of

# What somebody who knows the work would try first.
LOCAL_WORDS = (
    *("金昌", "关爱", "结对", "永昌", "金川", "爱心", "甘肃"),
    *("jinchang", "guanai", "guan'ai", "jiedui", "yongchang", "jinchuan"),
    *("aixin", "gansu", "care"),
)
# Left over after the easy words are taken out: less than this is no secret.
SECRET_LETTERS = 5
FILLING = re.compile(r"[\W\d_]+")


class OwnWordsValidator:
    """Refuses what is only the person's own words, the place's, and digits."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.casefold()
        words = {word for word in own_words(user) if len(word) > 1}
        found = [word for word in sorted(words, key=len, reverse=True) if word in rest]
        for word in found:
            rest = rest.replace(word, " ")
        if found and len(FILLING.sub("", rest)) < SECRET_LETTERS:
            raise ValidationError(
                "密码里不能只有姓名、拼音、用户名、电话、“金昌”“关爱”这类词加数字,"
                "请换一句别人猜不到的话。",
                code="password_of_own_words",
            )

    def get_help_text(self) -> str:
        return "不要只用姓名、拼音、用户名、电话、地名加数字。"


def own_words(user: User | None) -> set[str]:
    """Return the words that belong to this person and to this place."""
    words = set(LOCAL_WORDS)
    if user is None:
        return words
    full, initials = pinyin_of(user.name)
    words |= {user.username, user.name, full, initials}
    words |= _syllables(user.name)
    cadre = Cadre.objects.filter(user=user).first() if user.pk else None
    if cadre is not None and cadre.phone:
        words.add(cadre.phone)
    return {word.casefold() for word in words if word}


def _syllables(name: str) -> set[str]:
    """Return surname and given name apart, written and as they sound."""
    parts: tuple[Any, ...] = (name[:1], name[1:])
    return {word for part in parts for word in (part, pinyin_of(part)[0])}
