"use strict";
// The findings of the data block that reports/list_data.py writes; each by its number in the given order.
const findingsOf = ({ texts: cut, lists, rows }) => {
  const TEXTS = ["anchor", "rule", "title", "message", "subject", "owner", "college", "date", "late", "meta", "consequences"];
  const LISTS = ["severity", "state", "due", "cause", "clauses", "notes"];
  const texts = cut.map((text) => (typeof text === "string" ? text : text.map((piece) => cut[piece]).join("")));
  const column = Object.fromEntries([...TEXTS, ...LISTS].map((name, place) => [name, place]));
  const textsOf = (list) => lists[list].map((place) => texts[place]);
  const code = (number, name) => {
    const place = rows[number][column[name]];
    return column[name] < TEXTS.length ? texts[place] : texts[lists[place][0]];
  };

  const finding = (number) => {
    const row = rows[number];
    const made = { proofs: row.slice(TEXTS.length + LISTS.length).map(textsOf) };
    for (const name of TEXTS) made[name] = texts[row[column[name]]];
    for (const name of LISTS) made[name] = textsOf(row[column[name]]);
    return made;
  };

  // Which findings have a word somewhere: each text is looked at once, however many findings share it.
  const having = (word) => {
    const inText = texts.map((text) => text.toLowerCase().includes(word));
    const inList = lists.map((list) => list.some((place) => inText[place]));
    return (number) => rows[number].some((place, at) => (at < TEXTS.length ? inText : inList)[place]);
  };

  // What a column is sorted by, as a number: dates as such, severities and states as the fields offer them, all else by its sound.
  const sound = new Intl.Collator("zh-CN", { numeric: true }).compare;
  const ranks = (name, offered) => {
    const values = new Map();
    for (let number = 0; number < rows.length; number++) values.set(rows[number][column[name]], code(number, name));
    const day = (text) => text.match(/\d+/g).reduce((sum, part) => sum * 100 + Number(part), 0);
    const own = { date: (a, b) => day(a) - day(b), severity: (a, b) => offered.indexOf(a) - offered.indexOf(b) }[name];
    const known = [...values].filter(([, text]) => text).sort(([, a], [, b]) => (own ?? sound)(a, b));
    const rank = new Map(known.map(([place], at) => [place, at]));
    return (number) => rank.get(rows[number][column[name]]);
  };

  const numbers = new Map(rows.map((row, number) => [texts[row[column.anchor]], number]));
  return { count: rows.length, code, finding, having, ranks, numberOf: (anchor) => numbers.get(anchor) };
};
