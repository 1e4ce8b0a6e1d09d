"""Why a rule could not be judged, or only in part: plain values, each with its Chinese sentence (`str`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from facts.model.computed import KINDS
from facts.model.schema import columns
from facts.model.tables import TABLES


@dataclass(frozen=True)
class OutOfEffect:
    """The rule does not hold on the day of the data."""

    def __str__(self) -> str:
        return "不在规则的有效期内"


@dataclass(frozen=True)
class UnsetParameters:
    """Parameters that the school has to set before the rule can be judged."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"参数未设置：{'、'.join(self.names)}"


@dataclass(frozen=True)
class NoEarlierSnapshot:
    """The rule compares with an earlier snapshot, and there is none."""

    def __str__(self) -> str:
        return "没有给出更早的快照（--previous）"


@dataclass(frozen=True)
class MissingTable:
    """A table that the snapshot, or the earlier one, does not have."""

    table: str
    earlier: bool = False

    def __str__(self) -> str:
        return f"缺少表 {_table(self.table, self.earlier)}"


@dataclass(frozen=True)
class MissingColumns:
    """Columns that a table of the snapshot, or of the earlier one, does not have."""

    table: str
    columns: tuple[str, ...]
    earlier: bool = False

    def __str__(self) -> str:
        return f"缺少列 {_table(self.table, self.earlier)}.{_headings(self.table, self.columns)}"


@dataclass(frozen=True)
class NothingCovered:
    """A kind of fact that can't be found, because its table covers no time that the rule looks at."""

    kind: str

    def __str__(self) -> str:
        return f"{KINDS[self.kind].about.heading}所依据的数据没有覆盖要核查的学期"


@dataclass(frozen=True)
class NotCovered:
    """Time of which a kind of fact does not speak: nothing is known to be absent there."""

    kind: str
    periods: tuple[str, ...] = ()
    """Terms or academic years."""
    from_on: date | None = None
    """Where the kind speaks of days: the first of them; None, without periods, where it speaks of none."""

    def __str__(self) -> str:
        heading = KINDS[self.kind].about.heading
        if self.periods and (why := KINDS[self.kind].about.uncovered):
            return f"{'、'.join(self.periods)} {why}，未核查"
        if self.periods:
            return f"{heading}数据未覆盖{'、'.join(self.periods)}，其中有没有{heading}不得而知，未核查"
        if self.from_on is None:
            return f"{heading}数据未覆盖任何时间，未核查"
        day = f"{self.from_on.year}年{self.from_on.month}月{self.from_on.day}日"
        return f"{heading}数据自{day}起才完整，此前的未核查"


Missing = MissingTable | MissingColumns | NoEarlierSnapshot | UnsetParameters
"""What is not there and would have to be."""
Obstacle = OutOfEffect | Missing | NothingCovered | NotCovered
"""What keeps a rule from being judged at all."""


@dataclass(frozen=True)
class ColumnsLeftOut:
    """Columns that a computed field looks at where they are there; these are not."""

    kind: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{KINDS[self.kind].about.heading}没有这些列，未查：{_headings(self.kind, self.columns)}"


@dataclass(frozen=True)
class ColumnsTakenAsBlank:
    """Columns that the export does not have, and that are read as empty in every row."""

    table: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{TABLES[self.table].about.heading}没有这些列，按未填判断：{_headings(self.table, self.columns)}"


@dataclass(frozen=True)
class TakenAsNone:
    """A kind that is not given, and of which the rule then takes for granted that there is none."""

    kind: str

    def __str__(self) -> str:
        heading = KINDS[self.kind].about.heading
        return f"没有提供{heading}，按没有{heading}判断"


@dataclass(frozen=True)
class PartNotCompared:
    """One of the parts of a computed fact that could not be looked at; the others were."""

    missing: "Missing | NothingCovered"

    def __str__(self) -> str:
        return f"{self.missing}，未核对"


Gap = ColumnsLeftOut | ColumnsTakenAsBlank | TakenAsNone | PartNotCompared
"""A table or column that a rule goes without: it is judged on a part only."""


@dataclass(frozen=True)
class Unjudged:
    """Candidates about which a row could not be read."""

    candidates: int

    def __str__(self) -> str:
        return f"{self.candidates} 个候选因有读不出的行未能判定"


@dataclass(frozen=True)
class Withheld:
    """Facts that were not computed, because a row that they rest on could not be read."""

    kind: str
    facts: int

    def __str__(self) -> str:
        return f"{KINDS[self.kind].about.heading}有 {self.facts} 个因有读不出的行未计算"


@dataclass(frozen=True)
class RowsSetAside:
    """Rows of a table that could not be read, and took no part."""

    table: str
    rows: int

    def __str__(self) -> str:
        return f"{TABLES[self.table].about.heading}有 {self.rows} 行读不出，未参与判定"


Limit = Gap | Unjudged | Withheld | RowsSetAside | NotCovered
"""What a judged rule could not take into account."""


def sentence(reasons: Iterable[Obstacle | Limit]) -> str | None:
    """All reasons as one line; None where there is none."""
    return "；".join(map(str, reasons)) or None


def _table(table: str, earlier: bool) -> str:
    return f"更早快照的{TABLES[table].about.heading}" if earlier else TABLES[table].about.heading


def _headings(kind: str, names: Iterable[str]) -> str:
    known = columns(KINDS[kind])
    return "、".join(known[name].heading for name in names)
