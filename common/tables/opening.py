"""Says what a file really is, by its bytes and never by its name, or refuses it."""

import zipfile
from pathlib import Path

from common.refusals import Refused
from common.tables import limits
from common.tables.delimited import UTF16_MARKS, utf16_without_mark

XLSX, XLS, ODS, CSV = "xlsx", "xls", "ods", "csv"

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD = 4096
ENCRYPTED = 0x1
SAVE_AS = "请用Excel另存为“工作簿(.xlsx)”后再上传。"
DAMAGED = "文件已损坏或没有传完整,打不开。请用Excel打开后另存,再重新上传。"
BOMB = "文件展开后过大,不像正常的名册。请只保留数据,另存为新的工作簿后再上传。"
TOO_LONG = f"文件过大,超过{limits.ROWS:,}行,请按乡镇拆分后再上传。"
PASSWORD = "文件设有打开密码,请取消密码后再上传。"

_OTHERS = (
    (b"%PDF", "这是PDF文件,请上传Excel工作簿(.xlsx、.xls)或CSV文件。"),
    (b"Rar!", "这是压缩包,请解压后上传里面的Excel文件。"),
    (b"7z\xbc\xaf", "这是压缩包,请解压后上传里面的Excel文件。"),
    (b"\x1f\x8b", "这是压缩包,请解压后上传里面的Excel文件。"),
    (b"\x89PNG", "这是图片,请上传Excel工作簿(.xlsx、.xls)或CSV文件。"),
    (b"\xff\xd8\xff", "这是图片,请上传Excel工作簿(.xlsx、.xls)或CSV文件。"),
    (b"GIF8", "这是图片,请上传Excel工作簿(.xlsx、.xls)或CSV文件。"),
    (b"{\\rtf", "这是文档,请把表格放进Excel工作簿后再上传。"),
)
_MARKUP = (b"<html", b"<table", b"<!doctype", b"<head", b"<body", b"mime-version:")


def kind_of(path: Path) -> str:
    """Return XLSX, XLS, ODS or CSV; raises Refused for everything else."""
    size = path.stat().st_size
    if size == 0:
        raise Refused("文件是空的,请重新选择。")
    if size > limits.FILE_BYTES:
        most = limits.FILE_BYTES // limits.MIB
        raise Refused(f"文件过大(上限{most}MB),请按乡镇拆分后再上传。")
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK"):
        return _kind_of_zip(path, size)
    if head.startswith(OLE):
        return _kind_of_ole(path)
    return _kind_of_text(head)


def is_large(path: Path) -> bool:
    """Say whether a workbook holds more than may be opened whole."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return unpacked > limits.WHOLE_BYTES


def seconds_for(path: Path) -> int:
    """Return how many seconds of work a file of this size may take."""
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    return limits.SECONDS + size // limits.BYTES_A_SECOND


def _kind_of_zip(path: Path, size: int) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Refused(DAMAGED) from fault
    _check_zip(entries, size)
    names = {entry.filename.lower() for entry in entries}
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        raise Refused(f"这是二进制工作簿(.xlsb),{SAVE_AS}")
    if "word/document.xml" in names:
        raise Refused("这是Word文档,请把表格放进Excel工作簿后再上传。")
    if "ppt/presentation.xml" in names:
        raise Refused("这是演示文稿,请上传Excel工作簿(.xlsx、.xls)或CSV文件。")
    if {"content.xml", "meta-inf/manifest.xml"} <= names:
        return ODS
    raise Refused("这是压缩包或其他文件,请解压后上传里面的Excel文件。")


def _check_zip(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what would unpack to too much, before a byte of it is unpacked."""
    if len(entries) > limits.ZIP_ENTRIES:
        raise Refused(BOMB)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused(PASSWORD)
    unpacked = sum(entry.file_size for entry in entries)
    shared = [e.file_size for e in entries if e.filename.endswith("sharedStrings.xml")]
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.UNPACKED_BYTES or sum(shared) > limits.SHARED_TEXT_BYTES:
        raise Refused(BOMB)
    # Entries that lie upon each other add up to more than the file itself.
    if packed > size:
        raise Refused(DAMAGED)
    large = (e for e in entries if e.file_size > limits.SMALL_ENOUGH_FOR_ANY_RATIO)
    if any(e.file_size > e.compress_size * limits.PACKED_AT_MOST for e in large):
        raise Refused(BOMB)


def _kind_of_ole(path: Path) -> str:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(PASSWORD)
    if any(_entry(name) in content for name in ("Workbook", "Book")):
        return XLS
    if _entry("WordDocument") in content:
        raise Refused("这是Word文档,请把表格放进Excel工作簿后再上传。")
    raise Refused(f"这不是Excel工作簿,或者已经损坏。{SAVE_AS}")


def _entry(name: str) -> bytes:
    """Return how the directory of an OLE file spells the name of a stream."""
    return name.encode("utf-16-le") + b"\0\0"


def _is_utf16(head: bytes) -> bool:
    return head.startswith(UTF16_MARKS) or bool(utf16_without_mark(head))


def _kind_of_text(head: bytes) -> str:
    for mark, words in _OTHERS:
        if head.startswith(mark):
            raise Refused(words)
    start = head[:2048].replace(b"\0", b"").lower()
    if b"schemas-microsoft-com:office:spreadsheet" in head:
        raise Refused(f"这是XML表格,{SAVE_AS}")
    if any(mark in start for mark in _MARKUP):
        raise Refused(f"这是网页格式,{SAVE_AS}")
    if b"\0" in head and not _is_utf16(head):
        raise Refused("这不是Excel或CSV文件,请上传工作簿(.xlsx、.xls)或CSV文件。")
    return CSV
