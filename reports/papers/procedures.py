"""The workflow chart (附表1) as a file of its own: an SVG picture, or an HTML page with the picture and its table."""

from collections.abc import Sequence

from markupsafe import Markup

from checks.results import PackInfo
from reports.papers.chart import charts
from reports.papers.html import asset, environment, policy


def render_svg(pack: PackInfo) -> str:
    """The picture alone; it carries its own style."""
    macros = environment().get_template("chart.html.j2").module
    ((_, drawn),) = charts([pack])
    style = Markup(asset("chart.css"))  # noqa: S704 (ours)
    return str(macros.picture(drawn, "chart", style)).strip() + "\n"  # type: ignore[attr-defined]


def render_procedures(packs: Sequence[PackInfo]) -> str:
    """The page with picture and table of every pack that has procedures."""
    style = asset("month.css") + asset("chart.css")
    page = environment().get_template("procedures.html.j2")
    return page.render(charts=charts(packs), style=Markup(style), policy=policy(style, ""))  # noqa: S704 (ours)
