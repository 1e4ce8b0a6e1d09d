"""JUnit XML: a rule, or a file that was read, is a test case."""

from itertools import groupby, islice
from xml.etree import ElementTree as ET

from reports.formats.ci_cases import Case, Cases, lines
from reports.wording.words import RULE_STATUS

_LINES = 200
"""Of one case; what is more is counted. Programs that show JUnit choke on megabytes of text."""


def render_junit(run: Cases) -> str:
    """Fails where the exit code says 1: problems that don't count stand in system-out of a case that passed. A rule
    that could not be checked is skipped, one that failed is an error: neither is ever a pass."""
    suites = ET.Element("testsuites", name=run.title)
    for group, cases in groupby(run.cases, lambda case: case.group):
        suite = ET.SubElement(suites, "testsuite", name=group, timestamp=f"{run.as_of.isoformat()}T00:00:00")
        made = [_case(suite, case) for case in cases]
        suite.attrib |= {"tests": str(len(made))} | {
            name: str(made.count(tag))
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        }
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.attrib[name]) for suite in suites)))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, case: Case) -> str:
    """Adds the case and says what it is: failure, error, skipped or pass."""
    made = ET.SubElement(suite, "testcase", classname=case.group, name=f"{case.id} {case.title}")
    counted = sum(problem.counts for problem in case.problems)
    outcome = "pass"
    if case.status == "failed":
        outcome = "error"
        ET.SubElement(made, outcome, message=case.reason or RULE_STATUS["failed"].meaning)
    elif case.status == "not checked":
        outcome = "skipped"
        ET.SubElement(made, outcome, message=case.reason or RULE_STATUS["not checked"].meaning)
    elif counted:
        outcome = "failure"
        failure = ET.SubElement(made, outcome, message=f"{counted}项", type=case.severity)
        failure.text = "\n".join([*_some(case, counted=True), f"处理办法：{case.help}"])
    remarks = _some(case, counted=False)
    if case.reason and outcome in ("pass", "failure"):
        remarks.insert(0, f"结论只及于一部分：{case.reason}")
    if remarks:
        ET.SubElement(made, "system-out").text = "\n".join(remarks)
    return outcome


def _some(case: Case, *, counted: bool) -> list[str]:
    every = lines(case, counted=counted)
    shown = list(islice(every, _LINES))
    left = sum(1 for _ in every)
    return shown + ([f"……另有{left}项"] if left else [])
