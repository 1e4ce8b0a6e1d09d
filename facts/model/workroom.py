"""Folders for files in between, which hold people's data: nobody else can read them, and none stays behind."""

import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import IO

LOCK = "lock"
"""The file in such a folder that is locked as long as somebody works there."""
_PREFIX = "xuejian-room-"
_OLD = 3600
"""Seconds after which a folder without that file is no folder that somebody is just making."""


@contextmanager
def workroom() -> Iterator[Path]:
    """A new folder in the system's place for temporary files, until the block ends. Folders of this user's that a
    process left there when it was killed go first. Raises OSError."""
    for left in Path(gettempdir()).glob(f"{_PREFIX}*"):
        if _is_ours(left):
            sweep(left, locked_once=True)
    folder, lock = _made()
    try:
        with lock:
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made() -> tuple[Path, IO[bytes]]:
    while True:
        folder = Path(mkdtemp(prefix=_PREFIX))
        if lock := locked(folder):
            return folder, lock


def locked(folder: Path) -> IO[bytes] | None:
    """The lock of a folder that was just made, held until the file is closed; None where another process took the
    folder for one that was left. Raises OSError."""
    lock = (folder / LOCK).open("xb")
    if _lock(lock) is not False and (folder / LOCK).exists():
        return lock
    lock.close()
    return None


def sweep(folder: Path, before: Callable[[], None] = lambda: None, *, locked_once: bool = False) -> None:
    """Removes a folder that nobody works in any more, once `before` is done. One that can't be removed stays.

    `locked_once`: ours are locked before anything is put into them; one that has no lock and is not empty is somebody
    else's, whatever it is called, and stays.
    """
    try:
        with (folder / LOCK).open("r+b") as lock:
            if not _lock(lock):
                return
            before()
    except FileNotFoundError:
        if locked_once:
            if _is_old(folder):
                with suppress(OSError):
                    folder.rmdir()
            return
        if not _is_old(folder):
            return
    except OSError:
        return
    shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    with suppress(OSError):
        return time.time() - folder.stat().st_mtime > _OLD
    return False


def _is_ours(path: Path) -> bool:
    """A real folder of this user's: in a place that everybody writes to, others may have put one of that name."""
    with suppress(OSError):
        found = path.lstat()
        mine = sys.platform == "win32" or found.st_uid == os.geteuid()
        return mine and path.is_dir() and not path.is_symlink()
    return False


def _lock(file: IO[bytes]) -> bool | None:
    """Until the file is closed or the process ends, however it ends; False where another process has it, None where the
    file system knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK) else None
    return True
