"""The rows of a table that are about somebody, and a count of those that are not."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.tables.header import header_at
from common.tables.layout import Column, Header, Layout, folded
from common.tables.reading import Sheet
from common.tables.rows import Row
from common.tables.text import Value, clean, narrow

BLANK, TOTAL, NOTE, HEAD = "空行", "合计行", "说明行", "重复表头"
NUMBERS, SERIAL, SECTION = "栏号行", "只有序号的行", "小标题行"
EXAMPLE, EXAMPLE_BEGINS = "示例行", "示例"
SHORTEST_ID = 15
MOST_FOLDED = 20_000
DITTO = frozenset(["同上", "〃", "″", "＂", '"', "''", "同 上", "〞", "々", "同上。"])

_TOTAL = re.compile(r".{0,12}?(?:小计|合计|总计|共计|累计|总数)(?:[:(\d].*|共.*)?")
_NOTE = re.compile(
    r"(?:备?注|说明|填表说明|填报说明|附注|此表|本表|注意|特此)(?:[:.,、;\d(]|一式|由|说明|$).*"
)
_SIGNED = re.compile(
    r"(?:填表|制表|填报|审核|审批|负责|经办|复核|联系|登记|统计|报送|签字|盖章|单位负责|分管领导"
    r"|主要领导|单位|日期|时间)(?:人|单位|日期|时间|领导|签字|签名|盖章|电话)?(?:\([^()]*\))?:.*"
)
_COLUMN_MARK = re.compile(
    r"[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚辛壬癸A-Z])[)]?"
)
_ROUND = re.compile("[①-⑳]")
_SECTION = re.compile(r"(?:[(]?[一二三四五六七八九十]+[)]?[、.,])")


@dataclass
class Records:
    """The rows under one head (or several that follow each other) of a sheet."""

    layout: Layout
    sheet: Sheet
    header: Header
    # {column from 0: field}, where somebody said what the columns mean.
    fields: Mapping[int, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    # What the last row said that is a title of those below it.
    section: str = ""

    def __post_init__(self) -> None:
        """Know the example row of our own template, which some forget to delete."""
        fields = self.layout.fields
        named = [f for f in fields if f.required and f.example[:2] == EXAMPLE_BEGINS]
        self.example_names = {f.name: f.example for f in named}
        self.example_ids = {f.example for f in fields if f.name == "id"}

    def __iter__(self) -> Iterator[tuple[int, Row, Header]]:
        """Give (row from 0, cells, head) of each row that is about somebody."""
        spans = _Spans(self.sheet)
        wide = self._width()
        index, below = self.header.end, False
        spans.begin(index)
        rows = self.sheet.rows
        while index < len(rows):
            row = rows[index]
            if self._is_head(row) and (again := self._head_again(index)):
                index, self.header, below = again.end, again, False
                wide = self._width()
                continue
            if len(row) < wide:
                row.extend([""] * (wide - len(row)))
            why = self._why_skipped(row, below=below, across=index in spans.across)
            below = below or why == NOTE
            spans.fill(index, row)
            if why:
                self.skipped[why] += 1
                if why == SECTION:
                    self.section = next(filter(None, map(clean, row)), "")
            else:
                yield index, row, self.header
            index += 1

    def _width(self) -> int:
        return max((column.index for column in self.header.columns), default=0) + 1

    def _is_head(self, row: Row) -> bool:
        """Say whether the row repeats heads where names or ids should stand."""
        columns = self.header.by_name
        for group in self.layout.needed:
            for name in group:
                column = columns.get(name)
                if column is None or column.index >= len(row):
                    continue
                cell = row[column.index]
                if (
                    isinstance(cell, str)
                    and 2 <= len(cell) <= 16
                    and self._is_label(cell)
                ):
                    return True
        return False

    def _is_label(self, cell: Value) -> bool:
        found = _FOLDED.get(cell)
        if found is None:
            found = folded(cell)
            if len(_FOLDED) < MOST_FOLDED:
                _FOLDED[cell] = found
        return found in self.layout.by_label or found in self.layout.weak_labels

    def _head_again(self, index: int) -> Header | None:
        again = header_at(self.layout, self.sheet.rows, self.sheet.merged, index)
        if again is None:
            # One row of a head of several, repeated alone.
            labels = self.header.labels
            row = self.sheet.rows[index]
            cells = [(i, folded(cell)) for i, cell in enumerate(row) if clean(cell)]
            same = sum(i < len(labels) and cell in labels[i] for i, cell in cells)
            if same * 3 < len(cells) * 2:
                return None
            old = self.header
            again = replace(old, first=index, depth=1)
        elif self.fields and again.heads == self.header.heads:
            again = again.taken_as(self.fields)
        self.skipped[HEAD] += again.depth
        return again

    def _why_skipped(self, row: Row, *, below: bool, across: bool) -> str:
        """Return why the row is about nobody; '' when it is about somebody."""
        blanks = row.count("")
        columns = self.header.by_name
        name = self._cell(row, columns, 0)
        number = self._cell(row, columns, -1)
        if number.__class__ is str and len(number) >= SHORTEST_ID and name:
            return EXAMPLE if self._is_example(row, columns, number) else ""
        filled = (
            [
                (i, text)
                for i, cell in enumerate(row)
                if cell != "" and (text := clean(cell))
            ]
            if blanks < len(row)
            else []
        )
        if not filled:
            return BLANK
        if all(i in self.header.serials for i, _ in filled):
            first = narrow(filled[0][1])
            return self._said(first) or SERIAL
        return self._why_odd(filled, name, number, below=below, across=across)

    def _is_example(
        self, row: Row, columns: Mapping[str, Column], number: Value
    ) -> bool:
        """Say whether the row is the template's own: its id and an invented name."""
        return number in self.example_ids and any(
            row[columns[name].index] == example
            for name, example in self.example_names.items()
            if name in columns and columns[name].index < len(row)
        )

    def _why_odd(
        self,
        filled: list[tuple[int, str]],
        name: Value,
        number: Value,
        *,
        below: bool,
        across: bool,
    ) -> str:
        if self._is_lower_head(filled):
            return HEAD
        if _are_column_numbers([text for _, text in filled]):
            return NUMBERS
        first, named, told = narrow(filled[0][1]), narrow(name), narrow(number)
        said = self._said(first) or (TOTAL if _is_total(named) else "")
        if said and len(told) < SHORTEST_ID:
            return said
        if told:
            return ""
        if len(filled) == 1 and (across or not named or _SECTION.match(first)):
            return self._said(named) or SECTION
        return self._said(named) or (NOTE if below and not named else "")

    def _said(self, text: str) -> str:
        if not text:
            return ""
        if _TOTAL.fullmatch(text):
            return TOTAL
        return NOTE if _NOTE.fullmatch(text) or _SIGNED.fullmatch(text) else ""

    def _cell(self, row: Row, columns: object, group: int) -> Value:
        """Return the first filled cell of the first (or last) columns that must be."""
        for name in self.layout.needed[group]:
            column = self.header.by_name.get(name)
            if column is not None and column.index < len(row) and row[column.index]:
                return row[column.index]
        return ""

    def _is_lower_head(self, filled: list[tuple[int, str]]) -> bool:
        labels = self.header.labels
        if len(filled) < 2:
            return False
        same = sum(
            i < len(labels) and len(text) > 1 and folded(text) in labels[i]
            for i, text in filled
        )
        return same * 3 >= len(filled) * 2


