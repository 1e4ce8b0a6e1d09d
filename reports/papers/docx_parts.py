"""What stands on a paper: paragraphs, tables and page numbers; and the paper as a file.

A style is named without its first two characters, 公文.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.opc.pkgwriter import PackageWriter
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.table import Table, _Cell

from reports.papers.docx_styles import WIDTH, element

_SIGNATURE = "学鉴"
_CELL_MARGIN = "57"
"""Left and right of a cell's text (1/20 pt): 1 mm, so that a narrow column holds a word."""
_SIGNS = re.compile(r"(\n|\t|(?<=\w)-(?=\w))")
"""What the format has elements for: ends of lines, tabs, and hyphens inside of codes (IDN-01, 三-招生办-2)."""
_ELEMENTS = {"\n": "br", "\t": "tab", "-": "noBreakHyphen"}
"""No line is broken at a noBreakHyphen."""


def write(paper: Document | _Cell, style: str, *texts: str) -> None:
    """Adds a paragraph for each of the texts at the end of the paper or of a cell; \\n breaks a line, \\t is a tab."""
    for text in texts:
        paragraph = element("p")
        _append(paper, paragraph)
        _fill(paragraph, style, text)


def write_cell(cell: _Cell, style: str, text: str) -> None:
    """Writes the text into the empty paragraph that every cell of a new table has."""
    _fill(cell.paragraphs[0]._p, style, text)


def _append(paper: Document | _Cell, made: Any) -> None:
    """Puts an element at the end. python-docx's own way looks through all that stands there already, each time."""
    if isinstance(paper, _Cell):
        paper._tc.append(made)
    else:
        paper.element.body[-1].addprevious(made)  # the last element is the section's page


def _fill(paragraph: Any, style: str, text: str) -> None:
    """Writes into an empty paragraph. python-docx's own way searches all styles each time: some thirty times slower."""
    properties, run = element("pPr"), element("r")
    properties.append(element("pStyle", val=f"公文{style}"))
    paragraph.extend((properties, run))
    for piece in filter(None, _SIGNS.split(text)):
        if sign := _ELEMENTS.get(piece):
            run.append(element(sign))
        else:
            run.add_t(piece)


def table(
    paper: Document,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    numbers: Collection[int] = (),
    *,
    dense: bool = False,
    whole: bool = True,
    together: bool = False,
    height: Length | None = None,
) -> None:
    """A table as wide as the text; its heading is repeated on every page.

    `columns`: heading and width of each, in parts of the table's. `numbers`: the columns that are set to the right.
    `dense`: small characters, for many columns or much text. `whole`: the end of a page tears no row; `together`: nor
    the table, which is short. `height`: the least of every row but the heading.
    """
    look = "密表" if dense else "表"
    parts = sum(width for _, width in columns)
    made = grid(paper, 1 + len(rows), [Mm(width * WIDTH / parts) for _, width in columns], whole=whole)
    _narrow_margins(made)
    heading, *others = made.rows
    heading._tr.get_or_add_trPr().append(element("tblHeader"))
    for cell, (head, _) in zip(heading.cells, columns, strict=True):
        write_cell(cell, f"{look}头", head)
    for row, texts in zip(others, rows, strict=True):
        row.height = height
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            write_cell(cell, f"{look}{'数' if place in numbers else '文'}", text)
            cell.paragraphs[0].paragraph_format.keep_with_next = together or None


def _narrow_margins(made: Table) -> None:
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=_CELL_MARGIN, type="dxa"))
    made._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def grid(paper: Document, rows: int, widths: Iterable[Length], *, whole: bool = True) -> Table:
    """A ruled table of empty cells, its columns of these widths; `whole`: the end of a page tears no row."""
    widths = list(widths)
    made: Table = paper.add_table(rows, len(widths), style="Table Grid")
    made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    middle = WD_ALIGN_VERTICAL.CENTER if whole else WD_ALIGN_VERTICAL.TOP
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row in made.rows:
        if whole:
            row._tr.get_or_add_trPr().append(element("cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width, cell.vertical_alignment = width, middle
    return made


def copied(blank: Table, paper: Document) -> Table:
    """The table once more, at the end of the paper; to draw it again would take ten times as long."""
    again = deepcopy(blank._tbl)
    _append(paper, again)
    return Table(again, paper)


def page_numbers(paper: Document) -> None:
    """— 1 — at the foot of every page."""
    paragraph = paper.sections[0].footer.paragraphs[0]
    paragraph.style = "公文页码"
    paragraph.add_run("— ")
    paragraph._p.append(element("fldSimple", instr="PAGE"))
    paragraph.add_run(" —")


def saved(paper: Document, *, title: str, use: str, as_of: date) -> bytes:
    """The paper as a .docx, dated by its data: no clock goes into it, so the same paper is always the same bytes.

    `use`: what it is for and who may have it.
    """
    about = paper.core_properties
    about.title, about.subject, about.author, about.last_modified_by = title[:255], use[:255], _SIGNATURE, _SIGNATURE
    about.comments, about.keywords, about.language, about.revision = "", "", "zh-CN", 1
    about.created = about.modified = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 (the format's own)
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        package, into = paper.part.package, _Dated(file, as_of)
        writer: Any = PackageWriter
        for part in package.parts:
            part.before_marshal()
        # As paper.save(), which would date the files by the clock, and fail where that is before 1980.
        writer._write_content_types_stream(into, package.parts)
        writer._write_pkg_rels(into, package.rels)
        writer._write_parts(into, package.parts)
    return made.getvalue()


@dataclass(frozen=True)
class _Dated:
    """Where the parts of a .docx are written to, each dated by the data."""

    file: ZipFile
    day: date

    def write(self, name: Any, content: bytes) -> None:
        """`name`: as python-docx has it."""
        info = ZipInfo(name.membername, (self.day.year, self.day.month, self.day.day, 0, 0, 0))
        info.create_system, info.compress_type = 0, ZIP_DEFLATED
        self.file.writestr(info, content)
