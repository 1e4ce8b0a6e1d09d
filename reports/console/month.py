"""What `report` says when the month's folder is written."""

from collections.abc import Iterator

from reports.formats.text import render_summary
from reports.papers.month_folder import SPLIT, Written

_SHOWN = 5


def month_text(written: Written) -> str:
    """What was found, and where the report stands."""
    split = f"；分表：{written.folder / SPLIT}" if written.papers.split else ""
    return f"{render_summary(written.result)}\n报告：{written.folder / 'report.html'}{split}"


def month_remarks(written: Written) -> Iterator[str]:
    """What else has to be known, a sentence each."""
    if old := written.left:
        more = f" 等{len(old)}个" if len(old) > _SHOWN else ""
        yield f"{written.folder} 里还有以前写的文件，不属于这次报告：{'、'.join(old[:_SHOWN])}{more}"
    if written.unprinted:
        yield written.unprinted
    if not written.kept:
        split = "；这次发出的分表不能收回" if written.papers.split else ""
        yield f"只核查了所选的规则，没有记入历史：{written.month}已有的记录核查了更多规则，仍以那次为准{split}"
