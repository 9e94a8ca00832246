"""Says who may sign in to a demo city, one account a line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cadres.models import User

PASSWORD = "jinchang-demo"
# One for each part in the play; the many other cadres sign in the same way.
NAMES = (
    *("city", "yongchang", "jinchuan", "hexibao", "unit", "cadre", "mother"),
    *("civil", "dpf", "leader", "admin", "auditor"),
)


class Command(BaseCommand):
    """Lists the demo accounts."""

    help = "列出演示账号;不是演示系统时只说一句。"

    def handle(self, **options: Any) -> str:
        """Print the demo accounts in the order in which they were made."""
        accounts = User.objects.filter(demo=True, is_active=True).order_by("id")
        # Every cadre of a demo city has an account; who is called so is one of many.
        accounts = accounts.exclude(username__regex=r"^gb\d+$")
        if not settings.DEMO or not accounts:
            return "没有演示账号。"
        for user in accounts:
            place = user.area or user.organisation or ""
            words = f"{user.get_role_display()} {user.name} {place}".rstrip()
            self.stdout.write(f"  {user.username:<12}{words}")
        return f"以上演示账号的密码都是 {PASSWORD}。"
