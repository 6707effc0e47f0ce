// The values of the paper: Tab goes to the next unsure one, Enter says it is right or keeps what was typed, Esc takes
// typing back, digits take a candidate, a word of the page may be clicked. Rows come and go when a correction is sent:
// whatever is asked here is asked of the page as it is now.
import { startChecks } from "./checks.js";
import { onKey } from "./keys.js";
import { _ } from "./texts.js";
import { startWords } from "./words.js";

const all = (selector) => [...document.querySelectorAll(selector)];
const rows = () => all("tr[data-field]");
const lines = () => all("tr[data-line]");
export const inputs = () => all("#fields input[data-name]");
export const inputOf = (name) => document.querySelector(`#fields input[data-name="${CSS.escape(name)}"]`);
export const isChanged = (input) => input.value.trim() !== (input.dataset.was ?? "");
const rowOf = (input) => input.closest("tr[data-field]");
const isUnsure = (input) => (rowOf(input) ? rowOf(input).matches(".unsure, .asked") : input.classList.contains("unsure"));

export function startFields(paper, sending) {
  const facts = document.querySelector(".facts");
  const bar = document.getElementById("focus");
  let here = null;

  const refresh = () => {
    for (const input of inputs()) {
      const changed = isChanged(input);
      rowOf(input)?.classList.toggle("changed", changed);
      if (!rowOf(input)) input.classList.toggle("changed", changed);
    }
    const wanted = all("tr.changed, .cells input.changed, .cells .take input:checked").length > 0 || Boolean(document.querySelector(".more input")?.value);
    document.querySelector(".save")?.classList.toggle("wanted", wanted);
    document.dispatchEvent(new Event("typed"));
  };
  const show = (name) => {
    here = name;
    for (const row of [...rows(), ...lines()]) row.classList.toggle("at", row.dataset.field === name || `lines.${row.dataset.line}` === name);
    paper.frame(name);
    if (bar) lookCloser(bar, name);
  };
  const goTo = (name) => {
    if (!name) return false;
    const input = inputOf(name);
    const row = document.getElementById(`f-${name}`) ?? (input ? null : document.getElementById(name.replace(/^lines\.(\d+).*/, "line-$1")));
    input?.closest("details")?.setAttribute("open", "");
    show(name);
    input?.focus({ preventScroll: true });
    (row ?? input)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return Boolean(row ?? input);
  };
  const put = (name, value, place = "") => {
    const input = inputOf(name);
    if (!input) return;
    document.getElementById("grid")?.dispatchEvent(new CustomEvent("filled", { detail: input }));
    input.value = value;
    placeOf(input).value = isChanged(input) ? place : "";
    input.focus({ preventScroll: true });
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const checks = startChecks(bar);
  const armed = () => (document.activeElement?.matches("#fields input[data-name]") ? document.activeElement.dataset.name : null);
  startWords(paper, armed, async (name, text, place) => {
    const found = await checks.ask(name, text);
    if (found?.ok) put(name, found.value, place);
  });

  paper.onBox((name) => goTo(inputOf(name) || document.getElementById(`f-${name}`) ? name : name.replace(/^(lines\.\d+).*/, "$1")));
  facts?.addEventListener("mouseover", (event) => {
    const row = event.target.closest("tr[data-field], tr[data-line]");
    if (row && document.activeElement?.dataset.name === undefined) paper.frame(row.dataset.field ?? `lines.${row.dataset.line}`);
  });
  facts?.addEventListener("click", (event) => {
    const link = event.target.closest(".finding a[href^='#']");
    const taken = event.target.closest("[data-take]");
    const row = event.target.closest("tr[data-field], tr[data-line]");
    if (link) {
      event.preventDefault();
      const row = document.getElementById(link.hash.slice(1));
      if (row) goTo(row.dataset.field ?? `lines.${row.dataset.line}`);
    } else if (taken) put(taken.dataset.for, taken.dataset.take, taken.dataset.place);
    else if (row) show(row.dataset.field ?? `lines.${row.dataset.line}`);
  });
  bar?.addEventListener("click", (event) => {
    const taken = event.target.closest("[data-take]");
    if (taken) put(taken.dataset.for, taken.dataset.take, taken.dataset.place);
  });

  const names = () => rows().map((row) => row.dataset.field);
  const step = (by) => {
    const every = names();
    return goTo(every[Math.max(0, Math.min(every.length - 1, every.indexOf(here) + by))]);
  };
  for (const key of ["j", "ArrowDown"]) onKey(key, () => step(1));
  for (const key of ["k", "ArrowUp"]) onKey(key, () => step(-1));

  const unsure = (by, from = here) => {
    const every = inputs();
    const at = every.findIndex((input) => input.dataset.name === from);
    const order = by > 0 ? every.slice(at + 1) : every.slice(0, Math.max(0, at)).reverse();
    return order.find((input) => isUnsure(input) && !isChanged(input))?.dataset.name;
  };
  onKey("Tab", (event) => {
    const isLoose = event.target === document.body || event.target.closest(".facts, .view, main") === event.target;
    return isLoose ? goTo(unsure(event.shiftKey ? -1 : 1)) : false;
  });
  onKey("l", () => {
    const first = document.querySelector(".cells input[data-name].unsure") ?? document.querySelector(".cells input[data-name]");
    return first ? goTo(first.dataset.name) : false;
  });
  for (let digit = 1; digit <= 9; digit += 1) {
    onKey(String(digit), () => takeCandidate(digit));
  }
  const takeCandidate = (digit) => {
    const taken = bar?.querySelectorAll("[data-take]")[digit - 1];
    if (!taken) return false;
    put(taken.dataset.for, taken.dataset.take, taken.dataset.place);
    return true;
  };

  facts?.addEventListener("focusin", (event) => {
    if (event.target.matches("#fields input[data-name]")) {
      show(event.target.dataset.name);
      paper.view?.classList.add("taking");
    }
  });
  facts?.addEventListener("focusout", () => paper.view?.classList.remove("taking"));
  facts?.addEventListener("input", (event) => {
    const input = event.target;
    if (input.dataset.name) {
      if (event.isTrusted) placeOf(input).value = "";
      checks.soon(input);
    }
    refresh();
  });
  facts?.addEventListener("change", refresh);
  facts?.addEventListener("keydown", (event) => {
    const input = event.target;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && input.closest("#fields")) {
      event.preventDefault();
      send();
      return;
    }
    if (!input.matches("#fields input[data-name]")) return;
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      if (takeCandidate(Number(event.code.at(-1)))) event.preventDefault();
    } else if (event.key === "Tab") {
      const next = unsure(event.shiftKey ? -1 : 1);
      if (next) { event.preventDefault(); goTo(next); }
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (isChanged(input)) { input.value = input.dataset.was ?? ""; checks.clear(input); refresh(); }
      else { input.blur(); facts.focus({ preventScroll: true }); }
    } else if (event.defaultPrevented || input.closest(".cells")) {
      return;
    } else if (event.key === "Enter") {
      event.preventDefault();
      confirmOrSend(input);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  });

  const confirmOrSend = (input) => {
    const confirmed = isUnsure(input) && input.value.trim() && (rowOf(input)?.matches(".unsure") ?? true) ? input.dataset.name : "";
    if (confirmed || document.querySelector(".save.wanted")) send(confirmed);
  };
  const send = async (confirmed = "") => {
    const isPaper = document.querySelector(".save.wanted") || !inputs().length;
    if (!confirmed && !isPaper) return;
    const wrong = document.querySelector("#fields input.wrong");
    if (wrong) { goTo(wrong.dataset.name); return; }
    const from = here;
    const confirm = document.getElementById("confirm");
    if (confirm) confirm.value = confirmed;
    const answer = await sending.send(document.getElementById("fields"));
    if (!answer) return;
    refresh();
    const next = unsure(1, from) ?? unsure(1, null);
    if (answer.error) goTo(from);
    else if (confirmed && next) goTo(next);
    else if (inputOf(from) && !confirmed) goTo(from);
    else { first(); facts.focus({ preventScroll: true }); }
  };
  facts?.addEventListener("submit", (event) => {
    if (event.target.id !== "fields") return;
    event.preventDefault();
    send(event.submitter?.name === "confirm" ? event.submitter.value : "");
  });
  if (inputs().length) refresh();

  // What the first finding points to, else the first unsure value, else the first of all, for a finding may ask for every
  // value: framed, but not entered, so that keys still decide, and not scrolled to, so that the findings stay in sight.
  const first = () => {
    const asked = document.getElementById((location.hash || document.querySelector(".finding a[href^='#']")?.hash || "").slice(1));
    const row = asked?.matches("tr[data-field], tr[data-line]") ? asked : document.querySelector("tr[data-field].unsure");
    const cell = document.querySelector(".cells input[data-name].unsure");
    const name = row?.dataset.field ?? (row ? `lines.${row.dataset.line}` : cell?.dataset.name) ?? names()[0];
    if (name) show(name);
  };
  return {
    goTo,
    refresh,
    confirmOrSend,
    first: () => {
      first();
      facts?.focus({ preventScroll: true });
    },
  };
}

