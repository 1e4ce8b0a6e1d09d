"use strict";
(() => {
  const body = document.getElementById("findings");
  if (!body) return;
  const field = (name) => document.getElementById(name);
  const shown = field("shown");
  const choices = ["severity", "state", "owner", "college", "due"];
  const rows = Array.from(body.rows, (row) => ({ row, text: row.textContent.toLowerCase() }));

  const apply = () => {
    const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = choices.map((name) => [name, field(name).value]).filter(([, value]) => value);
    let count = 0;
    for (const { row, text } of rows) {
      const kept = wanted.every(([name, value]) => row.dataset[name] === value) && words.every((word) => text.includes(word));
      row.hidden = !kept;
      count += kept;
    }
    const total = rows.length.toLocaleString("en-US");
    shown.textContent = words.length || wanted.length
      ? `已筛选：显示${count.toLocaleString("en-US")}项，共${total}项。`
      : `共${total}项。`;
  };

  const reset = () => {
    field("search").value = "";
    for (const name of choices) field(name).value = "";
  };

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !body.contains(target)) return;
    if (target.hidden) {
      reset();
      apply();
    }
    target.querySelector("details").open = true;
    target.scrollIntoView({ block: "center" });
  };

  field("search").addEventListener("input", apply);
  for (const name of choices) field(name).addEventListener("change", apply);
  field("reset").addEventListener("click", () => {
    reset();
    apply();
  });
  field("unfold").addEventListener("click", (event) => {
    const open = event.target.getAttribute("aria-pressed") !== "true";
    event.target.setAttribute("aria-pressed", String(open));
    event.target.textContent = open ? "收起全部依据" : "展开全部依据";
    for (const { row } of rows) row.querySelector("details").open = open;
  });
  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.addEventListener("click", () => {
      reset();
      field(link.dataset.filter).value = link.dataset.value;
      apply();
    });
  }
  window.addEventListener("hashchange", reveal);
  field("filter").hidden = false;
  apply();
  reveal();
})();
