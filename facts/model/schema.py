"""What a table is: a pydantic model a row, from which columns, headings, types, code lists and owners are read.

A field is declared once, with `column(...)`; everything else (bulk validation, templates, the rule language's type
checks) is derived from these models.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum, auto
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from facts.model import values

PERSON_KEYS = ("student_no", "id_number", "exam_no", "person_no", "candidate_no", "former_no", "change_no")
"""Fields by which rows are known to concern one person."""
JOIN_KEYS = ("identity", *PERSON_KEYS)
"""Fields by which facts of one person may be joined; a rule may join different people on nothing else. `identity` is
the id_number of a person: where a table has it, people are told apart by it, and id_number stands as exported."""

_SPACES: Mapping[str, tuple[str, ...]] = {
    "identity": ("id_number",),
    "person_no": ("student_no", "exam_no"),
    "candidate_no": ("exam_no",),
    "former_no": ("student_no",),
}


class ColumnType(StrEnum):
    IDENTIFIER = "identifier"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    INT = "int"
    MONEY = "money"
    BOOL = "bool"


class Loose(Enum):
    """What exports write in other ways (`facts.reading.loose`)."""

    YEAR = auto()
    """A year of entry: 2024级, 24级."""
    YEARS = auto()
    """How many years one studies: 四年, 4年制."""
    MONTH = auto()
    """A day of which only the month is known, and counts as its first day: 202409, 2024年9月."""


class Form(StrEnum):
    """Texts that name one thing in many ways, and are read into one."""

    TERM = "term"
    ACADEMIC_YEAR = "academic_year"


def spaces(key: str) -> tuple[str, ...]:
    """The name spaces that the numbers in a person's key come from: a 学号或考生号 (person_no) may be either."""
    return _SPACES.get(key, (key,))


def _from_text(parse: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: parse(values.refuse_error(value)) if isinstance(value, str) else value)


Identifier = Annotated[str, ColumnType.IDENTIFIER, _from_text(values.parse_identifier)]
Text = Annotated[str, ColumnType.TEXT, _from_text(values.parse_text)]
TermName = Annotated[str, ColumnType.TEXT, Form.TERM, _from_text(values.parse_term)]
AcademicYear = Annotated[str, ColumnType.TEXT, Form.ACADEMIC_YEAR, _from_text(values.parse_academic_year)]
Day = Annotated[date, ColumnType.DATE, _from_text(values.parse_date)]
Whole = Annotated[int, ColumnType.INT, _from_text(values.parse_int)]
Coded = _from_text(values.parse_code_text)
"""Goes beside a Literal, the closed list, in Annotated."""
Money = Annotated[Decimal, ColumnType.MONEY, _from_text(values.parse_money)]
"""Yuan in the model; whole fen in a frame and in a condition."""


@dataclass(frozen=True)
class Column:
    """One field of a fact, as its model declares it."""

    name: str
    heading: str
    type: ColumnType
    codes: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    plan: bool = False
    """A date that is a plan or a plain fact: it stays when it lies after as_of (the others read as missing then)."""
    own_date: bool = False
    """The date on which the row itself happened: a row whose own date lies after as_of is out of sight."""
    lenient: bool = False
    """An export without this column stops no rule: the default, or missing, is a plain reading."""
    needs: tuple[str, ...] | None = None
    """For a computed column: `column` of the same table or `table.column` of another, without which it is not known."""
    parameters: tuple[str, ...] = ()
    """Of a computed column: the pack parameters that it is computed with."""
    uses: tuple[str, ...] = ()
    """Of a computed column: `column` or `table.column` that it looks at where the export has it. One that the export
    lacks reads as missing, stops no rule, and is named with a rule that reads this column."""
    looks_at: str | None = None
    """Of a computed column: the pack parameter that lists the columns of its table which it looks at. Those that the
    export lacks are left out, and a rule that reads this column names them."""
    personal: bool = False
    """Name or identity number: masked in every output unless asked for."""
    provisional: str | None = None
    """Of a deadline in working days: the field that says whether it reaches into a year with no known calendar yet."""
    within: tuple[int, int] | None = None
    """Of a whole number: the least and the greatest that it can be."""
    form: Form | None = None
    """Of a text: what it names, where that is read into one form."""
    loose: Loose | None = None
    """Other ways in which exports write it, where each of them can mean one thing only."""
    secret: bool = False
    """Never leaves the data: outputs say only that something is there."""
    shared: bool = False
    """A number by which several tables know one person or class: in a file where it lost its leading zeros, every row
    would be somebody else's."""

    @property
    def computed(self) -> bool:
        return self.needs is not None


def column(heading: str, *, default: Any = ..., **meta: Any) -> Any:
    """A field of a table. `heading` is its Chinese heading; `meta` as in `Column`."""
    least, most = meta.get("within", (None, None))
    return Field(default=default, title=heading, ge=least, le=most, json_schema_extra={"column": meta})


