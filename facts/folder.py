"""Which files of a folder, and which sheets of a workbook, hold which table: a person says so, or their names do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath

from facts.errors import DataError
from facts.heading_row import heading_of
from facts.mapping import SourceMapping, Sources
from facts.schema import Fact
from facts.snapshot import SourceFile
from facts.sources.archive import around, unpack
from facts.sources.cells import Limits, Source
from facts.sources.kind import Kind, kind_of
from facts.sources.parts import How, Part, parts_of
from facts.tables import TABLES
from facts.vocabulary import readable, table_of, word

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
EXPORTS = (*BOOKS, ".csv", ".txt", ".tsv", ".dbf", ".parquet", ".pq", ".htm", ".html")
_MEMOS = (".fpt", ".dbt")
NOTES = "snapshot.toml"
_FOLDER = "/（子文件夹，没有读）"
_OURS = (NOTES, "planted.json", "xuejian.toml")
_NAMES = "、".join(model.about.heading for model in TABLES.values())


@dataclass(frozen=True)
class Item:
    """A file of the folder, or of an archive in it."""

    name: str
    """As messages call it: 考勤.csv, 导出.zip/考勤.csv."""
    path: Path

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, eq=False)
class Place:
    """Where rows of a table are, and how they are opened."""

    file: SourceFile
    items: tuple[Item, ...]
    """The files whose bytes are read."""
    open: Callable[[], Source]
    """Reads the first rows, of a workbook the whole sheet. Raises DataError."""
    said: SourceMapping | None = None
    """What a person said of it."""
    digest: bytes | None = None
    """Of rows that are in no file: their SHA-256."""


@dataclass(frozen=True)
class Listing:
    """The files that may hold tables, by name; those that can't; and where the snapshot's own notes would be."""

    items: tuple[Item, ...]
    ignored: tuple[str, ...]
    notes: Path
    """The folder in which snapshot.toml stands, if there is one."""


@dataclass(frozen=True)
class Found:
    """`places`: table → where it is, in the order of the contract; `ignored`: files and sheets that are no table."""

    places: Mapping[str, tuple[Place, ...]]
    ignored: tuple[str, ...]
    notes: Path


def listing(folder: Path, room: Path, limits: Limits) -> Listing:
    """The files of a folder or of an archive, and of the archives in it; archives are unpacked into `room`.

    Raises DataError: nothing is there, or an archive can't be opened safely.
    """
    if not folder.exists():
        raise DataError(f"找不到文件夹“{folder.name}”，请核对路径。")
    if folder.is_dir():
        items, ignored = _files(folder)
        unpacked = [item for item in items if item.suffix == ".zip"]
        items = [item for item in items if item.suffix != ".zip"]
        for archive in unpacked:
            inside, clutter = _members(archive.path, archive.name, f"{archive.name}/", room, limits)
            items += inside
            ignored += clutter
        return Listing(tuple(items), tuple(ignored), folder)
    if not folder.is_file() or kind_of(folder, folder.name) is not Kind.ARCHIVE:
        raise DataError(f"“{folder.name}”不是文件夹，也不是压缩包（.zip），请给出存放导出文件的文件夹。")
    items, ignored = _members(folder, folder.name, "", room, limits)
    for item in items:
        if item.name == NOTES:
            item.path.rename(room / NOTES)
    return Listing(tuple(item for item in items if item.suffix in EXPORTS), tuple(ignored), room)


def look_into(
    listed: Listing, name: str, room: Path, limits: Limits, sources: Sources | None = None, *, beside: bool = False
) -> Found:
    """Looks for every file that a person has said, or that is named after a table, and into every workbook.

    `name` is what messages call the whole; `beside`: a database holds other tables. Raises DataError: nothing in it
    that is a table, a file that was said and is not there, a workbook that does not tell which sheet it is.
    """
    sources = sources or {}
    found: dict[str, list[Place]] = {}
    ignored = [*listed.ignored]
    opened: dict[Item, tuple[Part, ...]] = {}
    taken: set[SourceFile] = set()

    def parts(item: Item) -> tuple[Part, ...]:
        if item not in opened:
            opened[item] = parts_of(item.path, item.name, room, limits)
        return opened[item]

    for kind, block in ((kind, block) for kind, blocks in sources.items() for block in blocks if block.files):
        for item in _said(block, kind, listed.items):
            for part in _sheets(parts(item), TABLES[kind], item, block):
                if any(there.file == part.file for there in found.get(kind, ())):
                    raise DataError(f"xuejian.toml 的 [[sources.{kind}]] 有两段都写了“{_shown(part)}”，请只留一段。")
                found.setdefault(kind, []).append(_place(part, item, block))
                taken.add(part.file)
    settled = {kind for kind, blocks in sources.items() if blocks and all(b.files or b.in_database for b in blocks)}
    for item in listed.items:
        claimed = table_of(item.stem)
        if claimed is None and item.suffix not in BOOKS:
            if not any(file.path == item.name for file in taken):
                ignored.append(item.name)
            continue
        try:
            inside = parts(item)
        except DataError:
            if claimed is None or claimed in settled:  # it need not be one of ours
                ignored.append(item.name)
                continue
            raise
        for kind, part in _by_name(inside, claimed, item, sources):
            if part.file in taken or kind in settled:
                continue
            found.setdefault(kind, []).append(_place(part, item, _unnamed(sources, kind)))
            taken.add(part.file)
        ignored += [_shown(part) for part in inside if part.file not in taken]
    if not found and not beside:
        unread = "；子文件夹和 .rar、.7z 压缩包不读，请把其中的文件放到同一层" if any(map(_holds_more, ignored)) else ""
        raise DataError(
            f"{'压缩包' if name.lower().endswith('.zip') else '文件夹'}“{name}”里没有一张可识别的表，"
            f"文件请以表名命名（{_NAMES}），或在 xuejian.toml 的 [sources.表名] 里用 files 写明哪个文件是哪张表"
            f"{unread}。"
        )
    places = {kind: tuple(found[kind]) for kind in TABLES if kind in found}
    return Found(places, tuple(sorted(dict.fromkeys(ignored))), listed.notes)


def _files(folder: Path) -> tuple[list[Item], list[str]]:
    """The files that may hold tables, by name, and the names of the others."""
    inside, items, ignored = folder.resolve(), [], []
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "~$"))]
    tables = {path.stem for path in paths if path.suffix.lower() == ".dbf"}
    for path in paths:
        if path.name in _OURS or (path.suffix.lower() in _MEMOS and path.stem in tables):
            continue
        # Of links only those that stay in the folder.
        regular = path.is_file() and path.resolve().is_relative_to(inside)
        if regular and path.suffix.lower() in (*EXPORTS, ".zip"):
            items.append(Item(path.name, path))
        else:
            ignored.append(f"{path.name}{_FOLDER}" if path.is_dir() else path.name)
    return items, ignored


def _holds_more(name: str) -> bool:
    """Something that is not read, and may hold exports."""
    return name.lower().endswith((_FOLDER, ".rar", ".7z"))


def _members(path: Path, name: str, before: str, room: Path, limits: Limits) -> tuple[list[Item], list[str]]:
    """The files of an archive that may hold tables, and the names of the others; one folder around all is left out.

    A folder that has a snapshot.toml of its own is another snapshot, an earlier one: it is one of the others.
    """
    members = unpack(path, name, room, limits)
    top = around([member.name for member in members])
    names = {member.name.removeprefix(top): member.path for member in members}
    inner = {each.removesuffix(f"/{NOTES}") for each in names if each.endswith(f"/{NOTES}")}
    items, ignored = [], [before + folder for folder in sorted(inner)]
    for called, unpacked in names.items():
        parts = PurePosixPath(called).parts
        item = Item(before + "/".join(parts), unpacked)
        if any(called.startswith(f"{folder}/") for folder in inner):
            continue
        if item.suffix == ".zip":
            raise DataError(
                f"压缩包“{name}”里还有压缩包“{'/'.join(parts)}”，没有打开；请解压后把其中的文件放进文件夹。"
            )
        if item.suffix in (*EXPORTS, *_MEMOS) or parts[-1] == NOTES:
            items.append(item)
        elif called not in _OURS:
            ignored.append(item.name)
    return items, ignored


def _said(block: SourceMapping, kind: str, items: Sequence[Item]) -> list[Item]:
    """The files that a block of xuejian.toml names."""
    result: list[Item] = []
    for pattern in block.files:
        named = [item for item in items if item.name == pattern] or [
            item for item in items if fnmatchcase(item.name, pattern) and item.suffix not in _MEMOS
        ]
        if not named:
            raise DataError(f"xuejian.toml 的 [sources.{kind}] 里 files 写的“{pattern}”，文件夹里没有，请改正。")
        result += [item for item in named if item not in result]
    return result


def _unnamed(sources: Sources, kind: str) -> SourceMapping | None:
    """What a person said of the table without saying in which files it is."""
    return next((block for block in sources.get(kind, ()) if not block.files and not block.in_database), None)


def _by_name(parts: Sequence[Part], claimed: str | None, item: Item, sources: Sources) -> Iterable[tuple[str, Part]]:
    """The tables that one file holds, by its own name and those of its sheets."""
    by_sheet = [(kind, part) for part in parts if part.file.sheet and (kind := table_of(part.file.sheet)) is not None]
    if claimed is None or (by_sheet and len(parts) > 1):
        return by_sheet
    return [(claimed, part) for part in _sheets(parts, TABLES[claimed], item, _unnamed(sources, claimed))]


def _sheets(parts: Sequence[Part], model: type[Fact], item: Item, block: SourceMapping | None) -> Sequence[Part]:
    """The sheets of a workbook that hold the table: those that were said, the only one, or all with its headings."""
    if block and block.sheet and parts[0].file.sheet is not None:
        named = {part.file.sheet: part for part in parts}
        wanted = [sheet for sheet in block.sheet if block.demanded or sheet in named]
        for sheet in wanted:
            if sheet not in named:
                raise DataError(
                    f"xuejian.toml 的 [sources.{model.about.kind}] 里 sheet 写的“{sheet}”，工作簿“{item.name}”里没有，"
                    f"它有：{'、'.join(str(name) for name in named)}。"
                )
        if wanted:
            return [named[sheet] for sheet in wanted]
    if block and block.sheet and block.demanded and item.suffix not in BOOKS:
        raise DataError(
            f"xuejian.toml 的 [sources.{model.about.kind}] 里写了 sheet，文件“{item.name}”却没有工作表，请删去 sheet。"
        )
    if len(parts) == 1:
        return parts
    filled = [part for part in parts if not part.is_empty()]
    fit = filled if len(filled) == 1 else [part for part in filled if _fits(part, model, block)]
    if not fit:
        raise DataError(
            f"工作簿“{item.name}”里有 {len(filled)} 个有内容的工作表，看不出哪一个是“{model.about.heading}”，"
            f"请把工作表改成表名，或在 xuejian.toml 的 [sources.{model.about.kind}] 里用 sheet 写明。"
        )
    return fit


def _fits(part: Part, model: type[Fact], block: SourceMapping | None) -> bool:
    """Its headings name every required field of the table."""
    texts = heading_of(part.open(how(block)), model, block).texts
    fields = {found.field for text in texts if (found := word(model, text)) is not None}
    if block:
        fields |= {*block.constants, *(name for name, heading in block.columns.items() if heading in texts)}
    return all(name in fields for name, column in readable(model).items() if column.required)


def how(block: SourceMapping | None) -> How:
    """How a text file is written, as far as a person has said so."""
    return How(block.encoding, block.delimiter) if block else How()


def _place(part: Part, item: Item, block: SourceMapping | None) -> Place:
    stem = item.name.removesuffix(PurePosixPath(item.name).suffix)
    memos = [replace(item, name=stem + suffix, path=item.path.with_suffix(suffix)) for suffix in _MEMOS]
    beside = [memo for memo in memos if part.kind is Kind.DBF and memo.path.is_file()]
    return Place(part.file, (item, *beside), partial(part.open, how(block)), block)


def _shown(part: Part) -> str:
    return f"{part.file.path}：{part.file.sheet}" if part.file.sheet else part.file.path
