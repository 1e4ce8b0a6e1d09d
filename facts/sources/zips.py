"""What zipfile raises on an archive that is damaged or protected: more than it says."""

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from facts.model.refusal import DataError

_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, IndexError, OverflowError,
)  # fmt: skip
_NOT_THE_DISK = (None, errno.EINVAL)
"""bz2's own, and a place before the beginning of the file."""


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
