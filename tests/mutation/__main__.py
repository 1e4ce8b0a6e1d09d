"""Alter each rule of both packs in one place at a time; its own examples must notice. Exit code 1 where they don't.

python tests/mutation [ID]…
"""

import os
import sys
from pathlib import Path

from mutate import Mutation, accepted_in, mutate, reported

from rules.errors import RuleError

PACKS = ("xjtei-2020", "moe-41")
ACCEPTED = Path(__file__).with_name("equivalent_mutants.yaml")


def main(ids: list[str]) -> int:
    found: list[Mutation] = []
    try:
        accepted = accepted_in(ACCEPTED)
        for mutations in mutate(PACKS, ids=ids, jobs=os.cpu_count() or 1):
            found += mutations
            if sys.stderr.isatty():
                print(f"\r已改动 {len(found)} 处", end="", file=sys.stderr, flush=True)
    except RuleError as error:
        print(error, file=sys.stderr)
        return 2
    if sys.stderr.isatty():
        print(file=sys.stderr)
    lines = reported(found, accepted, whole=not ids)
    print(*lines, f"改动 {len(found)} 处，例子没有发现的和清单中多余的 {len(lines)} 处", sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
