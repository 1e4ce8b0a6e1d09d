"""A MariaDB server of the tests' own, as `postgresql`: in a temporary folder, on a free port of this machine only."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from postgresql import free_port
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
_SECONDS = 60


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database, by the driver that is installed with the tests. Fails, loudly, without MariaDB."""
    install, program = (shutil.which(name, path=_PLACES) for name in ("mariadb-install-db", "mariadbd"))
    if not install or not program:
        pytest.fail("MySQL is tested on a real MariaDB: install it (Debian: mariadb-server).", pytrace=False)
    folder = Path(mkdtemp(prefix="xuejian-mariadb-"))
    data, log = folder / "data", folder / "log"
    # It runs as root only where it is told to.
    common = ["--no-defaults", f"--datadir={data}", *(["--user=root"] if os.getuid() == 0 else [])]
    port = free_port()
    try:
        with log.open("wb") as said:
            subprocess.run([install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
                           check=True, stdout=said, stderr=said)  # fmt: skip
            running = subprocess.Popen(
                [program, *common, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder}/socket",
                 f"--pid-file={folder}/pid", "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0"],
                stdout=said, stderr=said,
            )  # fmt: skip
        try:
            _create(f"mysql+pymysql://root@127.0.0.1:{port}/", running, log)
            yield f"mysql://root@127.0.0.1:{port}/xuejian"
        finally:
            running.terminate()
            running.wait()
    finally:
        shutil.rmtree(folder)


def _create(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Makes the database as soon as the server answers."""
    engine, until = create_engine(url), time.monotonic() + _SECONDS
    while True:
        try:
            with engine.begin() as connection:
                connection.execute(text("CREATE DATABASE xuejian CHARACTER SET utf8mb4"))
            break
        except OperationalError:
            if running.poll() is not None or time.monotonic() > until:
                pytest.fail(f"mariadbd: {log.read_text('utf-8', 'replace')[-2000:]}", pytrace=False)
            time.sleep(0.2)
    engine.dispose()
