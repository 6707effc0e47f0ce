// One case: fields and boxes follow one another, actions open by key, the claim is kept while the page is open.
import { startClaim } from "./claim.js";
import { startDrafts } from "./drafts.js";
import { startFields } from "./fields.js";
import { startGrid } from "./grid.js";
import { isTyping, onKey } from "./keys.js";
import { startNext } from "./next.js";
import { startPaper } from "./paper.js";
import { startSending } from "./sending.js";

export function startCase() {
  const paper = startPaper();
  const claim = startClaim(() => drafts.typed());
  const drafts = startDrafts(claim);
  const sending = startSending(claim, drafts);
  const fields = startFields(paper, sending);
  startGrid(fields);
  startActions(claim);
  sending.onShown(() => startActions(claim));
  startLeaving(claim);
  startNext();
  fields.first();
}

function startActions(claim) {
  const actions = [...document.querySelectorAll(".act")];
  const close = (action) => {
    action.open = false;
    document.querySelector(".facts")?.focus({ preventScroll: true });
  };
  for (const action of actions) {
    const form = action.querySelector("form");
    const text = action.querySelector("textarea");
    // At once, not when the browser tells of the opening: the next key may be here before that.
    const enter = () => {
      for (const other of actions) if (other !== action) other.open = false;
      (action.querySelector("input[type=radio]:checked") ?? action.querySelector("input[type=radio]") ?? text).focus();
    };
    onKey(action.dataset.act, () => { action.open = true; enter(); });
    action.addEventListener("toggle", () => {
      if (action.open && !action.querySelector("form").contains(document.activeElement)) enter();
    });
    action.querySelector("[data-close]").addEventListener("click", () => close(action));
    action.addEventListener("keydown", (event) => chooseByKey(event, action, close));
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent || claim.isLost()) { event.preventDefault(); return; }
      // The version changes when the claim arrives: what is sent must say the one after it.
      if (claim.isSettled()) { form.dataset.sent = "yes"; return; }
      event.preventDefault();
      claim.settled.then(() => { form.dataset.sent = "yes"; form.submit(); });
    });
  }
}

function chooseByKey(event, action, close) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close(action);
    return;
  }
  const isText = event.target instanceof HTMLTextAreaElement;
  if (event.key === "Enter" && (!isText || event.ctrlKey || event.metaKey)) {
    if (event.target.closest("button, summary")) return;
    event.preventDefault();
    action.querySelector("form").requestSubmit();
    return;
  }
  if (isText || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9]$/.test(event.key)) {
    const radios = [...action.querySelectorAll("input[type=radio]")];
    const radio = radios[event.key === "0" ? 9 : Number(event.key) - 1];
    if (radio) { radio.checked = true; radio.focus(); event.preventDefault(); }
    event.stopPropagation();
    if (radio?.value === "other") action.querySelector("textarea").focus();
  }
}

function startLeaving(claim) {
  const leave = document.querySelector("[data-leave]");
  const next = document.querySelector("[data-next]");
  const go = async (href) => { await claim.release(); location.assign(href); };
  for (const link of [leave, next]) {
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(link.href);
    });
  }
  if (next) onKey("n", () => go(next.href));
  else onKey("n", () => (leave ? go(leave.href) : false));
  onKey("Escape", (event) => (isTyping(event.target) || !leave ? false : go(leave.href)));
}
