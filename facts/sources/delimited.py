"""Reads delimited text (CSV): pyarrow takes it apart, each column as its distinct texts.

In GB18030 no byte of a longer character is a comma, a semicolon, a tab, a quote or a line end, so the bytes are taken
apart as they are and only the distinct texts are decoded (`facts.sources.encoding`).
"""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.cells import TOP_ROWS, Cells, Codes, Flags, Heading, Limits, Texts, Top, place, trim
from facts.sources.encoding import BOM, ENCODINGS, decoded, encoding_of, undecodable
from facts.sources.odd_rows import DELIMITERS, OddRows, whole_row
from facts.sources.texts import codes_of, no_texts

_BYTES = pa.dictionary(pa.int32(), pa.binary())
_CHUNK = 1 << 20
_SAMPLE = 1000  # rows that show how many cells a usual row has
_START = 1 << 16  # bytes, and rows, that show which delimiter it is
_LOOKED_AT = 100
_OVERLONG = "这一行的单元格比标题行多，请检查是否有多余的{}"


@dataclass(frozen=True)
class DelimitedSheet:
    """A text file of which the headings are known. Made by `DelimitedSource.below`."""

    path: Path
    file: SourceFile
    headings: tuple[str, ...]
    heading_row: int
    """Number of the last heading row."""
    width: int
    """Cells in a usual row: more than headings where every row ends in empty cells."""
    encodings: tuple[str, ...]
    """Those in which the headings can be read, in the order in which they are tried."""
    delimiter: str
    quoted: bool
    only_headings: bool
    limits: Limits

    def read(self, positions: Collection[int]) -> Cells:
        """The columns at these positions; one pass over a file whose every row has `width` cells. Raises DataError."""
        if self.only_headings:
            return Cells(dict.fromkeys(positions, no_texts()), np.zeros(0, np.int32), {})
        surplus = range(len(self.headings), self.width)
        cells = self._take(sorted({*positions, *surplus}))
        if self.quoted and _lines(self.path) != len(cells.rows) + len(cells.misshapen) + self.heading_row:
            # Some quoted cell holds line ends; or a quote in some column is never closed, which looks the same.
            cells = self._take(range(self.width))
            for texts in cells.columns.values():
                if (swallowed := _holds_rows(texts, self.delimiter, self.width)).any():
                    raise self._unbalanced(int(cells.rows[swallowed][0]))
        cells = _without(
            cells,
            (_filled(cells.columns[position]) for position in surplus),
            _OVERLONG.format(DELIMITERS[self.delimiter]),
        )
        return Cells({position: cells.columns[position] for position in positions}, cells.rows, cells.misshapen)

    def _take(self, positions: Iterable[int]) -> Cells:
        names = [str(position) for position in positions]
        try:
            table = self._parse(names)
        except pa.ArrowInvalid:  # a row with another number of cells, or a very long one: pyarrow does not say where
            return self._take_row_by_row(names)
        rows = np.arange(1, table.num_rows + 1, dtype=np.int32) + self.heading_row
        raw = _encoded_columns(table)
        del table
        for encoding in self.encodings:
            columns = decoded(raw, encoding)
            if columns is not None:
                return Cells(columns, rows, {})
        raise undecodable(self.path, self.file, self.encodings)

    def _take_row_by_row(self, names: list[str]) -> Cells:
        # The handler of odd rows is given their text, which must be UTF-8 by then.
        encoding = encoding_of(self.path, self.file, self.encodings)
        odd = OddRows(self.delimiter)
        try:
            table = self._parse(names, odd, encoding)
        except pa.ArrowInvalid:
            raise DataError(
                f"文件{place(self.file)}里有一行超过 {self.limits.line >> 20} MB，多半是引号不成对，或者它不是一张表；"
                "请检查引号，或在原系统中重新导出。"
            ) from None
        if (row := odd.swallowing(self.width)) is not None:
            raise self._unbalanced(row)
        good, misshapen = odd.sorted_out(len(self.headings), self.width)
        usual = np.ones(self.heading_row + 1 + table.num_rows + len(odd.rows), np.bool_)
        usual[: self.heading_row + 1] = False
        usual[[number for number, _, _ in odd.rows]] = False
        rows = np.concatenate([np.flatnonzero(usual), np.array(list(good), np.int64)]).astype(np.int32)
        more = {
            name: pa.array([row[int(name)].encode() or None for row in good.values()], pa.binary()).cast(_BYTES)
            for name in names
        }
        order = np.argsort(rows, kind="stable")
        columns = decoded(_encoded_columns(pa.concat_tables([table, pa.table(more, schema=table.schema)])), "utf-8")
        assert columns is not None
        return Cells({p: Texts(t.codes[order], t.distinct) for p, t in columns.items()}, rows[order], misshapen)

    def _unbalanced(self, row: int) -> DataError:
        # Nobody knows how many people's rows are in it: setting one row aside would take all of them for absent.
        return DataError(
            f"文件{place(self.file)}第 {row} 行的引号不成对，把后面的行吞进了一格，后面的行读不出来；"
            "请检查这一行的引号，或在原系统中重新导出。"
        )

    def _parse(self, names: list[str], odd: OddRows | None = None, encoding: str = "utf-8") -> pa.Table:
        every = [str(position) for position in range(self.width)]
        return arrow_csv.read_csv(
            self.path,
            arrow_csv.ReadOptions(
                use_threads=odd is None,  # only a single thread knows row numbers
                block_size=self.limits.block if odd is None else self.limits.line,
                column_names=every,
                skip_rows_after_names=self.heading_row,
                encoding=encoding,
            ),
            arrow_csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=self.quoted,
                ignore_empty_lines=False,  # they come as rows without a value, so that row numbers stay right
                invalid_row_handler=odd,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(every, _BYTES),
                include_columns=names,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )


