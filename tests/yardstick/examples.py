"""Do the rules' own examples say what the SQL says? Where they don't, one of the two has misread the catalogue.

python tests/yardstick/examples.py [ID]…    (half a second an example; those that give computed facts are passed over)
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from yardstick import college, contract, definitions

from rules.pack import find_rule, load_pack
from rules.rule import example_facts


def main(ids: list[str]) -> int:
    pack = load_pack()
    differences = judged = 0
    for rule in [find_rule([pack], i)[1] for i in ids] or pack.rules:
        for n, example in enumerate(rule.file.examples):
            as_of, facts, parameters = example_facts(rule.file, n)
            if rule.id not in definitions() or not facts.keys() <= contract().keys():
                continue
            judged += 1
            verdict = college(facts, as_of, parameters).judge(rule.id)
            found = {frozenset(key) for key in verdict.found}
            wanted = {frozenset(map(str, key.values())) for key in example.finds}
            if found != wanted:
                differences += 1
                print(f"{rule.id} 例{n + 1}「{example.name}」：例子 {_shown(wanted)}，SQL {_shown(found)}")
    print(f"{judged} 个例子，{differences} 个与 SQL 不同")
    return 1 if differences else 0


def _shown(keys: set[frozenset[str]]) -> str:
    return "、".join(sorted(" ".join(sorted(key)) for key in keys)) or "无"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
