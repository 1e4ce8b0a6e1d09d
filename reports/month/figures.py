"""The four figures of the month, with those of the report before and a twelve-month line each."""

from collections.abc import Callable, Sequence

from checks.history.values import Comparison, Figures
from reports.month.entry import Entry
from reports.month.model import Figure
from reports.month.tally import counts, people


def figures(open_entries: Sequence[Entry], waived: int, comparison: Comparison | None) -> tuple[Figure, ...]:
    """Open findings, errors among them, new ones, and the people concerned."""
    by_severity = counts(open_entries)
    folded = sum(1 for entry in open_entries if entry.cause)
    notes = [f"其中{folded}项由其他问题引起"] if folded else []
    notes += [f"另有{waived}项已豁免，不计入"] if waived else []
    past = _Past(comparison)
    return (
        past.figure("待处理问题", by_severity.total, "，".join(notes), lambda month: month.open),
        past.figure(
            "违规",
            by_severity.error,
            f"另有警示{by_severity.warning}项，提示{by_severity.notice}项",
            lambda month: month.error,
        ),
        past.figure("本月新问题", *_new(open_entries, comparison), lambda month: month.new),
        past.figure(
            "涉及学生", people(open_entries), "按学号或考生号计，同一人只计一次", lambda month: month.people, "人"
        ),
    )


def _new(open_entries: Sequence[Entry], comparison: Comparison | None) -> tuple[int | None, str]:
    if comparison is None or comparison.previous is None:
        return None, "没有更早的记录，无从比较"
    states = [entry.state for entry in open_entries]
    solved = len(comparison.solved)
    note = f"另有再现（解决后又出现）{states.count('back')}项；上次的问题已解决{solved}项"
    if comparison.unsure:
        note += f"；新问题中{comparison.unsure}项的规则上次没有结论或有改动，不等于本月新发生"
    return states.count("new"), note


class _Past:
    """What the history adds to a figure."""

    def __init__(self, comparison: Comparison | None) -> None:
        self._before = comparison.previous.figures if comparison and comparison.previous else None
        self._trend = comparison.trend if comparison else ()

    def figure(
        self, label: str, value: int | None, note: str, of: Callable[[Figures], int | None], unit: str = "项"
    ) -> Figure:
        line = tuple((point.month, of(point.figures) if point.figures else None) for point in self._trend)
        return Figure(label, value, note, of(self._before) if self._before else None, line, unit)
