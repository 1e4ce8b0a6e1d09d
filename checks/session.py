"""What a command works with: the rules, exports, waivers, key and store that its options and the school's files name.

What is heavy is imported where it is needed: whoever lists the kept runs waits for no table to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from facts.model.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import URL

    from checks.findings.waivers import Waiver
    from checks.followup.feedback import Feedback
    from checks.history.compare import Past
    from checks.history.store import Store
    from checks.history.values import Run
    from checks.overview.inspection import Inspected
    from checks.results import CheckResult
    from checks.run import Options
    from checks.settings import Settings
    from facts.model.snapshot import Snapshot
    from facts.reading.notes import SnapshotNotes
    from rules.pack import Pack

_STAGES: Mapping[str, str] = {
    "derive": "计算派生事实", "narrow": "筛选嫌疑", "engine": "规则引擎核对", "gather": "汇集结果",
}  # fmt: skip


class Progress(Protocol):
    """Is told in Chinese what is going on, and how many more people have been judged."""

    def __call__(self, what: str, people: int = 0, /) -> None: ...


@dataclass(frozen=True)
class Exports:
    """Where the exports of a snapshot are, as the options say."""

    snapshot: Path | None
    """A folder or an archive; without one, everything is in the database."""
    source: str | None = None
    """The address of the database, where the settings' own is not meant."""
    as_of: date | None = None
    """The day that the exports show; None: the day in snapshot.toml."""
    previous: Path | None = None
    """The earlier snapshot; None: the one that snapshot.toml names, if any."""


@dataclass(frozen=True)
class RuleFolders:
    """Where the rules are, as the options say."""

    packs: tuple[str, ...] = ()
    """Packs, each by its id or its folder; none: the default pack."""
    own: tuple[Path, ...] = ()
    """Folders of the school's own rules."""


