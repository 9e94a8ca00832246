"""How often people of a category are to be seen in a year."""

from django.db import models

from recipients.enums import Category


class VisitStandard(models.Model):
    """How often a person of a category is to be seen in a year (走访标准)."""

    category = models.CharField("对象类别", max_length=12, choices=Category)
    year = models.PositiveSmallIntegerField("年度")
    visits = models.PositiveSmallIntegerField("全年走访次数", default=2)
    contacts = models.PositiveSmallIntegerField("全年联系次数", default=4)
    days_between = models.PositiveSmallIntegerField("最长间隔天数", default=92)

    class Meta:
        verbose_name = "走访标准"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "year"], name="standard_one_a_category_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_category_display()}走访标准"
