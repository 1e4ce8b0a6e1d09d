"""The store of runs: each month's report is kept there, and finds there what earlier ones found."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from checks.history import answers as kept_answers
from checks.history import rows
from checks.history.answers import run_name
from checks.history.compare import Past, first_seen, gone, states, unsure
from checks.history.database import address, connect, is_there, shown, transaction
from checks.history.errors import HistoryError
from checks.history.notes import notes
from checks.history.remember import digest, figures, run_of
from checks.history.schema import STEPS, Step, migrate
from checks.history.trend import trend
from checks.history.values import Comparison, Run
from checks.results import Answer, CheckResult, Note
from facts.model.interruption import committing


@dataclass(frozen=True)
class Store:
    engine: Engine
    name: str

    def runs(self) -> tuple[Run, ...]:
        """Every run without its findings, by institution, pack and month."""
        with transaction(self.engine, writes=False) as connection:
            return rows.runs(connection)

    def run(self, wanted: str, institution: str = "") -> Run:
        """One run, whole: by its number, or by its month (`2026-11`), of the institution where several have that month.

        HistoryError where there is none, or more than one.
        """
        with transaction(self.engine, writes=False) as connection:
            every = rows.runs(connection)
            found = [run for run in every if wanted in (run.month, str(run.id))]
            if len(found) > 1:
                found = [run for run in found if run.institution == institution] or found
            if len(found) != 1:
                known = "、".join(f"{run.id}（{run.month} {run.institution}）" for run in (found or every))
                sentence = f"有{len(found)}条 {wanted} 的记录，请用编号指明" if found else f"没有 {wanted} 的记录"
                raise HistoryError(f"历史库 {self.name} 里{sentence}" + (f"：{known}" if known else ""))
            return rows.whole(connection, found[0])

    def past_of(self, run: Run) -> Past:
        """What was known before a run that is kept."""
        with transaction(self.engine, writes=False) as connection:
            return _past(connection, run)

    def verify(self, key_check: str) -> None:
        """HistoryError where fingerprints were made with another key."""
        with transaction(self.engine, writes=False) as connection:
            self._verify(connection, key_check)

    def _verify(self, connection: Connection, key_check: str) -> None:
        kept = rows.key_check(connection)
        if kept is not None and kept != key_check:
            raise HistoryError(
                f"指纹密钥与历史库 {self.name} 不符（密钥丢失，或换了机器），以前的问题会全被当作新问题：请把原来的"
                " fingerprint.key 放回 XUEJIAN_HOME；找不回的，运行 xuejian history reset-key，从此以新密钥重新记起"
            )

    def handed_out(self, name: str) -> tuple[Run, bool] | None:
        """The run that a sheet names, without its findings, and whether it is the latest of its institution and pack;
        none where no such run is kept."""
        with transaction(self.engine, writes=False) as connection:
            every = rows.runs(connection)
            for run in every:
                if run_name(run.month, rows.digest(connection, run)) == name:
                    latest = max(each.month for each in every if _series(each) == _series(run))
                    return run, run.month == latest
        return None

    def keep_answers(self, run: Run, answers: Mapping[str, Answer]) -> None:
        """Keeps what was answered on the sheets of a run, by fingerprint, in the place of earlier answers."""
        with committing(), transaction(self.engine, writes=True) as connection:
            kept_answers.keep_answers(connection, run, answers)

    def knows_key(self, key_check: str) -> bool:
        """Fingerprints are made with this key here, or with none yet."""
        with transaction(self.engine, writes=False) as connection:
            return rows.key_check(connection) in (None, key_check)

    def forget(self, run: Run) -> None:
        """As if the run had never been kept, with what was answered on its sheets."""
        with committing(), transaction(self.engine, writes=True) as connection:
            rows.forget(connection, run)
            kept_answers.forget(connection, run)

    def reset_key(self, key_check: str) -> None:
        """From now on, with this key. What was kept stays, but no longer counts as found before."""
        with committing(), transaction(self.engine, writes=True) as connection:
            rows.keep_key(connection, key_check)

    @contextmanager
    def remembering(self, result: CheckResult, month: str, institution: str, tool_version: str) -> Iterator[Comparison]:
        """Compares a result with the latest earlier month of the same institution and pack, and keeps it as its
        month's, in the place of an earlier result for it, when the block ends; not where the block fails, nor where
        rules were left out that the earlier result has: a look at some rules is not the month's record. All in one
        turn: two that do it at once lose nothing."""
        with transaction(self.engine, writes=True) as connection:
            self._verify(connection, result.key_check)
            rows.keep_key(connection, result.key_check)
            run = run_of(result, month, institution)
            past = _past(connection, run)
            found = states(run, past)
            known_since = first_seen(run, past)
            left = gone(run, past)
            answered = kept_answers.answers_before(connection, run)
            compared = past.previous is not None
            stated = [replace(f, state=found[f.fingerprint]) for f in result.findings]
            counted = figures(replace(result, findings=tuple(stated)), left, compared)
            every = rows.runs(connection)
            known = {name for pack in result.packs for clause in pack.clauses for name in clause.rules}
            there = next((each for each in every if _place(each) == _place(run)), None)
            mark = digest(run)
            same = there is not None and rows.digest(connection, there) == mark
            kept = there is None or not (there.rules.keys() - run.rules.keys()) & known
            turn = max((each.turn for each in every), default=0) + 1
            run = replace(
                run,
                findings={name: replace(each, state=found[name]) for name, each in run.findings.items()},
                figures=counted,
                revision=there.revision + (not same) if there else 1,
                turn=turn,
                since=there.since if there and same else turn,
                ran_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                tool_version=tool_version,
            )
            if kept and there:
                rows.forget(connection, there)
            if kept:
                rows.keep(connection, run, mark)
            remarks = (*_of_store(run, every, kept), *notes(run, past, left, known))
            yield Comparison(
                past.previous, found, known_since, left, remarks, unsure(run, past, found) if compared else 0, counted,
                trend(run, every), run_name(month, mark), answered, past.findings, kept,
            )  # fmt: skip


def open_store(
    place: str | None, home: Path, steps: Sequence[Step] = STEPS, password_file: Path | None = None
) -> Store:
    """The store at a URL or path, by default in `home`; made, or brought to today's version, where it has to be."""
    url = address(place, home, password_file)
    engine = connect(url)
    with transaction(engine, writes=True) as connection:
        migrate(connection, steps)
    return Store(engine, shown(url))


