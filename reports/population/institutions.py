"""Who lives in a home, and whose grade of a disability has changed."""

from django.db.models import Count
from django.utils import timezone

from cadres.models import Area, Organisation
from recipients.enums import Category, DisabilityGrade, DisabilityKind
from recipients.models import Household, Recipient
from recipients.operations.tasks import raise_grades
from reports.population.accounts import HEXIBAO
from reports.population.places import INSTITUTIONS, Institution


def write_residents() -> int:
    """Let those who are cared for in a home live in one; return how many do."""
    return sum(_move_in(institution) for institution in INSTITUTIONS)


def _move_in(institution: Institution) -> int:
    """Let all of its kind live there who have no family on file."""
    alone = Household.objects.annotate(people=Count("recipients")).filter(people=1)
    theirs = (
        Recipient.objects.within(Area.objects.get(pk=institution.takes_from))
        .filter(kind=institution.cares_for, household__in=alone)
        .values("household")
    )
    home = Organisation.objects.get(name=institution.name)
    return Household.objects.filter(pk__in=theirs).update(institution=home, size=1)


def write_regraded() -> int:
    """Let somebody be graded anew, and the office be asked; return how many."""
    person = (
        Recipient.objects.not_left()
        .filter(
            area=HEXIBAO,
            category=Category.DISABLED,
            disability_kind=DisabilityKind.LIMB,
            disability_grade=DisabilityGrade.SECOND,
        )
        .order_by("-code")
        .first()
    )
    if person is None:
        return 0
    person.disability_grade = DisabilityGrade.THIRD
    # The grade of before is left by the database, whoever writes.
    person.save(update_fields=["disability_grade"])
    return raise_grades(now=timezone.now())