def _is_total(text: str) -> bool:
    return bool(text) and bool(_TOTAL.fullmatch(text))


_FOLDED: dict[Value, str] = {}


class _Spans:
    """Cells merged downwards, filled into the rows they cover."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = sheet.rows
        self.starts: dict[int, list[tuple[int, int]]] = {}
        self.active: dict[int, tuple[int, Value]] = {}
        # Rows in which one cell reaches over several columns: titles and notes.
        self.across: set[int] = set()
        for top, left, bottom, right in sheet.merged:
            if bottom > top and bottom - top < len(sheet.rows) + 1:
                self.starts.setdefault(top, []).append((left, bottom))
            if right - left >= 2:
                self.across.add(top)

    def begin(self, first: int) -> None:
        """Forget the merged cells of the head."""
        self.starts = {top: some for top, some in self.starts.items() if top >= first}

    def fill(self, index: int, row: Row) -> None:
        for column, bottom in self.starts.get(index, ()):
            if column < len(row):
                self.active[column] = (bottom, row[column])
        if not self.active:
            return
        for column, (bottom, value) in list(self.active.items()):
            if index > bottom:
                del self.active[column]
            elif column < len(row) and row[column] == "":
                row[column] = value


def _are_column_numbers(texts: Sequence[str]) -> bool:
    """Say whether the cells only number the columns: 1 2 3, (1) (2), 甲 乙, ① ②."""
    if len(texts) < 3:
        return False
    marks = [text.replace(" ", "") for text in texts]
    if all(_ROUND.fullmatch(mark) for mark in marks):
        return True
    if not all(_COLUMN_MARK.fullmatch(narrow(mark)) for mark in marks):
        return False
    numbers = [
        int(mark.strip("()"))
        for mark in map(narrow, marks)
        if mark.strip("()").isdecimal()
    ]
    if not numbers:
        return True
    rising = all(a < b for a, b in itertools.pairwise(numbers))
    return rising and len(numbers) * 3 >= len(marks) * 2
