"""How a report reaches the disk: whole or not at all."""

import os
import secrets
from pathlib import Path


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
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
