"""What it costs to write the month's report on very many findings, format by format.

    python tests/bench/report.py [FINDINGS]

The findings are those of the demo college, over and over, each time of other people.
"""

import gc
import json
import pickle
import re
import sys
import tempfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from measuring import Stages, alone, peak, run, show

MONTH = "2026-11"
_NUMBER = re.compile(r"\d{5,}")


def prepare(folder: Path, count: int) -> None:
    """The result of a check with `count` findings, in the folder."""
    from checks.run import Options, check
    from facts.reading.load import load_snapshot
    from rules.pack import load_pack

    run("demo", str(folder / "data"), "--students", "3000")
    result = check(load_snapshot(folder / "data"), load_pack(), bytes(32), Options(jobs=1))
    found = result.findings
    many = [another(found[number % len(found)], number // len(found)) for number in range(count)]
    many.sort(key=lambda finding: (finding.rule, tuple(finding.key.values())))
    (folder / "result").write_bytes(pickle.dumps(replace(result, findings=tuple(many))))


def another(finding: Any, number: int) -> Any:
    """The finding, of the `number`-th college like ours: other people's numbers, other fingerprints."""

    def fingerprint(text: str) -> str:
        return sha256(f"{text}{number}".encode()).hexdigest()[:16] if text else ""

    return replace(
        finding,
        key={name: _NUMBER.sub(lambda found: f"{int(found[0]) + number * 10_000}", value)
             for name, value in finding.key.items()},
        fingerprint=fingerprint(finding.fingerprint),
        follows=tuple(map(fingerprint, finding.follows)),
        subject=fingerprint(finding.subject),
        person=fingerprint(finding.person),
    )  # fmt: skip


def measure(folder: Path) -> dict[str, Any]:
    """Every format, in this process."""
    stages, size = Stages(), {}
    stages.begin("start")
    from cli import GARBAGE

    gc.set_threshold(*GARBAGE)
    from checks.findings.fingerprints import Seals
    from checks.history.store import compared, open_store
    from reports.formats.findings_json import render_json
    from reports.formats.text import render_summary
    from reports.month.month import monthly_report
    from reports.papers.docx import render_docx
    from reports.papers.docx_minutes import render_minutes
    from reports.papers.html import render_html
    from reports.papers.xlsx import render_split, render_xlsx

    result = pickle.loads((folder / "result").read_bytes())
    stages.begin("history")
    store = open_store(f"sqlite:///{folder / 'history.db'}", folder)
    with store.remembering(result, MONTH, "", "") as comparison:
        result = compared(result, comparison)
        stages.begin("view model")
        view = monthly_report(result, MONTH, "", comparison)
        seals = Seals(bytes(32))
        for name, render in (
            ("split", lambda: b"".join(render_split(view, seals).values())),
            ("html", lambda: render_html(view).encode()),
            ("docx", lambda: render_docx(view)),
            ("xlsx", lambda: render_xlsx(view, seals)),
            ("minutes", lambda: render_minutes(view)),
            ("json", lambda: render_json(result).encode()),
            ("summary", lambda: render_summary(result).encode()),
        ):
            stages.begin(name)
            size[name] = len(render())
        stages.begin("history")
    stages.begin("")
    return {"stages": stages.cost, "peak": peak(), "size": size}


def main(findings: str = "20000") -> None:
    with tempfile.TemporaryDirectory() as folder:
        alone(__file__, "--prepare", folder, findings)
        found = alone(__file__, "--measure", folder)
    print(f"\nreport: {int(findings):,} findings; aim: 20,000 in under 15 s and 600 MB")
    show(found["stages"])
    print(f"peak memory {found['peak']:.0f} MB; size in MB: "
          + ", ".join(f"{name} {size / 1e6:.1f}" for name, size in found["size"].items()))  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        json.dump(measure(Path(sys.argv[2])), sys.stdout)
    elif sys.argv[1:2] == ["--prepare"]:
        json.dump(prepare(Path(sys.argv[2]), int(sys.argv[3])), sys.stdout)
    else:
        main(*sys.argv[1:])
