"""Says who may sign in to a demo city, one account a line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cadres.models import User

PASSWORD = "jinchang-demo"


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
        for user in accounts.select_related("area", "organisation"):
            place = user.area or user.organisation or ""
            words = f"{user.get_role_display()} {user.name} {place}".rstrip()
            self.stdout.write(f"  {user.username:<12}{words}")
        return f"演示账号共 {len(accounts)} 个,密码都是 {PASSWORD}。"
