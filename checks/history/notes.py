"""What must be said beside a comparison, so that nothing is taken for progress, or for a relapse, that is none."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from checks.history.compare import Past, difference, differences
from checks.history.values import Gone, Run
from checks.results import Note, RuleOutcome

_RULES = {
    # code → sentence about rules; {rules}: which, each with what it found last time or this time
    "retired": "规则已停用，上次的问题既不算未结，也不算已解决：{rules}",
    "absent": "本次没有的规则（已停用或未选用），上次的问题既不算未结，也不算已解决：{rules}",
    "not selected now": "本次未选用的规则，上次的问题既不算未结，也不算已解决：{rules}",
    "not checked now": "本次未核查的规则，上次的问题既不算未结，也不算已解决：{rules}",
    "failed now": "本次核查失败的规则，上次的问题既不算未结，也不算已解决：{rules}",
    "added": "上次没有的规则，所列问题是首次核查所见，不等于本月新发生：{rules}",
    "not selected before": "上次未选用的规则，所列的新问题不等于本月新发生，消失的也不算已解决：{rules}",
    "not checked before": "上次未核查的规则，所列的新问题不等于本月新发生，消失的也不算已解决：{rules}",
    "failed before": "上次核查失败的规则，所列的新问题不等于本月新发生，消失的也不算已解决：{rules}",
    "changed": "判定条件有改动的规则，问题增减不等于好转或恶化：{rules}",
    "coverage": "核查范围与上次不同的规则（缺少的表或列不同），问题增减不等于好转或恶化：{rules}",
    "parameter": "参数有改动的规则，问题增减不等于好转或恶化：{rules}",
}


def notes(run: Run, past: Past, left: Collection[Gone], known: Collection[str] | None = None) -> Iterator[Note]:
    """Notes on a run and the one that it is compared with. `known`: the rules that the pack has, also
    unselected, where that is known."""
    before = past.previous
    if before is None:
        return
    if run.month and before.month and _next(before.month) != run.month:
        yield Note("gap", f"上月没有核查记录，与{before.month}的记录比较")
    if run.snapshot_sha256 == before.snapshot_sha256:
        changed = run.findings.keys() != past.findings.keys()
        cause = "，变化只来自截至日期、规则或豁免" if changed else ""
        yield Note("same data", f"数据与上次完全相同（校验值一致）：其间没有新的数据{cause}")
    elif run.as_of <= before.as_of:
        yield Note("as of", f"数据截至{run.as_of}，不晚于上次的{before.as_of}：问题增减不反映时间先后")
    if seen_twice := [each.month for each in past.runs[:-1] if each.snapshot_sha256 == run.snapshot_sha256]:
        yield Note("same data", f"数据与{'、'.join(seen_twice)}的完全相同（校验值一致），可能误用了旧的导出")
    versions = dict(before.packs)
    for name, version in run.packs:
        if name not in versions:
            yield Note("pack", f"上次没有用规则包 {name}，本次用了")
        elif versions[name] != version:
            yield Note("pack version", f"规则包 {name} 由 {versions[name]} 版改为 {version} 版")
    for name in sorted(versions.keys() - dict(run.packs).keys()):
        yield Note("pack", f"上次用了规则包 {name}，本次没有用")
    yield from _of_rules(run, past, known)
    yield from _of_gone(left, run, before)


def _of_rules(run: Run, past: Past, known: Collection[str] | None) -> Iterator[Note]:
    before = past.runs[-1]
    ever = {name for each in past.runs for name in each.rules}
    of_note: dict[str, list[str]] = {}
    for why, rule in differences(run, before):
        code = why
        if why == "gone":
            code = "absent" if known is None else "not selected now" if rule.id in known else "retired"
        elif why == "added" and rule.id in ever:
            code = "not selected before"
        of_note.setdefault(code, []).append(_named(rule, before.rules.get(rule.id), run.rules.get(rule.id)))
    for code, sentence in _RULES.items():
        if code in of_note:
            yield Note(code, sentence.format(rules="；".join(of_note[code])))


def _named(rule: RuleOutcome, before: RuleOutcome | None, now: RuleOutcome | None) -> str:
    counted = [f"上次{before.findings}项"] if before and before.concluded else []
    counted += [f"本次{now.findings}项"] if now and now.concluded else []
    changed = _changed(before.parameters, now.parameters) if before and now else ""
    return f"{rule.id}{f'，{changed}' if changed else ''}（{'，'.join(counted)}）"


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    names = sorted(name for name in before.keys() & now.keys() if before[name] != now[name])
    return "，".join(f"{name} 由 {before[name]} 改为 {now[name]}" for name in names)


def _of_gone(left: Collection[Gone], run: Run, before: Run) -> Iterator[Note]:
    counts = Counter(each.outcome for each in left if not _said_of_rule(each, run, before))
    if counts["worse"]:
        yield Note("worse", f"{counts['worse']}项已转为更重的问题（如提示到期而成违规），不算已解决")
    if counts["unknown"]:
        yield Note("unknown", f"上次的{counts['unknown']}项因有行读不出而情况不明，不算已解决，也不算未结")


def _said_of_rule(each: Gone, run: Run, before: Run) -> bool:
    """The note on its rule counts it already."""
    rule = each.finding.rule
    return difference(before.rules.get(rule), run.rules.get(rule)) is not None


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
