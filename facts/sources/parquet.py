"""Reads Parquet files with pyarrow: only the columns that are asked for, each value as a person would type it."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.cells import Cells, Heading, Limits, Texts, Top, place, trim
from facts.sources.texts import codes_of, text_of

_BROKEN = (pa.ArrowException, OSError, ValueError, KeyError)


@dataclass(frozen=True)
class ParquetSource:
    """A file of columns. Made by `open_parquet`; it is a sheet as well, because its headings can stand nowhere else."""

    path: Path
    file: SourceFile
    headings: tuple[str, ...]
    names: tuple[str, ...]
    """Of the columns, as they stand in the file."""
    rows: int

    def top(self) -> Top:
        return Top((self.headings,), certain=True)

    def below(self, heading: Heading) -> "ParquetSource":  # noqa: ARG002 (there is one heading only)
        return self

    def read(self, positions: Collection[int]) -> Cells:
        """The columns at these positions, one after the other. Raises DataError."""
        numbers = np.arange(2, self.rows + 2, dtype=np.int32)
        return Cells({position: self._column(position) for position in positions}, numbers, {})

    def _column(self, position: int) -> Texts:
        name = self.names[position]
        try:
            with parquet.ParquetFile(self.path, read_dictionary=[name]) as file:
                column = file.read([name]).column(name)  # a name with a dot brings others along
            column.validate(full=True)  # nobody else looks whether it is UTF-8 and its numbers are in range
        except _BROKEN:
            raise _damaged(self.file) from None
        if len(column) != self.rows:
            raise _damaged(self.file)
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        codes, distinct = codes_of(column)
        return Texts(codes, self._texts(distinct, name))

    def _texts(self, distinct: pa.Array, name: str) -> pa.StringArray:
        if pa.types.is_string(distinct.type):
            return distinct
        try:
            if pa.types.is_large_string(distinct.type) or pa.types.is_binary(distinct.type):
                return distinct.cast(pa.string())
            return pa.array([text_of(value) for value in distinct.to_pylist()], pa.string())
        except (pa.ArrowInvalid, ValueError, OverflowError):
            raise DataError(f"文件{place(self.file)}的“{name}”列读不出来，请把这一列导出为文本。") from None


def open_parquet(path: Path, file: SourceFile, limits: Limits) -> ParquetSource:
    """Reads what the file says of itself. Raises DataError."""
    try:
        with parquet.ParquetFile(path) as opened:
            schema, rows = opened.schema_arrow, opened.metadata.num_rows
            # Lists and records hold no one value; only columns of the top level are asked for.
            names = tuple(field.name for field in schema if not pa.types.is_nested(field.type))
    except _BROKEN:
        raise _damaged(file) from None
    if rows > limits.rows:
        raise DataError(f"文件{place(file)}有 {rows} 行，大得不像一份导出，没有读；请分成几个文件。")
    if len(set(names)) < len(names):
        raise DataError(f"文件{place(file)}有同名的列，请改名后重新导出。")
    return ParquetSource(path, file, trim([*names]), names, rows)


def _damaged(file: SourceFile) -> DataError:
    return DataError(f"文件{place(file)}已损坏或不完整（Parquet 结构读不出来），请重新导出或重新拷贝。")
