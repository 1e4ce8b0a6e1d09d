// A finding's row, the same as list.html.j2 makes it. Texts become text nodes, never markup.
const element = (tag, name, ...children) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
};

const linkTo = (anchor, text) => {
  const link = element("a", "", text);
  link.setAttribute("href", `#${anchor}`);
  return link;
};

const pairs = (texts) => texts.flatMap((text, at) => (at % 2 ? [] : [[text, texts[at + 1]]]));

const proofOf = (texts) =>
  element("dl", "proof", ...pairs(texts).map(([head, text]) => element("div", "", element("dt", "", head), element("dd", "", text))));

const labelled = (texts, tag) =>
  pairs(texts).flatMap(([label, text]) => [element("p", "label", label), element(tag, "", text)]);

const rowOf = ({ anchor, severity: [severity, word, sign], state: [state, stateWord], cause: [cause, rule, subject], ...finding }) => {
  const mark = element("span", `sign ${severity}`, sign);
  mark.setAttribute("aria-hidden", "true");
  const head = element("th", "fixed", finding.rule);
  head.setAttribute("scope", "row");
  const about = element("p", "subject", finding.subject);
  if (finding.consequences) about.append(element("span", "follows", `由此引起${finding.consequences}项`));
  const due = element("td", "aside fixed", finding.date || "—");
  if (finding.late) due.append(element("br"), element("span", "late", finding.late));
  const row = element(
    "tr",
    cause ? "consequence" : state === "waived" ? "waived" : "",
    element("td", "fixed", mark, ` ${word}`, element("br"), element("span", "state", `「${stateWord}」`)),
    head,
    element(
      "td",
      "what",
      ...(cause ? [element("p", "follows", "由", linkTo(cause, `${rule}（${subject}）`), "引起")] : []),
      element("p", "title", finding.title),
      element("p", "", finding.message),
      about,
      element("p", "meta", finding.meta),
      element(
        "details",
        "",
        element("summary", "", "依据"),
        ...(finding.proofs.length ? finding.proofs.map(proofOf) : [element("p", "", "没有可列的数据行。")]),
        ...labelled(finding.clauses, "blockquote"),
        ...labelled(finding.notes, "p"),
        element("p", "permalink", linkTo(anchor, "本项的链接")),
      ),
    ),
    element("td", "aside", finding.owner),
    element("td", "aside", finding.college),
    due,
  );
  row.id = anchor;
  return row;
};
