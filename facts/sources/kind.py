"""What a file really is: its first bytes say so, its name only claims it."""

import struct
import zipfile
from enum import StrEnum
from pathlib import Path

from facts.model.refusal import DataError
from facts.model.regular import opened
from facts.sources.archive import whole


class Kind(StrEnum):
    DELIMITED = "delimited"
    XLSX = "xlsx"
    """.xlsx and .xlsm: workbooks that are archives of XML."""
    XLS = "xls"
    """Workbooks of Excel 97 to 2003 (BIFF), and of WPS (.et)."""
    ODS = "ods"
    DBF = "dbf"
    PARQUET = "parquet"
    PAGE = "page"
    """A web page with a table: many systems call that .xls."""
    ARCHIVE = "archive"


WORKBOOKS = (Kind.XLSX, Kind.XLS, Kind.ODS)
_WHAT_TO_DO = "请在原系统中重新导出，或用 Excel 打开后另存为 .xlsx 或“CSV UTF-8”"
_UNREADABLE: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"\x1f\x8b", "gzip 压缩文件"),
    (b"Rar!", "RAR 压缩文件"),
    (b"7z\xbc\xaf", "7z 压缩文件"),
    (b"SQLite format 3", "SQLite 数据库"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x7fELF", "程序"),
    (b"MZ\x90", "程序"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<style", b"<head", b"<body", b"<div", b"<tr")
_DBASE = b"\x02\x03\x04\x05\x30\x31\x32\x43\x7b\x83\x8b\x8c\xcb\xe5\xf5\xfb"
_OFFICE = {"word/": "Word 文档", "ppt/": "PowerPoint 文档"}


def kind_of(path: Path, name: str) -> Kind:
    """What the file at `path` is; `name` is what messages call it. The suffix does not matter.

    Raises DataError when it is nothing that can hold a table, and when it is empty.
    """
    with opened(path) as stream:
        head = stream.read(4096)
    if not head:
        raise DataError(f"文件“{name}”是空的（0 字节），请重新导出。")
    if head.startswith(b"PK"):
        return _packed(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.XLS
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    for signature, what in _UNREADABLE:
        if head.startswith(signature):
            raise DataError(f"文件“{name}”其实是{what}，{_WHAT_TO_DO}。")
    if head.startswith(_UTF_16):
        return Kind.PAGE if _is_page(head.decode("utf-16", "ignore").encode()) else Kind.DELIMITED
    if _is_dbase(head):
        return Kind.DBF
    if _is_page(head):
        return Kind.PAGE
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml"):
        raise DataError(f"文件“{name}”其实是 XML 文件，{_WHAT_TO_DO}。")
    if b"\x00" in head and head.count(0) * 20 > len(head):
        raise DataError(f"文件“{name}”其实是二进制文件，或是没有标记的 UTF-16 文本，{_WHAT_TO_DO}。")
    return Kind.DELIMITED


def _is_page(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml") or start.startswith(b"<!--"):
        return b"<html" in start or b"<table" in start
    return start.startswith(_MARKUP)


def _is_dbase(head: bytes) -> bool:
    """The version, the day of the last change, and lengths that fit each other."""
    if len(head) < 33 or head[0] not in _DBASE:
        return False
    month, day = head[2:4]
    header, record = struct.unpack("<HH", head[8:12])
    return month <= 12 and day <= 31 and header >= 65 and record >= 2 and head[12:14] == b"\0\0"


def _packed(path: Path, name: str) -> Kind:
    damaged = DataError(f"文件“{name}”已损坏或不完整（压缩结构读不出来），请重新导出或重新拷贝。")
    with whole(damaged), zipfile.ZipFile(path) as archive:
        parts = archive.namelist()
        mimetype = archive.read("mimetype")[:200] if "mimetype" in parts and _small(archive, "mimetype") else b""
    if "xl/workbook.xml" in parts:
        return Kind.XLSX
    if "xl/workbook.bin" in parts:
        raise DataError(f"文件“{name}”其实是二进制工作簿（.xlsb），{_WHAT_TO_DO}。")
    if b"opendocument.spreadsheet" in mimetype:
        return Kind.ODS
    for folder, what in _OFFICE.items():
        if any(part.startswith(folder) for part in parts) and "[Content_Types].xml" in parts:
            raise DataError(f"文件“{name}”其实是{what}，{_WHAT_TO_DO}。")
    return Kind.ARCHIVE


def _small(archive: zipfile.ZipFile, part: str) -> bool:
    return archive.getinfo(part).file_size < 4096
