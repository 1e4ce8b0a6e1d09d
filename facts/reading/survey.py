"""Which file, and which sheet of a workbook, holds which table: a person says so, or their names do.

One survey of a folder or an archive for loading, which stops at the first trouble, and for `data inspect`, which tells
all of it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache, partial
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from facts.model.refusal import DataError
from facts.model.schema import Fact
from facts.model.snapshot import SourceFile
from facts.model.tables import TABLES
from facts.model.vocabulary import readable, table_of, word
from facts.model.workroom import workroom
from facts.reading.folder import BOOKS, MEMOS, Item, listing
from facts.reading.heading_row import heading_of
from facts.reading.mapping import UNSAID, SourceMapping, Sources, preferred
from facts.sources.cells import Limits, Source
from facts.sources.kind import Kind
from facts.sources.parts import Part, TextForm, parts_of
from facts.sources.unchanged import Watch

GUIDE = "说明"
"""The sheet of our own template that says how the others are filled in (`facts.reading.template`), and its headings."""
GUIDE_HEADINGS = ("工作表", "字段", "类型", "必填", "代码", "填写说明", "英文名")
_DATED = re.compile(r"(20\d\d)[-_.年]?(0[1-9]|1[0-2])(?!\d\D)[-_.月]?(\d\d)?")
_NAMES = "、".join(model.about.heading for model in TABLES.values())


@dataclass(frozen=True, eq=False)
class Place:
    """Where rows of a table are, and how they are opened."""

    file: SourceFile
    items: tuple[Item, ...]
    """The files whose bytes are read."""
    open: Callable[[], Source]
    """Reads the first rows, of a workbook the whole sheet. Raises DataError."""
    mapping: SourceMapping = UNSAID
    """What a person said of it."""
    digest: bytes | None = None
    """Of rows that are in no file: their SHA-256."""


@dataclass(frozen=True)
class Survey:
    items: tuple[Item, ...]
    """The files that may hold tables, by name."""
    others: tuple[str, ...]
    """The files that can hold no table."""
    places: Mapping[str, tuple[Place, ...]]
    """Table → where it is, in the order of the contract; without the files that are in trouble."""
    ignored: tuple[str, ...]
    """Files and sheets that are no table, the others among them."""
    troubles: tuple[DataError, ...]
    """What keeps it from being read as a snapshot, in the order in which it was met: a file that is damaged, one that
    a person named and that is not there, a workbook that does not tell which sheet it is, no table at all."""
    parts: Callable[[Item], tuple[Part, ...]]
    """The sheets of a file. Raises DataError."""
    remarks: tuple[str, ...] = ()
    """What was left out that looks like a table: a sentence each, without its full stop."""


@contextmanager
def reading_room(name: str) -> Iterator[Path]:
    """A folder for files in between, as long as a reading lasts. What the disk refuses inside raises DataError, which
    names the file, else the whole by this name."""
    try:
        with workroom() as room:
            yield room
    except OSError as error:
        what = Path(error.filename or name).name
        raise DataError(f"读不了“{what}”：没有权限，或者磁盘、网络出错，请检查后重试。") from None


def survey(
    path: Path,
    room: Path,
    limits: Limits,
    sources: Sources,
    watch: Watch,
    *,
    with_database: bool = False,
    earlier: bool = False,
) -> Survey:
    """Looks for every file that a person named, or that is named after a table, and into every workbook.

    Archives are unpacked into `room`, where files in between are kept as well. `watch` is told of every file that may
    be read, before it is. `with_database`: a database holds other tables, so that the folder may hold none. `earlier`:
    what a person said is of a later export, and need not be there. Raises DataError only where the folder is not there
    or an archive can't be opened safely.
    """
    listed = listing(path, room, limits, watch)
    if earlier:
        sources = preferred(sources, [item.name for item in listed.items])
    search = _Search(sources, cache(lambda item: parts_of(item.path, item.name, room, limits)), [*listed.ignored])
    search.look_for_files_that_are_mapped(listed.items)
    search.look_for_names(listed.items)
    if not search.found and not with_database:
        search.troubles.append(_no_table(path.name, sources.file, search.ignored))
    search.choose_the_latest()
    for kind in (kind for kind in TABLES if kind in search.found):
        with search.noting():
            by_name = [place.file.path for place in search.found[kind] if not place.mapping.files]
            _refuse_nested(kind, by_name, sources.file)
    ignored = tuple(sorted({*search.ignored}))
    return Survey(
        listed.items,
        listed.ignored,
        search.places(),
        ignored,
        tuple(search.troubles),
        search.parts,
        tuple(search.remarks),
    )


@dataclass(frozen=True)
class _Search:
    """What has been found so far."""

    sources: Sources
    parts: Callable[[Item], tuple[Part, ...]]
    ignored: list[str]
    found: dict[str, list[Place]] = field(default_factory=dict)
    troubles: list[DataError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    failed: set[Item] = field(default_factory=set)
    blocks: dict[str, list[SourceMapping]] = field(default_factory=dict)
    """Table → what is said of it, without the blocks of which no file is there."""

    @contextmanager
    def noting(self, item: Item | None = None) -> Iterator[None]:
        """What is raised inside is a trouble, of this file."""
        try:
            yield
        except DataError as error:
            self.troubles.append(error)
            self.failed.update([item] if item else [])

    def look_for_files_that_are_mapped(self, listed: Sequence[Item]) -> None:
        for kind, block in ((kind, block) for kind, blocks in self.sources.items() for block in blocks):
            items: list[Item] = []
            for pattern in block.files:
                with self.noting():
                    items += [item for item in _named(pattern, block, kind, listed) if item not in items]
            if items or not block.files:
                self.blocks.setdefault(kind, []).append(block)
            for item in items:
                with self.noting(item):
                    for part in _sheets(self.parts(item), TABLES[kind], item, block):
                        if any(place.file == part.file for place in self.found.get(kind, ())):
                            where = f"{block.file} 的 [[sources.{kind}]]"
                            raise DataError(f"{where} 有两段都写了“{_shown(part)}”，请只留一段。")
                        self.found.setdefault(kind, []).append(_place(part, item, block))

    def look_for_names(self, listed: Sequence[Item]) -> None:
        taken = {place.file for places in self.found.values() for place in places}
        settled = {kind for kind, blocks in self.blocks.items() if all(block.placed for block in blocks)}
        copies = _copies(listed)
        for item in listed:
            claimed = table_of(item.stem)
            if item in copies and item.name not in {file.path for file in taken}:
                self.ignored.append(item.name)
                self.remarks.append(f"“{item.name}”与“{copies[item].name}”内容完全相同，只读后一份")
                continue
            if claimed is None and item.suffix not in BOOKS:
                if not any(file.path == item.name for file in taken):
                    self.ignored.append(item.name)
                continue
            try:
                inside = self.parts(item)
            except DataError as error:
                if claimed is None or claimed in settled:  # it need not be one of ours
                    self.ignored.append(item.name)
                else:
                    self.troubles.append(error)
                continue
            with self.noting(item):
                for kind, part in self._by_name(inside, claimed, item):
                    if part.file not in taken and kind not in settled:
                        self.found.setdefault(kind, []).append(_place(part, item, self._unnamed(kind)))
                        taken.add(part.file)
            self.ignored.extend(_shown(part) for part in inside if part.file not in taken and not _is_guide(part))
            hidden = [part.file.sheet for part in inside if part.hidden and part.file not in taken]
            if hidden and any(file.path == item.name for file in taken):
                self.remarks.append(f"工作簿“{item.name}”里隐藏的工作表没有读：{'、'.join(map(str, hidden))}")

    def _by_name(self, parts: Sequence[Part], claimed: str | None, item: Item) -> Iterable[tuple[str, Part]]:
        """The tables that one file holds, by its own name and those of its sheets."""
        shown = [part for part in parts if not part.hidden]
        by_sheet = [(kind, part) for part in shown if part.file.sheet and (kind := table_of(part.file.sheet))]
        if claimed is None or (by_sheet and len(parts) > 1):
            return by_sheet
        return [(claimed, part) for part in _sheets(parts, TABLES[claimed], item, self._unnamed(claimed))]

    def _unnamed(self, kind: str) -> SourceMapping:
        """What a person said of the table without saying in which files it is."""
        return next((block for block in self.blocks.get(kind, ()) if not block.placed), self.sources.unsaid)

    def choose_the_latest(self) -> None:
        """Where a person said so: of the dated copies of one list only the newest."""
        for kind, there in self.found.items():
            dated = [place for place in there if place.mapping.latest]
            if len(dated) < 2:
                continue
            newest = max(dated, key=lambda place: date_in(place.file.path))
            old = [place for place in dated if date_in(place.file.path) < date_in(newest.file.path)]
            self.found[kind] = [place for place in there if place not in old]
            names = "、".join(dict.fromkeys(place.file.path for place in old))
            if old:
                self.ignored.extend(dict.fromkeys(place.file.path for place in old))
                self.remarks.append(f"“{TABLES[kind].about.heading}”只读最新的“{newest.file.path}”，没有读{names}")

    def places(self) -> dict[str, tuple[Place, ...]]:
        """Table → where it is, in the order of the contract, without the files that are in trouble."""
        whole = {k: [place for place in there if place.items[0] not in self.failed] for k, there in self.found.items()}
        return {kind: tuple(whole[kind]) for kind in TABLES if whole.get(kind)}


def _copies(items: Sequence[Item]) -> Mapping[Item, Item]:
    """A file that is named after a table → another one of that table beside it with the very same bytes, which is read:
    the one whose name is shortest (在校生.xlsx, not 在校生(1).xlsx)."""
    named = [(kind, item.path.stat().st_size, item) for item in items if (kind := table_of(item.stem)) is not None]
    sizes = Counter((kind, size) for kind, size, _ in named)
    first: dict[tuple[str, PurePosixPath, bytes], Item] = {}
    result: dict[Item, Item] = {}
    for kind, size, item in sorted(named, key=lambda each: (len(each[2].name), each[2].name)):
        if sizes[kind, size] > 1 and size:
            with item.path.open("rb") as stream:
                same = first.setdefault(
                    (kind, PurePosixPath(item.name).parent, file_digest(stream, "sha256").digest()), item
                )
            if same is not item:
                result[item] = same
    return result


def date_in(name: str) -> str:
    """The last date or month that stands in a file's name, as digits; empty where there is none."""
    found = _DATED.findall(PurePosixPath(name).stem)
    return "".join(found[-1]) if found else ""


