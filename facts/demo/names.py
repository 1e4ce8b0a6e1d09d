"""Names and identity numbers of people who do not exist."""

from dataclasses import dataclass

import numpy as np

from facts.demo.store import Dates, Flags, Ints, Objects
from facts.model.identity import complete

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_MALE = "伟强磊军洋勇涛杰超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁龙博晨阳泽轩皓睿航毅峰瑞铭佳文志国建子天一嘉"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀玲婷雪琳晶欣怡佳慧颖莹洁梅倩蕾薇雅梦瑶琪思涵诗悦彤可心语嫣宁月文子雨嘉梓若"
RARE = "䶮𠮷"
MINORITY: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("维吾尔族", "男", ("阿迪力", "艾合买提", "库尔班"), ("玉素甫", "吐尔逊", "买买提", "依明")),
    ("维吾尔族", "女", ("阿依古丽", "热依罕", "米热班"), ("玉素甫", "吐尔逊", "买买提", "依明")),
    ("哈萨克族", "男", ("叶尔兰", "巴合提"), ("别克", "努尔兰", "哈力")),
    ("哈萨克族", "女", ("古丽娜", "阿依努尔"), ("别克", "努尔兰", "哈力")),
)
"""(ethnicity, sex, given names, fathers' names)."""
ETHNICITIES = ("汉族", "回族", "满族", "蒙古族", "藏族", "土家族")

AREAS = (
    "610102", "610104", "610113", "610116", "610122", "610204", "610303", "610322", "610402", "610481", "610502",
    "610526", "610602", "610702", "610802", "610902", "611002", "140105", "140302", "140802", "410102", "410305",
    "410502", "411302", "620102", "620402", "620502", "621002", "640104", "640402", "510104", "510703", "500101",
    "150102", "420106", "340104", "370102", "130102", "654002", "653101",
)  # fmt: skip


@dataclass
class Identity:
    """People's identities, one element a person."""

    id_number: Objects
    name: Objects
    sex: Objects
    birth_on: Dates
    ethnicity: Objects
    area: Objects


def invent(rng: np.random.Generator, born_from: Dates, spread: Dates) -> Identity:
    """One person each, born within `spread` days after `born_from`; no two identity numbers are equal."""
    n = len(born_from)
    male = rng.random(n) < 0.52
    birth_on = born_from + (rng.random(n) * spread.astype(np.int64)).astype(np.int64)
    area = np.array(AREAS, dtype=object)[(rng.random(n) ** 1.6 * len(AREAS)).astype(int)]
    sequence = _distinct(area, birth_on, rng.integers(1, 499, n) * 2 + male)
    compact = np.strings.replace(np.datetime_as_string(birth_on, "D"), "-", "")
    id_number = complete(
        np.strings.add(np.strings.add(area.astype("U6"), compact), np.strings.zfill(sequence.astype("U3"), 3))
    )
    name, ethnicity = _names(rng, male)
    return Identity(
        id_number.astype(object), name, np.where(male, "男", "女").astype(object), birth_on, ethnicity, area
    )


def _distinct(area: Objects, birth_on: Dates, sequence: Ints) -> Ints:
    """Sequences of which no two are equal for one area and birth date; the parity, which is the sex, stays."""
    place = area.astype(np.int64) * 10**8 + birth_on.astype(np.int64) * 1000
    while True:
        order = np.argsort(place + sequence, kind="stable")
        number = (place + sequence)[order]
        again = order[1:][number[1:] == number[:-1]]
        if not len(again):
            return sequence
        sequence[again] = np.where(sequence[again] < 998, sequence[again] + 2, sequence[again] % 2 + 2)


def _names(rng: np.random.Generator, male: Flags) -> tuple[Objects, Objects]:
    n = len(male)
    surname = np.array(list(SURNAMES))[(rng.random(n) ** 2 * len(SURNAMES)).astype(int)]
    boys, girls = np.array(list(GIVEN_MALE)), np.array(list(GIVEN_FEMALE))
    first, second = (
        np.where(male, boys[rng.integers(0, len(boys), n)], girls[rng.integers(0, len(girls), n)]) for _ in range(2)
    )
    second = np.where(rng.random(n) < 0.2, "", second)
    rare = rng.random(n) < 0.003
    second = np.where(rare, np.array(list(RARE))[rng.integers(0, len(RARE), n)], second)
    name = np.strings.add(np.strings.add(surname, first), second).astype(object)
    ethnicity = np.array(ETHNICITIES, dtype=object)[rng.integers(1, len(ETHNICITIES), n) * (rng.random(n) < 0.06)]
    minority = np.flatnonzero(rng.random(n) < 0.015)
    for i, pick in zip(minority.tolist(), rng.random(len(minority)).tolist(), strict=True):
        group = [row for row in MINORITY if (row[1] == "男") == bool(male[i])][int(pick * 2)]
        given, father = group[2], group[3]
        code = int(pick * 1e6)
        name[i], ethnicity[i] = f"{given[code % len(given)]}·{father[code // 7 % len(father)]}", group[0]
    return name, ethnicity
