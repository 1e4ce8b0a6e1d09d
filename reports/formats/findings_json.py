"""findings.json, with nothing in it that a reader would obey."""

from checks.history.findings_file import findings_text
from checks.results import CheckResult
from reports.wording.safe_text import plain_texts


def render_json(result: CheckResult, use: str = "") -> str:
    """The whole result as JSON text. `use`: what the file is for, and who may have it."""
    return findings_text(plain_texts(result, personal=result.personal_shown), use)
