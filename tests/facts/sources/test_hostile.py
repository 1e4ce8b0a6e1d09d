"""Whatever stands in a cell and whatever has become of a file: every row is accounted for, or a sentence says why not.

The properties run a few examples; for thousands:
`HYPOTHESIS_MAX_EXAMPLES=3000 pytest tests/facts/sources/test_hostile.py`.
"""

import io
import os
import shutil
import struct
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import python_calamine as calamine
import xlsxwriter
from hostile import (
    FORMATS,
    HEADS,
    ROWS,
    SHEET,
    STRINGS,
    Format,
    Rows,
    altered,
    columns,
    damaged,
    damaged_inside,
    database,
    numbers,
    packed,
    page,
    raw_xlsx,
    replaced,
    text,
    xlsx,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from facts.model.refusal import DataError
from facts.model.snapshot import Snapshot, Table
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources
from facts.sources import legacy
from facts.sources.database.address import address

AS_OF = date(2026, 11, 25)
DATA = Path(__file__).parents[2] / "data"
MORE = int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "0"))
GOOD = [HEADS, *([str(1001 + at), "2026-09-21", "高等数学", "出勤"] for at in range(5))]
few = settings(max_examples=MORE or 12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def load(folder: Path, files: dict[str, bytes]) -> Snapshot:
    """The snapshot of a folder that holds just these files."""
    room = folder / "in"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir()
    for name, content in files.items():
        (room / name).write_bytes(content)
    before = sorted(folder.rglob("*"))
    try:
        return load_snapshot(room, AS_OF)
    finally:
        assert sorted(folder.rglob("*")) == before, "nothing is written beside the files"


def attendance(folder: Path, name: str, content: bytes) -> Table:
    return load(folder, {name: content}).tables["attendance"]


def refused(folder: Path, name: str, content: bytes) -> str:
    """The sentence with which the file is refused."""
    with pytest.raises(DataError) as error:
        load(folder, {name: content})
    return sentence(error.value)


def sentence(error: DataError) -> str:
    said = str(error)
    assert said.endswith("。")
    assert "\n" not in said
    assert len(said) < 500
    return said


def account(table: Table, rows: int | None = None) -> None:
    """Read = accepted + set aside, in all and a file; and every row set aside says where it is and why."""
    assert table.read == table.accepted + table.set_aside_count
    assert rows is None or table.read + sum(count.other_rows for count in table.counts) == rows
    assert all(count.read == count.accepted + count.set_aside for count in table.counts)
    assert len(table.aside) == table.set_aside_count == len(table.set_aside)
    assert all(row.reason and row.row and row.value.isprintable() for row in table.set_aside)


def there(table: Table) -> list[str]:
    return sorted([*table.frame["student_no"].dropna(), *table.aside["student_no"].dropna()])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@few
@given(rows=ROWS)
def test_whatever_stands_in_the_cells_no_row_is_lost(tmp_path: Path, form: Format, rows: Rows) -> None:
    table = attendance(tmp_path, form.name, form.write([HEADS, *form.able(rows)]))
    account(table, len(rows))
    assert there(table) == numbers(rows)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@few
@given(
    rows=ROWS, kinds=st.lists(st.sampled_from(["TEXT", "DATE", "BOOLEAN", "JSON", "BLOB", ""]), min_size=3, max_size=3)
)
def test_whatever_stands_in_a_database_no_row_is_lost(tmp_path: Path, rows: Rows, kinds: Sequence[str]) -> None:
    path = tmp_path / "a.db"
    path.unlink(missing_ok=True)
    database(path, [HEADS, *FORMATS[0].able(rows)], ["TEXT", *kinds])
    table = load_snapshot(None, AS_OF, database=address(f"sqlite:///{path}")).tables["attendance"]
    account(table, len(rows))
    assert there(table) == numbers(rows)


@pytest.mark.parametrize("cell", ["\0", "a\0b", "\r", "a\nb", '"', 'a"\n"b'])
@pytest.mark.parametrize(
    "form", [form for form in FORMATS if form.name.endswith((".csv", ".txt", ".tsv"))], ids=lambda form: form.name
)
def test_nul_bytes_and_line_ends_in_a_cell_of_a_text_cost_no_row(tmp_path: Path, form: Format, cell: str) -> None:
    rows = [*GOOD, ("9", "2026-09-21", cell, "出勤"), ("10", "2026-09-21", "课", "出勤")]
    table = attendance(tmp_path, form.name, form.write(rows))
    account(table, 7)
    assert table.frame["row_"].tolist() == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_cell_of_ten_million_characters_costs_no_row(tmp_path: Path, form: Format) -> None:
    table = attendance(
        tmp_path, form.name, form.write([*GOOD[:2], ["9", "2026-09-21", "x" * 10**7, "出勤"], *GOOD[2:]])
    )
    account(table, 6)
    assert table.accepted == 6


BASES = {
    **{form.name: (form.name, form.write(GOOD)) for form in FORMATS},
    "student.xls": ("在校生.xls", (DATA / "student-libreoffice.xls").read_bytes()),
    "student.ods": ("在校生.ods", (DATA / "student-libreoffice.ods").read_bytes()),
}


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
@settings(few, max_examples=MORE or 15)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_accounted_for_or_refused_in_a_sentence(tmp_path: Path, base: str, seed: int) -> None:
    name, content = BASES[base]
    made = [damaged(content, seed)]
    if content.startswith(b"PK"):
        made.append(damaged_inside(content, seed))
    for each in made:
        try:
            snapshot = load(tmp_path, {name: each})
        except DataError as error:
            sentence(error)
        else:
            for table in snapshot.tables.values():
                account(table)


@settings(few, max_examples=MORE or 20)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_database_is_accounted_for_or_refused_in_a_sentence(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.db"
    path.unlink(missing_ok=True)
    path.write_bytes(damaged(database(path, GOOD, ("TEXT", "DATE", "TEXT", "TEXT")).read_bytes(), seed))
    try:
        snapshot = load_snapshot(None, AS_OF, database=address(f"sqlite:///{path}"))
    except DataError as error:
        sentence(error)
    else:
        account(snapshot.tables["attendance"])


# The smallest example of each fault that was found


def test_half_a_character_at_the_end_of_a_heading_is_told_by_its_line(tmp_path: Path) -> None:
    content = "学号,上课日期,考勤结果\n1,2026-09-21,出勤\n".encode("gb18030")
    assert "（第 1 行）" in refused(tmp_path, "考勤.csv", content[:3] + content[4:])


@pytest.mark.parametrize("cell", ["x" * 11_000_000, "<b>" * 300 + "x" + "</b>" * 300])
def test_a_very_long_cell_of_a_page_hides_no_row_below_it(tmp_path: Path, cell: str) -> None:
    content = page([*GOOD[:2], ["1002", "2026-09-21", "课", "出勤"], *GOOD[3:]]).replace(
        "<td>课".encode(), f"<td>{cell}".encode()
    )
    table = attendance(tmp_path, "考勤.xls", content)
    assert (table.read, table.accepted) == (5, 5)


def test_a_page_that_can_not_be_read_to_its_end_is_refused(tmp_path: Path) -> None:
    content = page(GOOD).replace("高等数学".encode(), b"<div>" * 3000, 1)
    assert "后面的行读不出来" in refused(tmp_path, "考勤.xls", content)


def test_a_text_in_a_file_of_columns_that_is_no_utf_8_refuses_it(tmp_path: Path) -> None:
    content = columns(GOOD)
    assert content.count("高等数学".encode()) > 1
    assert "Parquet" in refused(tmp_path, "考勤.parquet", content.replace("高等数学".encode(), b"\xff" * 12))


def test_a_column_whose_name_has_a_dot_is_not_taken_for_the_one_before_the_dot(tmp_path: Path) -> None:
    made = pa.table({"学号.旧": ["9"], "学号": ["1"], "上课日期": ["2026-09-21"], "考勤结果": ["出勤"]})
    parquet.write_table(made, tmp_path / "a.parquet")
    table = attendance(tmp_path, "考勤.parquet", (tmp_path / "a.parquet").read_bytes())
    assert table.frame["student_no"].tolist() == ["1"]


def test_a_column_of_sqlite_is_what_stands_in_it_not_what_it_is_declared_to_be(tmp_path: Path) -> None:
    rows = [
        HEADS,
        ("1", "昨天", "{", "出勤"),
        ("2", "2026-09-21", "[]", "否"),
        ("3", "2026-09-21 00:00:00", "x", "缺勤"),
    ]
    path = database(tmp_path / "a.db", rows, ("NUMERIC", "DATE", "JSON", "BOOLEAN"))
    table = load_snapshot(None, AS_OF, database=address(f"sqlite:///{path}")).tables["attendance"]
    assert [(row.row, row.column, row.value) for row in table.set_aside] == [
        (2, "上课日期", "昨天"),
        (3, "考勤结果", "否"),
    ]
    assert table.frame[["student_no", "result"]].to_numpy().tolist() == [["3", "缺勤"]]


@pytest.mark.parametrize("mark", [b"\x1a", b"?"])
def test_a_record_of_a_dbase_file_that_is_neither_there_nor_deleted_refuses_it(tmp_path: Path, mark: bytes) -> None:
    content = bytearray(next(form for form in FORMATS if form.name == "考勤.dbf").write(GOOD))
    header, record = struct.unpack("<HH", content[8:12])
    content[header + record : header + record + 1] = mark
    assert "已损坏" in refused(tmp_path, "考勤.dbf", bytes(content))


@pytest.mark.parametrize("place", ["A9999999999", "xfd1048576", "ZZZZZZZZ3", "A99999999"])
def test_a_cell_far_outside_of_any_sheet_refuses_the_workbook_before_it_fills_the_memory(
    tmp_path: Path, place: str
) -> None:
    content = replaced(xlsx(GOOD), SHEET, b'r="A3"', f'r="{place}"'.encode())
    assert "大得不像一份导出" in refused(tmp_path, "考勤.xlsx", content)


def test_a_sheet_is_measured_wherever_it_stands_and_also_where_its_cells_do_not_say_their_place(tmp_path: Path) -> None:
    target = b"worksheets/sheet1.xml"
    moved = replaced(raw_xlsx(GOOD), "xl/_rels/workbook.xml.rels", target, b"elsewhere.bin")
    with zipfile.ZipFile(io.BytesIO(moved)) as archive:
        sheet = archive.read(SHEET)
    assert attendance(tmp_path, "考勤.xlsx", altered(moved, {"xl/elsewhere.bin": sheet})).accepted == 5
    large = b"<row>" + b"<c/>" * 70_000 + b"</row>" + b"<row/>" * 1000 + b"</sheetData>"
    content = altered(moved, {"xl/elsewhere.bin": sheet.replace(b"</sheetData>", large)})
    assert "大得不像一份导出" in refused(tmp_path, "考勤.xlsx", content)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]><sst'


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (STRINGS, b"<sst", LAUGHS),
        (STRINGS, b"<t>1001</t>", b"<t>&b;&c;</t>"),
        (STRINGS, b"<t>1001</t>", b"<t>_xD800_&#xD800;\xff</t>"),
        (SHEET, b"<v>0</v>", b"<v>99999</v>"),
        (SHEET, b"<v>0</v>", b"<v>-1</v>"),
        (SHEET, b'ref="A1:D6"', b'ref="A1:XFD1048576"'),
        (SHEET, b'ref="A1:D6"', b'ref="ZZZZZZZ99999999999:"'),
        (SHEET, b'r="A3"', b'r="A0"'),
        (SHEET, b'r="A3"', b'r="3A"'),
        (SHEET, b'r="A3"', b""),
        ("xl/workbook.xml", b'name="Sheet1"', b'name="&lt;b&gt;&#1;&#10;"'),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../../../../etc/hostname"),
    ],
)
def test_xml_that_no_program_writes_is_read_or_refused(tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    try:
        table = attendance(tmp_path, "考勤.xlsx", replaced(xlsx(GOOD), part, old, new))
    except DataError as error:
        assert "已损坏" in sentence(error)
    else:
        account(table, 5)


def test_two_sheets_of_one_name_refuse_the_workbook_because_only_one_can_be_reached(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("考勤", "学期注册"):
            book.add_worksheet(name).write_row(0, 0, HEADS)
    content = replaced(path.read_bytes(), "xl/workbook.xml", "学期注册".encode(), "考勤".encode())
    assert "已损坏" in refused(tmp_path, "考勤.xlsx", content)


@pytest.mark.parametrize("fate", ["import os; os.abort()", "raise SystemExit(1)", "import time; time.sleep(9)"])
def test_an_old_workbook_that_ends_or_hangs_its_reader_refuses_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    (tmp_path / "reader.py").write_text(fate)
    monkeypatch.setattr(legacy, "__file__", str(tmp_path / "reader.py"))
    monkeypatch.setattr(legacy, "SECONDS", 2)
    assert "已损坏" in refused(tmp_path, "在校生.xls", BASES["student.xls"][1])


def test_a_panic_of_calamine_is_said_like_any_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    def panics(_: object) -> None:
        raise panic

    monkeypatch.setattr(calamine.CalamineWorkbook, "from_filelike", panics)
    assert "已损坏" in refused(tmp_path, "考勤.xlsx", xlsx(GOOD))


# Archives


CSV = text(GOOD)


@pytest.mark.parametrize(
    "name",
    [
        "../考勤.csv",
        "/考勤.csv",
        "a\\..\\..\\考勤.csv",
        "C:\\考勤.csv",
        "a/../../考勤.csv",
        "..",
        "内.zip",
        "\\\\h\\考勤.csv",
    ],
)
def test_no_name_in_an_archive_leads_out_of_it(tmp_path: Path, name: str) -> None:
    assert "没有打开" in refused(tmp_path, "导出.zip", packed({name: CSV}))


def test_an_archive_with_one_name_twice_is_refused(tmp_path: Path) -> None:
    assert "没有打开" in refused(tmp_path, "导出.zip", packed({"a/考勤.csv": CSV, "A/考勤.csv": CSV}))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("said", ["考勤.csv", "教务处/考勤.csv", "教务处\\考勤.csv"])
def test_names_without_a_mark_of_their_encoding_are_read(tmp_path: Path, said: str, encoding: str) -> None:
    name = said.encode(encoding)
    content = packed({"x" * len(name): CSV}).replace(b"x" * len(name), name)
    assert attendance(tmp_path, "导出.zip", content).accepted == 5


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_lies_or_is_broken_is_refused(tmp_path: Path, kind: int) -> None:
    content = packed({"考勤.csv": CSV}, kind)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("考勤.csv")
        size, start = struct.pack("<I", info.file_size), info.header_offset + 30 + len("考勤.csv".encode())
    shorter = content.replace(size, struct.pack("<I", 5))  # says less than it holds
    broken = content[:start] + bytes(byte ^ 0x55 for byte in content[start : start + 60]) + content[start + 60 :]
    for each in (shorter, broken, content[:-30], content[40:], content.replace("考勤.csv".encode(), b"\0" * 10)):
        said = refused(tmp_path, "导出.zip", each)
        assert "已损坏" in said or "没有打开" in said


def test_an_archive_with_a_file_without_a_name_is_refused(tmp_path: Path) -> None:
    assert "已损坏" in refused(tmp_path, "导出.zip", packed({"": CSV}))


def test_an_archive_two_of_whose_files_are_the_same_bytes_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed({"考勤-1.csv": CSV, "考勤-2.csv": CSV}))
    content[(second := content.rindex(b"PK\x01\x02") + 42) : second + 4] = bytes(4)
    assert "已损坏" in refused(tmp_path, "导出.zip", bytes(content))


def test_a_protected_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed({"考勤.csv": CSV}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "密码" in refused(tmp_path, "导出.zip", bytes(content))


def test_bombs_are_refused_by_their_ratio_and_by_their_count(tmp_path: Path) -> None:
    zeros = packed({"考勤.csv": b"0" * (20 << 20)})
    assert "大得不像" in refused(tmp_path, "导出.zip", zeros)
    assert "大得不像" in refused(tmp_path, "导出.zip", packed({f"{number}.csv": b"" for number in range(501)}))
    assert "大得不像" in refused(tmp_path, "考勤.xlsx", altered(xlsx(GOOD), {"xl/a.xml": b" " * (20 << 20)}))


# Names


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("tail", [b"-\xff", b"-\x1b[31m<b>\n"])
def test_a_file_name_may_be_any_bytes(tmp_path: Path, base: str, tail: bytes) -> None:
    name, content = BASES[base]
    stem, dot, suffix = os.fsencode(name).rpartition(b".")
    snapshot = load(tmp_path, {os.fsdecode(stem + tail + dot + suffix): content})
    (table,) = snapshot.tables.values()
    account(table)
    assert table.accepted


# What people write


@pytest.mark.parametrize(
    "said",
    [
        "as_of = 1" + "1" * 5000, "as_of = " + "[" * 5000, 'as_of = "\\u0000"', "x = '" + "x" * 2_000_000 + "'",
        "as_of = 0001-01-01", "as_of = 9999-12-31", "as_of = [2026-11-25]", "as_of = inf", "\0",
        "as_of = 2026-11-25\nas_of = 2026-11-25",
    ],
)  # fmt: skip
def test_notes_that_are_none_are_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / "考勤.csv").write_bytes(CSV)
    (tmp_path / "snapshot.toml").write_text(said, "utf-8")
    with pytest.raises(DataError) as error:
        load_snapshot(tmp_path)
    sentence(error.value)


@pytest.mark.parametrize("form", ["%d/%m/%Y %d", "%d%m%Y%", "%d.%m.%Y %Q", "%d%m%y\0", "%d.%m.%Y %"])
def test_a_form_of_dates_that_can_not_be_used_is_refused(form: str) -> None:
    with pytest.raises(DataError, match="日期格式要写明年、月、日"):
        read_sources({"attendance": {"date_form": form}})
