"""How often a wrong password came from one network address of late."""

from django.db import models

from common.rows import Row


class AddressTally(Row):
    """Wrong tries from one address (来源地址), whatever the names; kept an hour."""

    address = models.CharField("地址", max_length=45, unique=True)
    failures = models.PositiveIntegerField("输错次数", default=0)
    since = models.DateTimeField("开始时间")
    # While slowed, nobody at this address is asked before then.
    next_at = models.DateTimeField("下次可试", null=True, blank=True)

    class Meta:
        verbose_name = "来源地址登录计数"

    def __str__(self) -> str:
        return self.address
