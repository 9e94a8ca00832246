"""Accounts: issued by the office, used by one person."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from audit import trail
from cadres.models import User
from common.refusals import Refused


@transaction.atomic
def change_password(*, user: User, password: str, by: User) -> User:
    """Give the account a password of its owner's choosing.

    Raises Refused with what is wrong with a weak one.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    try:
        validate_password(password, user=user)
    except ValidationError as weak:
        raise Refused("".join(weak.messages)) from None
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    trail.record("user.password_changed", subject=user, by=by)
    return user


@transaction.atomic
def set_text_size(*, user: User, size: str, by: User) -> User:
    """Remember how large the account wants its letters."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.text_size = size
    user.save(update_fields=["text_size"])
    trail.record("user.text_size_set", subject=user, by=by, size=size)
    return user
