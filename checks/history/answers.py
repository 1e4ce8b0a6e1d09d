"""What offices and colleges answered on the sheets of a run: kept by fingerprint, without a name or a remark."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from checks.history.schema import FEEDBACK
from checks.history.values import Run
from checks.results import Answer

_AT_ONCE = 300


def run_name(month: str, digest: str) -> str:
    """How a run is named on what is handed out: the same for the same result, another one for any other."""
    return f"{month}-{digest[:12]}"


def answers_before(connection: Connection, run: Run) -> dict[str, Answer]:
    """Fingerprint → the latest answer of a month before the run's, of its institution and pack."""
    of = select(FEEDBACK.c.fingerprint, FEEDBACK.c.answer, FEEDBACK.c.month).where(
        FEEDBACK.c.institution == run.institution, FEEDBACK.c.pack == run.pack, FEEDBACK.c.month < run.month
    )
    return {row.fingerprint: Answer(row.answer, row.month) for row in connection.execute(of.order_by(FEEDBACK.c.month))}


def forget(connection: Connection, run: Run) -> None:
    place = {"institution": run.institution, "pack": run.pack, "month": run.month}
    connection.execute(FEEDBACK.delete().where(*(FEEDBACK.c[name] == value for name, value in place.items())))


def keep_answers(connection: Connection, run: Run, answers: Mapping[str, Answer]) -> None:
    names = sorted(answers)
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        place = {"institution": run.institution, "pack": run.pack, "month": run.month}
        here = [FEEDBACK.c[name] == value for name, value in place.items()]
        connection.execute(FEEDBACK.delete().where(*here, FEEDBACK.c.fingerprint.in_(some)))
        rows = [{**place, "fingerprint": name, "answer": answers[name].code} for name in some]
        connection.execute(FEEDBACK.insert().values(rows))
