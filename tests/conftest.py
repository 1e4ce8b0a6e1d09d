"""What a machine lacks can be left out by name: `pytest --without browser --without postgresql` (see the Makefile)."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault; and CI judges a change by the same examples each time, while at home new ones are tried.
settings.register_profile("home", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


def pytest_configure() -> None:
    """Started in the background, by a shell without job control, a process ignores Ctrl-C, and so do its children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        with suppress(ValueError):  # no main thread
            signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without", action="append", default=[], metavar="MARKER", help="Leave tests of this marker out.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unwanted = set(config.getoption("--without"))
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unwanted)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def college(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of a small made-up college; nobody writes here."""
    from facts.demo import write_demo

    return write_demo(tmp_path_factory.mktemp("college"), 600, 1).path
