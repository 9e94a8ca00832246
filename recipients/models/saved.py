"""Filters of the list of people that an account keeps under a name."""

from typing import Self

from django.db import models
from django.db.models import Q

from cadres.models import User
from common.rows import Row


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Questions asked of many saved filters at once."""

    def visible_to(self, user: User) -> Self:
        """Return the account's own; nobody sees another's."""
        return self.filter(user=user)


class SavedFilter(Row):
    """Filters of the list of people under a name (我的筛选), for one account only."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="saved_filters", verbose_name="账号"
    )
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选条件", max_length=500)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "我的筛选"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="filter_name_once_an_account"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(query=""), name="filter_has_name_and_query"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trail_words(self) -> str:
        # Not its name: somebody may have called it after a person.
        return "我的筛选"
