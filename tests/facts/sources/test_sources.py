"""What is read of a text file and of a workbook, before anything is made of it."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources import excel
from facts.sources.cells import Cells, Heading, Limits, Texts
from facts.sources.delimited import DelimitedSheet, open_delimited
from facts.sources.excel import Workbook
from facts.sources.kind import Kind, kind_of

SMALL = Limits(line=4096, block=1024, head=2048)


def opened(folder: Path, content: bytes, limits: Limits | None = None) -> DelimitedSheet:
    path = folder / "考勤.csv"
    path.write_bytes(content)
    return below_first_row(open_delimited(path, SourceFile("考勤.csv"), limits or Limits()))


def below_first_row(source: Any) -> Any:
    top = source.top()
    return source.below(Heading(top.first, top.rows[0] if top.rows else ()))


def listed(texts: Texts) -> list[str | None]:
    distinct = [*texts.distinct.to_pylist(), None]
    return [distinct[code] for code in texts.codes]


def by_row(cells: Cells) -> dict[int, tuple[str | None, ...]]:
    columns = [listed(texts) for texts in cells.columns.values()]
    return dict(zip(cells.rows.tolist(), zip(*columns, strict=True), strict=True))


def rows_of(folder: Path, content: bytes, limits: Limits | None = None) -> dict[int, tuple[str | None, ...]]:
    sheet = opened(folder, content, limits)
    return by_row(sheet.read(range(len(sheet.headings))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_in_either_encoding_and_with_either_line_end(tmp_path: Path, encoding: str, end: str) -> None:
    text = end.join(["学号,姓名", "001,䶮𠮷", "002,买买提·吐尔逊", ""])
    sheet = opened(tmp_path, text.encode(encoding))
    assert sheet.headings == ("学号", "姓名")
    assert by_row(sheet.read([0, 1])) == {2: ("001", "䶮𠮷"), 3: ("002", "买买提·吐尔逊")}


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    assert by_row(opened(tmp_path, b"a,b,c\n1,2,3\n").read([2, 0])) == {2: ("3", "1")}


def test_words_that_other_readers_take_for_nothing_are_texts(tmp_path: Path) -> None:
    words = ("nan", "NULL", "None", "NA", "true", "0012")
    assert rows_of(tmp_path, ("a,b\n" + "".join(f"{word},1\n" for word in words)).encode()) == {
        number: (word, "1") for number, word in enumerate(words, 2)
    }


def test_blank_lines_count_as_rows_and_hold_nothing(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"a,b\n\n1,2\n\n\n3,4\n,\n") == {
        2: (None, None), 3: ("1", "2"), 4: (None, None), 5: (None, None), 6: ("3", "4"), 7: (None, None),
    }  # fmt: skip


def test_the_first_rows_are_enough_to_know_how_many_cells_a_row_has(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b"a,b\n" + b"1,2,\n" * 3000)[3001] == ("1", "2")


def test_a_line_end_inside_quotes_does_not_begin_a_row(tmp_path: Path) -> None:
    assert rows_of(tmp_path, b'a,b\n1,"x\ny"\n"2","3"\n') == {2: ("1", "x\ny"), 3: ("2", "3")}


def test_a_heading_may_hold_a_line_end(tmp_path: Path) -> None:
    assert opened(tmp_path, '"学\n号",姓名\n1,2\n'.encode()).headings == ("学\n号", "姓名")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_row_with_another_number_of_cells_is_said_to_be_misshapen(tmp_path: Path, encoding: str) -> None:
    content = '甲,乙,丙\n1,二,3\n"1,1",二\n\n1,二,3,四\n1,二,3,,\n \n"中\n文",二,3\n'.encode(encoding)
    cells = opened(tmp_path, content).read([0, 1, 2])
    assert by_row(cells) == {2: ("1", "二", "3"), 4: (None,) * 3, 6: ("1", "二", "3"), 8: ("中\n文", "二", "3")}
    assert cells.misshapen == {
        3: "这一行有 2 个单元格，标题行有 3 个，请检查是否有多余或缺少的逗号",
        5: "这一行有 4 个单元格，标题行有 3 个，请检查是否有多余或缺少的逗号",
    }


def test_rows_that_all_end_in_empty_cells_are_read(tmp_path: Path) -> None:
    cells = opened(tmp_path, b"a,b\n" + b"1,2,,\n" * 5 + b"1,2,,3\n1,2\n").read([0, 1])
    assert by_row(cells) == dict.fromkeys([2, 3, 4, 5, 6, 8], ("1", "2"))
    assert list(cells.misshapen) == [7]


def test_empty_headings_at_the_end_are_no_columns(tmp_path: Path) -> None:
    sheet = opened(tmp_path, b"a,b,,\n1,2,,\n3,4,x,\n")
    assert sheet.headings == ("a", "b")
    cells = sheet.read([0])
    assert by_row(cells) == {2: ("1",)}
    assert "比标题行多" in cells.misshapen[3]


@pytest.mark.parametrize("content", [b"a,b", b"a,b\n", b"a,b\r\n", "\ufeffa,b".encode()])
def test_a_file_may_hold_headings_only(tmp_path: Path, content: bytes) -> None:
    sheet = opened(tmp_path, content)
    assert (sheet.headings, by_row(sheet.read([0, 1]))) == (("a", "b"), {})


def test_a_quote_that_swallows_rows_refuses_the_file_because_nobody_knows_whose_they_are(tmp_path: Path) -> None:
    content = b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11",12\n13,14,15\n'
    for asked in ([0], [1]):
        with pytest.raises(DataError, match="第 3 行的引号不成对"):
            opened(tmp_path, content).read(asked)


@pytest.mark.parametrize("rest", [b"5,6\n", b"5,6\n" * 40_000])
def test_a_quote_that_is_never_closed_refuses_the_file(tmp_path: Path, rest: bytes) -> None:
    with pytest.raises(DataError, match="第 3 行的引号不成对"):
        opened(tmp_path, b'a,b\n1,2\n"3,4\n' + rest).read([0, 1])


def test_a_row_with_a_cell_of_several_lines_and_one_comma_too_many_is_one_row_set_aside(tmp_path: Path) -> None:
    cells = opened(tmp_path, b'a,b,c\n1,2,3\n4,"5\n6",7,8\n9,10,11\n').read([0])
    assert by_row(cells) == {2: ("1",), 4: ("9",)}
    assert cells.misshapen == {3: "这一行有 4 个单元格，标题行有 3 个，请检查是否有多余或缺少的逗号"}


def test_an_overlong_line_is_refused_without_being_read(tmp_path: Path) -> None:
    sheet = opened(tmp_path, b"a,b\n" + b"1,2\n" * 600 + b"3," + b"x" * 9000 + b"\n4,5\n", SMALL)
    with pytest.raises(DataError, match="有一行超过 0 MB，多半是引号不成对"):
        sheet.read([0, 1])


def test_a_long_line_within_the_limit_is_read(tmp_path: Path) -> None:
    found = rows_of(tmp_path, b"a,b\n" + b"1,2\n" * 600 + b"3," + b"x" * 3000 + b"\n4,5\n", SMALL)
    assert found[602] == ("3", "x" * 3000)
    assert found[603] == ("4", "5")


@pytest.mark.parametrize("content", [b"x" * 5000, b'"' + b"x,\n" * 2000, b'"' + b"x" * 200_000])
def test_a_heading_row_without_an_end_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="标题行超过 2 KB"):
        opened(tmp_path, content, SMALL)


def test_a_cell_longer_than_any_cell_ends_the_look_at_the_first_rows(tmp_path: Path) -> None:
    content = b"a,b\n1,2\n3," + b"x" * 200_000 + b"\n4\n5," + b"y" * 200_000 + b",6\n"
    cells = opened(tmp_path, content).read([0])
    assert by_row(cells) == {2: ("1",), 3: ("3",)}
    assert list(cells.misshapen) == [4, 5]


def test_what_is_neither_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    start = "学号,姓名\n1,甲\n2,".encode()
    with pytest.raises(DataError, match=rf"第 {len(start) + 1} 个字节（第 3 行）.*UTF-8 或 GB18030"):
        opened(tmp_path, start + b"\xff\xff\n").read([0, 1])
    with pytest.raises(DataError, match="（第 1 行）"):
        opened(tmp_path, b"\xff\xff,a\n1,2\n")
    with pytest.raises(DataError, match="（第 2 行）"):
        opened(tmp_path, b"a,b\n\xff\xff,2\n").read([0])
    with pytest.raises(DataError, match="（第 2 行）"):  # and a row that pyarrow can't take apart
        opened(tmp_path, b"a,b\n\xff\xff\n").read([0])
    with pytest.raises(DataError, match="（第 2 行）"):  # says UTF-8 in its first bytes
        opened(tmp_path, "\ufeffa,b\n".encode() + "中,1\n".encode("gb18030")).read([0])


def test_half_a_surrogate_pair_is_no_character(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="第 2 行"):
        opened(tmp_path, b"a,b\n\xed\xa0\x80\xff,1\n").read([0])


CELLS = st.text(
    st.characters(codec="gb18030", exclude_categories=["Cs"], exclude_characters='\x00\r\n"'), max_size=6
).filter(lambda text: text == text.strip())


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12), st.sampled_from(["utf-8", "gb18030"]), st.booleans())
def test_every_cell_comes_back_with_its_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], encoding: str, odd: bool
) -> None:
    lines = ["甲列,乙列,丙列", *(",".join(f'"{cell}"' for cell in row) for row in rows), *(["1"] if odd else [])]
    cells = opened(tmp_path_factory.mktemp("t"), "\n".join(lines).encode(encoding)).read([0, 1, 2])
    assert by_row(cells) == {number: tuple(cell or None for cell in row) for number, row in enumerate(rows, 2)}
    assert list(cells.misshapen) == ([len(rows) + 2] if odd else [])


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date | time):
                        sheet.write_datetime(at, column, cell, day)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return path


def test_cells_of_a_workbook_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    cells: list[object] = [
        "0012", 2023010117, 0.1 + 0.2, 110105200501010020, date(2026, 9, 1),
        datetime.combine(date(2026, 9, 1), time(8, 30)), True, time(8, 30), " ",
    ]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", 甲=[[f"h{i}" for i in range(len(cells))], cells])
    sheet = below_first_row(Workbook(path, "a.xlsx", Limits()).sheet("甲"))
    assert sheet.file == SourceFile("a.xlsx", "甲")
    assert by_row(sheet.read(range(len(cells)))) == {
        2: ("0012", "2023010117", "0.3", "1.10105200501010E+17", "2026-09-01", "2026-09-01 08:30:00", "TRUE",
            "08:30:00", " "),
    }  # fmt: skip


def test_whole_numbers_and_days_without_a_time_read_as_such() -> None:
    assert [excel._text(cell) for cell in (12, date(2026, 9, 1), 10**18, False)] == [
        "12", "2026-09-01", "1.00000000000000E+18", "FALSE",
    ]  # fmt: skip


def test_rows_of_a_workbook_are_numbered_as_it_shows_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", 甲=[[], [None, "学号", "姓名"], [None, "1", "甲"], [], [None, "2", "乙"]])
    sheet = below_first_row(Workbook(path, "a.xlsx", Limits()).sheet("甲"))
    assert sheet.headings == ("学号", "姓名")
    assert by_row(sheet.read([0, 1])) == {3: ("1", "甲"), 4: (None, None), 5: ("2", "乙")}


def test_what_stands_beyond_the_headings_makes_a_row_of_a_workbook_misshapen(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", 甲=[["a", "b"], ["1", "2", " "], ["3", "4", "x"]])
    cells = below_first_row(Workbook(path, "a.xlsx", Limits()).sheet("甲")).read([0, 1])
    assert by_row(cells) == {2: ("1", "2")}
    assert list(cells.misshapen) == [3]


def test_a_sheet_may_be_empty_or_hold_headings_only(tmp_path: Path) -> None:
    book = Workbook(workbook(tmp_path / "a.xlsx", 甲=[], 乙=[["a", "b"]]), "a.xlsx", Limits())
    assert (book.is_empty("甲"), book.is_empty("乙")) == (True, False)
    assert by_row(below_first_row(book.sheet("乙")).read([0, 1])) == {}


@pytest.mark.parametrize("limits", [Limits(unpacked=1000), Limits(parts=3)])
def test_a_workbook_too_large_to_be_an_export_is_not_opened(tmp_path: Path, limits: Limits) -> None:
    with pytest.raises(DataError, match="大得不像一份导出"):
        Workbook(workbook(tmp_path / "a.xlsx", 甲=[["a"]]), "a.xlsx", limits)


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_opened(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", 甲=[["a"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * (20 << 20))
    with pytest.raises(DataError, match="大得不像一份导出"):
        Workbook(path, "a.xlsx", Limits())


def test_a_sheet_that_spans_too_much_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("甲")
        sheet.write(0, 0, "学号")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(DataError, match="占了 1048576 行、16384 列"):
        Workbook(path, "a.xlsx", Limits())


CELL = '<table:table-cell office:value-type="string"{}><text:p>学号</text:p></table:table-cell>'
EMPTY = "<table:table-cell{}/>"
TIMES = ' table:number-columns-repeated="{}"'


def opendocument(path: Path, rows: str, before: str = "") -> Path:
    names = ("office", "table", "text")
    said = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    body = f'<table:table table:name="甲">{rows}</table:table>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:m"/>')
        archive.writestr(
            "content.xml",
            f"<?xml version='1.0' encoding='UTF-8'?>{before}<office:document-content {said}>"
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            f'<table:table-row table:number-rows-repeated="90000000">{CELL.format("")}</table:table-row>',
            "90000000 行、1 列",
        ),
        (f"<table:table-row>{CELL.format(TIMES.format(90_000_000))}</table:table-row>", "1 行、90000000 列"),
        (
            f"<table:table-row>{EMPTY.format(TIMES.format(16_383))}{CELL.format('')}</table:table-row>"
            f'<table:table-row table:number-rows-repeated="1048575">{CELL.format("")}</table:table-row>',
            "1048576 行、16384 列",
        ),
    ],
)  # fmt: skip
def test_a_cell_that_claims_to_stand_there_a_million_times_is_not_believed(
    tmp_path: Path, rows: str, said: str
) -> None:
    with pytest.raises(DataError, match=f"占了 {said}"):
        Workbook(opendocument(tmp_path / "a.ods", rows), "a.ods", Limits(), Kind.ODS)


def test_the_empty_rest_of_a_sheet_may_be_repeated_to_its_end(tmp_path: Path) -> None:
    rest = EMPTY.format(TIMES.format(16_383) + ' table:style-name="ce1"')
    rows = f"<table:table-row>{CELL.format('')}{rest}</table:table-row>"
    rows += f'<table:table-row table:number-rows-repeated="1048575">{rest}</table:table-row>'
    book = Workbook(opendocument(tmp_path / "a.ods", rows), "a.ods", Limits(grid=1), Kind.ODS)
    assert book.sheet("甲").top().rows == (("学号",),)


@pytest.mark.parametrize("times", ["99999999999999999999", "-1", "many"])
def test_a_number_of_times_that_is_none_is_damage(tmp_path: Path, times: str) -> None:
    rows = f"<table:table-row>{CELL.format(TIMES.format(times))}</table:table-row>"
    with pytest.raises(DataError, match="已损坏"):
        Workbook(opendocument(tmp_path / "a.ods", rows), "a.ods", Limits(), Kind.ODS)


def test_entities_of_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    with pytest.raises(DataError, match="已损坏"):
        path = opendocument(tmp_path / "a.ods", f"<table:table-row>{CELL.format('')}</table:table-row>", laughs)
        Workbook(path, "a.ods", Limits(), Kind.ODS)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", 甲=[["a"] * 50] * 200)
    whole = path.read_bytes()
    at = whole.index(b"xl/worksheets/sheet1.xml") + 40
    path.write_bytes(whole[:at] + b"\0" * 40 + whole[at + 40 :])
    with pytest.raises(DataError, match="已损坏或加了密码"):
        Workbook(path, "a.xlsx", Limits())


def test_a_workbook_whose_parts_are_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing")
    with pytest.raises(DataError, match="已损坏或加了密码"):
        Workbook(path, "a.xlsx", Limits())


def test_a_sheet_that_is_not_there_any_more_is_refused(tmp_path: Path) -> None:
    book = Workbook(workbook(tmp_path / "a.xlsx", 甲=[["a"]]), "a.xlsx", Limits())
    with pytest.raises(DataError, match="已损坏或加了密码"):
        book.sheet("乙")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空的"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        ("学号,姓名".encode("utf-16-le"), "没有标记的 UTF-16"),
        (b"<?xml version='1.0'?><Workbook/>", "XML 文件"),
        (b"PK\x03\x04 broken", "已损坏或不完整"),
    ],
)
def test_what_can_hold_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        kind_of(path, path.name)


@pytest.mark.parametrize("suffix", [".csv", ".xls", ".xlsx", ".dbf"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("学号,姓名\n".encode(), Kind.DELIMITED),
        ("学号,姓名\n".encode("gb18030"), Kind.DELIMITED),
        ("学号\t姓名".encode("utf-16"), Kind.DELIMITED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", Kind.XLS),
        (b"PAR1", Kind.PARQUET),
        (b"\xef\xbb\xbf <HTML><table>", Kind.PAGE),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html><html>", Kind.PAGE),
        ("<table>".encode("utf-16"), Kind.PAGE),
        (b"\x03\x7e\x0b\x19\x01\0\0\0\x61\0\x14\0" + bytes(85), Kind.DBF),
        (b"\x30,\t\t 0001,0002,0003,0004,0005,0006", Kind.DELIMITED),
    ],
)
def test_the_first_bytes_say_what_a_file_is_and_its_suffix_nothing(
    tmp_path: Path, suffix: str, content: bytes, kind: Kind
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    assert kind_of(path, path.name) is kind


def test_of_archives_those_that_are_workbooks_or_documents_are_known(tmp_path: Path) -> None:
    assert kind_of(workbook(tmp_path / "a.csv", 甲=[["a"]]), "a.csv") is Kind.XLSX
    for member, kind in (("a.csv", Kind.ARCHIVE), ("xl/workbook.bin", ".xlsb"), ("word/document.xml", "Word 文档")):
        with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
            archive.writestr("[Content_Types].xml", "a")
            archive.writestr(member, "a")
        if isinstance(kind, Kind):
            assert kind_of(tmp_path / "b.xlsx", "b.xlsx") is kind
        else:
            with pytest.raises(DataError, match=kind):
                kind_of(tmp_path / "b.xlsx", "b.xlsx")


def test_codes_take_no_more_room_than_they_need(tmp_path: Path) -> None:
    cells = opened(tmp_path, ("a,b\n" + "".join(f"{i},x\n" for i in range(300))).encode()).read([0, 1])
    assert [texts.codes.dtype for texts in cells.columns.values()] == [np.int16, np.int8]
