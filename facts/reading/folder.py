"""Which files of a folder, and which sheets of a workbook, hold which table: a person says so, or their names do."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath

from facts.model.refusal import CONFIG, NOTES, DataError
from facts.model.schema import Fact
from facts.model.snapshot import SourceFile
from facts.model.tables import TABLES
from facts.model.vocabulary import readable, table_of, word
from facts.reading.heading_row import heading_of
from facts.reading.mapping import UNSAID, SourceMapping, Sources
from facts.sources.archive import around, is_clutter, unpack
from facts.sources.cells import Limits, Source
from facts.sources.kind import Kind, kind_of
from facts.sources.parts import How, Part, parts_of

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
EXPORTS = (*BOOKS, ".csv", ".txt", ".tsv", ".dbf", ".parquet", ".pq", ".htm", ".html")
_MEMOS = (".fpt", ".dbt")
_APART = "/（另一次快照或报告，没有读）"
_REPORT = {"findings.json", "report.html"}
"""What stands in every report of ours, beside workbooks that look like exports."""
GUIDE = "说明"
"""The sheet of our own template that says how the others are filled in (`facts.reading.template`), and its headings."""
GUIDE_HEADINGS = ("工作表", "字段", "类型", "必填", "代码", "填写说明", "英文名")
_OURS = (NOTES, "planted.json", CONFIG)
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
    said: SourceMapping = UNSAID
    """What a person said of it."""
    digest: bytes | None = None
    """Of rows that are in no file: their SHA-256."""


@dataclass(frozen=True)
class Listing:
    """The files that may hold tables, by name; and those that can't."""

    items: tuple[Item, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """`places`: table → where it is, in the order of the contract; `ignored`: files and sheets that are no table."""

    places: Mapping[str, tuple[Place, ...]]
    ignored: tuple[str, ...]


def listing(folder: Path, room: Path, limits: Limits) -> Listing:
    """The files of a folder or of an archive, and of the archives in it; archives are unpacked into `room`.

    Raises DataError: nothing is there, or an archive can't be opened safely.
    """
    if not folder.exists():
        raise DataError(f"找不到文件夹“{folder.name}”，请核对路径。")
    if folder.is_dir():
        files, ignored = _inside(folder, limits)
        items, others = _may_hold(files)
        unpacked = [item for item in items if item.suffix == ".zip"]
        items = [item for item in items if item.suffix != ".zip"]
        for archive in unpacked:
            members, clutter = _members(archive.path, archive.name, room, limits)
            if NOTES in members and NOTES in files:
                others.append(f"{archive.name}{_APART}")
                continue
            found, unknown = _may_hold(members, f"{archive.name}/")
            items, others = items + found, [*others, *unknown, *(f"{archive.name}/{name}" for name in clutter)]
        return Listing(tuple(items), (*ignored, *others))
    if not folder.is_file() or kind_of(folder, folder.name) is not Kind.ARCHIVE:
        raise DataError(f"“{folder.name}”不是文件夹，也不是压缩包（.zip），请给出存放导出文件的文件夹。")
    files, ignored = _members(folder, folder.name, room, limits)
    items, others = _may_hold(files)
    return Listing(tuple(items), (*ignored, *others))


def look_into(
    listed: Listing, name: str, room: Path, limits: Limits, sources: Sources | None = None, *, beside: bool = False
) -> Found:
    """Looks for every file that a person has said, or that is named after a table, and into every workbook.

    `name` is what messages call the whole; `beside`: a database holds other tables. Raises DataError: nothing in it
    that is a table, a file that was said and is not there, a workbook that does not tell which sheet it is.
    """
    sources = sources if sources is not None else Sources()
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
                    raise DataError(f"{sources.file} 的 [[sources.{kind}]] 有两段都写了“{_shown(part)}”，请只留一段。")
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
        ignored += [_shown(part) for part in inside if part.file not in taken and not _is_guide(part)]
    if not found and not beside:
        unread = "；.rar、.7z 压缩包不读，请先解压" if any(map(_holds_more, ignored)) else ""
        raise DataError(
            f"{'压缩包' if name.lower().endswith('.zip') else '文件夹'}“{name}”里没有一张可识别的表，"
            f"文件请以表名命名（{_NAMES}），或在 {sources.file} 的 [sources.表名] 里用 files 写明哪个文件是哪张表"
            f"{unread}。"
        )
    places = {kind: tuple(found[kind]) for kind in TABLES if kind in found}
    for kind, there in places.items():
        _refuse_nested(kind, [place.file.path for place in there if not place.said.files], sources.file)
    return Found(places, tuple(sorted(dict.fromkeys(ignored))))


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


def _inside(folder: Path, limits: Limits) -> tuple[dict[str, Path], list[str]]:
    """The files of a folder and of those in it, by the name that an archive of it would give them; and what is not
    looked into. Raises DataError where there are more than an archive may hold."""
    root = folder.resolve()
    files: dict[str, Path] = {}
    ignored: list[str] = []

    def unreadable(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise error
        ignored.append(f"{Path(error.filename).relative_to(folder).as_posix()}/（没有权限，没有读）")

    for path, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(path)
        if here != folder and _is_apart(names):
            ignored.append(f"{here.relative_to(folder).as_posix()}{_APART}")
            folders.clear()
            continue
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if name not in linked and not is_clutter(name)]
        for name in (*linked, *names):
            inside = here / name
            if is_clutter(name):
                continue
            # Of links only those to a file that lies in the folder as well.
            if inside.is_file() and inside.resolve().is_relative_to(root):
                files[inside.relative_to(folder).as_posix()] = inside
            else:
                ignored.append(inside.relative_to(folder).as_posix())
        if len(files) > limits.members:
            raise DataError(
                f"文件夹“{folder.name}”连同子文件夹有 {limits.members} 个以上的文件，多得不像一份导出，没有读；"
                "请只留下导出文件。"
            )
    return dict(sorted(files.items())), ignored


def _is_apart(names: Collection[str]) -> bool:
    """A folder that holds these is no part of the snapshot around it: it is another one, or a report of ours."""
    return NOTES in names or {*names} >= _REPORT


def _holds_more(name: str) -> bool:
    """Something that is not read, and may hold exports."""
    return name.lower().endswith((".rar", ".7z"))


def _members(path: Path, name: str, room: Path, limits: Limits) -> tuple[dict[str, Path], list[str]]:
    """The files of an archive by name, and the folders in it that are no part of the snapshot; one folder around all is
    left out."""
    members = unpack(path, name, room, limits)
    top = around([member.name for member in members])
    files = {"/".join(PurePosixPath(each.name.removeprefix(top)).parts): each.path for each in members}
    held: dict[str, list[str]] = {}
    for file in files:
        held.setdefault(str(PurePosixPath(file).parent), []).append(PurePosixPath(file).name)
    apart = sorted(folder for folder, names in held.items() if folder != "." and _is_apart(names))
    ours = {file: at for file, at in files.items() if not any(file.startswith(f"{folder}/") for folder in apart)}
    if inner := next((file for file in ours if file.lower().endswith(".zip")), None):
        raise DataError(f"压缩包“{name}”里还有压缩包“{inner}”，没有打开；请解压后把其中的文件放进文件夹。")
    return ours, [f"{folder}{_APART}" for folder in apart]


def _may_hold(files: Mapping[str, Path], before: str = "") -> tuple[list[Item], list[str]]:
    """The files that may hold tables, or are an archive; and the names of the others, but for our own."""
    items: list[Item] = []
    others: list[str] = []
    tables = {name[: -len(".dbf")] for name in files if name.lower().endswith(".dbf")}
    for name, path in files.items():
        item = Item(before + name, path)
        if PurePosixPath(name).name in _OURS:
            continue
        if item.suffix in _MEMOS and name[: -len(item.suffix)] in tables:
            continue  # it is read with its table
        if item.suffix in (*EXPORTS, ".zip"):
            items.append(item)
        else:
            others.append(item.name)
    return items, others


def _said(block: SourceMapping, kind: str, items: Sequence[Item]) -> list[Item]:
    """The files that a block of the settings names."""
    result: list[Item] = []
    for pattern in block.files:
        named = [item for item in items if item.name == pattern] or [
            item for item in items if fnmatchcase(item.name, pattern) and item.suffix not in _MEMOS
        ]
        if not named:
            raise DataError(f"{block.file} 的 [sources.{kind}] 里 files 写的“{pattern}”，文件夹里没有，请改正。")
        result += [item for item in named if item not in result]
    return result


def _unnamed(sources: Sources, kind: str) -> SourceMapping:
    """What a person said of the table without saying in which files it is."""
    blocks = (block for block in sources.get(kind, ()) if not block.files and not block.in_database)
    return next(blocks, sources.unsaid)


def _by_name(parts: Sequence[Part], claimed: str | None, item: Item, sources: Sources) -> Iterable[tuple[str, Part]]:
    """The tables that one file holds, by its own name and those of its sheets."""
    by_sheet = [(kind, part) for part in parts if part.file.sheet and (kind := table_of(part.file.sheet)) is not None]
    if claimed is None or (by_sheet and len(parts) > 1):
        return by_sheet
    return [(claimed, part) for part in _sheets(parts, TABLES[claimed], item, _unnamed(sources, claimed))]


def _sheets(parts: Sequence[Part], model: type[Fact], item: Item, block: SourceMapping) -> Sequence[Part]:
    """The sheets of a workbook that hold the table: those that were said, the only one, or all with its headings."""
    if block.sheet and parts[0].file.sheet is not None:
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
    texts = heading_of(part.open(how(block)), model, block).texts
    fields = {found.field for text in texts if (found := word(model, text)) is not None}
    fields |= {*block.constants, *(name for name, heading in block.columns.items() if heading in texts)}
    return all(name in fields for name, column in readable(model).items() if column.required)


def how(block: SourceMapping) -> How:
    """How a text file is written, as far as a person has said so."""
    return How(block.file, block.encoding, block.delimiter)


def _place(part: Part, item: Item, block: SourceMapping) -> Place:
    stem = item.name.removesuffix(PurePosixPath(item.name).suffix)
    memos = [replace(item, name=stem + suffix, path=item.path.with_suffix(suffix)) for suffix in _MEMOS]
    beside = [memo for memo in memos if part.kind is Kind.DBF and memo.path.is_file()]
    return Place(part.file, (item, *beside), partial(part.open, how(block)), block)


def _is_guide(part: Part) -> bool:
    if part.file.sheet != GUIDE:
        return False
    with suppress(DataError):
        return part.open(how(UNSAID)).top().rows[:1] == (GUIDE_HEADINGS,)
    return False


def _shown(part: Part) -> str:
    return f"{part.file.path}：{part.file.sheet}" if part.file.sheet else part.file.path
