"""The list of formats: what it names is there, and naming it loads nothing."""

import subprocess
import sys
from pkgutil import resolve_name

import pytest

from reports.formats import FORMATS, NAMELESS, Format


@pytest.mark.parametrize("name", FORMATS)
def test_what_writes_a_format_stands_where_the_list_says(name: str) -> None:
    form = FORMATS[name]
    writers = (form.check, form.accounts) if isinstance(form, Format) else (form.cases,)
    assert all(callable(resolve_name(each)) for each in writers)


def test_what_ci_systems_keep_holds_no_names() -> None:
    assert NAMELESS == ("junit", "sarif", "github")


def test_the_list_of_formats_loads_none_of_them() -> None:
    code = "import sys, reports.formats; print([m for m in sys.modules if m.startswith(('reports.', 'checks'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['reports.formats']"
