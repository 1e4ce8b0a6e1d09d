"""What a snapshot says of itself in its snapshot.toml, and the snapshot inside it, be it a folder or an archive."""

import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from facts.model.refusal import NOTES, DataError, meant
from facts.reading.userfile import read_toml, text_of, values_of
from facts.sources.archive import around, contents, opened

_KNOWN = ("as_of", "previous", "college", "packs")
_GIVE = f"请用 --as-of 2026-11-25 指定数据截至日期，或在文件夹里的 {NOTES} 写一行 as_of = 2026-11-25"


def _day(value: object) -> date | None:
    """A day, also with a time or as a text; None where it is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _folder(value: object) -> str:
    """The name of a folder; empty where it is none."""
    return value if isinstance(value, str) and value.strip() else ""


def _packs(value: object) -> object:
    """Pack → its notes; None where it is written in another way."""
    try:
        return {name: PackNotes.model_validate(of) for name, of in value.items()} if isinstance(value, dict) else None
    except ValidationError:
        return None


class PackNotes(BaseModel):
    """[packs.<id>]: the parameters of a pack that hold for this snapshot."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    parameters: dict[str, Any] = {}


class SnapshotNotes(BaseModel):
    """What snapshot.toml says. Nothing in it is refused before it is needed: a part that is written wrongly stands here
    as such, and the one who asks for it is told."""

    model_config = ConfigDict(frozen=True)

    state: Literal["absent", "unreadable", "read"] = "absent"
    as_of: Annotated[date | None, BeforeValidator(_day)] = None
    """None where it is missing, or is no day."""
    previous: Annotated[str | None, BeforeValidator(_folder)] = None
    """None where it is missing, empty where it is no name."""
    college: Annotated[str, BeforeValidator(str)] = ""
    packs: Annotated[Mapping[str, PackNotes] | None, BeforeValidator(_packs)] = {}
    """None where it is written wrongly."""
    unknown: tuple[str, ...] = ()
    """What else it says, by name."""

    def day(self) -> date:
        """The day as which the exports were made. Raises DataError; it is never today."""
        if self.state == "absent":
            raise DataError(f"不知道数据截至哪一天：{_GIVE}。")
        if self.state == "unreadable":
            raise DataError(f"{NOTES} 读不出来：{_GIVE}。")
        if self.as_of is None:
            raise DataError(f"{NOTES} 里没有写明 as_of，或者它不是日期：{_GIVE}。")
        return self.as_of

    def refuse_unknown(self) -> None:
        """Raises DataError where it says something that nobody knows: it would be passed over."""
        for name in self.unknown:
            raise DataError(f"{NOTES} 里的 {name} 不认得{meant(name, _KNOWN)}")

    def earlier(self) -> str | None:
        """The folder of the earlier snapshot; None where none is named. Raises DataError."""
        if self.previous == "":
            raise DataError(f'{NOTES} 里的 previous 应写上次快照的文件夹名，如 previous = "2026-10"。')
        return self.previous

    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """Pack → its parameters that hold for this snapshot. Raises DataError."""
        if self.packs is None:
            raise DataError(f"{NOTES} 里的 packs 写法不对，应如 [packs.xjtei-2020.parameters]")
        return {name: pack.parameters for name, pack in self.packs.items()}


def read_notes(snapshot: Path | None) -> SnapshotNotes:
    """Those of a folder or an archive; where there is no snapshot or no snapshot.toml in it, that is what they say."""
    if snapshot is None:
        return SnapshotNotes()
    try:
        values = _values(snapshot)
    except FileNotFoundError:
        return SnapshotNotes()
    except (OSError, ValueError):
        return SnapshotNotes(state="unreadable")
    unknown = tuple(name for name in values if name not in _KNOWN)
    known = {name: value for name, value in values.items() if name in _KNOWN}
    return SnapshotNotes.model_validate(known | {"state": "read", "unknown": unknown})


def _values(snapshot: Path) -> dict[str, Any]:
    """What its snapshot.toml says. Raises OSError where there is none, ValueError where it can't be read."""
    if not snapshot.is_file():
        return read_toml(snapshot / NOTES)
    with _opened(snapshot) as (archive, files):
        info = files.get(NOTES)
        if info is None:
            raise FileNotFoundError(NOTES)
        with archive.open(info) as file:
            return values_of(text_of(file))


def take_out(snapshot: Path, folder: str, to: Path) -> None:
    """Makes an archive of its own at `to` of what lies in a folder of an archive that was read before. Raises
    FileNotFoundError where there is no such folder."""
    with _opened(snapshot) as (archive, files), zipfile.ZipFile(to, "w") as taken:
        inside = {
            name.removeprefix(f"{folder}/"): info for name, info in files.items() if name.startswith(f"{folder}/")
        }
        if not inside:
            raise FileNotFoundError(folder)
        for name, info in inside.items():
            with archive.open(info) as stream, taken.open(name, "w") as out:
                shutil.copyfileobj(stream, out)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """The archive and its files by name, without the one folder around all of them. Raises ValueError."""
    try:
        with opened(path) as archive:
            infos = contents(archive)
            top = around([info.filename for info in infos])
            yield archive, {info.filename.removeprefix(top): info for info in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(str(error)) from None