// The form's own word of where on the page a value was taken from.
function placeOf(input) {
  const form = document.getElementById("fields");
  const name = `place.${input.dataset.name}`;
  let place = form.querySelector(`input[name="${CSS.escape(name)}"]`);
  if (!place) {
    place = document.createElement("input");
    place.type = "hidden";
    place.name = name;
    form.append(place);
  }
  return place;
}

// Under the values: the one in focus with all that speaks for and against it, and what it may be instead.
function lookCloser(bar, name) {
  const row = document.getElementById(`f-${name}`);
  const input = inputOf(name);
  bar.hidden = !row && !input;
  if (bar.hidden) return;
  const title = document.createElement("p");
  title.className = "title";
  const label = document.createElement("strong");
  label.textContent = row ? row.querySelector("th").textContent.trim() : input.getAttribute("aria-label");
  title.append(label);
  const sure = row?.querySelector(".sure > span")?.cloneNode(true);
  if (sure) title.append(" ", sure);
  else if (input?.dataset.sure) {
    const mark = document.createElement("span");
    mark.className = isUnsure(input) ? "doubt" : "trust";
    mark.textContent = `${isUnsure(input) ? "!" : "✓"} ${input.dataset.sure}`;
    title.append(" ", mark);
  }
  const told = document.createElement("span");
  told.className = "told";
  told.id = "told";
  told.setAttribute("role", "status");
  title.append(" ", told);
  const parts = [title];
  const why = row?.querySelector(".why");
  for (const part of why ? why.querySelectorAll(".reasons, .candidates") : []) parts.push(part.cloneNode(true));
  if (input?.dataset.why) {
    const said = document.createElement("p");
    said.textContent = input.dataset.why;
    parts.push(said);
  }
  if (document.querySelector(".view") && input) {
    const hint = document.createElement("p");
    hint.className = "quiet";
    hint.textContent = _("In the field: click or drag over words on the page to take them; Alt and a digit takes a candidate.");
    parts.push(hint);
  }
  bar.replaceChildren(...parts);
}
