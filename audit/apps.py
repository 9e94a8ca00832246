"""Grants the serving role its rights whenever the schema was brought up to date."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from audit import roles


class AuditConfig(AppConfig):
    """New tables come with migrations, and so do the rights on them."""

    name = "audit"

    def ready(self) -> None:
        post_migrate.connect(roles.grant, sender=self, dispatch_uid="audit.roles")
