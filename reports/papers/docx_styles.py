"""How an official document (公文, GB/T 9704) looks: its page, its fonts and the styles of its paragraphs.

A paper is made when it is needed; no file with styles is shipped. That takes some milliseconds, the school's own fonts
go into it, and there is no binary file that nobody can review.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONTS = {"title": "方正小标宋简体", "body": "仿宋_GB2312", "heading": "黑体", "kai": "楷体_GB2312"}
"""Those of GB/T 9704; where one is not installed, the reader's program takes another."""
WIDTH = 156
"""Of the text, in mm."""
_LINE, _PITCH, _SPACING = 28.95, "579", "-5"
"""22 lines of 28 characters: exact line height (pt), grid (1/20 pt), -0.25 pt between characters (1/20 pt)."""
_MARGINS = (37, 26, 35, 28)
"""Top, right, bottom, left, in mm."""
_SCRIPTS = ("ascii", "hAnsi", "eastAsia", "cs")
"""A style names a font for each of them; python-docx's own property sets only the first two."""


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
    """Space above the paragraph, in pt."""
    keep: bool = False
    """On the same page as the beginning of the next paragraph."""
    level: int | None = None
    """In the outline."""
    ruled: bool = False
    """A tab draws a line to fill in, up to the right margin."""


LOOKS = (
    Look("公文标题", "title", 22, 33, "CENTER", keep=True),
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
    Look("公文小字", "body", 10.5, 16),
    Look("公文页码", "body", 14, 20, "CENTER"),
)


def new_paper(
    fonts: Mapping[str, str] = {}, looks: Sequence[Look] = LOOKS, margins: Sequence[int] = _MARGINS
) -> Document:
    """An empty A4 document with the styles of `looks`; `fonts` replaces some of FONTS, `margins` are in mm."""
    paper, chosen = docx.Document(), {**FONTS, **fonts}
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.footer_distance = Mm(24)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(element("docGrid", type="lines", linePitch=_PITCH))
    for properties in paper.styles.element.iter(qn("w:rPr")):
        _without_theme(properties, chosen["body"])
    for look in looks:
        _add_style(paper, look, chosen[look.font])
    return paper


def element(name: str, **attributes: str) -> Any:
    """`<w:name w:attribute="…"/>`: what the format has and python-docx has no property for."""
    made = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def _without_theme(properties: Any, font: str) -> None:
    """Theme fonts would win over the ones chosen, and the language of the East Asian text would not be Chinese."""
    for old in properties.findall(qn("w:rFonts")):
        old.attrib.clear()
        _set_fonts(old, font)
    for lang in properties.findall(qn("w:lang")):
        lang.set(qn("w:val"), "en-US")  # else numbers and codes are torn at the ends of lines
        lang.set(qn("w:eastAsia"), "zh-CN")


def _set_fonts(fonts: Any, font: str) -> None:
    for script in _SCRIPTS:
        fonts.set(qn(f"w:{script}"), font)


def _add_style(paper: Document, look: Look, font: str) -> None:
    style: Any = paper.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.name, style.font.color.rgb = Pt(look.size), font, RGBColor(0, 0, 0)
    _set_fonts(style.element.rPr.rFonts, font)
    if look.size == 16:
        style.element.rPr.find(qn("w:color")).addnext(element("spacing", val=_SPACING))
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    form.space_before, form.space_after = Pt(look.before), Pt(0)
    form.alignment, form.keep_with_next = getattr(WD_ALIGN_PARAGRAPH, look.align), look.keep
    form.widow_control = True
    if look.ruled:
        form.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    if look.line != _LINE:  # else every line of a table is as high as one of the text
        style.element.pPr.find(qn("w:spacing")).addprevious(element("snapToGrid", val="0"))
    if look.indent:
        form.first_line_indent = Pt(look.size * look.indent)
        style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(look.indent * 100))
    if look.level is not None:
        style.element.pPr.append(element("outlineLvl", val=str(look.level)))
