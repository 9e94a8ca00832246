"""Who may do what, told a second time: the matrix asks the product's own table."""

from cadres.enums import Role
from cadres.permissions import ROLES, Permission, allows

ASKED = ("care_office", "unit_liaison", "cadre", "department", "leader", "admin")
ASKED += ("auditor",)
TOLD = """
                      office liaison cadre dept leader admin auditor
signed_in             x      x       x     x    x      x     x
see_dashboard         x      x       x     x    x      x     x
see_recipients        x      x       x     -    -      x     -
edit_recipients       x      -       -     -    -      -     -
unmask                x      -       x     -    -      -     -
erase                 x      -       -     -    -      -     -
break_glass           x      -       x     -    -      -     -
review_glass          x      -       -     -    -      -     x
see_organisations     x      x       -     -    -      x     -
edit_organisations    x      -       -     -    -      x     -
edit_cadres           x      x       -     -    -      x     -
issue_accounts        x      -       -     -    -      x     -
import                x      -       -     -    -      x     -
see_pairings          x      x       -     -    -      x     -
propose_pairing       x      x       -     -    -      -     -
declare_relatives     x      -       x     -    -      -     -
review_pairing        x      -       -     -    -      -     -
see_visits            x      x       x     -    -      x     -
log_visit             x      -       x     -    -      -     -
log_visit_for_others  x      -       -     -    -      -     -
remind_cadre          x      x       -     -    -      -     -
see_needs             x      x       x     -    -      -     -
raise_need            x      -       x     -    -      -     -
work_needs            x      -       -     -    -      -     -
see_referrals         x      -       -     x    -      -     -
work_referrals        -      -       -     x    -      -     -
reconcile             x      -       -     -    -      x     -
export                x      -       -     -    -      x     -
see_campaigns         x      x       x     -    x      x     -
work_campaigns        x      -       -     -    -      x     -
set_calendar          x      -       -     -    -      x     -
see_trail             x      -       -     -    -      -     x
audit                 -      -       -     -    -      -     x
see_chain             -      -       -     -    -      x     x
see_clock             x      -       -     -    -      x     x
run_clock             -      -       -     -    -      x     -
back_up               -      -       -     -    -      x     -
see_health            -      -       -     -    -      x     -
manage_accounts       -      -       -     -    -      x     -
see_jobs              x      x       x     x    x      x     x
"""


def test_each_role_may_what_it_is_told_to_and_nothing_else():
    lines = [line.split() for line in TOLD.strip().splitlines()[1:]]
    told = {name: dict(zip(ASKED, marks, strict=True)) for name, *marks in lines}

    assert set(ASKED) == set(Role.values)
    assert set(told) == {str(permission) for permission in Permission} == set(ROLES)
    for name, marks in told.items():
        for role, mark in marks.items():
            assert allows(role, name) == (mark == "x"), (role, name)
