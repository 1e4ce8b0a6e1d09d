"""The regulation's letters and forms (附表2, 附表3, 附表4): whom they are for, and what the exports can fill in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from checks.findings import masking
from checks.results import CheckResult
from checks.run import Options, check
from facts.derive import derive
from facts.model.factbase import FactBase
from facts.model.schema import columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from facts.model.values import chinese_date
from rules.errors import RuleError
from rules.pack import Pack

REASONS = ("未到校注册", "未经批准未到校参加规定的教学活动", "在规定的学习年限内未完成学业", "其他")
"""As 附表4 prints them."""
_BY_RULE = {"REG-07": REASONS[0], "WDR-04": REASONS[1], "STY-01": REASONS[2]}
_TWICE_ENROLLED = "IDN-02"
_BY_CHANGE = {"未到校注册": REASONS[0], "未参加教学活动": REASONS[1], "超过学习年限": REASONS[2]}


@dataclass(frozen=True)
class Notice:
    """One 退学通知书."""

    student_no: str
    name: str
    college: str
    reasons: tuple[str, ...]
    """Those of REASONS that apply; whatever else a change says is 其他, and what it says stays in the data."""
    from_on: date | None
    to_on: date | None
    change_no: str | None = None
    issued_on: date | None = None
    rules: tuple[str, ...] = ()
    """That found a candidate."""


@dataclass(frozen=True)
class NewRecord:
    """One 学籍注册申请表: who was admitted again, and the record held so far."""

    student_no: str
    now: Mapping[str, str]
    """By field of welcome, as shown."""
    former: Mapping[str, str]
    """By field of record, as shown."""


@dataclass(frozen=True)
class LateArrival:
    """One 暂缓报到申请表."""

    number: str
    """学号, or 考生号 of somebody who has none yet."""
    newcomer: bool | None
    term: str
    student: Mapping[str, str]
    """By field of student or welcome, as shown."""
    applied_on: date | None
    until: date


def pack_of_forms(packs: Sequence[Pack]) -> Pack:
    """The first with rules that the forms rest on; they are of one regulation, whatever else is judged by beside it."""
    rests_on = {*_BY_RULE, _TWICE_ENROLLED}
    return next((pack for pack in packs if rests_on & {rule.id for rule in pack.rules}), packs[0])


def issued_notices(
    snapshot: Snapshot, pack: Pack, students: Collection[str] = (), *, personal: bool
) -> tuple[Notice, ...]:
    """For every 自动退学 that is issued and not yet delivered, by date and number; `students`: only of these."""
    base = _base(snapshot, pack, {"change", "absence"})
    changes = base.frames["change"]
    due = (changes["kind"] == "自动退学") & changes["issued_on"].notna() & changes["notified_on"].isna()
    rows = _only(changes[due], "student_no", students).sort_values(["issued_on", "change_no"])
    people = _people(base, "student", "student_no", rows["student_no"])
    made = []
    for row in _records(rows):
        who = people.get(row["student_no"], {})
        run = _last_run(base.frames["absence"], row["student_no"], row["issued_on"])
        made.append(
            Notice(
                row["student_no"],
                _shown("student", "name", who.get("name"), personal),
                _shown("student", "college", who.get("college"), personal),
                (_BY_CHANGE.get(row["reason"], REASONS[-1]),),
                *run,
                row["change_no"],
                row["issued_on"],
            )
        )
    return tuple(made)


def candidates(
    snapshot: Snapshot, pack: Pack, secret: bytes, students: Collection[str] = (), *, personal: bool
) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    """Drafts for those that the rules of 附表4 find, by number; and what could not be judged, a sentence each."""
    result = check(snapshot, pack, secret, Options(select=_present(pack, _BY_RULE), jobs=1, personal=True))
    found: dict[str, list[str]] = {}
    for finding in result.findings:
        number = finding.key["student_no"]
        if not students or number in students:
            found.setdefault(number, []).append(finding.rule)
    base = _base(snapshot, pack, {"absence"})
    people = _people(base, "student", "student_no", found)
    absence = base.frames["absence"]
    return tuple(
        Notice(
            number, _shown("student", "name", people[number]["name"], personal), str(people[number]["college"]),
            tuple(reason for rule, reason in _BY_RULE.items() if rule in rules),
            *(_last_run(absence[absence["current"]], number, snapshot.as_of) if "WDR-04" in rules else (None, None)),
            rules=tuple(sorted(set(rules))),
        )
        for number, rules in sorted(found.items())
    ), _gaps(result)  # fmt: skip


def new_records(
    snapshot: Snapshot, pack: Pack, secret: bytes, students: Collection[str] = (), *, personal: bool
) -> tuple[tuple[NewRecord, ...], tuple[str, ...]]:
    """For everybody whom IDN-02 finds; and what could not be judged."""
    result = check(snapshot, pack, secret, Options(select=_present(pack, [_TWICE_ENROLLED]), jobs=1, personal=True))
    numbers = [finding.key["id_number"] for finding in result.findings]
    base = _base(snapshot, pack, {"welcome", "record"})
    records, welcome = base.frames["record"], base.frames["welcome"]
    arrived = _people(base, "welcome", "id_number", numbers, welcome[welcome["arrival"] == "已报到"])
    former = _people(base, "record", "id_number", numbers, records[records["active"].fillna(False)])
    made = []
    for number in numbers:
        now, then = arrived.get(number, {}), former.get(number, {})
        if not students or {then.get("student_no"), now.get("exam_no")} & set(students):
            made.append(
                NewRecord(str(then.get("student_no") or ""), _all("welcome", now, personal),
                          _all("record", then, personal))
            )  # fmt: skip
    return tuple(made), _gaps(result)


def late_arrivals(
    snapshot: Snapshot, pack: Pack, students: Collection[str] = (), *, personal: bool
) -> tuple[LateArrival, ...]:
    """For every deferral that nobody has approved, by term and number."""
    base = _base(snapshot, pack, {"deferral"})
    frame = base.frames["deferral"]
    rows = _only(frame[frame["approved_on"].isna()], "person_no", students).sort_values(["term", "person_no"])
    enrolled = _people(base, "student", "student_no", rows["student_no"])
    admitted = _people(base, "welcome", "exam_no", rows["exam_no"])
    made = []
    for row in _records(rows):
        kind, who = ("student", enrolled.get(row["student_no"])) if row["student_no"] else (
            "welcome", admitted.get(row["exam_no"]))  # fmt: skip
        newcomer = True if row["student_no"] is None else row["newcomer"]
        made.append(
            LateArrival(row["person_no"], newcomer, row["term"], _all(kind, who or {}, personal), row["applied_on"],
                        row["until"])
        )  # fmt: skip
    return tuple(made)


def _base(snapshot: Snapshot, pack: Pack, kinds: Collection[str]) -> FactBase:
    return derive(snapshot, pack.file.procedures, pack.parameters, kinds)


def _present(pack: Pack, wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of the rules that the pack has. Raises RuleError where it has none: no selection would mean every rule."""
    known = {rule.id for rule in pack.rules}
    if not (present := tuple(rule for rule in wanted if rule in known)):
        raise RuleError(f"规则包 {pack.file.id} 里没有这张表依据的规则（{'、'.join(wanted)}），请加 --pack xjtei-2020")
    return present


