"""What an event says besides its sentence: each detail with its Chinese name."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from audit.models import Event

# Every name under which an operation tells something; a test walks the operations.
LABELS = {
    "about": "内容",
    "acting_ended": "结束代管(件)",
    "added": "新增",
    "address": "页面",
    "after": "之后",
    "agreed": "照此办理",
    "algorithm": "算法",
    "before": "之前",
    "bytes": "字节数",
    "cadre": "干部",
    "category": "类别",
    "columns": "列",
    "contacts": "每年联系次数",
    "count": "条数",
    "day": "日期",
    "days": "天数",
    "days_between": "最长间隔(天)",
    "deed": "处理办法",
    "deeds": "帮扶事项数",
    "department": "部门",
    "failures": "失败次数",
    "field_words": "项目",
    "files": "文件数",
    "found": "找到",
    "full_ids": "完整号码",
    "gone": "并入的档案",
    "grace_days": "顺延天数",
    "has_file": "有文件",
    "household": "家庭",
    "instead_of": "代替结对",
    "institution": "机构",
    "into": "并入",
    "kept": "保留的档案",
    "late_entry": "补录",
    "ledger": "台账",
    "left_on": "退出日期",
    "moved": "改期数",
    "name": "任务",
    "named": "指定的人",
    "need": "同时提需求",
    "need_kind": "需求类别",
    "notices": "通知数",
    "now": "改正后",
    "number": "编号",
    "often": "一小时内次数多",
    "on": "日期",
    "origin": "来处",
    "outcome": "走访结果",
    "page": "页面",
    "pairings": "结对",
    "people": "人员标识",
    "people_digest": "名单摘要",
    "place": "位置",
    "previous": "上一结对",
    "question": "询问",
    "relation": "关系",
    "reminders": "提醒数",
    "renamed": "改名",
    "replayed": "恢复后再次清除",
    "role": "角色",
    "row": "第几行",
    "rows": "行数",
    "rule": "做法",
    "scope": "事项",
    "serial": "文件编号",
    "size": "字号",
    "solved": "已解决",
    "started_on": "开始日期",
    "tallies": "合计",
    "to": "迁往",
    "total": "总数",
    "until": "截止",
    "urgency": "紧急程度",
    "verdict": "结论",
    "visits": "每年走访次数",
    "way": "方式",
    "withdrawn": "随旧版消除的差异",
    "whose": "谁的需求",
    "words": "说明",
    "working": "上班",
}
# Shown by what stands beside them, or of use to machines only.
SILENT = {"as_it_was", "field", "name", "people", "people_digest", "tallies"}
# {field: [before, after]}, or the names alone.
CHANGES = {"fields", "changes"}
YES = "是"
# The rooms of the house as people know them, for a page that was asked for.
PAGES = {
    "cadres": "账号、单位与干部",
    "recipients": "关爱对象与结对",
    "pairings": "结对",
    "visits": "走访与活动",
    "casework": "问题需求",
    "intake": "数据导入",
    "rosters": "部门名单与比对",
    "reports": "报表、留痕与任务",
}
PAGES_NAMED = {"page", "address", "ledger"}
# The fields whose short lists of values a detail may take its value from.
FIELDS = {
    "about": ("kind",),
    "after": ("status",),
    "before": ("status",),
    "need_kind": ("kind",),
    "now": ("outcome",),
    "size": ("text_size",),
    "way": ("way", "kind"),
}
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def lines(event: Event) -> list[tuple[str, str]]:
    """Return (name, words) for each detail, changes as 之前 → 之后."""
    return list(_lines(event))


def _lines(event: Event) -> Iterator[tuple[str, str]]:
    for name, value in event.details.items():
        if name in CHANGES:
            yield from _changes(event, value)
        elif name not in SILENT and (words := _told(event, name, value)):
            yield LABELS.get(name, name), words


def _changes(event: Event, changed: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(changed, dict):
        names = [_field_words(event, str(name)) for name in changed or ()]
        yield "改动", "、".join(names)
        return
    for name, pair in changed.items():
        yield _field_words(event, name), _words(_choice(event, name, pair))


def _told(event: Event, name: str, value: Any) -> str:
    if name in PAGES_NAMED:
        return PAGES.get(str(value).partition(":")[0], str(value))
    if isinstance(value, dict):
        pairs = [
            (_field_words(event, key), _told(event, key, value[key])) for key in value
        ]
        return "、".join(f"{name} {words}" for name, words in pairs if words)
    for field in FIELDS.get(name, (name,)):
        value = _choice(event, field, value)
    return _words(value)


def _field_words(event: Event, name: str) -> str:
    """Return the field's own name in Chinese, where the model has such a field."""
    field = _field(event, name)
    return str(getattr(field, "verbose_name", "") or LABELS.get(name, name))


def _choice(event: Event, name: str, value: Any) -> Any:
    """Return how the field calls this value, where it is one of a short list."""
    choices = dict(getattr(_field(event, name), "flatchoices", None) or ())
    if isinstance(value, list):
        return [choices.get(one, one) for one in value]
    return choices.get(value, value) if isinstance(value, str | int) else value


def _field(event: Event, name: str) -> object:
    try:
        model = apps.get_model(event.subject_type)
        return model._meta.get_field(name.removesuffix("_id"))
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _words(value: Any) -> str:
    """Return the value in words; a key of some row, or a plain no, says nothing."""
    if value is None or value is False:
        return ""
    if value is True:
        return YES
    if isinstance(value, list):
        plain = ["" if KEY.fullmatch(str(one)) else str(one or "") for one in value]
        if value and not any(plain):
            return ""
        if len(plain) == 2:
            return f"{plain[0] or '空'} → {plain[1] or '空'}"
        return "、".join(plain)
    return "" if KEY.fullmatch(str(value)) else str(value)
