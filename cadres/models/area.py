"""Divisions: the national 12-digit code is already a tree."""

from typing import TYPE_CHECKING, Self

from django.db import models

from cadres.enums import AreaLevel

if TYPE_CHECKING:
    from cadres.models.user import User

CODE_LENGTH = 12
DIGITS = {
    AreaLevel.CITY: 4,
    AreaLevel.COUNTY: 6,
    AreaLevel.TOWNSHIP: 9,
    AreaLevel.VILLAGE: 12,
}


class AreaQuerySet(models.QuerySet["Area"]):
    """Questions asked of many areas at once."""

    def within(self, area: "Area") -> Self:
        """Return the area and all below it."""
        return self.filter(code__startswith=area.prefix)

    def visible_to(self, user: "User") -> Self:
        """Return the areas at or below the account's own; all when it has none."""
        return self.within(user.area) if user.area else self.all()

    def townships(self) -> Self:
        return self.filter(level=AreaLevel.TOWNSHIP)

    def counties(self) -> Self:
        return self.filter(level=AreaLevel.COUNTY)

    def in_use(self) -> Self:
        return self.filter(valid_until=None)

    def villages_of(self, township: object) -> Self:
        """Return the villages of the township with this code; none for rubbish."""
        code = str(township)
        if not (code.isascii() and code.isdecimal()):
            return self.none()
        return self.in_use().filter(parent=code).order_by("code")


class Area(models.Model):
    """A city, county, township or village (行政区划), known by its 12-digit code."""

    code = models.CharField("区划代码", max_length=CODE_LENGTH, primary_key=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("级别", max_length=10, choices=AreaLevel)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级",
    )
    initials = models.CharField("代号", max_length=10, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    invented = models.BooleanField("演示", default=False)
    files_numbered = models.PositiveIntegerField("已编档号", default=0)
    valid_until = models.DateField("停用日期", null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{12}$"), name="area_code_12_digits"
            ),
            models.UniqueConstraint(
                fields=["parent", "name"], name="area_one_name_in_a_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits that all codes at or below this area begin with."""
        return self.code[: DIGITS[AreaLevel(self.level)]]

    @property
    def full_name(self) -> str:
        """The name with its county in front, for townships: 永昌县焦家庄镇."""
        if self.level == AreaLevel.TOWNSHIP and self.parent:
            return f"{self.parent.name}{self.name}"
        return self.name