def _no_table(name: str, settings: str, ignored: Sequence[str]) -> DataError:
    packed = any(each.lower().endswith((".rar", ".7z")) for each in ignored)
    return DataError(
        f"{'压缩包' if name.lower().endswith('.zip') else '文件夹'}“{name}”里没有一张可识别的表，"
        f"文件请以表名命名（{_NAMES}），或在 {settings} 的 [sources.表名] 里用 files 写明哪个文件是哪张表"
        f"{'；.rar、.7z 压缩包不读，请先解压' if packed else ''}。"
    )


def _refuse_nested(kind: str, names: Sequence[str], settings: str) -> None:
    """Folders beside each other are parts of an export; one inside the other may be an older one, kept there."""
    folders = {PurePosixPath(name).parent: name for name in reversed(names) if ".zip/" not in name.lower()}
    for inner, name in folders.items():
        outer = next((folders[parent] for parent in inner.parents if parent in folders), None)
        if outer is not None:
            raise DataError(
                f"“{outer}”和“{name}”都是“{TABLES[kind].about.heading}”表，后一个在前一个的子文件夹里，可能是以前的导出；"
                f"请移走其中一份，或在 {settings} 的 [sources.{kind}] 里用 files 写明。"
            )


def _named(pattern: str, block: SourceMapping, kind: str, items: Sequence[Item]) -> list[Item]:
    """The files that a block of the settings names so."""
    named = [item for item in items if item.name == pattern]
    named = named or [item for item in items if fnmatchcase(item.name, pattern)]
    if not named:
        raise DataError(f"{block.file} 的 [sources.{kind}] 里 files 写的“{pattern}”，文件夹里没有，请改正。")
    return named


