"""Archives (.zip): read with their names as they were meant, and unpacked under names of our own in our own folder."""

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from facts.model.refusal import DataError
from facts.sources.cells import Limits

_CHUNK = 1 << 20
_TOO_SMALL_TO_CARE = 10 << 20
_LINK, _KIND = 0o120000, 0o170000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, IndexError, OverflowError,
)  # fmt: skip
_NOT_THE_DISK = (None, errno.EINVAL)
"""bz2's own, and a place before the beginning of the file."""


@dataclass(frozen=True)
class Member:
    """A file of an archive, unpacked. `name` is as in the archive, with / between folders."""

    name: str
    path: Path


def unpack(path: Path, name: str, room: Path, limits: Limits) -> tuple[Member, ...]:
    """The files of the archive, unpacked into the folder `room`, in the order of their names.

    Raises DataError: damaged, protected, too large, too many, names that lead out of it, links. Nothing is unpacked
    before all of that is looked at, and no more bytes than the archive itself says.
    """
    damaged = DataError(f"压缩包“{name}”已损坏或加了密码，无法解开，请重新压缩（不设密码）。")
    foreign = DataError(
        f"压缩包“{name}”里的文件名既不是 UTF-8 也不是 GB18030（GBK），没有打开；请把文件改名后重新压缩。"
    )
    with whole(damaged), _named(path, foreign) as archive:
        infos = contents(archive)
        _refuse_unsafe(infos, name)
        _refuse_large(infos, name, limits)
        return tuple(_unpacked(archive, infos, room, name))


@contextmanager
def whole(damaged: DataError) -> Iterator[None]:
    """Raises `damaged` where the archive that is read inside can't be taken apart; the disk's own errors stay."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NOT_THE_DISK:
            raise
        raise damaged from None
    except _BROKEN:
        raise damaged from None


def is_too_large(infos: Collection[zipfile.ZipInfo], most: int, limits: Limits) -> bool:
    """Whether an archive has more than `most` files, or unpacks to more than can be believed (`Limits`)."""
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    bomb = unpacked > _TOO_SMALL_TO_CARE and unpacked > limits.ratio * max(packed, 1)
    return len(infos) > most or unpacked > limits.unpacked or bomb


def is_clutter(member: str) -> bool:
    """What systems put beside the files: macOS folders, hidden files and folders. What leads out of an archive is not
    passed over as that."""
    parts = PurePosixPath(member).parts
    hidden = any(part.startswith((".", "~$")) for part in parts)
    return bool(parts) and ".." not in parts and (parts[0] == "__MACOSX" or hidden)


def _refuse_unsafe(infos: list[zipfile.ZipInfo], name: str) -> None:
    names: set[str] = set()
    for info in infos:
        parts = PurePosixPath(info.filename).parts
        if not parts or ".." in parts or info.filename.startswith("/") or ":" in parts[0] or "\0" in info.orig_filename:
            raise DataError(f"压缩包“{name}”里有指向压缩包以外的文件名，没有打开；请重新压缩。")
        if info.external_attr >> 16 & _KIND == _LINK:
            raise DataError(f"压缩包“{name}”里有链接，没有打开；请换成文件本身后重新压缩。")
        plain = "/".join(parts).casefold()  # a/b and a//b are one
        if plain in names:
            raise DataError(f"压缩包“{name}”里有同名的文件，没有打开；请改名后重新压缩。")
        names.add(plain)


def _refuse_large(infos: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    unpacked = sum(info.file_size for info in infos)
    if is_too_large(infos, limits.members, limits):
        raise DataError(
            f"压缩包“{name}”解开后有 {unpacked >> 20} MB、{len(infos)} 个文件，大得不像一份导出，没有打开；"
            "请解压后把其中的导出文件放进文件夹。"
        )


def _unpacked(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], room: Path, name: str) -> Iterator[Member]:
    """Files that differ in their suffix only keep doing so: a .dbf finds its .fpt."""
    inside = Path(mkdtemp(dir=room))
    stems: dict[str, int] = {}
    for info in sorted(infos, key=lambda info: info.filename):
        suffix = PurePosixPath(info.filename).suffix
        number = stems.setdefault(info.filename.removesuffix(suffix), len(stems))
        to = inside / f"{number:04d}{_plain(suffix)}"
        if to.exists():
            to = inside / f"{number:04d}-{len(stems)}"
        left = info.file_size
        with archive.open(info) as packed, to.open("xb") as out:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise DataError(f"压缩包“{name}”里的文件比它自己写的要大，没有打开；请重新压缩。")
                out.write(chunk)
        yield Member(info.filename, to)


def _plain(suffix: str) -> str:
    """The suffix, where it is a plain one."""
    suffix = suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) < 9 else ""


def opened(path: Path) -> zipfile.ZipFile:
    """The archive with its names as they were meant: where nothing says how they are written, `zip` and macOS have
    written UTF-8, and Windows in China GB18030. Raises what zipfile raises."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path, metadata_encoding="gb18030")


def _named(path: Path, foreign: DataError) -> zipfile.ZipFile:
    """The archive, as `opened`. Raises `foreign` where its names are written in neither way: it is not damaged."""
    try:
        return opened(path)
    except UnicodeDecodeError:
        raise foreign from None


def contents(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Its files, but for what systems put beside them; some write \\ between folders."""
    for info in archive.infolist():
        info.filename = info.filename.replace("\\", "/")
    return [info for info in archive.infolist() if not info.is_dir() and not is_clutter(info.filename)]


def around(names: Collection[str]) -> str:
    """The one folder in which all of these files are, with its slash; else nothing."""
    tops = {name.partition("/")[0] for name in names}
    return f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
