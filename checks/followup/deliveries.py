"""送达登记: whom a 退学通知书 goes to, with a column in which people write the day of its delivery.

Written again, it keeps what they have written. It comes back as Excel or a text editor has saved it: in UTF-8 or
GB18030, with whatever line ends, numbers without the zeros in front, dates in another form, and columns of their own.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from checks.followup.letters import Notice
from facts.model.hidden import hidden
from facts.model.refusal import DataError, why
from facts.model.snapshot import SourceFile
from facts.model.values import LostDigits, parse_identifier, plain
from facts.sources.encoding import ENCODINGS, encoding_of

NUMBER, STUDENT, ISSUED, DELIVERED, AS_OF, USE = HEADS = (
    "异动编号", "学号", "发文日期", "通知书送达日期", "数据截至", "使用范围",
)  # fmt: skip
"""The first four as the export of changes calls them. The last two stand on every line, where neither sorting nor
filtering parts them from it."""
_USE = "学生退学通知书（附表4）送达登记，由学生处填写通知书送达日期，不得外传"
_NEEDED = (NUMBER, STUDENT, DELIVERED)
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Line:
    """One line of a register that is there; `row` is its number in the file."""

    row: int
    ours: tuple[str, ...]
    """By HEADS; empty where the file has no such column."""
    theirs: tuple[str, ...]
    """What stands in columns that people have added."""

    @property
    def filled(self) -> tuple[str, ...]:
        """What people have written in it; nothing where all of that is empty."""
        written = (self.ours[HEADS.index(DELIVERED)], *self.theirs)
        return written if any(map(plain, written)) else ()


@dataclass(frozen=True)
class Register:
    """A register that is there, or none: then it has no lines."""

    path: Path
    added: tuple[str, ...] = ()
    """Headings of the columns that people have added."""
    lines: tuple[Line, ...] = ()
    marked: bool = True
    """Its lines say what they may be used for, unless people have added them."""


def read_register(path: Path) -> Register:
    """Raises DataError where a file is there and can't be understood."""
    untouched = f"{path} 里可能有填好的送达日期，没有改动"
    try:
        raw = path.read_bytes()
        text = raw.decode(encoding_of(path, SourceFile(str(path), None), ENCODINGS)).removeprefix("\ufeff")
    except (FileNotFoundError, NotADirectoryError):
        return Register(path)
    except OSError as error:
        raise DataError(f"{path} 读不了：{why(error)}，没有改动；请检查权限，或把它移到别处再运行") from None
    try:
        rows = _rows(text)
    except csv.Error:
        raise DataError(f"{untouched}；它的引号不成对，请改正，或把它移到别处再运行") from None
    heads = [plain(cell) for cell in rows[0][1]] if rows else []
    if lacking := [head for head in _NEEDED if heads.count(head) != 1]:
        raise DataError(
            f"{untouched}；它没有（或不止一个）“{'、'.join(lacking)}”列，请恢复标题行，或把它移到别处再运行"
        )
    width = max(len(cells) for _, cells in rows)
    heads += [""] * (width - len(heads))
    places = [heads.index(head) if head in heads else None for head in HEADS]
    others = [at for at in range(width) if at not in places and any(plain(c[at]) for _, c in _even(rows, width))]
    lines = tuple(
        Line(row, tuple("" if at is None else cells[at] for at in places), tuple(cells[at] for at in others))
        for row, cells in _even(rows[1:], width)
    )
    return Register(path, tuple(heads[at] for at in others), lines, USE in heads)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Number of the line on which each row ends, and its cells, of all rows in which something stands."""
    heading = next(iter(text.lstrip().splitlines()), "")
    delimiter = next((each for each in _DELIMITERS if each in heading), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [(reader.line_num, row) for row in reader if any(map(plain, row))]


def _even(rows: Iterable[tuple[int, list[str]]], width: int) -> Iterable[tuple[int, list[str]]]:
    for row, cells in rows:
        yield row, cells + [""] * (width - len(cells))


def updated(register: Register, notices: Sequence[Notice], as_of: date) -> tuple[list[tuple[str, ...]], int]:
    """The rows of the new register, headings first: a line for every notice, with what people have written in it, then
    the other lines in which they have written or that they have added; and how many those are.

    What the export knows (学号, 发文日期) is taken from it. Raises DataError where a line can't be told apart from
    another, or does not belong to whom it names: a day must not end up with somebody else.
    """
    of: dict[str, list[Line]] = {}
    for line in register.lines:
        of.setdefault(_number(line, register.path), []).append(line)
    students: dict[str, set[str]] = {}  # whose a number is: the exports may have one twice
    for notice in notices:
        students.setdefault(_bare(notice.change_no or ""), set()).add(notice.student_no)
    rows: list[tuple[str, ...]] = [(*HEADS, *register.added)]
    listed: set[int] = set()
    for notice in notices:
        number = _bare(notice.change_no or "")
        lines = of.get(number, [])
        for line in lines:
            if not any(_same(each, line) for each in students[number]):
                raise DataError(
                    f"{register.path} 第 {line.row} 行的学号不是异动编号 {notice.change_no} 的学生（改动过或错了行），"
                    "没有改动；请改正，或把它移到别处再运行"
                )
        found = [line for line in lines if _same(notice.student_no, line)]
        written = {line.filled: line.row for line in found if line.filled}
        if len(written) > 1:
            raise DataError(
                f"{register.path} 第 {'、'.join(map(str, written.values()))} 行是同一异动而填写不同，没有改动；"
                "请只留一行，再运行"
            )
        delivered, *theirs = next(iter(written), ("",) * (1 + len(register.added)))
        issued = notice.issued_on.isoformat() if notice.issued_on else ""
        rows.append((notice.change_no or "", notice.student_no, issued, delivered, as_of.isoformat(), _USE, *theirs))
        listed |= {line.row for line in found}
    kept = [line for line in register.lines if line.row not in listed and (line.filled or _added(line, register))]
    return [*rows, *((*line.ours, *line.theirs) for line in kept)], len(kept)


def _added(line: Line, register: Register) -> bool:
    return register.marked and not plain(line.ours[HEADS.index(USE)])


def _number(line: Line, path: Path) -> str:
    written = line.ours[HEADS.index(NUMBER)]
    try:
        return _bare(parse_identifier(written))
    except LostDigits:
        raise DataError(
            f"{path} 第 {line.row} 行的异动编号“{written}”末几位已丢失（被当成了数字），没有改动；"
            "请改回原来的编号，或把它移到别处再运行"
        ) from None


def _same(student_no: str, line: Line) -> bool:
    """Whether the line bears the student's number, but for what a number-typed cell loses."""
    try:  # an identity number used as one is written masked
        return hidden(_bare(student_no)) == hidden(_bare(parse_identifier(line.ours[HEADS.index(STUDENT)])))
    except LostDigits:
        return True  # 异动编号 says whose it is


def _bare(number: str) -> str:
    """Without the zeros in front, which Excel drops."""
    return number.lstrip("0") or number
