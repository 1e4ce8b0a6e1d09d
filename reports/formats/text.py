"""What `check` prints: how it stands, then the first findings of each rule; and what `report` prints: one screen."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from checks.overview.shortfalls import too_little
from checks.results import OFFICES, SEVERITIES, UNSETTLED, CheckResult, Finding, RuleResult, gravest
from facts.model.values import chinese_date
from reports.month.verdict import verdict
from reports.wording.dates import with_chinese_dates
from reports.wording.places import place
from reports.wording.safe_text import plain_texts
from reports.wording.text_table import table
from reports.wording.words import RULE_STATUS, SEVERITY, STATE

SHOWN_A_RULE = 5
RULES_SHOWN = 8


def render_text(result: CheckResult) -> str:
    """Plain text without colours; columns line up where a Chinese character is two wide. Ends with a line break."""
    result = plain_texts(result, personal=result.personal_shown)
    return _joined(
        standing(result),
        _broken(result),
        _unsettled(result),
        _data(result),
        _notes(result),
        _findings(result),
        _short(result),
    )


def render_summary(result: CheckResult) -> str:
    """One screen, in the form of `render_text`: the verdict, each office's share, the rules broken most, reserves."""
    result = plain_texts(result, personal=result.personal_shown)
    return _joined(
        standing(result), _offices(result), _most_broken(result), _reserves(result), _notes(result), _short(result)
    )


