// The fields: Tab goes to the next unsure one, Enter says it is right or keeps what was typed, Esc takes typing back.
import { onKey } from "./keys.js";

export function startFields(paper, claim) {
  const form = document.getElementById("fields");
  const rows = [...document.querySelectorAll("tr[data-field]")];
  const inputs = rows.map((row) => row.querySelector("input"));
  // The version changes when the claim arrives: what is sent must say the one after it.
  const send = () => claim.settled.then(() => form.submit());
  const lines = [...document.querySelectorAll("tr[data-line]")];

  const mark = (chosen) => {
    for (const row of [...rows, ...lines]) row.classList.toggle("at", row === chosen);
  };
  const show = (row) => {
    mark(row);
    paper.frame(row.dataset.field ?? `line-${row.dataset.line}`);
  };
  const goTo = (row) => {
    if (!row) return false;
    show(row);
    const input = row.querySelector("input");
    if (input) input.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    return true;
  };

  paper.onBox((name) => {
    const line = /^line-(\d+)$/.exec(name);
    const row = line ? lines.find((one) => one.dataset.line === line[1]) : rows.find((one) => one.dataset.field === name);
    goTo(row);
  });
  for (const row of [...rows, ...lines]) {
    row.addEventListener("mouseenter", () => paper.frame(row.dataset.field ?? `line-${row.dataset.line}`));
    row.addEventListener("click", () => show(row));
  }
  for (const link of document.querySelectorAll(".finding a[href^='#']")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo([...rows, ...lines].find((row) => row.id === link.hash.slice(1)));
    });
  }

  const at = () => rows.findIndex((row) => row.classList.contains("at"));
  const step = (by) => goTo(rows[Math.max(0, Math.min(rows.length - 1, at() + by))]);
  for (const key of ["j", "ArrowDown"]) onKey(key, () => step(1));
  for (const key of ["k", "ArrowUp"]) onKey(key, () => step(-1));

  const unsure = (by) => {
    const order = by > 0 ? rows.slice(at() + 1) : rows.slice(0, Math.max(0, at())).reverse();
    return order.find((row) => (row.classList.contains("unsure") || row.classList.contains("asked")) && !row.classList.contains("changed"));
  };
  onKey("Tab", (event) => {
    const isLoose = event.target === document.body || event.target.closest(".facts, .paper, main") === event.target;
    return isLoose ? goTo(unsure(event.shiftKey ? -1 : 1)) : false;
  });

  const refresh = () => {
    for (const input of inputs) {
      if (input) input.closest("tr").classList.toggle("changed", input.value.trim() !== input.dataset.was);
    }
    document.querySelector(".save")?.classList.toggle("wanted", Boolean(document.querySelector("tr.changed")));
  };
  for (const input of inputs) {
    if (!input) continue;
    const row = input.closest("tr");
    input.addEventListener("focus", () => show(row));
    input.addEventListener("input", refresh);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Tab") {
        const next = unsure(event.shiftKey ? -1 : 1);
        if (next) { event.preventDefault(); goTo(next); }
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (row.classList.contains("unsure") && input.value.trim()) document.getElementById("confirm").value = row.dataset.field;
        if (document.querySelector("tr.changed") || document.getElementById("confirm").value) send();
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        if (input.value !== input.dataset.was) { input.value = input.dataset.was; refresh(); }
        else { input.blur(); }
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      }
    });
  }
  form?.addEventListener("submit", (event) => {
    if (claim.isSettled()) return;
    event.preventDefault();
    if (event.submitter?.value) document.getElementById("confirm").value = event.submitter.value;
    send();
  });
  if (form) refresh();

  return {
    // What the first finding points to, else the first unsure field: framed, but not entered, so that keys still
    // decide, and not scrolled to, so that the findings stay in sight. After a correction the next unsure one is entered.
    first: () => {
      const doubtful = rows.find((row) => row.classList.contains("unsure"));
      if (location.hash === "#fields" && goTo(doubtful)) return;
      const asked = document.querySelector(".finding a[href^='#']")?.hash.slice(1);
      const row = [...rows, ...lines].find((one) => one.id === (location.hash.slice(1) || asked)) ?? doubtful;
      if (row) show(row);
      document.querySelector(".facts")?.focus({ preventScroll: true });
    },
  };
}