def _sheets(parts: Sequence[Part], model: type[Fact], item: Item, block: SourceMapping) -> Sequence[Part]:
    """The sheets that hold the table: those that a person named, the only one, or all that have its headings."""
    if block.sheet and any(part.file.sheet is not None for part in parts):
        named = {part.file.sheet: part for part in parts}
        wanted = [sheet for sheet in block.sheet if block.demanded or sheet in named]
        for sheet in wanted:
            if sheet not in named:
                raise DataError(
                    f"{block.file} 的 [sources.{model.about.kind}] 里 sheet 写的“{sheet}”，工作簿“{item.name}”里没有，"
                    f"它有：{'、'.join(str(name) for name in named)}。"
                )
        if wanted:
            return [named[sheet] for sheet in wanted]
    if block.sheet and block.demanded and item.suffix not in BOOKS:
        raise DataError(
            f"{block.file} 的 [sources.{model.about.kind}] 里写了 sheet，文件“{item.name}”却没有工作表，请删去 sheet。"
        )
    parts = [part for part in parts if not part.hidden] or parts
    if len(parts) == 1:
        return parts
    filled = [part for part in parts if not part.is_empty()]
    fit = filled if len(filled) == 1 else [part for part in filled if _fits(part, model, block)]
    if not fit:
        raise DataError(
            f"工作簿“{item.name}”里有 {len(filled)} 个有内容的工作表，看不出哪一个是“{model.about.heading}”，"
            f"请把工作表改成表名，或在 {block.file} 的 [sources.{model.about.kind}] 里用 sheet 写明。"
        )
    return fit


