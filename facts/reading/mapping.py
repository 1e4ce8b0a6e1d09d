"""What a person says of the exports in xuejian.toml: `[sources.<table>]`, checked; where files and headings don't tell.

    [sources.student]
    files = ["xs*.xls"]            # names in the folder, or patterns; a file in an archive is 导出.zip/xs.xls
    sheet = "Sheet1"               # of a workbook; or a list of them
    heading_row = 3                # the last one, as a spreadsheet counts; heading_rows = 2 where there are two
    encoding = "gb18030"
    delimiter = ";"
    date_form = "%d/%m/%Y"
    columns = { student_no = "学生学号", ethnicity = "" }   # "": the export has no such column
    # columns = { term = ["学年", "学期"] }     several columns together are one field; amounts are summed
    rows = { "是否注册" = ["是"] }  # only these rows are facts, the others are put aside
    fill_down = ["学院"]           # its cells are merged downwards
    latest = "文件名中的日期"      # of dated copies of one list only the newest
    unused = ["应交学费"]          # columns that are left out on purpose
    codes = { status = { "1" = "在读", "2" = "休学" } }
    constants = { platform = "学信网" }
    title = { academic_year = '(\\d{4}-\\d{4})学年' }       # above the headings, or in the file's name
    derive = { entered_on = { from = "grade", month_day = "09-01" } }   # only what a person knows
    file_column = { college = "sheet" }                    # the sheet's (or "file": the file's) name is a field

    [sources.fee.unpivot]          # a row gives one fact an item
    item    = ["学费", "住宿费"]
    payable = ["应交学费", "应交住宿费"]
    # or, where the heading says it: held_on = '第\\d+次签到\\s*(\\d{4}-\\d{2}-\\d{2})', result = "*"

    [sources.attendance]           # of a database (`source = "postgresql://…"`): a query, or the name of a table
    query = "SELECT xh AS 学号, … FROM kq WHERE rq <= :as_of ORDER BY id"

Tables and fields may be called by their Chinese or their English names. A table that several systems export has
several blocks, `[[sources.record]]`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import filter as matching
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError

from facts.model.refusal import CONFIG, DataError, fault_of, meant
from facts.model.schema import ColumnType, Fact, Form
from facts.model.tables import TABLES
from facts.model.vocabulary import normal, readable
from facts.reading.parse import parser
from facts.sources.encoding import NAMES
from facts.sources.odd_rows import DELIMITERS


def _encoding(value: str) -> str:
    if value.lower() not in NAMES:
        raise ValueError(f"没有“{value}”这种编码，可用的有：utf-8、gb18030、gbk、utf-16")
    return NAMES[value.lower()]


def _delimiter(value: str) -> str:
    if value not in DELIMITERS:
        raise ValueError("分隔符只能是 , 或 ; 或 \\t")
    return value


def _date_form(value: str) -> str:
    day = date(2026, 11, 25)
    try:
        fits = datetime.strptime(day.strftime(value), value).date() == day  # noqa: DTZ007 (a day has no zone)
    except (ValueError, re.error):  # a directive that there isn't, or one twice
        fits = False
    if not fits:
        raise ValueError('日期格式要写明年、月、日，如 "%d/%m/%Y"')
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


def _as_text(value: object) -> object:
    """A whole number or a day, as it would stand in a cell."""
    return str(value) if isinstance(value, int | date) and not isinstance(value, bool) else value


Constant = Annotated[str, BeforeValidator(_as_text)]


def _month_day(value: str) -> str:
    try:
        date.fromisoformat(f"2023-{value}")  # no leap year: the day must be there every year
    except ValueError:
        raise ValueError('month_day 要写成月和日，如 "09-01"') from None
    return value


class Derived(BaseModel):
    """A day that no column has, taken to be the same day of the year that another field says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str = Field(alias="from")
    """The field that says the year."""
    month_day: Annotated[str, AfterValidator(_month_day)]
    """09-01."""


