"""An official document's sheet of paper (GB/T 9704): page, fonts and styles, and a .docx of the same bytes every time.

Templates are built when they are needed, not shipped: it takes some milliseconds, the school's fonts go into them, and
there is no binary file that nobody can review. Fonts stand in styles only, so that no setting reaches template code.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

FONTS = {"title": "方正小标宋简体", "body": "仿宋_GB2312", "heading": "黑体", "kai": "楷体_GB2312"}
"""Those of GB/T 9704; where one is not installed, the reader's program takes another."""
WIDTH = 156
"""Of the text, in mm."""
_LINE, _PITCH, _SPACING = 28.95, "579", "-5"
"""22 lines of 28 characters: exact line height (pt), grid (1/20 pt), -0.25 pt between characters (1/20 pt)."""
_MARGINS = (37, 26, 35, 28)
"""Top, right, bottom, left, in mm."""
_SIGNATURE = "学鉴"
_CELL_MARGIN = "57"
"""Left and right of a cell's text (1/20 pt): 1 mm, so that a narrow column holds a word."""
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
"""Of a rule, a clause or a term."""


@dataclass(frozen=True)
class Look:
    """A paragraph style: a font of FONTS, its size, its line height in pt."""

    name: str
    font: str
    size: float
    line: float = _LINE
    align: str = "LEFT"
    indent: int = 0
    """Of the first line, in characters."""
    before: float = 0
    keep: bool = False
    level: int | None = None
    """In the outline."""
    ruled: bool = False
    """A tab draws a line to fill in, up to the right margin."""


LOOKS = (
    Look("公文标题", "title", 22, 33, "CENTER", before=0, keep=True),
    Look("公文副题", "kai", 16, align="CENTER"),
    Look("公文正文", "body", 16, indent=2),
    Look("公文事项", "body", 16, indent=2, keep=True),
    Look("公文填写", "body", 16, indent=2, keep=True, ruled=True),
    Look("公文落款", "body", 16, align="RIGHT"),
    Look("公文签署", "body", 16, indent=2, before=6, keep=True, ruled=True),
    Look("公文一级标题", "heading", 16, indent=2, keep=True, level=0),
    Look("公文二级标题", "kai", 16, indent=2, keep=True, level=1),
    Look("公文表题", "heading", 12, 22, "CENTER", before=8, keep=True),
    Look("公文表头", "heading", 12, 18, "CENTER", keep=True),
    Look("公文表文", "body", 12, 18),
    Look("公文表数", "body", 12, 18, "RIGHT"),
    Look("公文密表头", "heading", 10.5, 16, "CENTER", keep=True),
    Look("公文密表文", "body", 10.5, 16),
    Look("公文密表数", "body", 10.5, 16, "RIGHT"),
    Look("公文小字", "body", 10.5, 16, "LEFT"),
    Look("公文页码", "body", 14, 20, "CENTER"),
)


def new_paper(fonts: Mapping[str, str] = {}, looks: Sequence[Look] = LOOKS, margins: Sequence[int] = _MARGINS) -> Paper:
    """An empty A4 document with these styles; `fonts` replaces some of FONTS."""
    paper, chosen = Document(), {**FONTS, **fonts}
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.footer_distance = Mm(24)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), _PITCH)
    for properties in paper.styles.element.iter(qn("w:rPr")):
        _without_theme(properties, chosen["body"])
    for look in looks:
        _add_style(paper, look, chosen[look.font])
    return paper


def _without_theme(properties: Any, font: str) -> None:
    """Theme fonts would win over the ones chosen, and the language of the East Asian text would not be Chinese."""
    for old in properties.findall(qn("w:rFonts")):
        old.attrib.clear()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            old.set(qn(f"w:{script}"), font)
    for lang in properties.findall(qn("w:lang")):
        lang.set(qn("w:val"), "en-US")  # else numbers and codes are torn at the ends of lines
        lang.set(qn("w:eastAsia"), "zh-CN")


def _add_style(paper: Paper, look: Look, font: str) -> None:
    style: Any = paper.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.name, style.font.color.rgb = Pt(look.size), font, RGBColor(0, 0, 0)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        style.element.rPr.rFonts.set(qn(f"w:{script}"), font)
    if look.size == 16:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), _SPACING)
        style.element.rPr.find(qn("w:color")).addnext(spacing)
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    form.space_before, form.space_after = Pt(look.before), Pt(0)
    form.alignment, form.keep_with_next = getattr(WD_ALIGN_PARAGRAPH, look.align), look.keep
    form.widow_control = True
    if look.ruled:
        form.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    if look.line != _LINE:  # else every line of a table is as high as one of the text
        snap = OxmlElement("w:snapToGrid")
        snap.set(qn("w:val"), "0")
        style.element.pPr.find(qn("w:spacing")).addprevious(snap)
    if look.indent:
        form.first_line_indent = Pt(look.size * look.indent)
        style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(look.indent * 100))
    if look.level is not None:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(look.level))
        style.element.pPr.append(outline)


