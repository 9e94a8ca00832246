"""The villages of a township, for the form that asks where somebody lives."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.http import Request, requires
from cadres.models import Area
from cadres.permissions import Permission


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def village_options(request: Request) -> HttpResponse:
    """Offer the villages of the township in ``?area=``; none for rubbish."""
    villages = Area.objects.visible_to(request.user)
    return render(
        request,
        "cadres/_village_options.html",
        {"villages": villages.villages_of(request.GET.get("area", ""))},
    )
