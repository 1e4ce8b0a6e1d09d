"""Tables with hostile cells, written in every format that is read; and files that are damaged on their way."""

import csv
import io
import random
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from hypothesis import strategies as st
from pyarrow import parquet

Row = Sequence[str]
Rows = Sequence[Row]

HEADS = ("学号", "上课日期", "课程", "考勤结果")
CRAFTED = (
    "=1+1", "=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "DDE(\"a\")",
    "<script>alert(1)</script>", "<b>", "</td></tr></table>", "<!-- ", "<![CDATA[", "]]>", "&lt;", "&#0;", "&xxe;",
    "{{ 7*7 }}", "{% raw %}", "${HOME}", "%s%n", "\\", "'", '"', '""', ",", ";", "\t", "a\nb", "a\r\nb", "\r",
    "\0", "a\0b", "\x01\x08\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e反", "\ufeff", "\u200b", "\ufffe", "\uffff",
    "\ud800", "a\udfff", "_xD800_", "_x0000_", "_x005F_", "NaN", "nan", "inf", "-inf", "1e999", "1E+308", "NULL",
    "None", "TRUE", "#N/A", "#REF!", "0012", "9" * 400, "1.1010519491231E+17", "11010519491231002x", "合计", "填表人：",
    "学号", "../../etc/passwd", "C:\\con", "2026-02-30", "0000-00-00", "46000", "二○二六年", "䶮", "𠮷", "·", "\ue863",
    "\u0301" * 300, "ﷺ" * 50, "x" * 40_000, "长" * 70_000,
)  # fmt: skip
"""Texts that some reader, writer or program trips over."""
CELLS = st.sampled_from(CRAFTED) | st.text(max_size=12)
ROWS = st.lists(st.tuples(CELLS | st.just("2026-09-21"), CELLS, CELLS | st.just("出勤")), max_size=6).map(
    lambda rows: [(str(1001 + at), *row) for at, row in enumerate(rows)]
)
"""Rows of attendance: a number of its own each, and anything in the other cells."""


@dataclass(frozen=True)
class Format:
    """How a table of texts is written, under which name, and which characters of a text can be written at all."""

    name: str
    write: Callable[[Rows], bytes]
    carries: Callable[[str], bool] = lambda _: True

    def able(self, rows: Rows) -> Rows:
        """The rows without the characters that the format has no place for."""
        return [["".join(filter(self._carries, cell)) for cell in row] for row in rows]

    def _carries(self, character: str) -> bool:
        return not "\ud800" <= character <= "\udfff" and self.carries(character)


def text(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def in_gbk(character: str) -> bool:
    try:
        return character not in "\r\n\0" and bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False


def page(rows: Rows) -> bytes:
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<html><meta charset=utf-8><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>".encode()


def xlsx(rows: Rows) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell[:32_767])
    return made.getvalue()


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def raw_xlsx(rows: Rows) -> bytes:
    """A workbook as no office program would write it: texts in place, of any length, without places of cells."""
    cells = ("".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) for row in rows)
    data = "".join(f"<row>{row}</row>" for row in cells)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return altered(xlsx(()), {SHEET: f'<worksheet xmlns="{space}"><sheetData>{data}</sheetData></worksheet>'.encode()})


def ods(rows: Rows) -> bytes:
    cells = (
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
            for cell in row
        )
        for row in rows
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    data = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet1">{data}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    return packed(
        {
            "mimetype": kind.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": f"{manifest}</manifest:manifest>".encode(),
        }
    )


def dbf(rows: Rows) -> bytes:
    """dBASE III in GB18030, every field 254 bytes wide."""
    fields, width = (b"XH", b"SKRQ", b"KC", b"KQJG"), 254
    head = struct.pack("<BBBBIHH20x", 3, 126, 11, 25, len(rows) - 1, 32 + 32 * len(fields) + 1, 1 + width * len(fields))
    named = b"".join(struct.pack("<11sc4xB15x", name, b"C", width) for name in fields)
    cells = (b" " + b"".join(_cut(cell, width) for cell in row) for row in rows[1:])
    return head + named + b"\r" + b"".join(cells) + b"\x1a"


