"""Whole columns are read as the models read single rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from unittest import mock

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from facts.model.frames import DTYPES
from facts.model.schema import Fact, columns
from facts.model.snapshot import SourceFile, Table
from facts.model.tables import TABLES
from facts.model.values import is_blank
from facts.model.vocabulary import readable
from facts.reading.assemble import part
from facts.reading.merge import merged
from facts.reading.parse import frame_of, meaning, no_flags, no_rows, parser
from facts.sources.cells import Cells, Texts

AS_OF = date(9999, 12, 31)


class Written:
    """A sheet that was never a file: rows of {field: text}."""

    def __init__(self, headings: tuple[str, ...], rows: Sequence[Mapping[str, str]]) -> None:
        self.file = SourceFile("测试.csv")
        self.headings = headings
        self._rows = rows

    def read(self, positions: Collection[int]) -> Cells:
        taken = {}
        for position in positions:
            texts = pa.array([row.get(self.headings[position]) for row in self._rows], pa.string()).dictionary_encode()
            taken[position] = Texts(texts.indices.fill_null(-1).to_numpy(), texts.dictionary)
        return Cells(taken, np.arange(2, len(self._rows) + 2, dtype=np.int32), {})


GOOD = {
    "student_no": "2023010117", "exam_no": "26", "id_number": "11010520050101002X", "name": "甲", "level": "本科",
    "platform": "学信网", "college": "文学院", "major": "汉语言", "entered_on": "2026-09-01",
    "academic_year": "2026-2027", "payable": "5800", "paid": "5800.00", "entry_year": "2026", "arrival": "已报到",
    "term": "2026-2027-1", "registered_on": "2026-09-02", "until": "2026-10-01", "change_no": "1", "kind": "休学",
    "held_on": "2026-09-03",
    "result": "出勤", "conclusion": "毕业", "from_unit": "甲", "to_unit": "乙", "handed_on": "2026-09-04",
    "starts_on": "2026-09-01", "report_by": "2026-09-05", "ends_on": "2027-01-10", "class_no": "1",
    "date": "2026-10-01", "working": "是", "mode": "修读", "relief": "0",
}  # fmt: skip

TEXTS = st.one_of(
    st.sampled_from(
        sorted({*GOOD.values(), "", " ", "'", "x", "nan", "46266", "2026-13-01", "1e3", "6.2E+17", "病休", "在读"})
    ),
    st.text(max_size=20),
    st.text("0123456789.-/年月日,¥eE+xX '\u3000\u200b ", max_size=20),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[Mapping[str, str]]]:
    kind = draw(st.sampled_from(sorted(TABLES)))
    fields = readable(TABLES[kind])
    good = {name: GOOD.get(name, "") for name in fields}
    good |= {name: column.codes[0] for name, column in fields.items() if column.codes and not good[name]}
    changes = draw(st.lists(st.dictionaries(st.sampled_from(sorted(fields)), TEXTS, max_size=3), max_size=8))
    return kind, [good | change for change in changes]


def read(model: type[Fact], rows: list[Mapping[str, str]]) -> Table:
    """The table, without the code lists and loose forms, which stand before bulk and model."""
    loose = mock.patch("facts.reading.codes.tightened", side_effect=lambda text, loose: text)
    with mock.patch("facts.reading.codes.standard", return_value={}), loose:
        return merged(model, [part(model, Written(tuple(readable(model)), rows))], AS_OF)


NOBODY = "nobody"


def refused(model: type[Fact], row: Mapping[str, str]) -> dict[str, str]:
    """What pydantic has against the row: field → its word for the fault; and which fields are empty of which one must
    not be, as the table says (NOBODY)."""
    faults: dict[str, str] = {}
    try:
        model.model_validate({name: text for name, text in row.items() if not is_blank(text)})
    except ValidationError as error:
        faults = {str(fault["loc"][0]): fault["type"] for fault in error.errors()}
    nobody = bool(model.about.one_of) and all(is_blank(row[name]) for name in model.about.one_of)
    return dict.fromkeys(model.about.one_of if nobody else (), NOBODY) | faults


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(tables())
def test_bulk_and_model_agree_on_which_rows_fail_and_in_which_cells(drawn: tuple[str, list[Mapping[str, str]]]) -> None:
    kind, rows = drawn
    model = TABLES[kind]
    table = read(model, rows)
    assume(not table.counts[0].other_rows)  # what stands alone in the last row and ends with a date is a footer
    faulty = [row for row in rows if refused(model, row) and not all(is_blank(text) for text in row.values())]
    assert table.set_aside_count == len(faulty)
    for kept, row in zip(table.set_aside, faulty, strict=True):
        fields = {name: fault for name, fault in refused(model, row).items() if fault != NOBODY}
        if fields:
            assert kept.column == next(name for name in readable(model) if name in fields)
            assert (kept.reason == "必填而为空，请补上") == (fields[kept.column] == "missing")
        else:
            assert kept.column == "、".join(readable(model)[name].heading for name in model.about.one_of)
    names = list(readable(model))
    bad = table.unreadable[names]
    assert [set(np.array(names)[row]) for row in bad.to_numpy()] == [set(refused(model, row)) for row in faulty]
    assert table.read == table.accepted + table.set_aside_count


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(tables())
def test_bulk_and_model_read_the_same_values(drawn: tuple[str, list[Mapping[str, str]]]) -> None:
    kind, rows = drawn
    model = TABLES[kind]
    table = read(model, rows)
    numbers = table.frame["row_"].tolist()
    for at, number in enumerate(numbers):
        row = rows[number - 2]
        fact = model.model_validate({k: v for k, v in row.items() if not is_blank(v)})
        for name, column in readable(model).items():
            value, found = getattr(fact, name), table.frame[name].iloc[at]
            if value is None or value == "":
                assert pd.isna(found)
            elif column.type == "money":
                assert found == value * 100
            else:
                assert pd.Timestamp(value) == found if column.type == "date" else value == found


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_column_has_the_dtype_of_its_type(kind: str) -> None:
    model = TABLES[kind]
    rows = [{name: GOOD.get(name, "") for name in readable(model)}]
    for frame in (merged(model, [part(model, Written(tuple(readable(model)), rows))], AS_OF).frame, no_rows(model)):
        assert list(frame) == [*columns(model), "file_", "row_"]
        for name, column in columns(model).items():
            assert frame[name].dtype == DTYPES[column.type], name
            if DTYPES[column.type] == "category":
                assert frame[name].cat.categories.dtype == "str"
        assert (str(frame["file_"].dtype), str(frame["row_"].dtype)) == ("int16", "int32")


def test_an_absent_column_is_filled_with_its_default() -> None:
    attendance, fee = TABLES["attendance"], TABLES["fee"]
    rows = np.array([2, 3], np.int32)
    assert frame_of(attendance, {}, rows)["mode"].tolist() == ["修读", "修读"]
    assert frame_of(fee, {}, rows)["relief"].tolist() == [0, 0]
    assert frame_of(fee, {}, rows)["paid"].isna().all()


def test_an_empty_cell_is_filled_with_its_default() -> None:
    relief = meaning(columns(TABLES["fee"])["relief"], pa.array([" ", "3.5"]))
    assert relief.series(np.array([0, 1, -1], np.int8)).tolist() == [0, 350, 0]
    mode = meaning(columns(TABLES["attendance"])["mode"], pa.array(["旁听", "\u3000"]))
    assert list(mode.series(np.array([0, 1, -1], np.int8))) == ["旁听", "修读", "修读"]


def test_texts_that_mean_the_same_become_one_category() -> None:
    found = meaning(columns(TABLES["student"])["student_no"], pa.array(["1", " 1", "１", "2"]))
    assert list(found.series(np.array([0, 1, 2, 3, -1], np.int8)))[:4] == ["1", "1", "1", "2"]
    assert found.categories is not None
    assert found.categories.tolist() == ["1", "2"]
    assert found.changed.tolist() == [False, True, True, False, False]


def test_what_one_writes_into_a_frame_without_rows_stays_there() -> None:
    first = no_rows(TABLES["student"])
    first["more"] = 1
    assert "more" not in no_rows(TABLES["student"])
    assert not no_flags(TABLES["student"]).size


def test_a_computed_column_has_no_parser() -> None:
    with pytest.raises(AssertionError):
        parser(columns(TABLES["record"])["active"])
