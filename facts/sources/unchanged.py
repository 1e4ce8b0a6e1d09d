"""Files that must stay as they are while they are read: an export may still be running, or run again meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from facts.model.refusal import DataError

_State = tuple[int, ...]


@dataclass(frozen=True)
class Watch:
    """The files of one reading, each with the state in which it was found."""

    _found: dict[Path, tuple[str, _State]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Notes the state of a file before anything of it is read; one that can't be opened has none, and says so when
        it is read."""
        with suppress(OSError):
            self._found[path] = name, _state(path)

    def refuse_changed(self) -> None:
        """Raises DataError where a file is not as it was found."""
        for path, (name, state) in self._found.items():
            try:
                same = _state(path) == state
            except OSError:
                same = False
            if not same:
                raise DataError(
                    f"“{name}”在读取时被改动过，读到的可能一半新一半旧，没有核查；请等导出、拷贝完成后再运行。"
                )


@contextmanager
def unchanged() -> Iterator[Watch]:
    """Gives a watch; files that are added to it must not change before the block ends. What can't be read inside may be
    for that very reason, so that is looked at first. Raises DataError."""
    watch = Watch()
    try:
        yield watch
    except (DataError, OSError):
        watch.refuse_changed()
        raise
    watch.refuse_changed()


def _state(path: Path) -> _State:
    """Length, both times and place on the disk; by an open file, since a network disk may remember an old state."""
    with path.open("rb") as stream:
        found = os.fstat(stream.fileno())
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev
