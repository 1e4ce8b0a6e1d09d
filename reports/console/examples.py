"""What `rules test` prints: which of the examples in the rule files fail, and how many pass."""

from collections.abc import Iterable, Mapping, Sequence

from checks.examples import ExampleResult


def examples_text(rules: int, results: Sequence[ExampleResult]) -> str:
    """A line for each example that fails, and the counts."""
    failed = [result for result in results if not result.passed]
    counts = f"{len(results) - len(failed)} 个通过，{len(failed)} 个不通过"
    return "\n".join([*map(_line, failed), f"{rules} 条规则，{len(results)} 个例子，{counts}"])


def _line(result: ExampleResult) -> str:
    reason = result.reason or f"应查出 {_keys(result.expected)}，实际查出 {_keys(result.found)}"
    if result.otherwise:
        reason += f"；级别与例子所写不同：{_keys(result.otherwise)}"
    return f"{result.rule} 例{result.number}「{result.name}」：{reason}"


def _keys(keys: Iterable[Mapping[str, str]]) -> str:
    return "；".join("、".join(f"{name}={value}" for name, value in key.items()) for key in keys) or "无"
