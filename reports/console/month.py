"""What `report` says when the month's folder is written."""

from collections.abc import Iterator

from reports.console.printing import Remark
from reports.formats.text import render_summary
from reports.papers.month_folder import SPLIT, Written

_SHOWN = 5


def month_lines(written: Written) -> Iterator[str]:
    """What was found, where the report stands, and what else has to be known."""
    folder, split = written.folder, written.papers.split
    yield from render_summary(written.result).split("\n")
    yield f"报告：{folder / 'report.html'}" + (f"；分表：{folder / SPLIT}" if split else "")
    if old := written.left:
        more = f" 等{len(old)}个" if len(old) > _SHOWN else ""
        yield Remark(f"{folder} 里还有以前写的文件，不属于这次报告：{'、'.join(old[:_SHOWN])}{more}")
    if written.unprinted:
        yield Remark(written.unprinted)
    if not written.kept:
        partial = f"只核查了所选的规则，没有记入历史：{written.month}已有的记录核查了更多规则，仍以那次为准"
        yield Remark(partial + ("；这次发出的分表不能收回" if split else ""))
