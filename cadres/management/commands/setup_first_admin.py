"""Makes an empty system usable: the 21 areas, and one administrator to begin with."""

from typing import Any

from django.core.management.base import BaseCommand

from cadres.models import User
from cadres.operations.accounts import create_first_admin
from cadres.operations.areas import load_areas


class Command(BaseCommand):
    """Loads the areas and opens the first account."""

    help = "装好 21 个行政区划;还没有管理员时建立 admin,一次性密码只显示这一次。"

    def handle(self, **options: Any) -> str:
        """Do what is missing; a second run changes nothing and shows no password."""
        added = load_areas()
        issued = create_first_admin()
        areas = f"行政区划新增 {added} 个。" if added else "行政区划已齐。"
        if issued is None:
            return areas + _standing()
        return (
            f"{areas}首个管理员:用户名 {issued.user.username},"
            f"一次性密码 {issued.password}(只显示这一次,首次登录须改)。"
        )


def _standing() -> str:
    """Say how it stands with the administrator there is, and what to do if stuck."""
    waiting = User.objects.administrator_who_never_chose()
    if waiting is None:
        return "已有管理员,没有改动。"
    name = waiting.username
    return "".join(
        (
            f"已有管理员 {name},还没有换成自己的密码,没有改动。",
            "一次性密码用过、过期或丢了的,在本机运行 ",
            f"python manage.py issue_code {name},会显示一个新的。",
        )
    )