def _cut(cell: str, width: int) -> bytes:
    encoded = cell.encode("gb18030")[:width]
    return encoded.decode("gb18030", "ignore").encode("gb18030").ljust(width)


def columns(rows: Rows) -> bytes:
    made = io.BytesIO()
    parquet.write_table(pa.table({h: [row[at] for row in rows[1:]] for at, h in enumerate(rows[0])}), made)
    return made.getvalue()


def database(path: Path, rows: Rows, kinds: Sequence[str] = ("TEXT",) * 4) -> Path:
    """A SQLite file with the rows in the table 考勤, whose columns are declared to be of these kinds."""
    named = ", ".join(f'"{head}" {kind}' for head, kind in zip(rows[0], kinds, strict=True))
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE 考勤 ({named})")
    connection.executemany("INSERT INTO 考勤 VALUES (?, ?, ?, ?)", rows[1:])
    connection.commit()
    connection.close()
    return path


def packed(files: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return made.getvalue()


def altered(archive: bytes, change: Mapping[str, bytes]) -> bytes:
    """The archive with other content in some of its files, or more files."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return packed({name: opened.read(name) for name in opened.namelist()} | dict(change))


def replaced(archive: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The archive with `old` in one of its parts made `new` where it stands first."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        content = opened.read(part)
    assert old in content
    return altered(archive, {part: content.replace(old, new, 1)})


def _xml(character: str) -> bool:
    return character in "\t\n\r" or (character >= " " and character not in "\ufffe\uffff")


def _one_line(character: str) -> bool:
    """A short file with many NULs is rightly taken for a binary one."""
    return character not in "\r\n\0"


FORMATS = (
    Format("考勤.csv", text, _one_line),
    Format("考勤.txt", lambda rows: text(rows, "utf-8-sig", ";"), _one_line),
    Format("考勤.tsv", lambda rows: text(rows, "gb18030", "\t"), _one_line),
    Format("考勤-gbk.csv", lambda rows: text(rows, "gbk"), in_gbk),
    Format("考勤-16.csv", lambda rows: text(rows, "utf-16"), _one_line),
    Format("考勤.xls", page, lambda c: c not in "\0\r" and (c >= " " or c in "\t\n")),
    Format("考勤.xlsx", xlsx),
    Format("考勤-raw.xlsx", raw_xlsx, _xml),
    Format("考勤.ods", ods, _xml),
    Format("考勤.dbf", dbf, lambda c: c != "\ufeff"),
    Format("考勤.parquet", columns),
    Format("考勤.zip", lambda rows: packed({"2026/考勤.csv": text(rows)}), _one_line),
)


def damaged(content: bytes, seed: int) -> bytes:
    """The bytes with some of them flipped, overwritten, put in, cut out or copied elsewhere; or cut off."""
    at, made = random.Random(seed), bytearray(content)
    for _ in range(at.choice((1, 1, 1, 2, 4, 16))):
        where, some = at.randrange(len(made) + 1), at.choice(_TOKENS)
        match at.randrange(5):
            case 0:
                made[where : where + 1] = bytes([at.randrange(256)])
            case 1:
                made[where : where + len(some)] = some
            case 2:
                made[where:where] = some
            case 3:
                del made[where : where + at.choice((1, 2, 8, 64, 512))]
            case _:
                other = at.randrange(len(made) + 1)
                made[where : where + 32] = made[other : other + 32]
    if at.random() < 0.1:
        del made[at.randrange(len(made) + 1) :]
    return bytes(made)


def damaged_inside(archive: bytes, seed: int) -> bytes:
    """The archive with one of its parts damaged."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        part = random.Random(seed).choice(opened.namelist())
        return altered(archive, {part: damaged(opened.read(part), seed)})


_TOKENS = (
    b"\0",
    b"\xff",
    b"\x80",
    b'"',
    b"<",
    b"&",
    b"\n",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"99999999",
    b"-1",
)


def numbers(rows: Iterable[Row]) -> list[str]:
    return [row[0] for row in rows]