optional = partial(column, default=None)
"""A field that may be empty."""


def computed(heading: str, *, needs: tuple[str, ...], **meta: Any) -> Any:
    """A field that derivation adds; it is never read from an export."""
    return column(heading, default=None, needs=needs, **meta)


@dataclass(frozen=True)
class Source:
    """A table that a computed fact is made from."""

    table: str
    columns: tuple[str, ...]
    """Columns of the table without which the fact is not known."""
    keys: Mapping[str, str]
    """Field of the fact → column of the table that holds the same value: how a set-aside row concerns a fact."""
    trace: tuple[Mapping[str, str], ...] = ()
    """Column of the table → field of the fact: which rows prove it (any of the mappings; none: by `keys`)."""
    where: tuple[str, str] | None = None
    """(column, value): only such rows prove it."""
    part: tuple[str, str] | None = None
    """(field, value): facts that say so come from this source alone. Where it can't be read the other parts are judged
    all the same, and the rule's reason names it."""
    any_of: tuple[str, ...] = ()
    """Of a part: columns of which it needs at least one; those that are not there are named."""
    parameter: str | None = None
    """Of a part: the pack parameter without which it is not known."""
    earlier: bool = False
    """The table is that of the earlier snapshot (`Snapshot.previous`)."""

    @property
    def kind(self) -> str:
        """What its rows are called beside all others: the table, or the earlier one."""
        return earlier_kind(self.table) if self.earlier else self.table


def earlier_kind(table: str) -> str:
    """The name of a table's rows in the earlier snapshot."""
    return f"earlier {table}"


@dataclass(frozen=True)
class Named:
    """Each row speaks of one period, which a field names. The table covers a period of which it has enough rows:
    cover_least percent of those of its fullest period."""

    field: str
    """`term` or `academic_year`."""


@dataclass(frozen=True)
class Shown:
    """The table covers a term in which a row is 出勤: a list of exceptions alone (缺勤, 迟到 …) covers none."""

    day: str
    """The field that says in which term a row lies."""
    field: str
    """The computed field that is true of such a row."""


@dataclass(frozen=True)
class From:
    """The table covers all days from the earliest of its own on."""

    day: str
    """The field whose earliest date it is."""
    of: str
    """`kind.field`: the day of another fact that must be covered before a row of this table can be missed."""
    later_than: str | None = None
    """The parameter that says by how many days `of` must be later than the earliest day; None: it may be the same."""


@dataclass(frozen=True)
class About:
    """What a kind of fact is called, who answers for it, and how its rows are to be read."""

    kind: str
    """English name: in rules, file names and JSON."""
    heading: str
    """Chinese name: in file names and reports."""
    owner: str = ""
    """The office that answers for the table."""
    platform: str = ""
    """The system it is exported from."""
    sources: tuple[Source, ...] = ()
    """Of a computed fact: the tables it is made from."""
    key: tuple[str, ...] = ()
    """Fields of which one row says all: equal rows are one row. Empty where each row counts, equal ones too (two
    payments, two lessons)."""
    doubles_stay: bool = False
    """Equal rows of a key within one file are a fault that rules find (IDN-05, IDN-06): only those of two files are
    one."""
    one_of: tuple[str, ...] = ()
    """Fields of which a row must have at least one."""
    covers: Named | Shown | From | None = None
    """Of which time the table speaks; None: of all time."""
    uncovered: str = ""
    """What reports say of a term that it does not speak of, where that is not for want of rows alone."""
    optional: bool = False
    """Many schools have no such export: a rule that can't be checked for lack of it is no fault of the exports."""
    calendar: bool = False
    """Deadlines are counted with it: a finding that rests on its rows is no fault of theirs."""


class Fact(BaseModel):
    """A row of an export, or a fact computed from several."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: ClassVar[About]


def _column(name: str, field: Any) -> Column:
    annotation, metadata = field.annotation, list(field.metadata)
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(a for a in get_args(annotation) if a is not NoneType)
    if get_origin(annotation) is Annotated:  # Annotated inside `| None`
        metadata += get_args(annotation)[1:]
        annotation = get_args(annotation)[0]
    meta = (field.json_schema_extra or {}).get("column", {})
    codes: tuple[str, ...] = ()
    if get_origin(annotation) is Literal:
        kind, codes = ColumnType.CODE, get_args(annotation)
    elif annotation is bool:
        kind = ColumnType.BOOL
    else:
        kind = next(m for m in metadata if isinstance(m, ColumnType))
    default = None if field.is_required() else field.default
    form = next((m for m in metadata if isinstance(m, Form)), None)
    return Column(name, field.title, kind, codes, field.is_required(), default, form=form, **meta)


@cache
def columns(model: type[Fact]) -> Mapping[str, Column]:
    """The fields of a fact, by English name, in the order of the contract."""
    return {name: _column(name, field) for name, field in model.model_fields.items()}
