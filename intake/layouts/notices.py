"""What is said of a sheet beside its rows: what was left out, and what lay hidden."""

import re
from collections.abc import Iterable, Mapping, Sequence

from common.tables.layout import Header, Layout, folded, letters
from common.tables.reading import Sheet

NAMED_AT_MOST = 20
_OF_MEMBERS = re.compile("成员.*(?:姓名|证)")


def notices(
    sheet: Sheet, header: Header, layout: Layout, many: int, skipped: Mapping[str, int]
) -> list[str]:
    """Return the sentences; nothing of a sheet goes missing without one."""
    name, found = _name(sheet), []
    columns = header.by_name
    person = columns.get("name") or columns.get("head")
    members = _unread_members(header) if person else []
    if person and members:
        found.append(_members(name, person.label, members))
    if skipped:
        counted = "、".join(f"{why}{n}行" for why, n in skipped.items())
        found.append(f"{name}读入{many}行,另有{counted}不计。")
    hidden = [str(row + 1) for row in sheet.hidden_rows if row >= header.end]
    if hidden:
        found.append(f"{name}第{_some(hidden, '行')}为隐藏行,已读入。")
    found += _unread(name, header, layout, members)
    named = len(header.heads)
    unseen = [at for at in sheet.hidden_columns if at < named and header.heads[at]]
    if unseen:
        found.append(f"{name}{_some(map(letters, unseen), '列')}为隐藏列,已读入。")
    return found


def of_ticks(sheet: Sheet, ticked: Sequence[str], *, say_no: bool) -> list[str]:
    """Return what was made of the blanks of columns that hold ticks only."""
    meant = "按“否”读入" if say_no else "没有当作“否”"
    return [f"{_name(sheet)}“{head}”列只打了√,空白{meant}。" for head in ticked]


def _members(name: str, person: str, others: Sequence[str]) -> str:
    """Say whom of a household in one row is read, and how the others would be."""
    return (
        f"{name}一行写了一户几口人,只读入“{person}”一人,{_quoted(others)}没有读入;"
        "这些人也要读入的,请在文件里改为每人一行(各有姓名、身份证号),再重新上传。"
    )


def _unread_members(header: Header) -> list[str]:
    read = {column.index for column in header.columns}
    return [
        head
        for at, head in enumerate(header.heads)
        if at not in read and _OF_MEMBERS.search(head)
    ]


def _unread(
    name: str, header: Header, layout: Layout, told: Sequence[str]
) -> list[str]:
    """Name the columns that are not read, but for those of no use, and those told."""
    read = {column.index for column in header.columns}
    known = {header.heads[at] for at in read if at < len(header.heads)}
    unread = [
        head
        for at, head in enumerate(header.heads)
        if head and at not in read and at not in header.serials
        if folded(head.rpartition("/")[2]) not in layout.ignored_heads
    ]
    if known.intersection(unread):
        return [f"{name}并排有几组相同的列,只读入第一组,请改为一人一行、上下排列。"]
    unread = [head for head in unread if head not in told]
    if not unread:
        return []
    return [f"{name}{_quoted(unread)}列未读入,需要的请在“列对应”里选。"]


def _quoted(heads: Sequence[str]) -> str:
    return "".join(f"“{head}”" for head in heads[:NAMED_AT_MOST])


def _some(things: Iterable[str], unit: str) -> str:
    listed = list(things)
    more = f"等{len(listed)}{unit}" if len(listed) > NAMED_AT_MOST else unit
    return "、".join(listed[:NAMED_AT_MOST]) + more


def _name(sheet: Sheet) -> str:
    return f"工作表“{sheet.name}”" if sheet.name else "表格"
