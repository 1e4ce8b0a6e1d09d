"""The one place that talks to durable_rules: a ruleset, and cohorts of facts that are judged by it, one after another.

It drives the C module, not `durable.lang`: no threads, no actions in Python, the match itself is the result. Run as a
program it is a worker: definitions on its first line of standard input, then one cohort a line; each is answered with
one line. It imports nothing else of ours, so that a worker starts quickly.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import durable_rules_engine

Match = tuple[str, tuple[str, ...]]
"""Name of the engine rule, ids of the facts it binds, in the order of its patterns."""
_PDEATHSIG, _KILL = 1, 9
"""Of <sys/prctl.h> and <signal.h> on Linux."""
MEMORY = 4 << 30
"""Bytes that a worker may take."""


class EngineError(Exception):
    """durable_rules refused a ruleset or a cohort."""


class Network:
    """One ruleset. A process should hold one only: a deleted one leaves 9 MB behind."""

    def __init__(self, definitions: str) -> None:
        """`definitions`: JSON, rule name → patterns, as `checks.engine.compile` makes it."""
        try:
            self._handle = durable_rules_engine.create_ruleset("pack", definitions)
        except durable_rules_engine.error as error:
            raise EngineError(str(error)) from None
        self._cohorts = 0

    def matches(self, facts: Iterable[dict[str, Any]]) -> list[Match]:
        """Judges one cohort: facts with a unique `id`, the control fact last."""
        self._cohorts += 1
        sid = str(self._cohorts)
        sent = json.dumps([{**fact, "sid": sid} for fact in facts], ensure_ascii=False)
        found: list[Match] = []
        try:
            code, state = durable_rules_engine.assert_facts(self._handle, sent)
            if code not in (0, 1):  # 1: some fact matched no pattern
                raise EngineError(f"assert_facts: {code}")
            reply = durable_rules_engine.start_action_for_state(self._handle, state)
            match = reply and reply[1]
            while match:
                for name, bound in json.loads(match).items():
                    facts_of = sorted((alias, fact["id"]) for alias, fact in bound.items() if alias[0] == "a")
                    if facts_of:  # the control fact's own rule binds none
                        found.append((name, tuple(fact for _, fact in sorted(facts_of, key=lambda x: int(x[0][1:])))))
                match = durable_rules_engine.complete_and_start_action(self._handle, state)
            durable_rules_engine.delete_state(self._handle, sid)
        except durable_rules_engine.error as error:
            raise EngineError(str(error)) from None
        except MemoryError:
            raise EngineError("内存不足") from None
        return found


def serve(lines: Iterable[str]) -> Iterable[str]:
    """The worker's conversation: yields one line for the ruleset, then one a cohort: {"matches": …} or {"error": …}."""
    network: Network | None = None
    for line in lines:
        try:
            if network is None:
                network = Network(line)
                yield json.dumps({"ready": True})
            else:
                yield json.dumps({"matches": network.matches(json.loads(line))}, ensure_ascii=False)
        except EngineError as error:
            yield json.dumps({"error": str(error)})


def limit_memory(size: int = MEMORY) -> None:
    """Keeps this process from taking more: rules can multiply their matches without end, and the machine is not ours
    alone. A cohort that asks for more ends its worker, and is then judged in halves. Where there are no such limits
    (Windows) nothing is done."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    size = size if most == resource.RLIM_INFINITY else min(size, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, most))


def end_with_parent() -> None:
    """Has the system end this process when its parent ends, however that is; where it can't (elsewhere than on Linux),
    the process ends when it next reads its input, which the parent's end has closed."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PDEATHSIG, _KILL)


def main(arguments: Sequence[str] = ()) -> None:
    assert not arguments
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    for answer in serve(sys.stdin):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    end_with_parent()
    limit_memory()
    main()
