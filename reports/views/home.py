"""The first page of each role: what needs me today, and how the city stands."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cadres.enums import Role
from cadres.http import Request, requires
from cadres.permissions import Permission
from reports import desks, leaders


@require_safe
@requires(Permission.SEE_DASHBOARD)
def home(request: Request) -> HttpResponse:
    today = timezone.localdate()
    match request.user.role:
        case Role.CADRE:
            return redirect("visits:cadre_home")
        case Role.CARE_OFFICE:
            context = desks.office(request.user, today)
            return render(request, "reports/home_office.html", context)
        case Role.LEADER:
            context = leaders.overview(request.user, today)
            return render(request, "reports/home_leader.html", context)
        case _:
            context = desks.simple(request.user, today)
            return render(request, "reports/home_simple.html", context)
