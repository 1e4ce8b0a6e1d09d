"""LibreOffice saves a file in another form, as a person would by 另存为."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

_SECONDS = 300


def convert(path: Path, form: str) -> Path:
    """The file that LibreOffice made beside `path`. `form`: its suffix, or suffix:filter:options as soffice takes it.

    Fails, with a sentence, where this LibreOffice can't.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.fail("no soffice is on the PATH", pytrace=False)
    made = path.with_suffix(f".{form.partition(':')[0]}")
    made.unlink(missing_ok=True)
    with TemporaryDirectory() as profile:
        own = f"-env:UserInstallation={Path(profile).as_uri()}"
        command = [program, own, "--headless", "--convert-to", form, "--outdir", path.parent, path]
        done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=_SECONDS)
    # What it can't save it leaves out, and still ends with 0.
    if not made.is_file():
        pytest.fail(f"soffice makes no {made.suffix} of {path.name}: {done.stderr.strip()}", pytrace=False)
    return made
