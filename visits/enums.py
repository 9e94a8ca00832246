"""The words of visits, campaigns and reminders (domain/codes.md 3.6)."""

from django.db import models


class Way(models.TextChoices):
    """How a contact was made (走访方式)."""

    HOME = "HOME", "入户"
    PHONE = "PHONE", "电话"
    VIDEO = "VIDEO", "视频"
    ERRAND = "ERRAND", "陪同办事"
    HOSPITAL = "HOSPITAL", "医院探视"
    CENTRE = "CENTRE", "机构探视"
    OFFICE = "OFFICE", "来访接待"


# 走访探视 counts these three; 联系交流 counts all (domain/codes.md 3.6).
VISITING_WAYS = (Way.HOME, Way.HOSPITAL, Way.CENTRE)
# All three together, as a list's filter names them.
VISITING = "visiting"


class Outcome(models.TextChoices):
    """How a visit or call went (走访结果; domain edge cases 16 and 49)."""

    MET = "met", "见到"
    NOT_MET = "not_met", "未遇"
    REFUSED = "refused", "拒绝"


# Who says no was reached as well: the cadre has done what there was to do.
REACHED = (Outcome.MET, Outcome.REFUSED)


class Occasion(models.TextChoices):
    """What the visit was owed for (四必到等情形; domain/field.md 2.1)."""

    NONE = "", "日常"
    ILLNESS = "ILLNESS", "生病住院必到"
    CHANGE = "CHANGE", "家庭重大变故必到"
    FESTIVAL = "FESTIVAL", "重要节日必到"
    HARDSHIP = "HARDSHIP", "遇到困难必到"


class DeedKind(models.TextChoices):
    """What was done for the person (帮扶事项)."""

    POLICY = "policy", "协调对接政策"
    SOLVED = "solved", "解决困难"
    DEED = "deed", "帮办实事"
    MONEY = "money", "资助资金"
    GOODS = "goods", "物资"


class CampaignKind(models.TextChoices):
    """What sort of campaign it is (主题活动)."""

    SIX = "six", "逢6上街"
    FESTIVAL = "festival", "节日"
    THEME = "theme", "专题"


class CampaignStatus(models.TextChoices):
    """Where a campaign stands."""

    PLANNED = "planned", "待启动"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"
    PUBLISHED = "published", "已公布"


class ReminderCause(models.TextChoices):
    """Why a cadre is reminded of a family."""

    SIX = "six", "逢6上街"
    DUE = "due", "走访到期"


class SixRule(models.TextChoices):
    """What becomes of a 逢6 day on a holiday (domain/field.md 2.2)."""

    KEEP = "KEEP", "当天不变"
    NEAREST = "NEAREST", "改到最近工作日"
    NEXT = "NEXT", "顺延到下一工作日"
    SKIP = "SKIP", "取消"
