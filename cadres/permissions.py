"""Who may do what: one table from permission to roles, and nowhere else."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied

from cadres.enums import Role

Deed = TypeVar("Deed", bound=Callable[..., Any])


class Permission(StrEnum):
    """One thing that an account may or may not do."""

    SIGNED_IN = "signed_in"
    SEE_DASHBOARD = "see_dashboard"
    SEE_RECIPIENTS = "see_recipients"
    EDIT_RECIPIENTS = "edit_recipients"
    UNMASK = "unmask"
    ERASE = "erase"
    BREAK_GLASS = "break_glass"
    REVIEW_GLASS = "review_glass"
    SEE_ORGANISATIONS = "see_organisations"
    EDIT_ORGANISATIONS = "edit_organisations"
    EDIT_CADRES = "edit_cadres"
    ISSUE_ACCOUNTS = "issue_accounts"
    IMPORT = "import"
    SEE_PAIRINGS = "see_pairings"
    PROPOSE_PAIRING = "propose_pairing"
    DECLARE_RELATIVES = "declare_relatives"
    REVIEW_PAIRING = "review_pairing"
    SEE_VISITS = "see_visits"
    LOG_VISIT = "log_visit"
    LOG_VISIT_FOR_OTHERS = "log_visit_for_others"
    REMIND_CADRE = "remind_cadre"
    SEE_NEEDS = "see_needs"
    RAISE_NEED = "raise_need"
    WORK_NEEDS = "work_needs"
    SEE_REFERRALS = "see_referrals"
    WORK_REFERRALS = "work_referrals"
    RECONCILE = "reconcile"
    EXPORT = "export"
    SEE_CAMPAIGNS = "see_campaigns"
    WORK_CAMPAIGNS = "work_campaigns"
    SET_CALENDAR = "set_calendar"
    SEE_TRAIL = "see_trail"
    AUDIT = "audit"
    SEE_CHAIN = "see_chain"
    SEE_CLOCK = "see_clock"
    RUN_CLOCK = "run_clock"
    BACK_UP = "back_up"
    SEE_HEALTH = "see_health"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_JOBS = "see_jobs"


_OFFICE = {Role.CARE_OFFICE}
_FIELD = {Role.CADRE, Role.UNIT_LIAISON}
_EVERYONE = set(Role)

ROLES: dict[Permission, set[Role]] = {
    Permission.SIGNED_IN: _EVERYONE,
    Permission.SEE_DASHBOARD: _EVERYONE,
    Permission.SEE_RECIPIENTS: _OFFICE | _FIELD | {Role.ADMIN},
    Permission.EDIT_RECIPIENTS: _OFFICE,
    Permission.UNMASK: _OFFICE | {Role.CADRE},
    # Of the offices only those of counties and of the city.
    Permission.ERASE: _OFFICE,
    Permission.BREAK_GLASS: _OFFICE | {Role.CADRE},
    Permission.REVIEW_GLASS: _OFFICE | {Role.AUDITOR},
    Permission.SEE_ORGANISATIONS: _OFFICE | {Role.UNIT_LIAISON, Role.ADMIN},
    Permission.EDIT_ORGANISATIONS: _OFFICE | {Role.ADMIN},
    Permission.ISSUE_ACCOUNTS: _OFFICE | {Role.ADMIN},
    Permission.EDIT_CADRES: _OFFICE | {Role.UNIT_LIAISON, Role.ADMIN},
    Permission.IMPORT: _OFFICE | {Role.ADMIN},
    Permission.SEE_PAIRINGS: _OFFICE | {Role.UNIT_LIAISON, Role.ADMIN},
    Permission.PROPOSE_PAIRING: _OFFICE | {Role.UNIT_LIAISON},
    Permission.DECLARE_RELATIVES: _OFFICE | {Role.CADRE},
    Permission.REVIEW_PAIRING: _OFFICE,
    Permission.SEE_VISITS: _OFFICE | _FIELD | {Role.ADMIN},
    Permission.LOG_VISIT: _OFFICE | {Role.CADRE},
    Permission.LOG_VISIT_FOR_OTHERS: _OFFICE,
    Permission.REMIND_CADRE: _OFFICE | {Role.UNIT_LIAISON},
    Permission.SEE_NEEDS: _OFFICE | _FIELD,
    Permission.RAISE_NEED: _OFFICE | {Role.CADRE},
    Permission.WORK_NEEDS: _OFFICE,
    Permission.SEE_REFERRALS: _OFFICE | {Role.DEPARTMENT},
    Permission.WORK_REFERRALS: {Role.DEPARTMENT},
    Permission.RECONCILE: _OFFICE | {Role.ADMIN},
    Permission.EXPORT: _OFFICE | {Role.ADMIN},
    Permission.SEE_CAMPAIGNS: _OFFICE | _FIELD | {Role.ADMIN, Role.LEADER},
    Permission.WORK_CAMPAIGNS: _OFFICE | {Role.ADMIN},
    # Of the offices only the city's; see visits.operations.campaigns.
    Permission.SET_CALENDAR: _OFFICE | {Role.ADMIN},
    Permission.SEE_TRAIL: _OFFICE | {Role.AUDITOR},
    Permission.AUDIT: {Role.AUDITOR},
    Permission.SEE_CHAIN: {Role.ADMIN, Role.AUDITOR},
    Permission.SEE_CLOCK: _OFFICE | {Role.ADMIN, Role.AUDITOR},
    Permission.RUN_CLOCK: {Role.ADMIN},
    Permission.BACK_UP: {Role.ADMIN},
    Permission.SEE_HEALTH: {Role.ADMIN},
    Permission.MANAGE_ACCOUNTS: {Role.ADMIN},
    Permission.SEE_JOBS: _EVERYONE,
}


def allows(role: str, permission: str) -> bool:
    """Say whether an account of this role may do this at all."""
    return Role(role) in ROLES[Permission(permission)]


def permits(*permissions: Permission) -> Callable[[Deed], Deed]:
    """Let only accounts that may do one of these do the deed, whoever calls it.

    What is done by nobody (``by=None``) is done by the clock. Raises PermissionDenied.
    """

    def decorate(deed: Deed) -> Deed:
        @wraps(deed)
        def guarded(*args: Any, by: Any, **kwargs: Any) -> Any:
            if by is not None and not any(map(by.has_permission, permissions)):
                raise PermissionDenied
            return deed(*args, by=by, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return cast("Deed", guarded)

    return decorate
