"""Records of a CSV file: its encoding, its separator and its quotes found out."""

import csv
import io
import itertools
from collections.abc import Iterator

from common.refusals import Refused
from common.tables import limits

LOOKED_AT = 30
SEPARATORS = ",\t;|"
UNREADABLE = "文字编码无法识别,请用Excel另存为工作簿(.xlsx)后再上传。"
ODD_AT_MOST = 0.02
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAMPLE_BYTES = 4096
# One record of so many with odd quotes, and the table is no table.
HOPELESS_SHARE = 2
BROKEN_AT_MOST = 500
HOPELESS = "表格里的引号大多没有成对,分不清各格。请改正后另存,再上传。"
OTHER_QUOTES = frozenset(["''", "‘’", "“”", "＇＇"])
# At least a tenth of the characters of a table are digits, separators, line ends.
WIDE_SHARE = 20


def utf16_without_mark(content: bytes) -> str:
    """Return which UTF-16 the bytes are in, though no mark says so; '' for neither.

    Separators, digits and line ends have a zero byte beside them, always on one side.
    """
    sample = content[: SAMPLE_BYTES // 2 * 2]
    before, behind = sample[::2].count(0), sample[1::2].count(0)
    few, many = sorted((before, behind))
    if few or many * WIDE_SHARE < len(sample):
        return ""
    return "utf-16-be" if before else "utf-16-le"


def records(content: bytes, broken: dict[int, bool]) -> Iterator[list[str]]:
    """Give the records from the first, all as wide as the widest of a block.

    ``broken`` is told of those whose quotes do not match, by number from 0: whether
    they were taken apart into as many cells as the others all the same. Refuses a
    table that is broken all over.
    """
    text = decoded(content)
    many = 0
    for record in _read(text, separator_of(text), broken):
        many += 1
        if len(broken) > BROKEN_AT_MOST:
            raise Refused(HOPELESS)
        yield record
    if len(broken) * HOPELESS_SHARE >= many > 0:
        raise Refused(HOPELESS)


def decoded(content: bytes) -> str:
    """Return the text of the file, whichever of the usual encodings it is in."""
    if content.startswith(UTF16_MARKS):
        encodings: tuple[str, ...] = ("utf-16",)
    elif wide := utf16_without_mark(content):
        encodings = (wide,)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if not _is_odd(text):
            return text
    raise Refused(UNREADABLE)


def separator_of(text: str) -> str:
    """Return the separator that stands most often in the head.

    Where no line looks like one, in any of the first lines: a title may be full of
    commas over a table that is separated by something else.
    """
    lines = text[: 64 * 1024].splitlines()[:LOOKED_AT]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        return lines[0][4]
    heads = [li for li in lines if "姓名" in li or "证" in li]
    head = next((li for li in heads if any(li.count(m) > 1 for m in SEPARATORS)), "")
    lines = [head] if head else lines
    counted = {
        mark: max((li.count(mark) for li in lines), default=0) for mark in SEPARATORS
    }
    best = max(counted, key=lambda mark: counted[mark])
    return best if counted[best] else ","


def _is_odd(text: str) -> bool:
    """Say whether the text cannot be what somebody typed."""
    if "\0" in text:
        return True
    sample = text[:20_000]
    odd = sum(
        1
        for character in sample
        if character == "\ufffd"
        or "\ue000" <= character <= "\uf8ff"
        or (character < " " and character not in "\t\r\n\x0b\x0c\x1a")
    )
    return odd > 2 and odd > len(sample) * ODD_AT_MOST


def _read(text: str, separator: str, broken: dict[int, bool]) -> Iterator[list[str]]:
    width = 0
    lines = list(io.StringIO(text, newline=""))
    for number, (record, whole) in enumerate(_records(lines, separator)):
        if not whole:
            broken[number] = len(record) == width
        width = max(width, len(record))
        if width > limits.COLUMNS:
            raise Refused(
                f"表格有{width}列,超过上限{limits.COLUMNS}列。请删去多余的列后再上传。"
            )
        for at, cell in enumerate(record):
            if cell.startswith('="') and cell.endswith('"'):
                record[at] = cell[2:-1]
            elif cell[:1] + cell[-1:] in OTHER_QUOTES:
                record[at] = cell[1:-1]
        yield record + [""] * (width - len(record))


def _records(lines: list[str], separator: str) -> Iterator[tuple[list[str], bool]]:
    """Give (record, whether its quotes match), one that does not by its first line.

    The next record then begins with the next line, so that one quote too many spoils
    one row and not all that follow.
    """
    at = width = 0
    while at < len(lines):
        reader = csv.reader(
            itertools.islice(lines, at, None), delimiter=separator, strict=True
        )
        begins, spoilt = at, False
        try:
            for record in reader:
                ends = at + reader.line_num
                if _swallows(lines[begins + 1 : ends], separator, width):
                    spoilt = True
                    break
                width = max(width, len(record))
                yield record, True
                begins = ends
        except csv.Error:
            spoilt = True
        if not spoilt:
            return
        yield _taken_apart(lines[begins], separator), False
        at = begins + 1


def _swallows(lines: list[str], separator: str, width: int) -> bool:
    """Say whether a cell of several lines holds what is a row of its own."""
    return any(line.count(separator) >= max(width - 1, 1) for line in lines)


def _taken_apart(line: str, separator: str) -> list[str]:
    cells = (cell.strip() for cell in line.rstrip("\r\n").split(separator))
    return [cell.strip('"').replace('""', '"') for cell in cells]
