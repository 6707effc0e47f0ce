// Forms with something typed in them leave only when the service can be reached: what was typed is never lost to an
// error page of the browser. While an answer takes its time, the page says so.
import { toast } from "./keys.js";
import { _ } from "./texts.js";

const PATIENCE_MILLISECONDS = 4_000;
const BUSY_MILLISECONDS = 400;

export function startReaching() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (!hasTyping(form)) { busy(); return; }
    event.preventDefault();
    if (form.dataset.leaving) return;
    form.dataset.leaving = "yes";
    send(form, event.submitter);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isHere = link && link.origin === location.origin && !link.hash && !link.hasAttribute("download");
    if (isHere && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey) busy();
  });
  addEventListener("pageshow", rested);
  addEventListener("offline", () => toast(_("no connection; what you type is kept here")));
  addEventListener("online", () => toast(_("connected again")));
}

async function send(form, submitter) {
  busy();
  try {
    await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
  } catch {
    rested();
    delete form.dataset.leaving;
    delete form.dataset.sent;
    toast(_("Nothing was sent: the service cannot be reached. What you typed is kept; try again."));
    return;
  }
  if (submitter?.name) {
    const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(chosen);
  }
  if (submitter?.hasAttribute("formaction")) form.action = submitter.formAction;
  form.submit();
}

function hasTyping(form) {
  return [...form.elements].some((element) => element instanceof HTMLTextAreaElement
    || (element instanceof HTMLInputElement && ["text", "search", "number", "date", "file", "email", "url"].includes(element.type)));
}

function busy() {
  clearTimeout(busy.timer);
  busy.timer = setTimeout(() => document.documentElement.classList.add("busy"), BUSY_MILLISECONDS);
}

function rested() {
  clearTimeout(busy.timer);
  document.documentElement.classList.remove("busy");
}
