"""Forms of the pages that look across everything."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from audit import heads
from audit.models import EventQuerySet
from audit.sentences import SENTENCES
from cadres.models import Area, User
from common.forms import DayInput
from common.hidden_numbers import SearchInput
from reports.ledgers import LEDGERS
from reports.scope import Scope


class TrailForm(forms.Form):
    """Narrows the trail by person, deed, subject and days."""

    who = forms.CharField(
        label="操作人", required=False, max_length=40, widget=SearchInput
    )
    kind = forms.ChoiceField(label="事项", required=False)
    subject = forms.CharField(
        label="对象编号", required=False, max_length=40, widget=SearchInput
    )
    since = forms.DateField(label="从", required=False, widget=DayInput)
    until = forms.DateField(label="到", required=False, widget=DayInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = sorted(SENTENCES.items(), key=lambda pair: pair[1])
        kind = self.fields["kind"]
        kind.choices = [("", "全部事项"), *choices]  # type: ignore[attr-defined]

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """Return those events that fit what was asked."""
        asked = self.cleaned_data
        if asked["who"]:
            events = events.filter(_by(asked["who"].strip()))
        if asked["kind"]:
            events = events.filter(kind=asked["kind"])
        if asked["subject"]:
            events = events.filter(subject_words__contains=asked["subject"].strip())
        if asked["since"]:
            events = events.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            after = asked["until"] + timedelta(days=1)
            events = events.filter(at__lt=_midnight(after))
        return events

    def told(self) -> str:
        """Say in words what was asked for."""
        if not self.is_valid():
            return ""
        asked = self.cleaned_data
        named = dict(self.fields["kind"].choices)  # type: ignore[attr-defined]
        values = asked | {"kind": named.get(asked["kind"], "") if asked["kind"] else ""}
        return " ".join(
            f"{self.fields[name].label}{value}"
            for name, value in values.items()
            if value
        )


class PersonLookUpForm(forms.Form):
    """Asks whose trail is wanted; posted, so that the number stands in no address."""

    person = forms.CharField(
        label="对象编号或完整身份证号",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class KeptHeadForm(forms.Form):
    """Asks for a head of the trail that somebody has kept outside."""

    kept = forms.CharField(
        label="存下的那一行",
        max_length=4_000,
        help_text="整行粘贴,可以一次粘贴多行。这里比对链头;每条留痕是否还与链相符,"
        "由每天凌晨 3:40 的校验逐条重算。",
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono"}),
    )

    def clean_kept(self) -> str:
        kept: str = self.cleaned_data["kept"]
        if not heads.marks_of(kept):
            raise forms.ValidationError(
                "没有认出链头。请把存下来的那一行整行粘贴,"
                "要有“第 N 条”和后面的 64 位字符。"
            )
        return kept


class DisclosureForm(forms.Form):
    """Asks why somebody wants to see all that is held on them, and how."""

    reason = forms.CharField(
        label="申请事由",
        max_length=200,
        min_length=4,
        help_text="如“本人来函申请查阅”,写明谁申请、凭什么证件核实;会记入留痕。",
    )
    made_as = forms.ChoiceField(
        label="做成",
        choices=[("page", "网页(可打印)"), ("xlsx", "Excel 文件")],
        initial="page",
        widget=forms.RadioSelect,
    )


class TrailExportForm(forms.Form):
    """Asks what the trail is taken out for."""

    reason = forms.CharField(label="导出用途", max_length=200, min_length=4)


def _by(who: str) -> Q:
    """Return whose deeds are meant: an account by either name, or the clock."""
    accounts = User.objects.filter(Q(username=who) | Q(name=who))
    keys = [str(pk) for pk in accounts.values_list("pk", flat=True)]
    return Q(by__in=keys) if keys else Q(by_name=who)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class ExportForm(forms.Form):
    """Asks which ledger, of where and when, and what it is for."""

    ledger = forms.ChoiceField(
        label="台账", choices=[(one.code, one.name) for one in LEDGERS.values()]
    )
    area = forms.ModelChoiceField(
        label="范围",
        queryset=Area.objects.none(),
        required=False,
        empty_label="本账号全部范围",
    )
    since = forms.DateField(label="从", required=False, widget=DayInput)
    until = forms.DateField(label="到", required=False, widget=DayInput)
    full_ids = forms.BooleanField(
        label="证件号和电话导出完整号码",
        required=False,
        help_text="默认导出掩码;完整号码会单独记入留痕,超过 50 行须由另一人批准。",
    )
    reason = forms.CharField(
        label="用途",
        max_length=200,
        help_text="例如:报市民政局10月台账。会写进文件说明。",
    )
    query = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = Area.objects.visible_to(user).exclude(level="village").in_use()
        self.fields["area"].queryset = offered  # type: ignore[attr-defined]

    @staticmethod
    def from_list(query: QueryDict) -> dict[str, Any]:
        """Return how the form begins when it is opened from a list with filters."""
        ledger = query.get("ledger", "recipients")
        kept = query.copy()
        for name in ("ledger", "after"):
            kept.pop(name, None)
        return {
            "ledger": ledger if ledger in LEDGERS else "recipients",
            "query": kept.urlencode(),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "结束日期不能早于开始日期。")
        return cleaned

    def asked(self, user: User) -> tuple[str, Scope, str]:
        """Return the ledger's code, the scope and the reason."""
        told = self.cleaned_data
        scope = Scope(
            user=user,
            area=told["area"],
            since=told["since"],
            until=told["until"],
            full_ids=told["full_ids"],
            query=told["query"],
        )
        return told["ledger"], scope, told["reason"].strip()


class SearchForm(forms.Form):
    """Asks for a name, its sound, a code, or a whole number."""

    q = forms.CharField(
        label="姓名、拼音、首字母、编号、单位、村社,或完整身份证号、手机号",
        required=False,
        max_length=60,
        widget=SearchInput,
    )
