"""What a snapshot says of itself in its snapshot.toml, and the snapshot inside it, be it a folder or an archive."""

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from facts.reading.userfile import read_toml, toml_of
from facts.sources.archive import around, contents, opened

FILE = "snapshot.toml"


def notes_of(snapshot: Path) -> dict[str, Any]:
    """What its snapshot.toml says. Raises OSError where there is none, ValueError where it can't be read."""
    if not snapshot.is_file():
        return read_toml(snapshot / FILE)
    with _opened(snapshot) as (archive, files):
        info = files.get(FILE)
        if info is None:
            raise FileNotFoundError(FILE)
        with archive.open(info) as file:
            return toml_of(file)


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
