"""The month's report as one HTML page that needs no network, no file beside it, and no script to be read."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.agenda import choice, opening
from reports.chart import charts
from reports.dates import chinese_date, chinese_month, chinese_weekday, parse_month
from reports.meeting import when
from reports.model import MonthlyReport
from reports.verdict import reporting
from reports.words import DUE, NO_COLLEGE, OUTCOME, RULE_STATUS, SEVERITY, STATE, changed


def render_html(report: MonthlyReport) -> str:
    """The page. Every text of the report is escaped; only the stylesheet and the script of the package are not."""
    style, script = asset("month.css") + asset("chart.css"), asset("month.js")
    page = environment().get_template("month.html.j2")
    return page.render(
        report=report,
        # Ours, not the reader's: the content policy lets exactly these two run, by their hashes.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=policy(style, script),
        charts=charts(report.packs),
        meeting=when(report.meeting),
        opening=opening(report),
        choice=choice(report),
        reporting=reporting(report.verdict),
        severities=SEVERITY,
        states=STATE,
        outcomes=OUTCOME,
        statuses=RULE_STATUS,
        due=DUE,
        no_college=NO_COLLEGE,
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
    """The content policy of a page with just this stylesheet and this script."""
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
