"""Files that people name, opened for reading: a pipe or a device is refused, since it may never end."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """Raises OSError, with ENODEV for what is no file that lies on a disk: a pipe would be waited for without end."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    code = errno.EISDIR if stat.S_ISDIR(kind) else errno.ENODEV
    raise OSError(code, os.strerror(code), str(path))


def content(path: Path) -> bytes:
    """All of it. Raises OSError as `opened` does."""
    with opened(path) as file:
        return file.read()
