"""The way back in for whoever is at the machine: a one-time password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cadres.models import User
from cadres.operations.accounts import issue_code_at_machine
from cadres.operations.second_factors import turn_off_at_machine
from common.refusals import Refused


class Command(BaseCommand):
    """Gives an account a new one-time password, as an administrator's page does."""

    help = (
        "给一个账号发新的一次性密码,只显示这一次:24 小时内有效,只能登录一次,登录后"
        "须当场改成自己的密码。原密码作废,已登录的地方全部退出,记入操作留痕。"
        "管理员首次登录后没来得及改密码、或忘了密码又没有另一位管理员时用它;"
        "平时请由管理员在“账号”里点“重置密码”。只能在服务器上运行。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="用户名", help="如 admin")
        parser.add_argument(
            "--lost-phone",
            action="store_true",
            help="手机和备用码都丢了:一并停用动态码,登录后须重新设置;"
            "还有别的管理员时不能用,由他在“账号”里停用",
        )

    @transaction.atomic
    def handle(self, *, username: str, lost_phone: bool, **options: Any) -> str:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号。")
        try:
            if lost_phone:
                turn_off_at_machine(user=user)
            issued = issue_code_at_machine(user=user)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        return (
            f"{user.get_role_display()} {user.name}:用户名 {user.username},"
            f"一次性密码 {issued.password}(只显示这一次,24 小时内登录一次,"
            "登录后须当场改密码)。原密码已作废,已登录的地方都已退出。"
            + ("动态码已停用,登录后须重新设置。" if lost_phone else "")
        )
