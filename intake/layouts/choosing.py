"""Which sheets of a workbook hold the rows, and what is said of the others."""

import re
from collections.abc import Mapping, Sequence
from operator import itemgetter

from common.refusals import Refused
from common.tables.header import find_header
from common.tables.layout import Header, Layout
from common.tables.reading import Book, Sheet
from common.tables.text import clean

INSTRUCTIONS = re.compile("(?:填[表报写]|使用|录入)?(?:说明|须知|示例|样表|要求)")
# {sheet: {column from 0: field}}
Chosen = Mapping[str, Mapping[int, str]]
NOTHING_CHOSEN: Chosen = {}
# By how much a head must fit another kind better to be taken for it: three columns.
CLEARLY = 30


def choose_sheets(
    book: Book,
    layout: Layout,
    notices: list[str],
    columns: Chosen = NOTHING_CHOSEN,
    others: Sequence[Layout] = (),
) -> list[tuple[Sheet, Header]]:
    """Return the sheets that hold such rows; say of the others why they do not.

    A table that is clearly one of the ``others`` is named as such.
    """
    said: list[str] = []
    chosen, headless = _with_heads(book, layout, said, columns)
    if not chosen and layout.needed_else:
        said.clear()
        chosen, _ = _with_heads(book, layout.with_less, said, columns)
    sheets = [sheet for sheet, _ in chosen] or book.sheets
    likelier = "" if columns else _likelier(sheets, layout, others)
    alike = f"这份表的表头更像“{likelier}”" if likelier else ""
    if not chosen:
        raise Refused(_no_header(layout, headless) + (alike and f"{alike}。"))
    if alike:
        notices.append(f"{alike},请核对是否选对了导入类型。")
    notices += said
    return chosen


def _with_heads(
    book: Book, layout: Layout, notices: list[str], columns: Chosen
) -> tuple[list[tuple[Sheet, Header]], list[tuple[str, str]]]:
    """Return the sheets with a head, and (name, what it lacks) of those without."""
    chosen, headless = [], []
    for sheet in book.sheets:
        if why := _passed_over(sheet, alone=len(book.sheets) == 1):
            notices.append(f"工作表“{sheet.name}”是{why},未读入。")
            continue
        header = find_header(layout, sheet.rows, sheet.merged)
        if header is not None and sheet.name in columns:
            header = header.taken_as(columns[sheet.name])
        missing = _missing(layout, header)
        if header is None or missing:
            headless.append((sheet.name, missing))
        else:
            chosen.append((sheet, header))
    for name, missing in headless:
        notices.append(f"工作表“{name}”没有找到{missing}列,未读入。")
    return chosen, headless


def _likelier(sheets: Sequence[Sheet], layout: Layout, others: Sequence[Layout]) -> str:
    """Return what the first sheet with a head clearly is instead; '' for nothing."""
    for sheet in sheets:
        own = _fit(layout, sheet)
        fits = ((_fit(other, sheet), other.title) for other in others)
        best, title = max(fits, key=itemgetter(0), default=(0, ""))
        if best >= own + CLEARLY:
            return title
        if own:
            break
    return ""


def _fit(layout: Layout, sheet: Sheet) -> int:
    """Return how well the sheet's head fits; 0 when what is needed is not there."""
    header = find_header(layout, sheet.rows, sheet.merged)
    if header is None or not header.has(layout.fitting(header).needed):
        return 0
    return header.score


def _passed_over(sheet: Sheet, *, alone: bool) -> str:
    """Return what a sheet is that nobody should look for rows in; '' for others."""
    if not sheet.visible:
        return "隐藏的"
    if not any(any(map(clean, row)) for row in sheet.rows):
        return "空的"
    is_help = not alone and INSTRUCTIONS.fullmatch(sheet.name.strip())
    return "说明" if is_help else ""


def _missing(layout: Layout, header: Header | None) -> str:
    """Return the heads that must be there and are not."""
    names = header.by_name if header else {}
    return "和".join(
        "或".join(f"“{layout.heading_of(name)}”" for name in group)
        for group in layout.needed
        if not any(name in names for name in group)
    )


def _no_header(layout: Layout, headless: list[tuple[str, str]]) -> str:
    if not headless:
        return "工作簿里没有可读的数据,请核对后再上传。"
    # The sheet that lacks least is the one that was meant.
    missing = min((missing for _, missing in headless), key=len)
    return (
        f"没有找到表头中的{missing}列。请核对是否选对了导入类型,"
        f"表头应在前15行,也可下载“{layout.title}”模板填写。"
    )