@dataclass(frozen=True)
class Session:
    """The settings and notes that a command goes by, and what it does with its options by them."""

    settings: Settings
    notes: SnapshotNotes
    """What the snapshot says of itself."""
    home: Path
    """Where the key is kept, and the store of runs where no other place is named."""

    @property
    def college(self) -> str:
        """The institution's name; empty where nobody says it."""
        return self.settings.college or self.notes.college

    def key(self) -> bytes:
        """The key of fingerprints, made where there is none yet. Raises KeyFileError."""
        from checks.findings.fingerprints import load_key

        return load_key(self.home)

    def packs(self, folders: RuleFolders) -> tuple[Pack, ...]:
        """The packs. A parameter is as the settings say for that pack, else as the snapshot says for it, else as the
        settings say for all packs, else as the pack has it. Raises RuleError and DataError."""
        from checks.engine.flat import refuse_endless
        from rules.pack import load_packs

        own_of = dict(self.notes.parameters())
        for name, own in self.settings.own_parameters.items():
            own_of[name] = {**own_of.get(name, {}), **own}
        packs = load_packs(folders.packs, folders.own, self.settings.parameters, own_of)
        refuse_endless(packs)
        return packs

    def load(self, exports: Exports, progress: Progress, *, earlier: bool = True) -> Snapshot:
        """The snapshot, with the earlier one beside it where there is one; without it where `earlier` is False.
        Raises DataError."""
        from facts.reading.load import load_snapshot
        from facts.reading.previous import with_previous

        sources, database = self.settings.exports, self._database(exports)
        snapshot = load_snapshot(
            exports.snapshot, exports.as_of, notes=self.notes, sources=sources, progress=progress, database=database
        )
        if not earlier:
            return snapshot
        return with_previous(
            snapshot, exports.snapshot, exports.previous, notes=self.notes, sources=sources, progress=progress
        )

    def inspect(self, exports: Exports, packs: Sequence[Pack], progress: Progress) -> Inspected:
        """What the exports are, and which rules can't be checked on them. Raises DataError where none can be opened."""
        from checks.overview.inspection import inspected

        sources, database = self.settings.exports, self._database(exports)
        return inspected(
            exports.snapshot, packs, exports.as_of, notes=self.notes, sources=sources, previous=exports.previous,
            progress=progress, database=database,
        )  # fmt: skip

    def check(
        self,
        exports: Exports,
        packs: Sequence[Pack],
        options: Options,
        waivers: Path | None,
        readers: Sequence[bool],
        progress: Progress,
    ) -> tuple[CheckResult, ...]:
        """Loads, judges and waives: a result for each of `readers`, who may see names and identity numbers (True) or
        may not. `waivers`: the file, where the settings' own is not meant. Raises Refusal."""
        from checks.findings.waivers import waived, waived_as
        from checks.run import check_for

        progress("读取导出数据")
        key, accepted = self.key(), self._waivers(waivers, packs)
        snapshot = self.load(exports, progress)
        options = replace(options, least_checked=self.settings.least_checked)
        results = check_for(
            snapshot, packs, key, options, readers, lambda stage, people: progress(_STAGES[stage], people)
        )
        if not accepted:
            return results
        first = waived(results[0], accepted, key)
        return first, *(waived_as(first, other) for other in results[1:])

    def store(self, history: str | None) -> Store:
        """The store of runs, made where there is none yet. `history`: its address, where neither the settings' nor the
        usual one is meant. Raises HistoryError, also where what is kept there was found with another key."""
        from checks.findings.fingerprints import check_value
        from checks.history.store import open_store

        store = open_store(history or self.settings.history, self.home, password_file=self.settings.password_path)
        store.verify(check_value(self.key()))
        return store

    def existing_store(self, history: str | None) -> Store | None:
        """The store of runs, where there is one, whatever its key. Raises HistoryError."""
        from checks.history.store import existing_store

        return existing_store(history or self.settings.history, self.home, self.settings.password_path)

    def take_feedback(self, files: Sequence[Path], history: str | None) -> Feedback:
        """What offices and colleges have answered in these workbooks, which is kept beside the runs that they are of.
        Raises Refusal where there is no store of runs, or it is of another key."""
        from checks.findings.fingerprints import check_value
        from checks.followup.feedback import read_feedback

        store = self.existing_store(history)
        if store is None:
            raise Refusal("还没有历史库，不知道这些表是哪次核查的；请在作出报告的那台机器上运行，或用 --history 指明")
        key = self.key()
        store.verify(check_value(key))
        found = read_feedback(files, key, store.handed_out)
        for run, answers in found.answers.values():
            store.keep_answers(run, answers)
        return found

    def _database(self, exports: Exports) -> URL | None:
        """The database, which must be there where no folder is named."""
        database = self.settings.database(exports.source)
        if exports.snapshot is None and database is None:
            raise Refusal("请给出存放导出文件的文件夹，或用 --source 给出数据库的地址")
        return database

    def _waivers(self, file: Path | None, packs: Sequence[Pack]) -> tuple[Waiver, ...]:
        path = file or self.settings.waivers_file
        if path is None:
            return ()
        from checks.findings.waivers import load_waivers

        return load_waivers(path, {rule.id: [ref.field for ref in rule.per] for pack in packs for rule in pack.rules})


def run_of(named: str, history: str | None, session: Callable[[], Session]) -> tuple[Run, Past]:
    """The check in a findings.json; else the run that is kept under this number or month, with what was known before
    it. `session` is asked only for a kept run. Raises Refusal."""
    from checks.history.compare import Past
    from checks.history.findings_file import read_findings

    if Path(named).is_file() or named.endswith(".json"):
        return read_findings(Path(named)), Past()
    current = session()
    store = current.existing_store(history)
    if store is None:
        raise Refusal(f"还没有历史库，找不到 {named}；要比较文件，请写出 findings.json 的路径")
    run = store.run(named, current.settings.college)
    return run, store.past_of(run)
