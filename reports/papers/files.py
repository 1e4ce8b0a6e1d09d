"""Writes a file as a whole, or refuses in one sentence and leaves the old file as it was."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facts.model.interruption import committing
from facts.model.refusal import Refusal, why


@contextmanager
def writing(named: Path | None = None) -> Iterator[None]:
    """A file that can't be written inside the block is refused in one sentence. `named`: what the sentence names, where
    that is not the file itself. Raises Refusal."""
    try:
        yield
    except OSError as error:
        raise Refusal(f"{named or error.filename} 写不了：{why(error)}，请检查路径、权限和磁盘空间") from None


def save(path: Path, content: str | bytes) -> None:
    """As `write_file`, with the folders above it where they are not there. Raises Refusal."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, content)


def write_file(path: Path, content: str | bytes) -> None:
    """Write text (as UTF-8, line ends as they are) or bytes to `path`, replacing what is there in one step.

    The folder must exist. Where anything goes wrong, OSError is raised, the old file is still whole and no temporary
    file is left. A device or pipe (`/dev/stdout`) can't be replaced and is written to directly.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return
    target = path.resolve()  # a symbolic link stays one
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    # Not tempfile: its files are readable by their owner only, whatever the umask says.
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with committing():
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