class SourceMapping(BaseModel):
    """One block: where rows of a table are, and how they are read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    demanded: ClassVar[bool] = True
    """Where a file, a sheet or a heading that it names isn't there, nothing is read."""
    files: Texts = ()
    query: str | None = None
    """A SELECT, where the source is a database; :as_of in it is the day of the snapshot."""
    table: str | None = None
    """The database's own name of the table, where it is not one of the contract's; or `schema.table`."""
    sheet: Texts = ()
    heading_row: int | None = Field(default=None, ge=1, le=1000)
    heading_rows: int = Field(default=1, ge=1, le=3)
    columns: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Field → heading, or several of them that are the field together; an empty one: the export has no such column."""
    rows: Mapping[str, Texts] = Field(default_factory=dict)
    """Heading → what stands there in the rows that are facts."""
    unpivot: Mapping[str, str | tuple[str, ...]] = Field(default_factory=dict)
    """Field → its headings, or its values, one for each of the facts that a row gives; or a pattern of headings."""
    fill_down: Texts = ()
    """Headings of columns whose cells are merged downwards."""
    latest: Literal["文件名中的日期"] | None = None
    """Of several files, dated copies of one list, only the newest by the date in its name is read."""
    unused: Texts = ()
    """Headings of columns that a person has left out on purpose."""
    codes: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    """Field → what stands in its cells → what it means."""
    constants: Mapping[str, Constant] = Field(default_factory=dict)
    """Field → what holds for every row."""
    derive: Mapping[str, Derived] = Field(default_factory=dict)
    """Field → the year and the day that it is made of, which only a person can know."""
    title: Mapping[str, str] = Field(default_factory=dict)
    """Field → a pattern; what it finds above the headings, or in the file's name, holds for every row."""
    file_column: Mapping[str, Literal["sheet", "file"]] = Field(default_factory=dict)
    """Field → the name of the sheet, or of the file, is its value in every row."""
    date_form: Annotated[str, AfterValidator(_date_form)] | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None

    _file: str = PrivateAttr(default=CONFIG)

    @property
    def file(self) -> str:
        """What messages call the file in which it stands, or in which a person may write it."""
        return self._file

    @property
    def in_database(self) -> bool:
        return bool(self.query or self.table)

    @property
    def placed(self) -> bool:
        """It says where the rows are."""
        return bool(self.files or self.in_database)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that a column is known by."""
        listed = [
            [text] if isinstance(text, str) else text for text in (*self.columns.values(), *self.unpivot.values())
        ]
        return tuple(text for texts in (*listed, [*self.rows], self.fill_down, self.unused) for text in texts if text)

    @property
    def shapes(self) -> bool:
        """It says of the sheet's shape, not only what its columns are called."""
        return bool(self.rows or self.unpivot or self.fill_down or self.derive) or any(
            not isinstance(text, str) for text in self.columns.values()
        )

    def of_file(self, file: str) -> Self:
        """The same, as it stands in a file of this name."""
        block = self.model_copy()
        block._file = file
        return block


class Preference(SourceMapping):
    """The same of an earlier export: a file, a sheet or a heading that isn't there was called otherwise then, and is
    looked for as if nobody had named it."""

    demanded: ClassVar[bool] = False


UNSAID = SourceMapping()
"""Nobody has said anything of a table."""


