// The queue: panels by key, choosing cases of one code with Space, Shift and A, the numbers of saved filters.
import { onKey } from "./keys.js";
import { _ } from "./texts.js";

export function startQueue() {
  const panels = [...document.querySelectorAll("details[data-panel]")];
  for (const panel of panels) {
    const open = () => {
      panel.open = !panel.open;
      if (panel.open) panel.querySelector("select, input:not([type=hidden]):not([type=checkbox])")?.focus();
      else panel.querySelector("summary").focus();
    };
    if (panel.dataset.panel !== "s") onKey(panel.dataset.panel, open);
    panel.addEventListener("toggle", () => { if (panel.open) for (const other of panels) if (other !== panel) other.open = false; });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !panel.open) return;
      event.preventDefault();
      event.stopPropagation();
      panel.open = false;
      panel.querySelector("summary").focus();
    });
  }
  document.addEventListener("click", (event) => {
    for (const panel of panels) if (panel.open && !panel.contains(event.target)) panel.open = false;
  });

  const boxes = [...document.querySelectorAll("td.tick input")];
  if (boxes.length) startChoosing(boxes);
  startCounts();
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button");
      setTimeout(() => { button.disabled = true; button.textContent = form.dataset.once; });
      const bulk = form.querySelector("[name=bulk_id]")?.value;
      const all = form.querySelectorAll("[name=case]").length;
      if (bulk) setInterval(() => tellProgress(button, bulk, all), 700);
    });
  }
}

// While the answer to the form is awaited, how far it has come: each case is kept as soon as it is done.
async function tellProgress(button, bulk, all) {
  try {
    const answer = await fetch(`/v1/bulk/${bulk}`);
    if (!answer.ok) return;
    const { results } = await answer.json();
    button.textContent = _("%(done)s of %(all)s done…", { done: results.length, all });
  } catch { /* the next time, perhaps */ }
}

function startChoosing(boxes) {
  const every = document.querySelector("#bulk [name=every]");
  const told = document.querySelector("[data-chosen]");
  const codeOf = (box) => box.closest("tr").dataset.code;
  let last = null;

  const show = () => {
    const chosen = boxes.filter((box) => box.checked);
    const code = chosen.length ? codeOf(chosen[0]) : null;
    for (const box of boxes) {
      const fits = code === null || codeOf(box) === code;
      box.disabled = !fits;
      box.title = fits ? "" : _("held by another code than those chosen");
      box.closest("tr").classList.toggle("is-chosen", box.checked);
    }
    told.textContent = chosen.length ? String(chosen.length) : "";
    if (every && chosen.length) every.checked = false;
  };
  const choose = (box, on) => { if (!box.disabled) box.checked = on; };
  const rangeTo = (box) => {
    const ends = [boxes.indexOf(last ?? box), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(ends[0], ends[1] + 1)) if (codeOf(one) === codeOf(last ?? box)) choose(one, true);
  };
  const here = () => document.activeElement?.closest("tr")?.querySelector("td.tick input") ?? null;

  const space = (event) => {
    if (document.activeElement?.matches("button, summary, input, select")) return false;
    const box = here();
    if (!box || box.disabled) return true;
    if (event.shiftKey) rangeTo(box);
    else choose(box, !box.checked);
    last = box;
    show();
    return true;
  };
  onKey(" ", space);
  onKey("A", () => {
    const code = codeOf(boxes.find((box) => box.checked) ?? here() ?? boxes[0]);
    const same = boxes.filter((box) => codeOf(box) === code);
    const on = !same.every((box) => box.checked);
    for (const box of boxes) box.checked = on && codeOf(box) === code;
    show();
  });
  for (const box of boxes) {
    box.tabIndex = -1; // the row's link has the focus, Space chooses; without scripts Tab comes here
    box.addEventListener("click", (event) => {
      event.stopPropagation();
      if (event.shiftKey && box.checked) rangeTo(box);
      last = box;
      show();
    });
    box.closest("td").addEventListener("click", (event) => {
      event.stopPropagation();
      if (event.target !== box) box.click();
    });
  }
  document.querySelector("[data-unchoose]")?.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    if (every) every.checked = false;
    show();
  });
  every?.addEventListener("change", () => {
    if (every.checked) for (const box of boxes) box.checked = false;
    show();
  });
  // A page that is come back to may stand with boxes ticked.
  addEventListener("pageshow", show);
  show();
}

async function startCounts() {
  const places = [...document.querySelectorAll("[data-count]")];
  if (!places.length) return;
  try {
    const asked = new URLSearchParams(places.map((place) => ["id", place.dataset.count]));
    const answer = await fetch(`/v1/filters/counts?${asked}`);
    const { counts } = await answer.json();
    for (const place of places) {
      const count = counts[place.dataset.count];
      if (count) place.textContent = count.is_more ? `${count.count}+` : String(count.count);
    }
  } catch { /* a number less; the tab works without */ }
}
