"""A workbook in memory: its formats, its sheets and what each of them says of itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from facts.model.values import chinese_date
from reports.month.model import MonthlyReport
from reports.wording.dates import chinese_month

UNKNOWN = ""
"""A cell left empty: a chart has a gap there, where a dash would be drawn as a nought."""
_LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""
_A4 = 9


def text(value: str) -> str:
    """No longer than a cell; every text of the report is plain already."""
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "……"


class Book:
    """`purpose`: what it is for; `holders`: who may have it. `look`: its formats by name."""

    def __init__(self, report: MonthlyReport, purpose: str, holders: str) -> None:
        self.report, self.purpose, self.holders = report, purpose, holders
        self._bytes = BytesIO()
        self.made = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,  # only then are the dates inside the zip fixed
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # Not the clock: the same report gives the same bytes.
        self.made.set_properties(
            {
                "title": f"学籍核查{chinese_month(report.month)}",
                "author": "学鉴",
                "created": datetime.combine(report.result.as_of, time()),
                "comments": f"用途：{purpose}。{holders}。",
            }
        )
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        looks: dict[str, dict[str, Any]] = {
            "big": {"font_size": 16, "bold": True, "font_color": "#12436D"},
            "small": {"font_size": 9, "font_color": "#555555"},
            "good": {"font_size": 12, "bold": True, "font_color": "#1B7F79"},
            "bad": {"font_size": 12, "bold": True, "font_color": "#801650"},
            "head": {"bold": True, "bg_color": "#12436D", "font_color": "#FFFFFF", "border": 1, "text_wrap": True,
                     "border_color": "#BBBBBB"},
            "cell": {"border": 1, "border_color": "#DDDDDD"},
            "wrap": {"border": 1, "border_color": "#DDDDDD", "text_wrap": True, "valign": "top"},
            "none": {"border": 1, "border_color": "#DDDDDD", "align": "center", "font_color": "#555555"},
            "number": {"border": 1, "border_color": "#DDDDDD", "align": "right", "num_format": "#,##0"},
            "date": {"border": 1, "border_color": "#DDDDDD", "num_format": "yyyy-mm-dd", "valign": "top"},
            "link": {"border": 1, "border_color": "#DDDDDD", "font_color": "#12436D", "underline": 1, "valign": "top"},
            "fill": {"border": 1, "border_color": "#28A197", "bg_color": "#F2FAF9", "text_wrap": True, "locked": False},
            "mark": {"font_size": 8, "font_color": "#888888", "font_name": "Consolas", "valign": "top"},
            "overdue": {"bg_color": "#F7E1EA", "font_color": "#801650", "bold": True},
            "soon": {"bg_color": "#FDE9DC", "font_color": "#8A3A0B"},
            "line": {"bottom": 1},
        }  # fmt: skip
        self.look: dict[str, Any] = {
            name: self.made.add_format(look if name in ("overdue", "soon") else {**base, **look})
            for name, look in looks.items()
        }

    def content(self) -> bytes:
        """The file; nothing can be added after that."""
        self.made.close()
        return self._bytes.getvalue()

    def sheet(self, name: str) -> Any:
        """A new sheet; purpose, date and who may have it stand in its header and footer."""
        sheet = self.made.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5)
        shown = "含未遮盖的个人信息 " if self.report.result.personal_shown else ""
        sheet.set_header(f"&L&9{_header(self.purpose)}&R&9数据截至{chinese_date(self.report.result.as_of)}")
        sheet.set_footer(f"&L&9{shown}{_header(self.holders)}&R&9第&P页，共&N页")
        return sheet

    def title(self, sheet: Any, title: str) -> int:
        """Heading, purpose, date and who may have it; the row after them."""
        result = self.report.result
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, text(title), self.look["big"])
        about = f"用途：{self.purpose}　数据截至{chinese_date(result.as_of)}"
        sheet.write_string(1, 0, f"{about}　规则包 {result.pack.id} {result.pack.version}", self.look["small"])
        masked = "含未遮盖的姓名、证件号，须按个人信息保管" if result.personal_shown else "姓名、证件号已遮盖"
        sheet.write_string(2, 0, f"{self.holders}；{masked}", self.look["small"])
        return 4

    def table(self, sheet: Any, row: int, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
        """Writes a table; the first row below it. What is not known is a dash, never a nought."""
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self.look["head"])
        for line in lines:
            row += 1
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(row, column, value, self.look["number"])
                elif value == UNKNOWN:
                    sheet.write_blank(row, column, None, self.look["cell"])
                elif value is None:
                    sheet.write_string(row, column, "—", self.look["none"])
                else:
                    sheet.write_string(row, column, text(value), self.look["cell"])
        return row + 1


def _header(words: str) -> str:
    return words.replace("&", "&&")[:90]
