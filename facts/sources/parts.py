"""What is in a file: the sheets of a workbook, or the one table of any other kind; each is opened when it is read."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facts.model.snapshot import SourceFile
from facts.sources.cells import Limits, Source
from facts.sources.encoding import UTF_16, as_utf8
from facts.sources.kind import WORKBOOKS, Kind, kind_of


@dataclass(frozen=True)
class TextForm:
    """How a text file is written, where a person has said so."""

    settings: str
    """What the file is called in which a person may say so."""
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True)
class Part:
    """A sheet of a workbook, or a file that is not one."""

    file: SourceFile
    kind: Kind
    open: Callable[[TextForm], Source]
    """Raises DataError."""
    is_empty: Callable[[], bool] = lambda: False
    hidden: bool = False
    """A sheet that Excel does not show: it may be old, and is read only where a person names it."""


def parts_of(path: Path, name: str, room: Path, limits: Limits) -> tuple[Part, ...]:
    """The parts of the file at `path`, which messages call `name`; an archive is not for here.

    `room`: a folder for files in between. Raises DataError.
    """
    kind, file = kind_of(path, name), SourceFile(name)
    if kind not in WORKBOOKS:
        return (Part(file, kind, partial(_opened, path, file, kind, room, limits)),)
    from facts.sources.excel import Workbook

    book = Workbook(path, name, limits, kind)
    return tuple(
        Part(
            SourceFile(name, sheet),
            kind,
            partial(_sheet, book.sheet, sheet),
            partial(book.is_empty, sheet),
            sheet in book.hidden,
        )
        for sheet in book.sheets
    )


def _sheet(sheet: Callable[[str], Source], name: str, _: TextForm) -> Source:
    return sheet(name)


def _opened(path: Path, file: SourceFile, kind: Kind, room: Path, limits: Limits, form: TextForm) -> Source:
    match kind:
        case Kind.DBF:
            from facts.sources.dbase import open_dbase

            return open_dbase(path, file, limits, form.settings, form.encoding)
        case Kind.PARQUET:
            from facts.sources.parquet import open_parquet

            return open_parquet(_named_in_utf8(path, room), file, limits)
        case Kind.PAGE:
            from facts.sources.page import open_page

            return open_page(path, file, limits, form.encoding)
    from facts.sources.delimited import open_delimited

    encoding = form.encoding
    if _is_utf_16(path) or (encoding or "").startswith("utf-16"):
        marked = "utf-16" if _is_utf_16(path) else encoding or "utf-16"
        path, encoding = as_utf8(path, file, _new(room), marked), "utf-8"
    return open_delimited(_named_in_utf8(path, room), file, limits, encoding, form.delimiter)


def _is_utf_16(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) in UTF_16


def _named_in_utf8(path: Path, room: Path) -> Path:
    """The file, under another name where pyarrow could not open its own: on Linux a name may be any bytes."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        link = _new(room)
        link.unlink()
        link.symlink_to(path.resolve())
        return link
    return path


def _new(room: Path) -> Path:
    """A file in the room that is not there yet. Threads may ask at the same time."""
    number = 0
    while True:
        path = room / f"text-{number:04d}.csv"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            number += 1
        else:
            return path