def existing_store(place: str | None, home: Path, password_file: Path | None = None) -> Store | None:
    """As `open_store`, but nothing is made where there is no store yet."""
    there = is_there(address(place, home, password_file))
    return open_store(place, home, password_file=password_file) if there else None


def compared(result: CheckResult, comparison: Comparison) -> CheckResult:
    """The result with the state of each finding, since when it is known, and what must be said of the comparison."""
    findings = tuple(
        replace(
            f,
            state=comparison.states[f.fingerprint],
            first_seen=_since(comparison.first_seen, f.fingerprint),
            answer=comparison.answers.get(f.fingerprint),
        )
        for f in result.findings
    )
    return replace(result, findings=findings, notes=(*result.notes, *comparison.notes))


def _since(first: Mapping[str, date], fingerprint: str) -> date | None:
    return first.get(fingerprint)


def _past(connection: Connection, run: Run) -> Past:
    earlier = tuple(
        each
        for each in rows.runs(connection)
        if _series(each) == _series(run) and each.key_check == run.key_check and each.month < run.month
    )
    if not earlier:
        return Past()
    previous = rows.whole(connection, earlier[-1])
    return Past((*earlier[:-1], replace(previous, findings={})), previous.findings, rows.sightings(connection, earlier))


def _series(run: Run) -> tuple[str, str]:
    return run.institution, run.pack


def _place(run: Run) -> tuple[str, str, str]:
    return run.institution, run.pack, run.month


def _of_store(run: Run, every: Sequence[Run], kept: bool) -> list[Note]:
    """What the other runs in the store mean for this one."""
    mine = [each for each in every if _series(each) == _series(run)]
    remarks = []
    if not kept:
        remarks.append(
            Note(
                "partial",
                f"只核查了所选的规则，{run.month}已有核查了更多规则的记录，仍以那次为准：这次的结果没有记入历史，"
                "发出的分表也不能收回",
            )
        )
    elif run.revision > 1:
        remarks.append(Note("replaced", f"这是{run.month}的第{run.revision}次不同的核查结果，替代了此前的"))
    same_key = [each.month for each in mine if each.key_check == run.key_check and each.month < run.month]
    other_key = [each.month for each in mine if each.key_check != run.key_check and each.month < run.month]
    if other_key and (not same_key or max(other_key) > max(same_key)):
        remarks.append(
            Note(
                "key",
                f"指纹密钥在{max(other_key)}之后换过，此前的问题无法对应：是否新问题、已解决多少，都不能与那时比较",
            )
        )
    elif not same_key:
        remarks.append(Note("first", "没有更早月份的核查记录，不作比较：所列问题不等于本月新发生"))
        others = sorted({each.institution or "（未写校名）" for each in every if each.institution != run.institution})
        if others:
            remarks.append(Note("institution", f"历史库里另有其他校名的记录，未与之比较：{'、'.join(others)}"))
    later = "、".join(each.month for each in mine if each.month > run.month and each.turn < run.since)
    if kept and later:
        then = "还没有本月的记录" if run.revision == 1 else "本月的记录还不是现在的结果"
        late = "本月是补作的：" if run.revision == 1 else ""
        remarks.append(Note("order", f"{late}{later}的报告作出时{then}，要与本月衔接须重新生成"))
    return remarks
