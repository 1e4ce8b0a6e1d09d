"""Reads dBASE files (.dbf) with dbfread: CHSI and admission offices still exchange them."""

import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dbfread
import numpy as np
import pyarrow as pa
from dbfread.codepages import guess_encoding

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.cells import Cells, Heading, Limits, Texts, Top, place, trim
from facts.sources.encoding import ENCODINGS, NAMES
from facts.sources.texts import codes_of, no_texts, texts

_UNREADABLE = (OSError, ValueError, LookupError, struct.error, TypeError, MemoryError, dbfread.MissingMemoFile)
_PADDING = b" \0"
_CUT = "�"
_WESTERN = ("cp437", "cp850", "cp1252")


@dataclass(frozen=True)
class DbaseSource:
    """A file of records. Made by `open_dbase`; it is a sheet as well: its headings are the names of its fields."""

    path: Path
    file: SourceFile
    headings: tuple[str, ...]
    encoding: str
    settings: str
    """What the file is called in which a person may name the encoding."""

    def top(self) -> Top:
        return Top((self.headings,), certain=True)

    def below(self, heading: Heading) -> "DbaseSource":  # noqa: ARG002 (there is one heading only)
        return self

    def read(self, positions: Collection[int]) -> Cells:
        """The columns at these positions; records that are marked as deleted are no rows. Raises DataError."""
        try:
            table = _dbf(self.path, raw=True, recfactory=partial(_taken, sorted(positions)))
            records, fields = list(table), table.fields
            deleted, promised = len(table.deleted), table.header.numrecords
            memos = [position for position in positions if fields[position].type in "MGPB"]
            notes = list(_dbf(self.path, self.encoding, recfactory=partial(_taken, memos))) if memos else []
        except UnicodeDecodeError:
            raise self._undecodable() from None
        except _UNREADABLE:
            raise _damaged(self.file) from None
        if len(records) + deleted < promised:  # dbfread passes over what is neither, and ends where an end is marked
            raise _damaged(self.file)
        columns: dict[int, Texts] = {}
        for position, raw in zip(sorted(positions), zip(*records, strict=True) if records else (), strict=False):
            columns[position] = self._texts(raw, fields[position].length)
        for position, values in zip(memos, zip(*notes, strict=True), strict=False):
            columns[position] = texts([_without_nul(value) for value in values])
        return Cells(
            {position: columns.get(position, no_texts()) for position in positions},
            np.arange(2, len(records) + 2, dtype=np.int32),
            {},
        )

    def _texts(self, raw: Sequence[bytes], width: int) -> Texts:
        cells = pa.array([cell.strip(_PADDING) or None for cell in raw], pa.binary()).dictionary_encode()
        codes, distinct = codes_of(pa.chunked_array([cells]))
        return Texts(codes, pa.array([self._text(cell, width) for cell in distinct.to_pylist()], pa.string()))

    def _text(self, cell: bytes, width: int) -> str:
        try:
            return cell.decode(self.encoding)
        except UnicodeDecodeError as error:
            # A field is as wide as it has bytes: a name that is too long is cut, and may be cut inside a character.
            if len(cell) == width and error.end == len(cell) and error.start >= len(cell) - 3:
                return cell[: error.start].decode(self.encoding) + _CUT
            raise self._undecodable() from None

    def _undecodable(self) -> DataError:
        return DataError(
            f"文件{place(self.file)}里有的文字不是 {self.encoding.upper()} 编码，"
            f"请在 {self.settings} 的 [sources.表名] 里用 encoding 写明它的编码（{'、'.join(ENCODINGS)}）。"
        )


def open_dbase(path: Path, file: SourceFile, limits: Limits, settings: str, encoding: str | None = None) -> DbaseSource:
    """Reads the names of the fields. The encoding is the one given, else what the file says, else GB18030.

    Raises DataError.
    """
    try:
        plain = _dbf(path, "latin-1", raw=True)
        header, fields = plain.header, plain.fields
        chosen = encoding or _named_by(header.language_driver)
        headings = [field.name.encode("latin-1").decode(chosen) for field in fields]
    except UnicodeDecodeError:
        raise DbaseSource(path, file, (), chosen, settings)._undecodable() from None
    except _UNREADABLE:
        raise _damaged(file) from None
    if 1 + sum(field.length for field in fields) != header.recordlen:
        raise _damaged(file)
    if path.stat().st_size < header.headerlen + header.recordlen * header.numrecords:
        raise _damaged(file)
    if header.numrecords * max(len(fields), 1) > limits.grid:
        raise DataError(f"文件{place(file)}有 {header.numrecords} 行，大得不像一份导出，没有读；请分成几个文件。")
    return DbaseSource(path, file, trim(headings), chosen, settings)


def _named_by(language: int) -> str:
    """The encoding that the language byte names, GBK as the GB18030 that holds it; GB18030 where it names none, or a
    western one, at which programs leave it whatever they write."""
    try:
        named = guess_encoding(language) if language else ""
    except LookupError:
        named = ""
    return "gb18030" if named in ("", *_WESTERN) else NAMES.get(named, named)


def _dbf(path: Path, encoding: str = "latin-1", **options: object) -> dbfread.DBF:
    return dbfread.DBF(str(path), encoding=encoding, ignorecase=False, **options)


def _taken(positions: Sequence[int], items: Sequence[tuple[str, object]]) -> tuple[object, ...]:
    return tuple(items[position][1] for position in positions)


def _without_nul(value: object) -> object:
    return value.replace("\0", "") if isinstance(value, str) else value


def _damaged(file: SourceFile) -> DataError:
    return DataError(
        f"文件{place(file)}已损坏或不完整，或者缺少放备注文字的 .dbt、.fpt 文件，请连同备注文件重新导出或重新拷贝。"
    )
