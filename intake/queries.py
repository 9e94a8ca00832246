"""What the preview shows of the rows of a batch, with private values masked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from cadres.models import Area, User
from common.masks import mask_text
from intake.drafts import ERROR, Draft, Flaw
from intake.enums import BatchStatus, Outcome, Question
from intake.models import ImportBatch, ImportRow
from intake.registry import Change, Importer, Shown, importer_for
from intake.storing import open_row

WARNED = "warned"
ASKED = "asked"
EVERY = "all"
PAGE_ROWS = 50
STATES = {
    Outcome.NEW: "ok",
    Outcome.CHANGED: "busy",
    Outcome.SAME: "n",
    Outcome.REPEATED: "due",
    Outcome.WRONG: "late",
}


@dataclass(frozen=True)
class Asking:
    """How a question is put: what the rows say, and the two answers."""

    words: str
    no: str
    yes: str


ASKING = {
    Question.NEWER: Asking(
        "在系统中的值比本表填报时间新,请选保留哪一个。", "保留系统值", "用文件值"
    ),
    Question.HANDOVER: Asking(
        "备注写有调整或更换,对象现由另一名干部结对,请选是不是交接。",
        "不导入",
        "按交接办理",
    ),
}


@dataclass(frozen=True)
class Asked:
    """A question of a batch, and how many rows ask it."""

    question: Question
    rows: int

    @property
    def asking(self) -> Asking:
        return ASKING[self.question]


@dataclass
class Cell:
    """One cell of the preview: what a screen may show, or an input to put it right."""

    name: str
    heading: str
    text: str = ""
    typed: str = ""
    error: str = ""
    warning: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class PreviewRow:
    """A row of the preview, with its cells in the order of the columns."""

    row: ImportRow
    state: str
    cells: list[Cell]
    others: list[Cell]
    changes: list[Change]
    agreed: bool = False

    @property
    def asking(self) -> Asking | None:
        """How the row asks what it asks; None when it asks nothing."""
        return ASKING[Question(self.row.question)] if self.row.question else None

    @property
    def form_id(self) -> str:
        """The end of the ids of this row's forms: one in the table, one in a card."""
        return self.row.pk.hex

    @property
    def can_be_corrected(self) -> bool:
        return any(cell.error for cell in (*self.cells, *self.others))


def filter_of(batch: ImportBatch, asked: str | None) -> str:
    """Return which rows are shown: those asked for, or the wrong ones first."""
    if asked in {*Outcome.values, WARNED, ASKED, EVERY}:
        return str(asked)
    wrong = batch.tally(Outcome.WRONG)
    return (
        str(Outcome.WRONG) if wrong and batch.status == BatchStatus.CHECKED else EVERY
    )


def rows_of(batch: ImportBatch, shown: str) -> Any:
    """Return the rows that the filter lets through."""
    rows = ImportRow.objects.filter(batch=batch)
    if shown == WARNED:
        return rows.filter(warned=True)
    if shown == ASKED:
        return rows.exclude(question="")
    return rows if shown == EVERY else rows.filter(outcome=shown)


def chips_of(batch: ImportBatch, shown: str) -> list[dict[str, Any]]:
    """Return the counts as chips that filter."""
    order = [(Outcome.WRONG, "错误"), (WARNED, "提醒"), *_OTHERS]
    counted = [(EVERY, "全部", batch.rows_read)]
    counted += [(str(key), label, batch.tally(key)) for key, label in order]
    if asked := batch.tally(ASKED):
        counted.insert(1, (ASKED, "待定", asked))
    return [
        {
            "url": f"?show={key}",
            "label": label,
            "count": n,
            "exact": True,
            "on": key == shown,
        }
        for key, label, n in counted
    ]


_OTHERS = [(kind, kind.label) for kind in Outcome if kind != Outcome.WRONG]


def asked_in(batch: ImportBatch) -> list[Asked]:
    """Return what the rows of an open batch ask."""
    if not batch.tally(ASKED) or batch.status != BatchStatus.CHECKED:
        return []
    rows = rows_of(batch, ASKED).order_by("question").values_list("question")
    counted = rows.annotate(models.Count("pk"))
    return [Asked(Question(question), many) for question, many in counted]


def preview(batch: ImportBatch, rows: list[ImportRow], user: User) -> list[PreviewRow]:
    """Return the rows as they are shown."""
    importer = importer_for(batch.kind)
    choices = {**importer.choices(), "township": _townships(user)}
    drafts = [open_row(row) for row in rows]
    changed = [d for d in drafts if d.outcome == Outcome.CHANGED or d.kept]
    changes = importer.changes(changed, user=user) if changed else {}
    return [
        _shown(importer, row, draft, choices, changes.get(draft.position, []))
        for row, draft in zip(rows, drafts, strict=True)
    ]


def said(batch: ImportBatch) -> str:
    """Return exactly what confirming will do: 导入 470 人,32 行暂不导入."""
    noun = importer_for(batch.kind).noun
    new, changed = batch.tally(Outcome.NEW), batch.tally(Outcome.CHANGED)
    wrong = batch.tally(Outcome.WRONG)
    parts = [f"新增 {new} {noun}"] if new else []
    parts += [f"更新 {changed} {noun}"] if changed else []
    if not parts:
        return ""
    done = f"导入 {new} {noun}" if new and not changed else "、".join(parts)
    return f"{done},{wrong} 行暂不导入" if wrong else done


def _townships(user: User) -> list[str]:
    areas = Area.objects.visible_to(user).townships().in_use().order_by("code")
    return list(areas.values_list("name", flat=True))


def _shown(
    importer: Importer,
    row: ImportRow,
    draft: Draft,
    choices: Mapping[str, list[str]],
    changes: list[Change],
) -> PreviewRow:
    listed = {column.name for column in importer.columns}
    elsewhere = [flaw for flaw in draft.flaws if flaw.column not in listed]
    cells = [_cell(draft, column, choices) for column in importer.columns]
    extra = [
        Shown(flaw.column, importer.words.get(flaw.column, "其他"))
        for flaw in elsewhere
    ]
    return PreviewRow(
        row=row,
        state=STATES[Outcome(row.outcome)],
        cells=cells,
        others=[_cell(draft, column, choices) for column in extra],
        changes=changes,
        agreed=draft.agreed,
    )


def _cell(draft: Draft, column: Shown, choices: Mapping[str, list[str]]) -> Cell:
    flaws = [flaw for flaw in draft.flaws if flaw.column == column.name]
    error = next((flaw for flaw in flaws if flaw.severity == ERROR), None)
    typed = draft.cells.get(column.name, "")
    value = draft.text(column.name)
    return Cell(
        name=column.name,
        heading=column.heading,
        text=column.on_screen(column.labels.get(value, value) or typed),
        typed=typed,
        error=mask_text(error.words) if error else "",
        warning=_joined([flaw for flaw in flaws if flaw.severity != ERROR]),
        choices=choices.get(column.name, []) if error else [],
    )


def _joined(flaws: list[Flaw]) -> str:
    return mask_text(";".join(flaw.words for flaw in flaws))
