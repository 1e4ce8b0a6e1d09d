"""Finds numbers that lost the zeros in front: a number-typed cell keeps none, and the person is then another one."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile, Table
from facts.model.tables import TABLES
from facts.model.vocabulary import readable
from facts.sources.cells import place


@dataclass(frozen=True)
class Numbers:
    """The distinct values of one shared number (`Column.shared`) in one file."""

    field: str
    heading: str
    file: SourceFile
    values: pa.StringArray


def numbers_of(table: Table) -> list[Numbers]:
    """Those of a table of one file."""
    fields = readable(TABLES[table.name])
    return [
        Numbers(name, fields[name].heading, table.files[0], pa.array(table.frame[name].cat.categories, pa.string()))
        for name in fields
        if fields[name].shared and name in table.fields
    ]


def refuse_lost_zeros(files: Sequence[Numbers]) -> None:
    """Raises DataError for a file in which no number begins with a zero, but one would, with its zeros, be a number of
    another file. One cell without them beside others that kept theirs is a slip, which remains for the rules to find.
    """
    for field in _shared():
        columns = sorted((each for each in files if each.field == field), key=lambda each: str(each.file))
        padded = [(column.file, column.values.filter(_padded(column.values))) for column in columns]
        without = pa.chunked_array([pc.utf8_ltrim(values, "0") for _, values in padded], pa.string())
        for column in columns if len(without) else ():
            lost = column.values.filter(pc.is_in(column.values, without))
            if not len(lost) or pc.any(pc.starts_with(column.values, "0")).as_py():
                continue
            number = lost[0].as_py()
            whole, other = next(
                (found[-1].as_py(), file)
                for file, values in padded
                if len(found := values.filter(pc.equal(pc.utf8_ltrim(values, "0"), number)))
            )
            raise DataError(
                f"文件{place(column.file)}的{column.heading}“{lost[0]}”在{place(other)}里是“{whole}”："
                "这一列是数值型单元格，前面的 0 已丢失，请以文本格式导出。"
            )


def _padded(values: pa.StringArray) -> pa.BooleanArray:
    """Which numbers begin with a zero."""
    return pc.and_(pc.starts_with(values, "0"), pc.utf8_is_decimal(values))


def _shared() -> tuple[str, ...]:
    """The names of the shared numbers, in the order of the contract."""
    shared = [name for model in TABLES.values() for name, column in readable(model).items() if column.shared]
    return tuple(dict.fromkeys(shared))
