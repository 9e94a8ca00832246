"""AZ-04: an operation called directly gives each role the verdict of its view."""

from django.core.exceptions import PermissionDenied

from cadres.enums import Role
from cadres.models import User
from cadres.permissions import ROLES, Permission
from tests.house.catalogue import NOT_DEEDS, operations
from tests.house.deeds_of_views import permissions_on_the_way

# Keys lie below accounts: whoever changes them stands at the machine.
BELOW_ACCOUNTS = {
    "sealing.begin_field_key",
    "sealing.change_index_key",
    "sealing.remove_key",
}
DEEDS = {
    name: function
    for name, function in operations().items()
    if name not in NOT_DEEDS | BELOW_ACCOUNTS
}
# Done by commands and by the worker: what their role must be is said here once more.
WITHOUT_A_VIEW = {
    "backups.note": {Permission.BACK_UP},
    "cadres.villages.import_villages": {Permission.IMPORT},
    "intake.at_once.bring_in": {Permission.IMPORT},
    "intake.choosing.judge_again": {Permission.IMPORT},
    "intake.confirming.confirm": {Permission.IMPORT},
    "intake.receiving.check": {Permission.IMPORT},
    "intake.receiving.fail": {Permission.IMPORT},
    "reports.exports.record_export": {Permission.EXPORT},
}
# Where somebody signs in there is no role yet.
AT_THE_DOOR = {"cadres.signing_in.sign_in"}


def test_an_operation_refuses_whom_it_does_not_permit(db):
    wrong = [
        (name, role)
        for name, deed in DEEDS.items()
        for role in Role
        if _is_let_in(deed, User(role=role)) != (role in _roles(deed.permissions))
    ]

    assert wrong == []


def test_an_operation_permits_whom_its_views_do():
    led_to = permissions_on_the_way()

    wrong = {
        name: (deed.permissions, by_views)
        for name, deed in DEEDS.items()
        if _roles(deed.permissions)
        != _roles(by_views := WITHOUT_A_VIEW.get(name) or led_to[name])
    }

    assert wrong.keys() == AT_THE_DOOR, wrong


def test_what_is_done_without_a_view_has_none():
    led_to = permissions_on_the_way()

    assert [name for name in WITHOUT_A_VIEW if led_to[name]] == []


def test_the_clock_may_do_what_it_does():
    def deed(*, by: User | None) -> str:
        return "done"

    from cadres.permissions import permits

    assert permits(Permission.RUN_CLOCK)(deed)(by=None) == "done"


def _is_let_in(deed, user: User) -> bool:
    # Without anything else it needs: who is let in fails at that, not before.
    try:
        deed(by=user)
    except PermissionDenied:
        return False
    except TypeError:
        return True
    return True


def _roles(permissions) -> set[Role]:
    return set().union(*(ROLES[one] for one in permissions))
