"""附表1 as a picture: the steps of each kind of change (a row) and who takes them (a column, called lane).

This module computes the geometry only; the template chart.html.j2 draws it. Lengths are in the picture's own units.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.results import Flow, FlowStep, PackInfo

LABEL, LANE, HEAD = 122.0, 134.0, 46.0
"""Width of the column that names the kinds of change; width of a lane; height of the row with the lanes' names."""
WIDE, HIGH, GAP, PAD = 92.0, 34.0, 22.0, 15.0
"""Width and height of a step's box; space between boxes one below the other; space above and below a row's boxes."""
ISSUE = "发文"
"""The last step of every kind; it has a lane of its own."""


@dataclass(frozen=True)
class Node:
    """The box of a step; x and y are its middle."""

    x: float
    y: float
    title: str
    note: str
    look: str
    """The CSS class: step, sometimes (only some changes take this step), meeting or issue."""

    @property
    def left(self) -> float:
        return self.x - WIDE / 2

    @property
    def top(self) -> float:
        return self.y - HIGH / 2


@dataclass(frozen=True)
class Edge:
    """The line that leads into a step, with the numbers beside it.

    The path is empty for the first step, into which no line leads.
    """

    path: str
    sometimes: bool
    """Only some changes take this way."""
    x: float
    y: float
    downward: bool
    """The line goes down: the numbers stand to the right of it, not above and below."""
    changes: int | None
    """How many changes went this way; None where they are not counted."""
    missing: int | None
    """How many changes lack the step."""


@dataclass(frozen=True)
class Row:
    top: float
    height: float
    kinds: tuple[str, ...]
    changes: int | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Lane:
    name: str
    left: float

    @property
    def middle(self) -> float:
        return self.left + LANE / 2


@dataclass(frozen=True)
class Chart:
    title: str
    width: float
    height: float
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    counted: bool
    wide: float = WIDE
    high: float = HIGH
    head: float = HEAD
    lane: float = LANE


def chart(title: str, flows: Sequence[Flow]) -> Chart:
    """The picture of a pack's procedures. Lanes stand in the order in which the procedures first come to them; ISSUE is
    the last one."""
    names = dict.fromkeys(step.by for flow in flows for step in flow.steps[:-1])
    lanes = [Lane(name, LABEL + LANE * place) for place, name in enumerate([*names, ISSUE])]
    rows: list[Row] = []
    top = HEAD
    for flow in flows:
        rows.append(_row(flow, lanes, top))
        top += rows[-1].height
    counted = any(flow.changes is not None for flow in flows)
    return Chart(title, LABEL + LANE * len(lanes), top, tuple(lanes), tuple(rows), counted)


def charts(packs: Iterable[PackInfo]) -> tuple[tuple[PackInfo, Chart], ...]:
    """Each pack that has procedures, with its picture."""
    return tuple((pack, chart(f"学生异动工作流程图（{pack.title}）", pack.flows)) for pack in packs if pack.flows)


def _row(flow: Flow, lanes: Sequence[Lane], top: float) -> Row:
    nodes: list[Node] = []
    edges: list[Edge] = []
    y = lowest = top + PAD + HIGH / 2
    before: Node | None = None
    detours: list[FlowStep] = []
    for step in flow.steps:
        if step.reason and before:
            detours.append(step)
            continue
        x = _lane(step, flow, lanes).middle
        if before and x <= before.x:
            y = lowest + HIGH + GAP
        node = Node(x, y, _short(step), _note(step), _look(step, flow))
        # Nothing leads into the first step: only what it lacks is said, below it.
        edges.append(
            _edge(before, node, step)
            if before
            else Edge("", False, x, y + HIGH / 2 - 1, False, step.changes, step.missing)
        )
        for place, each in enumerate(detours if before else ()):
            assert before
            detour = Node(
                _lane(each, flow, lanes).middle,
                before.y + (HIGH + 12) * (place + 1),
                _short(each),
                _note(each),
                "sometimes",
            )
            nodes.append(detour)
            edges += _around(before, detour, node)
            lowest = max(lowest, detour.y)
        detours = []
        nodes.append(node)
        before, lowest = node, max(lowest, y)
    return Row(top, lowest + HIGH / 2 + PAD - top, flow.kinds, flow.changes, tuple(nodes), tuple(edges))


def _lane(step: FlowStep, flow: Flow, lanes: Sequence[Lane]) -> Lane:
    return lanes[-1] if step is flow.steps[-1] else next(lane for lane in lanes if lane.name == step.by)


def _short(step: FlowStep) -> str:
    """The title of a step without the office in front of it, which the lane names already."""
    return step.title.removeprefix(step.by) or step.title


def _note(step: FlowStep) -> str:
    if step.reason:
        return f"原因为{step.reason}"
    if step.title == ISSUE:
        return step.by
    return "仅在籍生" if step.record_only else ""


def _look(step: FlowStep, flow: Flow) -> str:
    if step is flow.steps[-1]:
        return "issue"
    return "meeting" if step.by == "校长办公会" else "step"


def _edge(a: Node, b: Node, step: FlowStep) -> Edge:
    def edge(path: str, x: float, y: float, downward: bool = False) -> Edge:
        return Edge(path, False, x, y, downward, step.changes, step.missing)

    if a.y == b.y:
        return edge(f"M{a.x + WIDE / 2:g} {a.y:g}H{b.left - 2:g}", b.left - (LANE - WIDE) / 2, a.y)
    middle = b.top - GAP / 2
    if a.x == b.x:
        return edge(f"M{a.x:g} {a.y + HIGH / 2:g}V{b.top - 2:g}", a.x + 8, middle, downward=True)
    return edge(f"M{a.x:g} {a.y + HIGH / 2:g}V{middle:g}H{b.x:g}V{b.top - 2:g}", b.x + 8, middle, downward=True)


def _around(before: Node, detour: Node, after: Node) -> Iterable[Edge]:
    """The two lines to a step that only some changes take: down to it, and up again to the step after it."""
    into = f"M{before.x:g} {before.y + HIGH / 2:g}V{detour.y:g}H{detour.left - 2:g}"
    out = f"M{detour.x + WIDE / 2:g} {detour.y:g}H{after.x:g}V{after.y + HIGH / 2 + 2:g}"
    return [Edge(path, True, 0, 0, False, None, None) for path in (into, out)]
