"""What a file really is: its first bytes say so, its name only claims it."""

import zipfile
from enum import StrEnum
from pathlib import Path

from facts.errors import DataError


class Kind(StrEnum):
    DELIMITED = "delimited"
    WORKBOOK = "workbook"


_WHAT_TO_DO = "请在原系统中重新导出，或用 Excel 打开后另存为 .xlsx 或“CSV UTF-8”"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "旧版 Excel（.xls）或加了密码的文件"),
    (b"\xff\xfe", "UTF-16 编码的文本"),
    (b"\xfe\xff", "UTF-16 编码的文本"),
    (b"%PDF", "PDF 文件"),
    (b"PAR1", "Parquet 文件"),
    (b"\x1f\x8b", "gzip 压缩文件"),
    (b"Rar!", "RAR 压缩文件"),
    (b"7z\xbc\xaf", "7z 压缩文件"),
    (b"SQLite format 3", "SQLite 数据库"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<?xml", b"<style", b"<head")


def kind_of(path: Path, name: str) -> Kind:
    """What the file at `path` is; `name` is what messages call it.

    Raises DataError when it is neither a workbook (.xlsx) nor delimited text, when its suffix claims the other of the
    two, and when it is empty.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise DataError(f"文件“{name}”是空的（0 字节），请重新导出。")
    if head.startswith(b"PK"):
        return _packed(path, name)
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise DataError(f"文件“{name}”其实是{what}，{_WHAT_TO_DO}。")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise DataError(f"文件“{name}”其实是网页（HTML 或 XML），{_WHAT_TO_DO}。")
    if b"\x00" in head and head.count(0) * 20 > len(head):
        raise DataError(f"文件“{name}”其实是二进制文件或 UTF-16 编码的文本，{_WHAT_TO_DO}。")
    if path.suffix.lower() != ".csv":
        raise DataError(f"文件“{name}”其实是纯文本，不是 Excel 工作簿，请把扩展名改为 .csv 或在原系统中重新导出。")
    return Kind.DELIMITED


def _packed(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            workbook = "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise DataError(f"文件“{name}”已损坏或不完整（压缩结构读不出来），请重新导出或重新拷贝。") from None
    if not workbook:
        raise DataError(f"文件“{name}”其实是压缩包，不是 .xlsx 工作簿，请解压后把其中的导出文件放进文件夹。")
    if path.suffix.lower() == ".csv":
        raise DataError(f"文件“{name}”其实是 Excel 工作簿（.xlsx），不是文本，请把扩展名改为 .xlsx。")
    return Kind.WORKBOOK
