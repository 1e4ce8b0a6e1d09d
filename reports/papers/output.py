"""Writes all files of a report into its folder, or none of them.

Files are written to a hidden folder first. It stands in the report's folder (beside it, where there is none yet), so
that moving them is only renaming, whatever is mounted where. A new folder comes into place in one step; in one that is
there, only the report's own files are replaced, as people keep other things beside them. A process that is killed
between two of those renamings can't put the old files back; the next report into the same folder does it first.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_hex

from facts.model.interruption import committing
from facts.model.refusal import NOTES, Refusal
from facts.model.workroom import locked, sweep

Content = str | bytes
Files = Sequence[tuple[str, Callable[[], Content]]]
"""Name (`分表/教务处.xlsx` stands in a folder of its own) and renderer, in the order in which they are made."""


def refuse_among_exports(folder: Path, *snapshots: Path | None) -> None:
    """Papers are not written among exports, where the next reading would take them for some. Raises Refusal."""
    if folder.resolve() in [each.resolve() for each in snapshots if each] or (folder / NOTES).exists():
        raise Refusal(f"{folder} 是存放导出数据的文件夹，没有写文件；请用 -o 另给一个文件夹")


@contextmanager
def output(folder: Path) -> Iterator[Callable[[Files], None]]:
    """Gives a function that writes a report's files into `folder`, all of them at once when the last is rendered.

    Where anything fails before the end of the block, be it after the files are in place, the folder is as it was.
    """
    target = folder.resolve()  # a symbolic link stays one
    for place in (target, target.parent):
        for left in sorted(place.glob(f".{target.name}.*.tmp")):
            sweep(left, partial(_put_back_moved, left, target))
    root = target if target.is_dir() else target.parent
    made = [parent for parent in (root, *root.parents) if not parent.exists()]
    root.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        work = _Work(target, root / f".{target.name}.{token_hex(4)}.tmp", lambda: held.enter_context(committing()))
        try:
            work.home.mkdir()
            with locked(work.home) or nullcontext():
                try:
                    yield work.write
                except BaseException:
                    work.undo()
                    raise
                work.mark.unlink(missing_ok=True)  # from here on the new files are the ones to keep
        except BaseException:
            shutil.rmtree(work.home, ignore_errors=True)
            for parent in made:
                with suppress(OSError):
                    parent.rmdir()
            raise
        shutil.rmtree(work.home, ignore_errors=True)


@dataclass(frozen=True)
class _Work:
    target: Path
    home: Path
    """Holds `new`, the files to come; `old`, the ones they replace; `moving`, the names, while both are needed."""
    hold: Callable[[], None]
    """Called once when the first file is moved: an interrupt waits from then on until the work ends."""

    @property
    def mark(self) -> Path:
        return self.home / "moving"

    def write(self, files: Files) -> None:
        new, names = self.home / "new", []
        new.mkdir()
        for name, render in files:
            _put(new / name, render())
            names.append(name)
        self.hold()
        if not self.target.exists():
            _put(self.home / "whole", "")
            new.rename(self.target)
            return
        for name in names:
            if (self.target / name).exists():
                _keep(self.target / name, self.home / "old" / name)
        _put(self.mark, json.dumps(names))
        for name in names:
            (self.target / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).replace(self.target / name)

    def undo(self) -> None:
        if self.mark.is_file():
            _put_back(self.home, self.target)
        elif (self.home / "whole").is_file() and not (self.home / "new").exists():
            self.target.rename(self.home / "new")


def _put(path: Path, content: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, copy: Path) -> None:
    """A second name for a file; a copy, where the file system gives none."""
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(path))
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)


def _put_back(home: Path, target: Path) -> None:
    """Every file that was replaced as it was; one that is new goes."""
    for name in json.loads(home.joinpath("moving").read_text(encoding="utf-8")):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            continue  # nothing that we wrote
        if (home / "old" / name).exists():
            (home / "old" / name).replace(target / name)
            continue
        if not (home / "new" / name).exists():
            (target / name).unlink(missing_ok=True)
        if len(Path(name).parts) > 1:
            with suppress(OSError):  # the others' files are in it
                (target / name).parent.rmdir()


def _put_back_moved(home: Path, target: Path) -> None:
    """What a process that was killed was moving."""
    if (home / "moving").is_file():
        with suppress(ValueError):  # killed while it wrote the names: nothing was moved yet
            _put_back(home, target)
