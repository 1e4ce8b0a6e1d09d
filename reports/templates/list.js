// The list: what is kept of it, in which order, and which part is drawn; all of that stands in the address too.
(() => {
  const body = document.getElementById("findings");
  if (!body) return;
  const field = (name) => document.getElementById(name);
  const [heading, shown, earlier, more] = ["list-h", "shown", "earlier", "more"].map(field);
  const heads = document.querySelectorAll("th[data-sort]");
  const FILTERS = ["search", "severity", "state", "owner", "college", "due"];
  const FIELDS = [...FILTERS, "sort"];
  const BEFORE_FOUND = 5; // so that a finding is not seen without what stands before it
  const findings = findingsOf(JSON.parse(field("list-data").textContent));
  const rows = Array.from(body.rows); // by number; those that the page came without are drawn when they are first shown
  const portion = rows.length;
  let kept = [];
  let [start, end] = [0, 0];
  let unfolded = false;
  let found;
  let remembering;

  const rowAt = (number) => {
    if (!rows[number]) {
      rows[number] = rowOf(findings.finding(number));
      rows[number].querySelector("details").open = unfolded;
    }
    return rows[number];
  };

  const thousands = (number) => number.toLocaleString("en-US");

  const offer = (button, words, left) => {
    button.hidden = left === 0;
    button.textContent = `${words}${thousands(Math.min(left, portion))}项（还有${thousands(left)}项）`;
  };

  const show = (from, to) => {
    [start, end] = [Math.max(0, from), Math.min(to, kept.length)];
    const focused = document.activeElement;
    const part = new DocumentFragment();
    for (const number of kept.slice(start, end)) part.append(rowAt(number));
    body.replaceChildren(part);
    if (body.contains(focused)) focused.focus({ preventScroll: true });
    offer(earlier, "显示前面的", start);
    offer(more, "再显示", kept.length - end);
    const [number, total, first, last] = [kept.length, findings.count, start + 1, end].map(thousands);
    shown.textContent =
      (FILTERS.some((name) => field(name).value.trim()) ? `已筛选：显示${number}项，共${total}项。` : `共${total}项。`) +
      (end - start < kept.length ? `下面列出第${first}至${last}项。` : "");
  };

  const keeps = () => {
    const tests = field("search").value.toLowerCase().split(/\s+/).filter(Boolean).map(findings.having);
    for (const name of FILTERS.slice(1)) {
      const wanted = field(name).value;
      if (wanted === "pending") tests.push((number) => findings.code(number, name) !== "waived");
      else if (wanted) tests.push((number) => findings.code(number, name) === wanted);
    }
    return (number) => tests.every((test) => test(number));
  };

  const sorted = (numbers, sort) => {
    if (!sort) return numbers;
    const severities = Array.from(field("severity").options, (option) => option.value);
    const ranks = findings.ranks(sort.replace("-", ""), sort.startsWith("-"), severities);
    return numbers.sort((a, b) => ranks[a] - ranks[b]);
  };

  // On paper the fields are not there to tell what was chosen.
  const chosen = (name) => {
    const { labels, options, selectedIndex, value } = field(name);
    return `${labels[0].firstChild.data}：${options ? options[selectedIndex].text : value}`;
  };

  const apply = () => {
    const sort = field("sort").value;
    kept = sorted(Array.from({ length: findings.count }, (_, number) => number).filter(keeps()), sort);
    body.classList.toggle("sorted", sort !== "");
    for (const head of heads) {
      const way = { [head.dataset.sort]: "ascending", [`-${head.dataset.sort}`]: "descending" }[sort];
      if (way) head.setAttribute("aria-sort", way);
      else head.removeAttribute("aria-sort");
    }
    field("chosen").textContent = FIELDS.filter((name) => field(name).value.trim()).map(chosen).join("；");
    show(0, portion);
  };

  const remember = () => {
    clearTimeout(remembering);
    const state = String(new URLSearchParams(FIELDS.map((name) => [name, field(name).value]).filter(([, value]) => value)));
    history.replaceState(null, "", state ? `#list?${state}` : "#list");
  };

  const change = () => {
    apply();
    remember();
  };

  const set = (state) => {
    for (const name of FIELDS) {
      field(name).value = state.get(name) ?? "";
      if (field(name).selectedIndex === -1) field(name).value = "";
    }
    apply();
  };

  const open = (number) => {
    if (!kept.includes(number)) set(new URLSearchParams());
    const place = kept.indexOf(number);
    if (place < start || place >= end) show(place - BEFORE_FOUND, place - BEFORE_FOUND + portion);
    found = rowAt(number);
    found.classList.add("found");
    found.querySelector("details").open = true;
    found.querySelector("summary").focus({ preventScroll: true });
    found.scrollIntoView({ block: "center" });
  };

  // What the address names: a state of the list, or a finding. Other places on the page leave the list as it is.
  const follow = () => {
    clearTimeout(remembering);
    found?.classList.remove("found");
    const name = location.hash.slice(1);
    const number = findings.numberOf(name);
    if (number !== undefined) open(number);
    if (!name.startsWith("list?")) return;
    set(new URLSearchParams(name.slice("list?".length)));
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  };

  const typed = ({ isComposing }) => {
    if (isComposing) return; // the letters of a Chinese word that is not chosen yet
    apply();
    clearTimeout(remembering);
    remembering = setTimeout(remember, 300); // browsers refuse an address that changes with every key
  };

  for (const event of ["input", "compositionend"]) field("search").addEventListener(event, typed);
  for (const name of FIELDS.slice(1)) field(name).addEventListener("change", change);
  field("reset").addEventListener("click", () => {
    for (const name of FILTERS) field(name).value = "";
    change();
  });
  field("unfold").addEventListener("click", ({ target }) => {
    unfolded = !unfolded;
    target.setAttribute("aria-pressed", String(unfolded));
    target.textContent = unfolded ? "收起全部依据" : "展开全部依据";
    for (const row of rows) if (row) row.querySelector("details").open = unfolded;
  });
  for (const head of heads) {
    const [button, name] = [head.querySelector("button"), head.dataset.sort];
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = { [name]: `-${name}`, [`-${name}`]: "" };
      field("sort").value = next[field("sort").value] ?? name;
      change();
    });
  }
  more.addEventListener("click", () => {
    const first = end;
    show(start, end + portion);
    rowAt(kept[first]).querySelector("summary").focus();
  });
  earlier.addEventListener("click", () => {
    const last = start - 1;
    show(start - portion, end);
    rowAt(kept[last]).querySelector("summary").focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field("search").focus();
    } else if (event.key === "Escape" && event.target === field("search")) {
      event.preventDefault();
      field("search").value = "";
      change();
    }
  });

  // Paper has all that the filter keeps, drawn or not.
  let part;
  window.addEventListener("beforeprint", () => {
    part = [start, end];
    show(0, kept.length);
  });
  window.addEventListener("afterprint", () => show(...part));
  field("print").addEventListener("click", () => window.print());

  for (const link of document.querySelectorAll("a[data-filter]")) link.setAttribute("href", `#list?${link.dataset.filter}`);
  window.addEventListener("hashchange", follow);
  field("rest")?.remove();
  field("filter").hidden = false;
  apply();
  follow();
})();