@dataclass(frozen=True)
class Sources(Mapping[str, tuple[SourceMapping, ...]]):
    """Table → its blocks; and what messages call the file in which they stand."""

    blocks: Mapping[str, tuple[SourceMapping, ...]] = field(default_factory=dict)
    file: str = CONFIG

    def __getitem__(self, kind: str) -> tuple[SourceMapping, ...]:
        return self.blocks[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    @property
    def unsaid(self) -> SourceMapping:
        """What stands for a block where nobody has said anything."""
        return UNSAID.of_file(self.file)

    def in_database(self) -> str | None:
        """The first table of which something is said to be in a database."""
        return next((kind for kind, blocks in self.items() if any(block.in_database for block in blocks)), None)

    def of(self, kinds: Collection[str] | None) -> "Sources":
        """Of these tables only; of all where none are named."""
        return self if kinds is None else replace(self, blocks={k: blocks for k, blocks in self.items() if k in kinds})


def preferred(sources: Sources, names: Collection[str]) -> Sources:
    """What is said of this month's exports, for an earlier snapshot that has files of these names.

    A block whose files aren't there stays where no other's are, for the file that is named after the table. What holds
    for every row (`constants`) is left out: it need not have held then.
    """
    result: dict[str, tuple[SourceMapping, ...]] = {}
    for kind, blocks in sources.items():
        there: list[SourceMapping] = []
        for block in blocks:
            files = tuple(pattern for pattern in block.files if pattern in names or matching(names, pattern))
            changed = dict(block.__dict__) | {"files": files, "constants": {}}
            if files or not block.files:
                there.append(Preference.model_construct(**changed))
        if not there and len(blocks) == 1:
            there.append(Preference.model_construct(**dict(blocks[0].__dict__) | {"files": (), "constants": {}}))
        result[kind] = tuple(block.of_file(sources.file) for block in there)
    return replace(sources, blocks=result)


def of_files(sources: Sources) -> Sources:
    """Without what a database holds: for a snapshot that is files only."""
    files = {kind: tuple(block for block in blocks if not block.in_database) for kind, blocks in sources.items()}
    return replace(sources, blocks=files)


def read_sources(written: Mapping[str, Any], where: str = CONFIG) -> Sources:
    """The `sources` of the settings, which messages call `where`, checked, with English names.

    Raises DataError, which says what to write.
    """
    tables = {normal(word): kind for kind, model in TABLES.items() for word in (kind, model.about.heading)}
    result: dict[str, tuple[SourceMapping, ...]] = {}
    for name, value in written.items():
        kind = tables.get(normal(name))
        if kind is None:
            raise DataError(f"{where} 的 [sources.{name}]：没有这张表{meant(name, TABLES, tables)}")
        blocks = value if isinstance(value, list) else [value]
        if not all(isinstance(block, Mapping) for block in blocks):
            raise DataError(f"{where} 的 [sources.{name}] 写法不对，应是一段设置（files、columns 等）。")
        result[kind] = result.get(kind, ()) + tuple(_block(TABLES[kind], block, where, name) for block in blocks)
    return Sources(result, where)


def _block(model: type[Fact], written: Mapping[str, Any], where: str, name: str) -> SourceMapping:
    at = f"{where} 的 [sources.{name}]"
    try:
        block = SourceMapping.model_validate(written)
    except ValidationError as error:
        fault = fault_of(error, SourceMapping)
        if fault.kind == "unknown":
            raise DataError(f"{at} 里的 {fault.name} 不认得{meant(fault.name, fault.known)}") from None
        clause = fault.reason or f"写法不对（{fault.name} 应是{_KINDS.get(fault.name, _QUOTED)}）"
        raise DataError(f"{at} 里的 {fault.name}：{clause}。") from None
    fields = {normal(word): field for field, column in readable(model).items() for word in (field, column.heading)}
    renamed: dict[str, Any] = {}
    for part in ("columns", "codes", "constants", "unpivot", "title", "file_column", "derive"):
        by_field = [(_field(field, fields, model, f"{at} 的 {part}"), v) for field, v in getattr(block, part).items()]
        renamed[part] = dict(by_field)
        if twice := next((field for field, many in Counter(field for field, _ in by_field).items() if many > 1), None):
            raise DataError(f"{at} 的 {part} 里“{readable(model)[twice].heading}”（{twice}）写了两次，请只留一处。")
    single = {field: text for field, text in renamed["columns"].items() if isinstance(text, str)}
    headings = Counter(normal(heading) for heading in single.values() if heading)
    if twice := next((text for text in single.values() if headings[normal(text)] > 1), None):
        both = "、".join(field for field, text in single.items() if normal(text) == normal(twice))
        raise DataError(f"{at} 的 columns 里，{both} 写的都是“{twice}”，一列只能是一个字段，请改正。")
    for column, listed in renamed["codes"].items():
        _check_codes(model, column, listed.values(), at)
    for column, value in renamed["constants"].items():
        _check_codes(model, column, [value], at)
    _check_one_source(renamed, at)
    for day, derived in renamed["derive"].items():
        of = _field(derived.of, fields, model, f"{at} 的 derive")
        if readable(model)[day].type is not ColumnType.DATE or readable(model)[of].type is not ColumnType.INT:
            raise DataError(f"{at} 的 derive 里 {day} 应是日期，{derived.of} 应是年份，请改正。")
        renamed["derive"][day] = Derived.model_validate({"from": of, "month_day": derived.month_day})
    _check_unpivot(renamed, at)
    if sum(map(bool, (block.files, block.query, block.table))) > 1:
        raise DataError(f"{at} 里 files、query、table 只能写一个；几处都有这张表的，请分成几段 [[sources.{name}]]。")
    if block.heading_row is not None and block.heading_rows > block.heading_row:
        raise DataError(f"{at} 里 heading_row 是最后一行标题的行号，不能小于 heading_rows。")
    return block.model_copy(update=renamed).of_file(where)


def _check_one_source(parts: Mapping[str, Any], at: str) -> None:
    places: dict[str, str] = {}
    for part in ("columns", "constants", "unpivot", "title", "file_column", "derive"):
        for name in (name for name, value in parts[part].items() if value):
            if name in places:
                raise DataError(f"{at} 里 {name} 既写在 {places[name]} 又写在 {part} 里，请只留一处。")
            places[name] = part


def _check_unpivot(parts: Mapping[str, Any], at: str) -> None:
    """Lists are of one length, and patterns can be read."""
    unpivot: Mapping[str, str | tuple[str, ...]] = parts["unpivot"]
    listed = {name: each for name, each in unpivot.items() if not isinstance(each, str)}
    if len({len(each) for each in listed.values()}) > 1:
        counts = "、".join(f"{name} {len(each)} 个" for name, each in listed.items())
        raise DataError(f'{at} 的 unpivot 里各列表要一样长（{counts}），没有的写 ""。')
    if listed and len(listed) < len(unpivot):
        raise DataError(f"{at} 的 unpivot 里不能既写列表又写标题的写法，请分成两段。")
    patterns = {name: each for name, each in unpivot.items() if isinstance(each, str) and each != "*"}
    if len(patterns) != 1 and len(listed) < len(unpivot):
        raise DataError(f'{at} 的 unpivot 里要有一个字段写标题的写法，其余的写 "*"。')
    for part, name, pattern in (
        *(("unpivot", *each) for each in patterns.items()),
        *(("title", *each) for each in parts["title"].items()),
    ):
        try:
            groups = re.compile(pattern).groups
        except re.error:
            raise DataError(f"{at} 的 {part} 里 {name} 的“{pattern}”不是可用的正则表达式，请改正。") from None
        if groups > 1:
            raise DataError(f"{at} 的 {part} 里 {name} 的“{pattern}”只能有一对括号，请改正。")


_QUOTED = "引号里的文字"
_KINDS = {
    "files": "文件名，或文件名的列表", "sheet": "工作表名，或工作表名的列表", "heading_row": "1 到 1000 的整数",
    "heading_rows": "1 到 3 的整数", "columns": "{ 字段 = \"标题\" }", "codes": "{ 字段 = { \"代码\" = \"含义\" } }",
    "constants": "{ 字段 = \"值\" }", "rows": "{ \"标题\" = [\"值\"] }", "unpivot": "{ 字段 = [\"标题\"] }",
    "fill_down": "标题的列表", "unused": "标题的列表", "latest": "\"文件名中的日期\"",
    "derive": "{ 字段 = { from = \"年份字段\", month_day = \"09-01\" } }",
    "title": "{ 字段 = '正则表达式' }", "file_column": "{ 字段 = \"sheet\" } 或 { 字段 = \"file\" }",
}  # fmt: skip


def _field(name: str, fields: Mapping[str, str], model: type[Fact], at: str) -> str:
    found = fields.get(normal(name))
    if found is None:
        raise DataError(
            f"{at} 里的 {name}：“{model.about.heading}”表没有这个字段{meant(name, readable(model), fields)}"
        )
    return found


def _check_codes(model: type[Fact], field: str, means: Sequence[str] | Any, at: str) -> None:
    column = readable(model)[field]
    if column.form:
        for value in means:
            try:
                parser(column)(value)
            except ValueError:
                form = "2026-2027-1" if column.form is Form.TERM else "2026-2027"
                raise DataError(f"{at} 里 {field} 的“{value}”应写成 {form} 的形式。") from None
    if column.type is not ColumnType.CODE:
        return
    for value in means:
        if value and value not in column.codes:
            raise DataError(f"{at} 里 {field} 的“{value}”不在代码表中（{'、'.join(column.codes)}）。")
