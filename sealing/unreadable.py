"""Leaves in the trail that a sealed value was found altered, moved or without key."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit import trail
from audit.models import Event
from common.sealed_fields import SealedTextField

logger = logging.getLogger(__name__)
ONE_TELLING = timedelta(hours=1)


def tell(field: SealedTextField, pk: object) -> None:
    """Record it once an hour for each value; the event names its place only."""
    place = field.place(pk)
    logger.error("a sealed value of %s does not open", field.model._meta.label)
    since = timezone.now() - ONE_TELLING
    with transaction.atomic():
        told = Event.objects.filter(
            subject_type=field.model._meta.label_lower,
            subject_id=str(pk),
            kind="sealed.unreadable",
            at__gte=since,
            details__place=place,
        )
        if not told.exists():
            trail.record_about_key(
                "sealed.unreadable",
                model=field.model,
                pk=pk,
                words=f"{field.model._meta.verbose_name}·{field.verbose_name}",
                place=place,
            )
