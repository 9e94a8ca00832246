"""The seven policies and what a check of one can find."""

from django.db import models


class Policy(models.TextChoices):
    """The seven (七项政策)."""

    SUBSISTENCE = "subsistence", "最低生活保障"
    DISABILITY = "disability", "残疾人两项补贴"
    PENSION = "pension", "基本养老保险"
    EDUCATION = "education", "教育救助"
    MEDICAL = "medical", "医疗康复"
    HOUSING = "housing", "住房保障"
    EMPLOYMENT = "employment", "就业扶持"


class CheckState(models.TextChoices):
    """What was found for one policy."""

    ENJOYED = "enjoyed", "已享受"
    UNCLAIMED = "unclaimed", "应享未享"
    NOT_ELIGIBLE = "not_eligible", "不符合条件"
    UNSURE = "unsure", "待核实"


# Who is asked for a rate of 落实率: 不符合条件 is left out.
ASKED = (CheckState.ENJOYED, CheckState.UNCLAIMED, CheckState.UNSURE)