def lines(paper: Any, *texts: tuple[str, str]) -> None:
    """Paragraphs: style without 公文, text."""
    for style, text in texts:
        paper.add_paragraph(text, style=f"公文{style}")


def each(paper: Any, style: str, name: str) -> None:
    """A paragraph for every text of the list `name`."""
    lines(paper, (style, f"{{%p for text in {name} %}}"), (style, "{{ text }}"), (style, "{%p endfor %}"))


def table(
    paper: Any,
    heads: Sequence[tuple[str, int]],
    name: str,
    numbers: Sequence[int] = (),
    *,
    dense: bool = False,
    whole: bool = True,
    together: bool = False,
) -> Any:
    """A table with one row for every row of the list `name`, its heading repeated on every page; it is returned.

    `heads`: heading and width, in parts of the text's. `numbers`: the columns that are set to the right. `dense`: many
    columns, or much text. `whole`: the end of a page tears no row; `together`: nor the table, which is short.
    """
    look = "密表" if dense else "表"
    widths = [Mm(width * WIDTH / sum(w for _, w in heads)) for _, width in heads]
    made = grid(paper, 4, widths, whole=whole)
    _narrow_margins(made)
    for place, (head, _) in enumerate(heads):
        cell(made, 0, place, head, f"{look}头")
        cell(made, 2, place, f"{{{{ row[{place}] }}}}", f"{look}{'数' if place in numbers else '文'}")
        made.cell(2, place).paragraphs[0].paragraph_format.keep_with_next = together or None
    cell(made, 1, 0, f"{{%tr for row in {name} %}}", f"{look}文")
    cell(made, 3, 0, "{%tr endfor %}", f"{look}文")
    heading = made.rows[0]._tr.get_or_add_trPr()
    heading.append(OxmlElement("w:tblHeader"))
    return made


def _narrow_margins(made: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), _CELL_MARGIN)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    made._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def grid(paper: Any, rows: int, widths: Sequence[int], *, whole: bool = True) -> Any:
    """An empty ruled table of fixed widths; `whole`: no row of it is torn by the end of a page."""
    made = paper.add_table(rows, len(widths), style="Table Grid")
    made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    middle = WD_ALIGN_VERTICAL.CENTER if whole else WD_ALIGN_VERTICAL.TOP
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row in made.rows:
        if whole:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for one, width in zip(row.cells, widths, strict=True):
            one.width, one.vertical_alignment = width, middle
    return made


def cell(made: Any, row: int, column: int, text: str, style: str) -> None:
    paragraph = made.cell(row, column).paragraphs[0]
    paragraph.text = text
    paragraph.style = f"公文{style}"


def page_numbers(paper: Paper) -> None:
    """— 1 — at the foot of every page."""
    paragraph = paper.sections[0].footer.paragraphs[0]
    paragraph.style = "公文页码"
    paragraph.add_run("— ")
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)
    paragraph.add_run(" —")


def filled(paper: Paper, values: Mapping[str, Any], *, title: str, use: str, as_of: date) -> bytes:
    """The template with its values in place. `use`: what it is for and who may have it. No clock goes into it."""
    stream = BytesIO()
    paper.save(stream)
    template = DocxTemplate(BytesIO(stream.getvalue()))
    # Not autoescape=True of render(): an environment of our own refuses a name that isn't given.
    template.render(dict(values), Environment(autoescape=True, undefined=StrictUndefined))
    _keep_codes_whole(template.docx)
    about = template.docx.core_properties
    # Afterwards, as docxtpl would take them for templates.
    about.title, about.subject, about.author, about.last_modified_by = title[:255], use[:255], _SIGNATURE, _SIGNATURE
    about.comments, about.keywords, about.language, about.revision = "", "", "zh-CN", 1
    about.created = about.modified = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 (the format's own)
    stream = BytesIO()
    template.save(stream)
    return _dated(stream.getvalue(), as_of)


def _keep_codes_whole(paper: Any) -> None:
    """Hyphens inside of codes (IDN-01, 三-招生办-2) become ones at which no line is broken."""
    for text in list(paper.element.body.iter(qn("w:t"))):
        first, *others = _HYPHEN.split(text.text or "")
        if not others:
            continue
        text.text = first
        text.set(qn("xml:space"), "preserve")
        for other in reversed(others):
            following = deepcopy(text)
            following.text = other
            text.addnext(following)
            text.addnext(OxmlElement("w:noBreakHyphen"))


def _dated(data: bytes, day: date) -> bytes:
    """The same parts in the same order, all of one day."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.create_system, info.compress_type = 0, ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return stream.getvalue()
