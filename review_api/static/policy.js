// The editor of a draft: line numbers, checks while one types, saving by itself. And a preview that says how far it is.
import { _, locale } from "./texts.js";
import { shortTime } from "./time.js";

const CHECK_MILLISECONDS = 350;
const SAVE_MILLISECONDS = 900;
const RETRY_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS = 500;
const LINE_PIXELS = 20;

const ask = async (method, path, body, headers = {}) => {
  const answer = await fetch(path, {
    method,
    headers: { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content, ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.detail), told);
  return told;
};
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

function startEditor(form) {
  const area = form.querySelector("textarea");
  const gutter = form.querySelector(".gutter");
  const saved = document.getElementById("saved");
  const side = form.querySelector(".findings");
  const words = { list: document.getElementById("problems"), head: document.getElementById("problems-title") };
  const changes = { list: document.getElementById("changes"), head: document.getElementById("changes-title") };
  let revision = Number(form.dataset.revision);
  let stored = area.value;
  let wrong = new Set();
  let asked = 0;
  let isSaving = false;
  let isLost = false;
  let checkTimer;
  let saveTimer;

  const number = () => {
    const count = area.value.split("\n").length;
    gutter.replaceChildren(...Array.from({ length: count }, (_, at) => element("div", String(at + 1), wrong.has(at + 1) ? "wrong" : "")));
    gutter.scrollTop = area.scrollTop;
  };
  const goTo = (line) => {
    const start = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = area.value.indexOf("\n", start);
    area.focus();
    area.setSelectionRange(start, end < 0 ? area.value.length : end);
    area.scrollTop = Math.max(0, (line - 6) * LINE_PIXELS);
  };
  const show = (told) => {
    wrong = new Set(told.problems.map((one) => one.line).filter(Boolean));
    const count = told.problems.length;
    words.head.textContent = count ? _("To be corrected: %(count)s", { count }) : _("This is a valid policy");
    words.list.replaceChildren(...told.problems.map((one) => {
      const item = element("li");
      const place = one.line ? element("button", one.sentence) : element("strong", one.sentence);
      if (one.line) { place.type = "button"; place.addEventListener("click", () => goTo(one.line)); }
      item.append(place, element("br"), element("span", one.remedy, "quiet"));
      return item;
    }));
    if (told.differences) {
      const many = told.differences.length;
      changes.head.textContent = _("Settings that change: %(count)s", { count: many });
      changes.list.replaceChildren(...told.differences.map((one) => {
        const row = element("div");
        const said = element("dd");
        const label = element("dt", one.label);
        label.title = one.key;
        said.append(element("span", one.before_said, "old"), " → ", element("span", one.after_said, "new"));
        row.append(label, said);
        return row;
      }));
    }
    side.classList.remove("aged");
    number();
  };
  const check = async () => {
    const mine = ++asked;
    try {
      const told = await ask("POST", "/v1/policy/check", { text: area.value });
      if (mine === asked) show(told);
    } catch { side.classList.add("aged"); }
  };
  const save = async () => {
    if (isSaving || isLost || area.value === stored) return;
    const text = area.value;
    isSaving = true;
    try {
      const told = await ask("PUT", "/v1/policy/draft", { text }, { "If-Match": `"${revision}"` });
      revision = told.revision;
      stored = text;
      saved.textContent = _("saved at %(time)s", { time: shortTime(new Date(told.saved_at)) });
      saved.classList.remove("over");
    } catch (problem) {
      saved.classList.add("over");
      isLost = problem.code === "POLICY-DRAFT-CHANGED";
      saved.textContent = problem.code ? `${problem.detail} ${problem.remedy}` : _("not saved: no connection; it is tried again");
      clearTimeout(saveTimer);
      if (!isLost) saveTimer = setTimeout(save, RETRY_MILLISECONDS);
    } finally { isSaving = false; }
    if (area.value !== stored && !isLost && !saved.classList.contains("over")) await save();
  };
  area.addEventListener("input", () => {
    number();
    side.classList.add("aged");
    clearTimeout(checkTimer);
    clearTimeout(saveTimer);
    checkTimer = setTimeout(check, CHECK_MILLISECONDS);
    saveTimer = setTimeout(save, SAVE_MILLISECONDS);
  });
  area.addEventListener("scroll", () => { gutter.scrollTop = area.scrollTop; });
  addEventListener("beforeunload", (event) => { if (area.value !== stored) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !confirm(question)) { event.preventDefault(); return; }
    stored = area.value;
  });
  for (const item of words.list.children) {
    const line = Number(/\bline (\d+)/.exec(item.textContent)?.[1]);
    if (line) wrong.add(line);
  }
  number();
  check();
}

function startRun(box) {
  const bar = document.getElementById("progress");
  const text = document.getElementById("so-far");
  const count = new Intl.NumberFormat(locale);
  const look = async () => {
    try {
      const told = await ask("GET", `/v1/policy/previews/${box.dataset.run}`);
      if (told.state !== "running") { location.replace(location.href); return; }
      if (told.total) {
        bar.max = told.total;
        bar.value = told.done;
        text.textContent = _("%(done)s of %(total)s papers", { done: count.format(told.done), total: count.format(told.total) });
      }
    } catch { text.textContent = _("no connection; it is tried again"); }
    setTimeout(look, LOOK_MILLISECONDS);
  };
  setTimeout(look, LOOK_MILLISECONDS);
}

const form = document.querySelector("[data-draft]");
if (form) startEditor(form);
const run = document.querySelector("[data-run][data-state=running]");
if (run) startRun(run);
