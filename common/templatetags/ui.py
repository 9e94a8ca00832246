"""The small words of every page: icons, states, bars, days, money, parts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import Form
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from lunar_python import Solar

from common.masks import mask_address, mask_id, mask_name, mask_phone
from common.toasts import undo_url_of

register = template.Library()

for _mask in (mask_id, mask_phone, mask_name, mask_address):
    register.filter(_mask.__name__, _mask)

STATES = {
    "ok": "check-circle-fill",
    "due": "clock-fill",
    "late": "exclamation-circle-fill",
    "ask": "question-circle-fill",
    "n": "dash-circle",
    "busy": "hourglass-split",
}
WEEKDAYS = "一二三四五六日"
COUNTED_UP_TO = 10_000


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Return one drawing of the sprite; without a label it is decoration."""
    address = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="ic" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html(
        '<svg class="ic" aria-hidden="true"><use href="{}"></use></svg>', address
    )


@register.simple_tag
def status(kind: str, words: object) -> SafeString:
    """Return a state as drawing, word and colour; kinds: ok due late ask n busy."""
    drawing = icon(STATES[kind])
    return format_html('<span class="st st-{}">{}{}</span>', kind, drawing, words)


@register.simple_tag
def bar(
    value: float, maximum: float = 100, label: str = "", low: float = 0
) -> SafeString:
    """Return a bar filled to value/maximum; under ``low`` % it changes colour."""
    share = share_of(value, maximum)
    return format_html(
        '<svg class="bar" role="img" aria-label="{}"><rect class="bar-all" width="100%"'
        ' height="100%"></rect><rect class="{}" width="{}%" height="100%"></rect>'
        "</svg>",
        f"{label} {share:.0f}%".strip(),
        "bar-low" if share < low else "bar-done",
        round(share, 1),
    )


def share_of(value: float, maximum: float) -> float:
    """Return the share in hundredths, from 0 to 100 whatever comes in."""
    if not maximum:
        return 0.0
    return min(100.0, max(0.0, float(value) * 100 / float(maximum)))


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Return a field with label, help and errors."""
    return bound.as_field_group()


@register.simple_tag
def widget(bound: BoundField, **attrs: Any) -> SafeString:
    """Return only the input; ``label=`` names it where no label is shown."""
    named = {key.replace("_", "-"): value for key, value in attrs.items()}
    if words := named.pop("label", ""):
        named["aria-label"] = words
    return bound.as_widget(attrs=named)


@register.inclusion_tag("_kpi.html")
def kpi(title: str, value: object, url: str = "", **more: Any) -> dict[str, Any]:
    """Show one figure; more: unit, note, icon, kind (late/ok), done and total."""
    given = {"icon_name": more.pop("icon", ""), **more}
    return {"title": title, "value": value, "url": url, **given}


@register.inclusion_tag("_empty.html")
def empty(words: str, url: str = "", button: str = "") -> dict[str, str]:
    """Say in one sentence why there is nothing, with one button."""
    return {"words": words, "url": url, "button": button}


@register.inclusion_tag("_keyset.html", takes_context=True)
def keyset(context: Mapping[str, Any], page: Any, target: str = "") -> dict[str, Any]:
    """Show 上一页 / 下一页; with ``target`` (#id) htmx swaps only that part."""
    return {"page": page, "target": target, "request": context["request"]}


@register.inclusion_tag("_chips.html", takes_context=True)
def chips(
    context: Mapping[str, Any],
    choices: Iterable[Mapping[str, Any]],
    name: str,
    label: str = "快速筛选",
    everything: str = "",
) -> dict[str, Any]:
    """Show chips that set one filter in the address.

    A choice holds value, label and count; ``everything`` adds a first chip that
    takes the filter away.
    """
    query: QueryDict = context["request"].GET
    chosen = query.get(name, "")
    shown = [{"value": "", "label": everything}] if everything else []
    shown += choices  # type: ignore[arg-type]
    return {
        "label": label,
        "chips": [
            {
                **choice,
                "on": str(choice["value"]) == chosen,
                "url": _narrowed(query, name, str(choice["value"])),
            }
            for choice in shown
        ],
    }


def _narrowed(query: QueryDict, name: str, value: str) -> str:
    """Return the query with one filter set, from its first page on."""
    changed = query.copy()
    changed.pop("after", None)
    changed.pop(name, None)
    if value:
        changed[name] = value
    return f"?{changed.urlencode()}"


@register.inclusion_tag("_filter_sheet.html", takes_context=True)
def filter_sheet(
    context: Mapping[str, Any],
    form: Form,
    sheet_id: str = "filters",
    result: str = "",
) -> Any:
    """Show a list's filters: one row on a desk, a sheet on the phone."""
    given = {name: context.get(name) for name in ("request", "csrf_token")}
    return {"form": form, "sheet_id": sheet_id, "result": result, **given}


@register.inclusion_tag("_timeline.html")
def timeline(items: Any) -> dict[str, Any]:
    """Show what happened, newest first; see the part for what an item holds."""
    return {"items": items}


@register.inclusion_tag("_confirm.html", takes_context=True)
def confirm(context: Mapping[str, Any], words: str, **more: Any) -> dict[str, Any]:
    """Ask once before what cannot be undone; more: id, url, title, button, body."""
    given = {"dialog_id": more.pop("id"), **more}
    return {"words": words, "csrf_token": context.get("csrf_token"), **given}


@register.filter
def name_for(person: Any, user: Any) -> str:
    """Return a person's name as this account may see it."""
    return str(person.name_for(user)) if person else ""


@register.filter
def page_address(name: str) -> str:
    """Return a page's address, or nothing while no app offers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.filter
def own_path(address: str | None) -> str:
    """Return the path of an address on this site, so that nobody is sent elsewhere."""
    parts = urlsplit(address or "")
    path = parts.path if parts.path.startswith("/") else "/"
    query = f"?{parts.query}" if parts.query else ""
    return f"/{path.lstrip('/')}{query}"


@register.filter
def undo_url(message: Message) -> str:
    return undo_url_of(message)


@register.filter
def day_words(day: date | None, today: date | None = None) -> str:
    """Say 8月10日, and the year as well when it is not this one."""
    if not day:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    this_year = (today or timezone.localdate()).year
    year = "" if day.year == this_year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


@register.filter
def weekday(day: date | None) -> str:
    """Say 星期一 for a Monday."""
    return f"星期{WEEKDAYS[day.weekday()]}" if day else ""


@register.filter
def lunar(day: date | None) -> str:
    """Say 农历十月十五; the calendar reaches from year 1 to 9999."""
    if not day:
        return ""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"农历{found.getMonthInChinese()}月{found.getDayInChinese()}"


@register.filter
def ago(day: date | None) -> str:
    """Say how long ago, or how far ahead, in days."""
    if not day:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    days = (timezone.localdate() - day).days
    near = {0: "今天", 1: "昨天", -1: "明天"}
    return near.get(days) or (f"{days} 天前" if days > 0 else f"{-days} 天后")


@register.filter
def money(amount: Decimal | None) -> str:
    """Say 1,234.50 元; nothing for nothing."""
    return "" if amount is None else f"{amount:,.2f} 元"


@register.filter
def figure(value: object) -> object:
    """Say 1,234; words stay as they are."""
    return f"{value:,}" if isinstance(value, int) else value


@register.filter
def capped(count: int) -> str:
    """Say 10,000+ where counting stopped."""
    return f"{COUNTED_UP_TO:,}+" if count > COUNTED_UP_TO else f"{count:,}"