def _gaps(result: CheckResult) -> tuple[str, ...]:
    return tuple(f"{rule.id}（{rule.title}）没有结论：{rule.reason}" for rule in result.rules if not rule.concluded)


def _only(frame: pd.DataFrame, field: str, wanted: Collection[str]) -> pd.DataFrame:
    return frame[frame[field].isin(list(wanted))] if wanted else frame


def _people(
    base: FactBase, kind: str, field: str, wanted: Iterable[Any], frame: pd.DataFrame | None = None
) -> dict[str, dict[str, Any]]:
    """The last row of each number."""
    rows = base.frames[kind] if frame is None else frame
    rows = rows[rows[field].isin([each for each in wanted if isinstance(each, str)])]
    return {row[field]: row for row in _records(rows)}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings, what is missing as None, days as dates."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name): each.date() if isinstance(each, pd.Timestamp) else each for name, each in row.items()}
        for row in plain.to_dict("records")
    ]


def _last_run(absence: pd.DataFrame, number: str, until: date) -> tuple[date | None, date | None]:
    """The student's last run of absent days that began by that day."""
    runs = absence[(absence["student_no"] == number) & (absence["from_on"] <= pd.Timestamp(until))]
    if not len(runs):
        return None, None
    last = runs.sort_values("from_on").iloc[-1]
    return last["from_on"].date(), last["to_on"].date()


def _all(kind: str, row: Mapping[str, Any], personal: bool) -> dict[str, str]:
    return {name: _shown(kind, name, row.get(name), personal) for name in columns(TABLES[kind])}


def _shown(kind: str, name: str, value: Any, personal: bool) -> str:
    """As a form shows it; empty where it is missing, so that the person fills it in."""
    column = columns(TABLES[kind])[name]
    if value is None or column.secret:
        return ""
    text = chinese_date(value) if isinstance(value, date) else str(value)
    return masking.mask(column, text) if column.personal and not personal else text


def unknown_numbers(snapshot: Snapshot, students: Sequence[str]) -> tuple[str, ...]:
    """Those of the numbers that no export knows, as 学号 or 考生号."""
    known: set[str] = set()
    for table in snapshot.tables.values():
        for field in ("student_no", "exam_no"):
            if field in table.frame:
                known |= set(table.frame[field].cat.categories)
    return tuple(number for number in students if number not in known)