@dataclass(frozen=True)
class DelimitedSource:
    """A text file of which the first rows are read. Made by `open_delimited`."""

    path: Path
    file: SourceFile
    sample: tuple[tuple[str, ...], ...]
    """The first rows, a character a byte (Latin-1)."""
    whole: bool
    """They are all of the file."""
    encodings: tuple[str, ...]
    delimiter: str
    limits: Limits

    def top(self) -> Top:
        """Raises DataError where a row is in none of the encodings."""
        rows = self.sample[:TOP_ROWS]
        return Top(tuple(tuple(_decoded(row, self._possible([row])[0])) for row in rows))

    def below(self, heading: Heading) -> DelimitedSheet:
        above, rows = self.sample[: heading.row], self.sample[heading.row :]
        headings = trim(heading.texts)
        possible = self._possible(above)
        widths = Counter(len(row) for row in rows if any(row))
        usual = widths.most_common(1)[0][0] if widths else 0
        return DelimitedSheet(
            path=self.path,
            file=self.file,
            headings=headings,
            heading_row=heading.row,
            width=max(usual, len(headings), 1),
            encodings=possible if all(cell.isascii() for row in above for cell in row) else possible[:1],
            delimiter=self.delimiter,
            quoted=_holds_quote(self.path),
            only_headings=self.whole and not rows,
            limits=self.limits,
        )

    def _possible(self, rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
        """The encodings that these rows may be in. Raises DataError when there is none."""
        raw = "\n".join(cell for row in rows for cell in row).encode("latin-1")  # half a character ends with its cell
        possible = tuple(encoding for encoding in self.encodings if _can_be(raw, encoding))
        if not possible:
            raise undecodable(self.path, self.file, self.encodings)
        return possible


def open_delimited(
    path: Path, file: SourceFile, limits: Limits, encoding: str | None = None, delimiter: str | None = None
) -> DelimitedSource:
    """Reads the first rows; which delimiter it is and what encodings it may be in is seen from them, unless it is said.

    Raises DataError.
    """
    head, cut = _head(path, limits)
    delimiter = delimiter or _delimiter(head)
    sample, whole = _rows(head, delimiter, _SAMPLE, cut)
    if not head:
        raise DataError(f"文件{place(file)}是空的，请重新导出。")
    if not sample:
        raise DataError(
            f"文件{place(file)}的标题行超过 {limits.head >> 10} KB，它多半不是一张表，或者引号不成对；"
            "请在原系统中重新导出。"
        )
    with path.open("rb") as stream:
        marked = stream.read(len(BOM)) == BOM
    encodings = (encoding,) if encoding else ENCODINGS[:1] if marked else ENCODINGS
    return DelimitedSource(path, file, tuple(map(tuple, sample)), whole, encodings, delimiter, limits)


def _head(path: Path, limits: Limits) -> tuple[str, bool]:
    """The beginning of the file, a character a byte (Latin-1), and whether there is more of it.

    What is a comma or a quote does not depend on the encoding, which is not known yet.
    """
    with path.open("rb") as stream:
        head = stream.read(limits.head)
        return head.removeprefix(BOM).decode("latin-1"), bool(stream.read(1))


def _rows(head: str, delimiter: str, most: int, cut: bool) -> tuple[list[list[str]], bool]:
    """The first rows, and whether they are all of the file. `cut`: the file is longer."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > most:
                return rows, False
    except csv.Error:  # a cell that is longer than any cell
        return rows, False
    return (rows[:-1], False) if cut else (rows, True)  # the last one may be cut off


def _delimiter(head: str) -> str:
    """The one by which most rows have equally many cells, the headings among them; a comma where none has several."""
    start, cut = head[:_START], len(head) > _START
    return max(DELIMITERS, key=lambda delimiter: _agreement(_rows(start, delimiter, _LOOKED_AT, cut)[0]))


def _agreement(rows: list[list[str]]) -> tuple[float, int]:
    """Which share of the rows has the usual number of cells, more than one; and that number."""
    widths = Counter(len(row) for row in rows if row)
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0, 0
    usual = max(several, key=lambda width: (several[width], width))
    return several[usual] / widths.total(), usual


def _decoded(row: Iterable[str], encoding: str) -> Iterable[str]:
    return (cell.encode("latin-1").decode(encoding) for cell in row)


def _can_be(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _encoded_columns(table: pa.Table) -> dict[int, tuple[Codes, pa.BinaryArray]]:
    """The columns of a table by position, as codes and distinct values; what is done is taken out of memory."""
    columns: dict[int, tuple[Codes, pa.BinaryArray]] = {}
    while table.num_columns:
        name = table.column_names[0]
        columns[int(name)] = codes_of(table.column(0))
        table = table.remove_column(0)
    pa.default_memory_pool().release_unused()
    return columns


def _holds_quote(path: Path) -> bool:
    with path.open("rb") as stream:
        return any(b'"' in chunk for chunk in iter(partial(stream.read, _CHUNK), b""))


def _lines(path: Path) -> int:
    """Lines of text; the last one need not end in a line end."""
    count, last = 0, b"\n"
    with path.open("rb") as stream:
        for chunk in iter(partial(stream.read, _CHUNK), b""):
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")


def _without(cells: Cells, hits: Iterable[Flags], reason: str) -> Cells:
    """The cells without the rows that any of `hits` marks; they become misshapen, for this reason."""
    hit = np.zeros(len(cells.rows), np.bool_)
    for other in hits:
        hit |= other
    if not hit.any():
        return cells
    columns = {position: Texts(texts.codes[~hit], texts.distinct) for position, texts in cells.columns.items()}
    misshapen = {**cells.misshapen, **dict.fromkeys(cells.rows[hit].tolist(), reason)}
    return Cells(columns, cells.rows[~hit], misshapen)


def _filled(texts: Texts) -> Flags:
    """By row: something stands in the cell."""
    return _by_row(texts, pc.not_equal(pc.utf8_trim_whitespace(texts.distinct), ""))


def _holds_rows(texts: Texts, delimiter: str, width: int) -> Flags:
    """By row: the cell holds line ends, and as many delimiters as a whole row does."""
    lines = pc.greater(pc.count_substring(texts.distinct, "\n"), 0)
    delimiters = pc.greater_equal(pc.count_substring(texts.distinct, delimiter), whole_row(width))
    return _by_row(texts, pc.and_(lines, delimiters))


def _by_row(texts: Texts, holds: pa.BooleanArray) -> Flags:
    flags: Flags = np.append(holds.to_numpy(zero_copy_only=False), False)[texts.codes]
    return flags
