"""The sheet, what its buttons call, and the product's own addresses."""

from datetime import date
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_POST

from cadres.http import open_to_all
from common.forms import DayInput, PhoneInput
from common.refusals import Stale
from common.toasts import toast
from common.townships import TOWNSHIPS
from jinchang_care import urls

SHEET = Path(__file__).with_name("sheet.html")
PEOPLE = [
    (
        "王*花",
        "女",
        78,
        "特困家庭",
        "河西堡镇",
        "闫庆俊",
        "交通局",
        "11-21",
        "ok",
        "已走访",
    ),
    (
        "陈*",
        "女",
        15,
        "孤儿",
        "金川路街道",
        "张建明",
        "检察院",
        "10-09",
        "late",
        "超期 14 天",
    ),
]


class SheetForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", help_text="同身份证。")
    phone = forms.CharField(label="电话", widget=PhoneInput)
    day = forms.DateField(label="日期", widget=DayInput)
    kind = forms.ChoiceField(label="类别", choices=[("a", "孤残儿童")])
    way = forms.ChoiceField(
        label="方式", choices=[("a", "入户"), ("b", "电话")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="本人知情同意", required=False)
    words = forms.CharField(label="情况", widget=forms.Textarea(attrs={"rows": 3}))


@open_to_all
def sheet(request: HttpRequest) -> HttpResponse:
    if "toast" in request.GET:
        toast(request, "已提交走访", undo_url="/sheet/part/")
        toast(request, "今天已经提醒过。", refused=True)
    context = {
        "form": SheetForm({} if "bad" in request.GET else None),
        "months": [("9月", 862, 823), ("10月", 866, 851), ("11月", 870, 689)],
        "policies": [("最低生活保障", 98), ("就业扶持", 76, "/sheet/")],
        "points": [(date(2024, 1, 10), 24), (date(2026, 10, 9), 68)],
        "values": {place.code: 60 + n * 2 for n, place in enumerate(TOWNSHIPS[:17])},
        "links": {"620321101000": "/sheet/"},
        "chip": [{"value": "late", "label": "超期未访", "count": 23}] * 6,
        "page": {"next": "abc", "previous": ""},
        "today": date(2026, 11, 23),
        "items": [
            {
                "day": date(2026, 11, 2),
                "note": "21 天前",
                "icon": "house-door-fill",
                "title": "入户走访",
                "words": "孩子精神好。",
                "by": "赵*军",
            }
        ],
        "rows": PEOPLE,
    }
    template = engines["django"].from_string(SHEET.read_text(encoding="utf-8"))
    return HttpResponse(template.render(context, request))


@open_to_all
@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    raise Stale("刚被别人改过。", [("生效日期", "11月24日", "11月25日")])


@open_to_all
@require_POST
def part(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<section id="swap">换好了</section>')


urlpatterns = [
    path("sheet/", sheet),
    path("sheet/refuse/", refuse),
    path("sheet/part/", part),
    *urls.urlpatterns,
]
handler404 = urls.handler404
