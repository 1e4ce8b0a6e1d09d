"""The workbooks handed to the offices: what is filled in loads without a mapping, and nothing else is needed."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook
from small import AS_OF

from facts.model.tables import TABLES
from facts.model.vocabulary import readable
from facts.reading.load import load_snapshot
from facts.reading.survey import GUIDE
from facts.reading.template import workbooks


def test_every_table_is_in_the_workbook_of_its_office_and_the_empty_ones_load(tmp_path: Path) -> None:
    for name, content in workbooks().items():
        (tmp_path / name).write_bytes(content)
        sheets = CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names
        office = name.removesuffix(".xlsx")
        assert sheets == [m.about.heading for m in TABLES.values() if m.about.owner == office] + [GUIDE]
    snapshot = load_snapshot(tmp_path, AS_OF)
    assert snapshot.ignored == (), "how to fill them in is no export that was overlooked"
    tables = snapshot.tables
    assert list(tables) == list(TABLES)
    for kind, table in tables.items():
        assert (table.read, table.extra, table.fields) == (0, (), frozenset(readable(TABLES[kind])))


def test_what_is_filled_in_loads_without_a_mapping(tmp_path: Path) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbooks()["财务处.xlsx"]))
    (heads,) = book.get_sheet_by_name("缴费").to_python()
    row = {"学号*": "0012", "学年*": "2026-2027", "应缴金额*": 5800.1, "实缴金额*": 0, "缓缴至": "2026-12-01"}
    with xlsxwriter.Workbook(tmp_path / "财务处.xlsx") as filled:
        sheet = filled.add_worksheet("缴费")
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, [row.get(str(head), "") for head in heads])
    fee = load_snapshot(tmp_path, AS_OF).tables["fee"]
    assert (fee.accepted, fee.set_aside_count) == (1, 0)
    (read,) = fee.frame.to_dict("records")
    assert (read["student_no"], read["payable"], f"{read['deferred_until']:%F}") == ("0012", 580010, "2026-12-01")


def test_cells_accept_what_the_contract_accepts() -> None:
    with zipfile.ZipFile(BytesIO(workbooks()["学生处.xlsx"])) as archive:
        sheet, styles = archive.read("xl/worksheets/sheet1.xml").decode(), archive.read("xl/styles.xml").decode()
    assert '<formula1>"在读,休学,保留学籍,退学,转出,毕业,结业,肄业,开除学籍,死亡"</formula1>' in sheet
    assert 'type="date"' in sheet
    assert 'type="whole"' in sheet
    assert 'state="frozen"' in sheet
    first = re.search(r'<col min="1" max="\d+"[^>]* style="(\d+)"', sheet)
    assert first
    formats = re.findall(r"<xf numFmtId=\"(\d+)\"", styles.split("<cellXfs")[1])
    assert formats[int(first[1])] == "49"  # text: an identifier keeps its zeros


def test_the_same_tables_give_the_same_bytes() -> None:
    assert workbooks() == workbooks()
    with zipfile.ZipFile(BytesIO(workbooks()["财务处.xlsx"])) as archive:  # no clock in it
        assert set(re.findall(r"\d{4}-\d\d-\d\dT", archive.read("docProps/core.xml").decode())) == {"2020-01-01T"}
        assert {part.date_time[0] for part in archive.infolist()} == {1980}
