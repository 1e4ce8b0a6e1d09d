"""Can the month be reported upward (上报)? And how far is that answer to be trusted?"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from checks.overview.shortfalls import shortfalls
from checks.results import CheckResult, Finding, RuleResult
from facts.model.values import chinese_date
from reports.month.entry import Labelled
from reports.month.model import Blocker, Reserve, Verdict
from reports.wording.dates import chinese_month


def verdict(result: CheckResult, month: date | None = None) -> Verdict:
    """Not ready where an error is open or a rule failed, nor where there is too little data to judge by."""
    checked = sum(1 for rule in result.rules if rule.concluded)
    blockers = tuple(_blockers(result.rules, result.open_findings))
    short = tuple(each.text for each in shortfalls(result))
    ready = not short and not blockers
    return Verdict(ready, short, checked, len(result.rules), blockers, tuple(_reserves(result, month)))


def reporting(verdict: Verdict) -> str:
    """The question that every meeting has to answer first: is the month reported or held back?"""
    if verdict.ready:
        reserved = f"（有保留：{'；'.join(reserve.text for reserve in verdict.reserves)}）" if verdict.reserves else ""
        return f"本月数据可以上报{reserved}，是否同意？"
    broken = [each.findings for each in verdict.blockers if not each.reason]
    failed = len(verdict.blockers) - len(broken)
    waits = ["补齐数据"] if verdict.shortfalls else []
    waits += [f"{len(broken)}类违规（{sum(broken):,}项）整改"] if broken else []
    waits += [f"{failed}条核查失败的规则查明原因"] if failed else []
    short = f"数据不足（{'；'.join(verdict.shortfalls)}），不能判断能否上报，" if verdict.shortfalls else ""
    return f"本月{short or '数据'}暂缓上报，待{'、'.join(waits)}、复核后再报，是否同意？"


def _blockers(rules: Iterable[RuleResult], open_findings: Iterable[Finding]) -> Iterable[Blocker]:
    errors = Counter(finding.rule for finding in open_findings if finding.severity == "error")
    for rule in rules:
        if rule.status == "failed":
            yield Blocker(rule.id, rule.title, 0, rule.reason or "核查中出错")
        elif errors[rule.id]:
            yield Blocker(rule.id, rule.title, errors[rule.id])


def _reserves(result: CheckResult, month: date | None) -> Iterable[Reserve]:
    not_checked = [rule for rule in result.rules if rule.status == "not checked"]
    if not_checked:
        yield Reserve(f"{len(not_checked)}条规则未核查，不等于没有问题", _named(not_checked))
    partial = [rule for rule in result.rules if rule.status == "partial"]
    if partial:
        yield Reserve(f"{len(partial)}条规则有数据读不出的情况未能判定，不等于没有问题", _named(partial))
    partly = [rule for rule in result.rules if rule.status in ("violated", "clean") and rule.reason]
    if partly:
        yield Reserve(f"{len(partly)}条规则只核查了一部分", _named(partly))
    known = {rule.id for rule in result.rules}
    left_out = sorted({name for pack in result.packs for clause in pack.clauses for name in clause.rules} - known)
    if left_out:
        yield Reserve(f"{len(left_out)}条规则本次未选用", tuple(Labelled(name, "") for name in left_out))
    if result.tables_absent:
        yield Reserve(
            f"缺少{len(result.tables_absent)}张数据表", tuple(Labelled("", name) for name in result.tables_absent)
        )
    empty = [table for table in result.tables.values() if not table.read]
    if empty:
        yield Reserve(
            f"{len(empty)}张数据表没有一行数据，按没有记录核查", tuple(Labelled(table.heading, "") for table in empty)
        )
    aside = [table for table in result.tables.values() if table.set_aside]
    if aside:
        items = tuple(Labelled(table.heading, f"{table.set_aside}行") for table in aside)
        total = sum(table.set_aside for table in aside)
        yield Reserve(f"{total}行数据无法读取，已搁置，与之相关的情况不下结论", items)
    put_aside = [(table.heading, each) for table in result.tables.values() for each in table.left_out]
    if put_aside:
        items = tuple(Labelled(name, f"“{each.column}”为“{each.text}”{each.rows}行") for name, each in put_aside)
        yield Reserve(f"{sum(each.rows for _, each in put_aside)}行按配置不是要核查的事实，未采用", items)
    provisional = Counter(found.rule for found in result.open_findings if found.due_on and found.due_provisional)
    if provisional:
        items = tuple(Labelled(rule, f"{number}项") for rule, number in provisional.items())
        yield Reserve(f"{provisional.total()}项期限为暂定：所在年份的工作日安排尚未公布", items)
    if month and (result.as_of.year, result.as_of.month) != (month.year, month.month):
        yield Reserve(f"数据截至{chinese_date(result.as_of)}，不在{chinese_month(month)}之内")


def _named(rules: Iterable[RuleResult]) -> tuple[Labelled, ...]:
    return tuple(Labelled(rule.id, f"{rule.title}：{rule.reason or '未说明原因'}") for rule in rules)
