"use strict";
// The findings of the data block that reports/papers/html_list.py writes; each by its number in the given order.
const findingsOf = ({ texts, lists, rows }) => {
  const TEXTS = ["anchor", "rule", "title", "message", "subject", "owner", "college", "date", "late", "meta", "consequences"];
  const LISTS = ["severity", "state", "due", "cause", "clauses", "notes"];
  // A text may be given in pieces, which are texts themselves; it is put together when it is first needed.
  const textAt = (place) => {
    if (typeof texts[place] !== "string") texts[place] = texts[place].map((piece) => texts[piece]).join("");
    return texts[place];
  };
  const column = Object.fromEntries([...TEXTS, ...LISTS].map((name, place) => [name, place]));
  const textsOf = (list) => lists[list].map(textAt);
  const code = (number, name) => {
    const place = rows[number][column[name]];
    return column[name] < TEXTS.length ? textAt(place) : textsOf(place)[0];
  };

  const finding = (number) => {
    const row = rows[number];
    const made = { proofs: row.slice(TEXTS.length + LISTS.length).map(textsOf) };
    for (const name of TEXTS) made[name] = textAt(row[column[name]]);
    for (const name of LISTS) made[name] = textsOf(row[column[name]]);
    return made;
  };

  // Which findings have a word somewhere: each text is looked at once, however many findings share it.
  let small;
  const having = (word) => {
    small ??= texts.map((_, place) => textAt(place).toLowerCase());
    const inText = small.map((text) => text.includes(word));
    const inList = lists.map((list) => list.some((place) => inText[place]));
    return (number) => rows[number].some((place, at) => (at < TEXTS.length ? inText : inList)[place]);
  };

  // Each finding's rank in a column: dates as such, severities as they are given, all else by its sound; what is empty
  // comes last, also downwards.
  const sound = new Intl.Collator("zh-CN", { numeric: true }).compare;
  const day = (text) => text.match(/\d+/g).reduce((sum, part) => sum * 100 + Number(part), 0);
  const ranks = (name, down, severities) => {
    const values = new Map();
    rows.forEach((row, number) => values.has(row[column[name]]) || values.set(row[column[name]], code(number, name)));
    const order = {
      date: (a, b) => day(a) - day(b),
      severity: (a, b) => severities.indexOf(a) - severities.indexOf(b),
    };
    const known = [...values].filter(([, text]) => text).sort(([, a], [, b]) => (order[name] ?? sound)(a, b));
    const rank = new Map((down ? known.reverse() : known).map(([place], at) => [place, at]));
    return rows.map((row) => rank.get(row[column[name]]) ?? known.length);
  };

  const numbers = new Map(rows.map((row, number) => [textAt(row[column.anchor]), number]));
  return { count: rows.length, code, finding, having, ranks, numberOf: (anchor) => numbers.get(anchor) };
};
