"""Is there enough data to judge by? Where not, a check says so before anything else: what was not seen is not clean."""

from collections.abc import Iterator

from checks.results import CheckResult, Note
from facts.model.tables import TABLES

_NEEDED = ("student", "term")
_REGISTRATIONS = ("fee", "registration", "record")
"""The tables of the three registrations (四-2)."""


def shortfalls(result: CheckResult) -> tuple[Note, ...]:
    """Why the result can't answer whether all is well; empty where it can."""
    return (*_tables(result), *_rules(result))


def too_little(result: CheckResult) -> str | None:
    """The sentence that says so, and what `check` does about it; None where there is enough."""
    short = shortfalls(result)
    said = "；".join(each.text for each in short)
    return f"数据不足，不能判断：{said}。check 加 --strict 时因此以退出码3结束" if short else None


def _tables(result: CheckResult) -> Iterator[Note]:
    for table in _NEEDED:
        if not _has_rows(result, table):
            yield Note(f"no_{table}", f"没有可用的{TABLES[table].about.heading}数据")
    if not any(_has_rows(result, table) for table in _REGISTRATIONS):
        names = "、".join(TABLES[table].about.heading for table in _REGISTRATIONS)
        yield Note("no_registrations", f"{names}的数据一项也没有")


def _has_rows(result: CheckResult, table: str) -> bool:
    return table in result.tables and result.tables[table].accepted > 0


def _rules(result: CheckResult) -> Iterator[Note]:
    wanted = [rule for rule in result.rules if not rule.excused]
    checked = sum(rule.concluded for rule in wanted)
    if not checked:
        yield Note("no_rules", "没有一条规则得到核查")
    elif checked * 100 < result.least_checked * len(wanted):
        share = checked * 100 // len(wanted)
        yield Note(
            "few_rules", f"应核查的{len(wanted)}条规则只核查了{checked}条（{share}%），不到{result.least_checked}%"
        )
