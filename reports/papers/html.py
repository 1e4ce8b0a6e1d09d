"""The month's report as one HTML page.

The page needs no network and no other file. It can be read without script, except for the end of a long list.
"""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from facts.model.values import chinese_date
from reports.month.agenda import choice, opening
from reports.month.meeting import purpose, when
from reports.month.model import SIGNATURES, MonthlyReport
from reports.month.registrations import CAUTION, MEANING, PARTS, said_of
from reports.month.verdict import reporting
from reports.papers.chart import charts
from reports.papers.html_list import first_rows, lateness, list_data
from reports.wording.dates import chinese_month, chinese_weekday, parse_month
from reports.wording.words import DUE, HAVING, NO_COLLEGE, OUTCOME, RULE_STATUS, SEVERITY, STATE, changed

_STYLES = ("month.css", "list.css", "chart.css", "registrations.css", "print.css")
_SCRIPTS = ("list_data.js", "list_row.js", "list.js")


def render_html(report: MonthlyReport) -> str:
    """The page as text. All texts of the report are escaped, in the markup and in the data of the list; only the
    package's own stylesheet and script go in as they are."""
    style, script = "".join(map(asset, _STYLES)), "".join(map(asset, _SCRIPTS))
    page = environment().get_template("month.html.j2")
    return page.render(
        report=report,
        # Ours, not the reader's: the content policy lets exactly these two run, by their hashes.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=policy(style, script),
        rows=first_rows(report.entries),
        list_data=list_data(report.entries),
        charts=charts(report.result.packs),
        meeting=when(report.meeting),
        use=purpose(report),
        opening=opening(report),
        choice=choice(report),
        reporting=reporting(report.verdict),
        severities=SEVERITY,
        states=STATE,
        outcomes=OUTCOME,
        statuses=RULE_STATUS,
        due=DUE,
        no_college=NO_COLLEGE,
        registered=[*said_of(report.registrations)],
        parts=PARTS,
        having=HAVING,
        meaning=MEANING,
        caution=CAUTION,
        signatures=SIGNATURES,
    )


def environment() -> Environment:
    """The templates, with the filters that they share."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "day": chinese_date,
        "weekday": chinese_weekday,
        "month": chinese_month,
        "lateness": lateness,
        "short_month": lambda text: chinese_month(parse_month(text)),
        "zip": lambda some, others: list(zip(some, others, strict=True)),
        "number": "{:,}".format,
        "changed": changed,
    }
    return made


def asset(name: str) -> str:
    """A stylesheet or script of the package."""
    return files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy that allows this stylesheet and this script, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
