"""The words of needs."""

from django.db import models


class NeedKind(models.TextChoices):
    """What a need is about (诉求类别)."""

    LIVING = "living", "生活保障"
    MEDICAL = "medical", "医疗康复"
    EDUCATION = "education", "教育"
    HOUSING = "housing", "住房"
    EMPLOYMENT = "employment", "就业"
    BARRIER_FREE = "barrier_free", "无障碍与辅具"
    LEGAL = "legal", "法律与权益"
    CARE = "care", "照料陪伴"
    REGISTRATION = "registration", "户籍证件"
    OTHER = "other", "其他"


class Whose(models.TextChoices):
    """Whose a need is: what is the household's goes on when the person dies."""

    PERSON = "person", "本人"
    HOUSEHOLD = "household", "家庭"


class Urgency(models.TextChoices):
    """How soon a need must be met."""

    NORMAL = "normal", "一般"
    SOON = "soon", "较急"
    URGENT = "urgent", "紧急"


class NeedStatus(models.TextChoices):
    """Where a need stands."""

    RAISED = "raised", "已提出"
    ACCEPTED = "accepted", "已受理"
    REFERRED = "referred", "已转办"
    RETURNED = "returned", "部门退回"
    IN_PROGRESS = "in_progress", "办理中"
    SOLVED = "solved", "已办结"
    CONFIRMED = "confirmed", "已确认办好"
    DECLINED = "declined", "不予办理"


class ReferralStatus(models.TextChoices):
    """Where a referral stands."""

    SENT = "sent", "待受理"
    ACCEPTED = "accepted", "办理中"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    RETURNED = "returned", "已退回"