def _joined(*sections: Iterable[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines) + "\n"


def standing(result: CheckResult) -> Iterator[str]:
    """What was checked, whether it can be reported, and how many rules came to a conclusion: three lines."""
    open_findings = result.open_findings
    outcome = verdict(result)
    numbers = "，".join(
        f"{SEVERITY[severity].word}{sum(1 for finding in open_findings if finding.severity == severity)}项"
        for severity in SEVERITIES
    )
    waived = len(result.findings) - len(open_findings)
    pack = "、".join(f"{pack.id} {pack.version}" for pack in result.packs)
    yield f"数据截至{chinese_date(result.as_of)}　规则包 {pack}　数据 {result.snapshot_path}"
    reserve = "（有保留，见下）" if outcome.ready and outcome.reserves else ""
    yield f"{outcome.answer}{reserve}：{numbers}{_states(result)}" + (f"，另有{waived}项已豁免" if waived else "")
    without = outcome.rules - outcome.checked
    yield f"规则共{outcome.rules}条，已核查{outcome.checked}条" + (f"，其余{without}条没有结论" if without else "")


def _short(result: CheckResult) -> list[str]:
    """The last line, where there is too little data for an answer."""
    said = too_little(result)
    return [said] if said else []


def _states(result: CheckResult) -> str:
    """How many are new, where some are known from before."""
    numbers = Counter(finding.state for finding in result.findings)
    known = [state for state in ("new", "open", "back") if numbers[state]]
    if known in ([], ["new"]):
        return ""
    return f"，其中{'、'.join(f'{STATE[state].word}{numbers[state]}项' for state in known)}"


def _notes(result: CheckResult) -> list[str]:
    """What must be known before comparing with last time, and waivers that don't hold."""
    return [f"说明：{with_chinese_dates(note.text)}" for note in result.notes]


def _offices(result: CheckResult) -> list[str]:
    """Every office with its open findings by severity."""
    counts = Counter((f.owner, f.severity) for f in result.open_findings)
    if not counts:
        return []
    owners = [*OFFICES, *sorted({owner for owner, _ in counts} - set(OFFICES))]
    rows = [("责任单位", *(SEVERITY[severity].word for severity in SEVERITIES))]
    rows += [(owner, *(str(counts[owner, severity]) for severity in SEVERITIES)) for owner in owners]
    return list(table(rows, right=frozenset({1, 2, 3})))


def _most_broken(result: CheckResult) -> list[str]:
    """The rules broken most, gravest first."""
    numbers, graves = _counted(result)
    broken = sorted(
        (rule for rule in result.rules if numbers[rule.id]),
        key=lambda rule: (SEVERITIES.index(graves[rule.id]), -numbers[rule.id], rule.id),
    )
    if not broken:
        return _broken(result)
    lines = list(table([(r.id, f"{numbers[r.id]}项", r.title) for r in broken[:RULES_SHOWN]], right=frozenset({1})))
    left = broken[RULES_SHOWN:]
    return lines + ([f"……另有{len(left)}条规则共{sum(numbers[r.id] for r in left)}项"] if left else [])


def _reserves(result: CheckResult) -> list[str]:
    """How far the verdict is to be trusted, a line each."""
    return [f"注意：{reserve.text}" for reserve in verdict(result).reserves]


def _broken(result: CheckResult) -> list[str]:
    numbers, graves = _counted(result)
    broken = [rule for rule in result.rules if numbers[rule.id]]
    if not broken:
        return ["已核查的规则未发现问题。"] if any(rule.status == "clean" for rule in result.rules) else []
    rows = [("规则", "级别", "项数", "责任单位", "名称")]
    rows += [(r.id, SEVERITY[graves[r.id]].word, str(numbers[r.id]), r.owner, r.title) for r in broken]
    return list(table(rows, right=frozenset({2})))


def _counted(result: CheckResult) -> tuple[Counter[str], dict[str, str]]:
    """Rule → how many open findings it has, and the gravest of their severities."""
    numbers = Counter(finding.rule for finding in result.open_findings)
    of_rule: dict[str, list[str]] = {}
    for finding in result.open_findings:
        of_rule.setdefault(finding.rule, []).append(finding.severity)
    return numbers, {rule: gravest(severities) for rule, severities in of_rule.items()}


def _unsettled(result: CheckResult) -> list[str]:
    """Rules without a conclusion, and those with one that covers a part only."""
    lines: list[str] = []
    for status in UNSETTLED:
        lines += _reasons(RULE_STATUS[status].word, RULE_STATUS[status].meaning, result.rules, (status,))
    partly = [rule for rule in result.rules if rule.reason]
    return lines + _reasons("部分核查", "结论只及于一部分", partly, ("violated", "clean"))


def _reasons(word: str, meaning: str, rules: Iterable[RuleResult], statuses: tuple[str, ...]) -> list[str]:
    rows = [
        ("  " + rule.id, f"{rule.title}：{rule.reason or '未说明原因'}") for rule in rules if rule.status in statuses
    ]
    return [f"{word}（{meaning}）", *table(rows)] if rows else []


def _data(result: CheckResult) -> list[str]:
    aside = [each for each in result.tables.values() if each.set_aside]
    every = result.tables.values()
    read, accepted, lost = (sum(getattr(t, name) for t in every) for name in ("read", "accepted", "set_aside"))
    lines = [f"读入{len(every)}张表共{read}行，采用{accepted}行，搁置{lost}行"] if every else []
    if aside:
        rows = [("  " + t.heading, f"读入{t.read}行", f"采用{t.accepted}行", f"搁置{t.set_aside}行") for t in aside]
        lines += ["搁置的行（无法读取，与之相关的情况不下结论）", *table(rows, right=frozenset({1, 2, 3}))]
    if empty := [each.heading for each in result.tables.values() if not each.read]:
        lines.append(f"没有一行数据的表（按没有记录核查，请确认不是漏导）：{'、'.join(empty)}")
    again = [each for each in result.tables.values() if each.duplicates]
    if again:
        counted = "、".join(f"{t.heading}{t.duplicates}行" for t in again)
        lines.append(f"重复的行（已计入采用，只判一次）：{counted}")
    if result.previous:
        lines.append(f"对照的上次快照：{result.previous.path}（截至 {result.previous.as_of.isoformat()}）")
    if result.tables_absent:
        lines.append(f"缺少的数据表：{'、'.join(result.tables_absent)}")
    if result.ignored:
        lines.append(f"未识别的文件：{'、'.join(result.ignored)}")
    return lines


def _findings(result: CheckResult) -> list[str]:
    lines: list[str] = []
    hidden = 0
    for rule, group in groupby(result.open_findings, lambda finding: finding.rule):
        found = list(group)
        lines += [
            f"{rule}  {with_chinese_dates(finding.message)}{_places(finding)}" for finding in found[:SHOWN_A_RULE]
        ]
        left = len(found) - SHOWN_A_RULE
        if left > 0:
            lines.append(f"{rule}  ……本条另有{left}项")
            hidden += left
    if hidden:
        lines.append(f"……共有{hidden}项未列出，全部内容请用 --format json 查看")
    return lines


def _places(finding: Finding) -> str:
    places = [place(evidence.file, evidence.sheet, evidence.rows) for evidence in finding.evidence if evidence.file]
    return f"  {'；'.join(places)}" if places else ""
