"""The catalogue's definitions written a second time, as SQL over the exported files, judged by another engine (duckdb).

It shares no code with facts, rules or checks: headings, dates and statuses are taken as the files have them.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from checks.results import CheckResult
from checks.run import Options, check
from facts.demo import write_demo
from facts.reading.load import load_snapshot
from rules.pack import load_pack

pytestmark = pytest.mark.slow

TODAY = "DATE '2026-11-25'"
NOW = "(SELECT * FROM 校历 WHERE 开学日期 <= TODAY AND TODAY <= 学期结束日期)"
SETTLED = (
    "(SELECT 学号, 学年, sum(应缴金额::DECIMAL(12,2) - 减免金额::DECIMAL(12,2) - 实缴金额::DECIMAL(12,2)) <= 0 "
    "OR max(缓缴至) >= TODAY AS 结清 FROM 缴费 GROUP BY 学号, 学年)"
)
LATE = (
    "(SELECT a.学号, t.学期, min(a.上课日期) AS 首日 FROM 考勤 a, 校历 t WHERE a.考勤结果 IN ('出勤', '迟到', '早退') "
    "AND a.修读方式 = '修读' AND a.上课日期 > t.报到截止日期 AND a.上课日期 <= t.学期结束日期 GROUP BY a.学号, t.学期)"
)
ACTIVE = "('在籍', '休学', '保留学籍')"
ASKED = (
    "准考证号", "身份证号", "性别", "出生日期", "民族", "考生类别", "科类代码", "录取专业", "培养层次", "学制",
    "入学日期", "入学方式", "入学成绩", "生源地区", "招生季节", "外语语种",
)  # fmt: skip
FIRST_TERM = "JOIN 校历 t ON t.学期 = w.入学年份 || '-' || (w.入学年份::INT + 1) || '-1'"
DEFERRED = (
    "(SELECT d.*, coalesce(d.学号, (SELECT min(s.学号) FROM 在校生 s WHERE s.考生号 = d.考生号), d.考生号) AS 本人, "
    "coalesce(d.考生号, (SELECT min(s.考生号) FROM 在校生 s WHERE s.学号 = d.学号)) AS 本人考生号 FROM 暂缓报到 d)"
)

DEFINITIONS = {
    "ADM-01": """SELECT w.考生号 FROM 迎新 w JOIN 校历 t ON t.学期 = w.入学年份 || '-' || (w.入学年份::INT + 1) || '-1'
        WHERE w.报到状态 = '未报到' AND w.清理日期 IS NULL AND TODAY > t.报到截止日期 + 14""",
    "ADM-02": """SELECT DISTINCT w.考生号 FROM 迎新 w JOIN 在校生 s USING (身份证号)
        WHERE w.报到状态 = '未报到' AND s.在校状态 = '在读' AND year(s.入学日期) = w.入学年份::INT""",
    "ADM-03": f"""SELECT w.考生号 FROM 迎新 w {FIRST_TERM} WHERE w.报到状态 = '已报到' AND w.身份证号 IS NOT NULL
        AND TODAY > t.报到截止日期 + 14
        AND w.身份证号 NOT IN (SELECT 身份证号 FROM 在校生 WHERE 身份证号 IS NOT NULL)""",
    "ADM-04": """SELECT 考生号 FROM 迎新 WHERE 报到状态 = '已报到' AND (资格初审 IS NULL OR 资格初审 = '不通过')""",
    "ADM-05": f"SELECT 考生号 FROM 迎新 WHERE {' OR '.join(f'{field} IS NULL' for field in ASKED)}",
    "CLS-01": """SELECT 班级号 FROM 在校生 WHERE 在校状态 = '在读' GROUP BY 班级号
        HAVING count(DISTINCT 培养层次) > 1 OR count(DISTINCT 学生类别) > 1 OR count(DISTINCT 专业) > 1""",
    "DEF-01": f"""SELECT DISTINCT d.本人, d.学期 FROM {DEFERRED} d JOIN 校历 t USING (学期)
        WHERE d.暂缓至 > t.报到截止日期 + 14""",
    "DEF-02": f"""SELECT DISTINCT d.本人, d.学期 FROM {DEFERRED} d WHERE d.批准日期 IS NOT NULL AND d.暂缓至 < TODAY
        AND NOT EXISTS (SELECT 1 FROM 返校报到 c WHERE c.学号 = d.本人 AND c.学期 = d.学期 AND c.报到日期 IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM 迎新 w WHERE w.考生号 = d.本人考生号 AND w.报到状态 = '已报到'
            AND d.学期 = w.入学年份 || '-' || (w.入学年份::INT + 1) || '-1')""",
    "DEF-03": f"""SELECT DISTINCT d.本人, d.学期 FROM {DEFERRED} d JOIN 校历 t USING (学期)
        WHERE d.批准日期 IS NULL AND TODAY > t.报到截止日期""",
    "IDN-01": f"""SELECT 身份证号 FROM 学籍 WHERE 学籍状态 IN {ACTIVE}
        GROUP BY 身份证号 HAVING count(DISTINCT 学号 || 平台) > 1""",
    "IDN-02": f"""SELECT DISTINCT w.身份证号 FROM 迎新 w JOIN 学籍 r ON r.身份证号 = w.身份证号
        WHERE w.报到状态 = '已报到' AND r.学籍状态 IN {ACTIVE} AND year(r.入学日期) < w.入学年份::INT""",
    "LEV-01": """SELECT c.异动编号 FROM 学籍异动 c JOIN 在校生 s USING (学号)
        WHERE c.异动类别 IN ('休学', '保留学籍') AND c.发文日期 IS NOT NULL AND c.截止日期 < TODAY
        AND s.在校状态 IN ('休学', '保留学籍')
        AND NOT EXISTS (SELECT 1 FROM 学籍异动 d WHERE d.学号 = c.学号 AND d.发文日期 IS NOT NULL
            AND d.生效日期 > c.生效日期)""",
    "MRK-02": """SELECT c.异动编号 FROM 学籍异动 c WHERE c.学籍平台标注日期 IS NULL
        AND EXISTS (SELECT 1 FROM 学籍 r WHERE r.学号 = c.学号)
        AND TODAY > CASE WHEN c.异动类别 = '自动退学' THEN c.发文日期 + 7 ELSE
            (SELECT min(d.日) FROM 工作日 d WHERE d.日 > c.发文日期
             AND (SELECT count(*) FROM 工作日 e WHERE e.日 > c.发文日期 AND e.日 <= d.日) = 15) END""",
    "REG-01": f"""SELECT a.学号, a.学期 FROM {LATE} a WHERE NOT EXISTS
        (SELECT 1 FROM 学期注册 g WHERE g.学号 = a.学号 AND g.学期 = a.学期)""",
    "REG-02": f"""SELECT s.学号, t.学期 FROM 在校生 s, {NOW} t JOIN {SETTLED} f ON f.学号 = s.学号 AND f.学年 = t.学年
        WHERE s.在校状态 = '在读' AND f.结清 AND TODAY > t.报到截止日期 + 14
        AND NOT EXISTS (SELECT 1 FROM 学期注册 g WHERE g.学号 = s.学号 AND g.学期 = t.学期)""",
    "REG-03": f"""SELECT DISTINCT g.学号, g.学期 FROM 学期注册 g JOIN {NOW} t USING (学期)
        JOIN {SETTLED} f ON f.学号 = g.学号 AND f.学年 = t.学年 WHERE NOT coalesce(f.结清, false)""",
    "REG-04": f"""SELECT DISTINCT s.学号 FROM 在校生 s JOIN 学期注册 g USING (学号) JOIN {NOW} t USING (学期)
        WHERE s.在校状态 = '在读' AND s.学生类别 NOT IN ('预科', '高职预科') AND s.身份证号 IS NOT NULL
        AND TODAY > s.入学日期 + 90
        AND NOT EXISTS (SELECT 1 FROM 学籍 r WHERE r.身份证号 = s.身份证号 AND r.学籍状态 IN {ACTIVE})""",
    "REG-05": f"""SELECT DISTINCT s.学号 FROM 在校生 s JOIN 学期注册 g USING (学号) JOIN {NOW} t USING (学期)
        JOIN 学籍 r ON r.学号 = s.学号 JOIN 校历 f ON f.学期 = t.学年 || '-1'
        WHERE s.在校状态 = '在读' AND r.学籍状态 IN {ACTIVE} AND (r.学年注册 IS NULL OR r.学年注册 < t.学年)
        AND (r.学籍注册日期 IS NULL OR r.学籍注册日期 < f.开学日期) AND TODAY > f.报到截止日期 + 30""",
    "REG-06": f"""SELECT DISTINCT r.学号 FROM 学籍 r ANTI JOIN 在校生 s USING (学号) WHERE r.学籍状态 IN {ACTIVE}""",
    "REG-08": f"""SELECT 学号, 学年 FROM {SETTLED} f WHERE NOT coalesce(f.结清, false) AND EXISTS
        (SELECT 1 FROM 缴费 g WHERE g.学号 = f.学号 AND g.学年 = f.学年 AND g.缴费注册日期 IS NOT NULL)""",
    "REG-10": f"""SELECT DISTINCT g.学号, g.学期 FROM 学期注册 g JOIN {NOW} t USING (学期)
        WHERE NOT EXISTS (SELECT 1 FROM 缴费 f WHERE f.学号 = g.学号 AND f.学年 = t.学年)""",
    "REG-09": f"""SELECT a.学号, a.学期 FROM {LATE} a JOIN 学期注册 g ON g.学号 = a.学号 AND g.学期 = a.学期
        GROUP BY a.学号, a.学期, a.首日 HAVING min(g.注册日期) > a.首日""",
    "RPT-01": """SELECT s.学号 FROM 在校生 s JOIN 学籍异动 c USING (学号)
        WHERE c.异动类别 = '留级' AND c.发文日期 IS NOT NULL AND c.生效日期 <= TODAY GROUP BY s.学号, s.培养层次
        HAVING count(*) > CASE s.培养层次 WHEN '本科' THEN 2 WHEN '专科' THEN 1 END""",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("college")
    write_demo(path, 3000, seed=7)
    return path


@pytest.fixture(scope="module")
def result(folder: Path) -> CheckResult:
    return check(load_snapshot(folder), load_pack(), bytes(32), Options(personal=True))


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files as tables, columns named 日期 or 缓缴至 and the like as dates."""
    with duckdb.connect() as connection:
        for path in folder.glob("*.csv"):
            connection.execute(
                f"CREATE TABLE {path.stem} AS SELECT * FROM read_csv(?, all_varchar = true, header = true)", [str(path)]
            )
            for (name,) in connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?",
                                              [path.stem]).fetchall():  # fmt: skip
                if name.endswith(("日期", "至")) or name == "日期":
                    connection.execute(f"ALTER TABLE {path.stem} ALTER {name} TYPE DATE")
        # Working days of autumn 2026: Monday to Friday, the State Council's notice for the year, the school's own days.
        connection.execute(
            "CREATE TABLE 工作日 AS SELECT d::DATE AS 日 "
            "FROM range(DATE '2022-07-01', DATE '2026-12-31', INTERVAL 1 DAY) r(d) "
            "WHERE (isodow(d) < 6 AND NOT d::DATE BETWEEN DATE '2026-10-01' AND DATE '2026-10-07' "
            "AND d::DATE <> DATE '2026-09-25' AND d::DATE NOT IN (SELECT 日期 FROM 工作日调整 WHERE 是否工作 = '否')) "
            "OR d::DATE IN (DATE '2026-09-20', DATE '2026-10-10') "
            "OR d::DATE IN (SELECT 日期 FROM 工作日调整 WHERE 是否工作 = '是')"
        )
        yield connection


@pytest.mark.parametrize("rule", DEFINITIONS)
def test_another_engine_reads_the_catalogue_the_same_way(
    rule: str, database: duckdb.DuckDBPyConnection, result: CheckResult
) -> None:
    expected = set(database.execute(DEFINITIONS[rule].replace("TODAY", TODAY)).fetchall())
    found = {tuple(finding.key.values()) for finding in result.findings if finding.rule == rule}
    assert found == expected
    assert found
