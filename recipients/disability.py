"""Whether what is on file of a disability is a severe one."""

from django.db.models import Q

from recipients.enums import DisabilityGrade, DisabilityKind

GRADES = (DisabilityGrade.FIRST, DisabilityGrade.SECOND)
OF_THE_MIND = (DisabilityKind.INTELLECT, DisabilityKind.MIND)


def severe() -> Q:
    """Return what holds of files and periods of 重度残疾 in the scheme's wide sense.

    一级 and 二级, and 三级 of 智力 or 精神 (domain/codes.md 3.1); it is neither the set
    of a benefit nor of another rule.
    """
    mind = Q(disability_kind__in=OF_THE_MIND) | Q(disability_kinds__overlap=OF_THE_MIND)
    return Q(disability_grade__in=GRADES) | (
        Q(disability_grade=DisabilityGrade.THIRD) & mind
    )
