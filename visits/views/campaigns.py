"""The calendar of campaigns, and the rules the city sets for it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from cadres.http import Request, requires
from cadres.permissions import Permission
from common.toasts import toast
from recipients.enums import Category
from visits import campaign_screens, sixes
from visits.campaign_forms import (
    DayOverrideForm,
    SixRuleForm,
    StandardForm,
    standard_forms,
    years_to_set,
)
from visits.enums import CampaignStatus, SixRule
from visits.models import Campaign, DayOverride
from visits.operations import campaigns

FIRST_YEAR, LAST_YEAR = 2020, 2099
MONTHS_AHEAD = 6


@require_safe
@requires(Permission.SEE_CAMPAIGNS)
def campaign_calendar(request: Request) -> HttpResponse:
    return _calendar(request)


@require_POST
@requires(Permission.SET_CALENDAR)
def six_rule(request: Request) -> HttpResponse:
    _only_who_may_set(request)
    form = SixRuleForm(request.POST)
    if not form.is_valid():
        return _calendar(request, rule_form=form, status=422)
    campaigns.set_six_rule(by=request.user, **form.cleaned_data)
    toast(request, "已保存,还没有开始的逢6日已按新的做法排好。")
    return redirect("visits:campaign_calendar")


@require_POST
@requires(Permission.SET_CALENDAR)
def day_override_set(request: Request) -> HttpResponse:
    _only_who_may_set(request)
    form = DayOverrideForm(request.POST)
    if not form.is_valid():
        return _calendar(request, day_form=form, status=422)
    override = campaigns.set_day(by=request.user, **form.cleaned_data)
    toast(request, f"已保存:{override}。")
    return redirect("visits:campaign_calendar")


@require_POST
@requires(Permission.SET_CALENDAR)
def day_override_clear(request: Request, day: date) -> HttpResponse:
    _only_who_may_set(request)
    override = get_object_or_404(DayOverride, pk=day)
    campaigns.clear_day(override=override, by=request.user)
    toast(request, f"已取消 {day} 的调休设置。")
    return redirect("visits:campaign_calendar")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_CALENDAR)
def visit_standards(request: Request) -> HttpResponse:
    """Show how often each category is to be seen; save one of them."""
    _only_who_may_set(request)
    if request.method == "POST":
        return _save_standard(request)
    year = _year(request, years_to_set()[0])
    if year not in years_to_set():
        year = years_to_set()[0]
    return _standards(request, year, standard_forms(year))


@require_safe
@requires(Permission.SEE_CAMPAIGNS)
def campaign_detail(request: Request, pk: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.select_related("area"), pk=pk)
    progress = campaign_screens.progress_of([campaign], request.user)[campaign.pk]
    may_work = campaigns.may_work(campaign, request.user)
    context = {
        "campaign": campaign,
        "progress": progress,
        "may_see_visits": request.user.has_permission(Permission.SEE_VISITS),
        "may_open": may_work and campaign.status == CampaignStatus.PLANNED,
        "may_close": may_work and campaign.status == CampaignStatus.OPEN,
    }
    return render(request, "visits/campaign_detail.html", context)


@require_POST
@requires(Permission.WORK_CAMPAIGNS)
def campaign_open(request: Request, pk: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.all(), pk=pk)
    campaigns.open_campaign(campaign=campaign, by=request.user)
    toast(request, "已启动,干部记走访时可以选它。")
    return redirect("visits:campaign_detail", pk=pk)


@require_POST
@requires(Permission.WORK_CAMPAIGNS)
def campaign_close(request: Request, pk: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.all(), pk=pk)
    campaigns.close_campaign(campaign=campaign, by=request.user)
    toast(request, "已结束,之后的走访由关爱办补录。")
    return redirect("visits:campaign_detail", pk=pk)


def _calendar(request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Show a year: what was kept on which day, and how far each campaign is."""
    user, today = request.user, timezone.localdate()
    year = _year(request, today.year)
    keeping = sixes.keeping_in(user.area_id or sixes.CITY, sixes.keepings())
    firsts = [date(year, month, 1) for month in range(1, 13)]
    if year == today.year:
        firsts = _around(today, past="past" in request.GET)
    may_set = campaigns.may_set_calendar(user)
    context = {
        "year": year,
        "today": today,
        "years": [year - 1, year + 1],
        "months": campaign_screens.months(firsts, user=user, today=today),
        "may_look_back": year == today.year and firsts[0].month > 1,
        "rows": campaign_screens.campaigns_of(year, user),
        "rule": SixRule(keeping.rule).label,
        "grace_days": keeping.grace_days,
        "overrides": DayOverride.objects.filter(day__year=year),
        "may_set": may_set,
        "may_see_visits": user.has_permission(Permission.SEE_VISITS),
    }
    if may_set:
        context["rule_form"] = SixRuleForm(
            initial={
                "area": sixes.CITY,
                "rule": keeping.rule,
                "grace_days": keeping.grace_days,
            }
        )
        context["day_form"] = DayOverrideForm()
    return render(
        request, "visits/campaign_calendar.html", {**context, **forms}, status=status
    )


def _around(today: date, *, past: bool) -> list[date]:
    """Return the first days of this month and the next five, and of those gone by."""
    numbers = range(1 if past else today.month, today.month + MONTHS_AHEAD)
    return [date(today.year + (n - 1) // 12, (n - 1) % 12 + 1, 1) for n in numbers]


def _save_standard(request: Request) -> HttpResponse:
    told = {name.partition("-")[0] for name in request.POST}
    kind = next((kind for kind in Category.values if kind in told), "?")
    form = StandardForm(request.POST, prefix=kind)
    if form.is_valid():
        moved = campaigns.set_standard(by=request.user, **form.cleaned_data)
        toast(request, f"已保存,{moved} 对结对的下次应访日已重新计算。")
        return redirect(f"{request.path}?year={form.cleaned_data['year']}")
    year = _year(request, years_to_set()[0])
    forms = [
        form if other.prefix == form.prefix else other for other in standard_forms(year)
    ]
    return _standards(request, year, forms, status=422)


def _standards(
    request: Request, year: int, forms: list[StandardForm], *, status: int = 200
) -> HttpResponse:
    context = {
        "year": year,
        "years": years_to_set(),
        "rows": list(zip(Category, forms, strict=True)),
        "wrong": next((form for form in forms if form.errors), None),
    }
    return render(request, "visits/campaign_standards.html", context, status=status)


def _year(request: Request, otherwise: int) -> int:
    """Return the year of the address; rubbish in it is no error."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() else otherwise
    return year if FIRST_YEAR <= year <= LAST_YEAR else otherwise


def _only_who_may_set(request: Request) -> None:
    if not campaigns.may_set_calendar(request.user):
        raise PermissionDenied
