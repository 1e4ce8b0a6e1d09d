"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, on a free port of this machine only."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

_PLACES = "/usr/lib/postgresql/*/bin"
_NOBODY = ("postgres", "nobody")
"""PostgreSQL refuses to run as root: then it runs as the first of these that there is."""


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database, by the driver that is installed with the tests. Fails, loudly, without PostgreSQL:
    a history that nobody tried on a real server is not said to work there."""
    bin_folder = _programs()
    # Not under pytest's own folder, into which another user may not look.
    folder = Path(mkdtemp(prefix="xuejian-postgresql-"))
    user = _user()
    try:
        if user:
            shutil.chown(folder, user)
        data, port = folder / "data", free_port()
        _run(user, bin_folder / "initdb", "-D", data, "-U", "xuejian", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        log = folder / "log"
        try:
            _run(user, bin_folder / "pg_ctl", "start", "-D", data, "-w", "-t", "60", "-l", log, "-o", settings)
            yield f"postgresql://xuejian@127.0.0.1:{port}/postgres"
        finally:
            _run(user, bin_folder / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-w")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else sorted(Path("/").glob(_PLACES.lstrip("/")))
    if not found or not (found[-1] / "pg_ctl").exists():
        pytest.fail("The history is tested on a real PostgreSQL: install it (Debian: postgresql).", pytrace=False)
    return found[-1]


def _user() -> str | None:
    """Whom to run as, where we are root."""
    if os.getuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _NOBODY if name in known)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _run(user: str | None, *command: str | Path) -> None:
    done = subprocess.run(
        list(map(str, command)), check=False, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        user=user, extra_groups=[] if user else None, cwd="/", env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        pytest.fail(f"{Path(command[0]).name}: {done.stderr.strip()}", pytrace=False)