def _fits(part: Part, model: type[Fact], block: SourceMapping) -> bool:
    """Its headings name every required field of the table."""
    texts = {*heading_of(part.open(text_form(block)), model, block).texts}
    fields = {found.field for text in texts if (found := word(model, text)) is not None}
    fields |= {
        *block.constants,
        *block.title,
        *block.file_column,
        *block.derive,
        *(name for name, said in block.columns.items() if texts.issuperset([said] if isinstance(said, str) else said)),
        *block.unpivot,
    }
    return all(name in fields for name, column in readable(model).items() if column.required)


def text_form(mapping: SourceMapping) -> TextForm:
    """How a text file is written, as far as a person has said so."""
    return TextForm(mapping.file, mapping.encoding, mapping.delimiter)


def _place(part: Part, item: Item, block: SourceMapping) -> Place:
    stem = item.name.removesuffix(PurePosixPath(item.name).suffix)
    memos = [replace(item, name=stem + suffix, path=item.path.with_suffix(suffix)) for suffix in MEMOS]
    here = [memo for memo in memos if part.kind is Kind.DBF and memo.path.is_file()]
    return Place(part.file, (item, *here), partial(part.open, text_form(block)), block)


def _is_guide(part: Part) -> bool:
    if part.file.sheet != GUIDE:
        return False
    with suppress(DataError):
        return part.open(text_form(UNSAID)).top().rows[:1] == (GUIDE_HEADINGS,)
    return False


def _shown(part: Part) -> str:
    return f"{part.file.path}：{part.file.sheet}" if part.file.sheet else part.file.path
