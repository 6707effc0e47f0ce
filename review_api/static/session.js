// A session that ends says so before, and nothing that was typed is lost: the page stays, and after a login in another
// tab its forms and calls carry the new session's token.
import { _ } from "./texts.js";
import { shortTime } from "./time.js";

const LOOK_MILLISECONDS = 15_000;
const KEEP_MILLISECONDS = 60_000;
const SOON_MILLISECONDS = 5 * 60_000;

export function startSession() {
  const meta = document.querySelector("meta[name=session]");
  if (!meta) return;
  const skew = Date.parse(meta.dataset.now) - Date.now();
  let ends = Date.parse(meta.content);
  let latest = Date.parse(meta.dataset.latest);
  let kept = Date.now();
  let note;
  let isOver = false;

  const now = () => Date.now() + skew;
  const hide = () => { note?.remove(); note = undefined; };
  const show = (text, label, act) => {
    if (note?.firstChild.textContent === text) return;
    hide();
    note = document.createElement("div");
    note.className = "session-note";
    note.setAttribute("role", "alert");
    note.append(Object.assign(document.createElement("span"), { textContent: text }));
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", act);
    note.append(button);
    note.classList.toggle("over", isOver);
    document.body.append(note);
  };
  const take = (told) => {
    if (told.name !== meta.dataset.name) { location.reload(); return; }
    ends = Date.parse(told.ends_at);
    latest = Date.parse(told.ends_at_latest);
    const csrf = document.querySelector("meta[name=csrf]");
    if (csrf.content !== told.csrf) {
      for (const input of document.querySelectorAll("input[name=csrf]")) input.value = told.csrf;
      csrf.content = told.csrf;
      document.dispatchEvent(new CustomEvent("session-renewed"));
    }
    isOver = false;
    look();
  };
  const ask = async (method) => {
    const headers = method === "GET" ? { "X-By-Itself": "1" } : { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
    try {
      const answer = await fetch("/v1/me/session", { method, headers });
      if (answer.ok) { take(await answer.json()); return; }
      if (answer.status === 401) { ends = now(); look(); }
      if (answer.status === 403 && method === "POST") await ask("GET");
    } catch { /* no connection: the clock goes on, and it is asked again */ }
  };
  const logInAgain = () => { open("/login?next=/me", "_blank", "noopener"); };
  const look = () => {
    const left = ends - now();
    isOver = left <= 0;
    if (isOver) show(_("Your session has ended. What you have typed stays here: log in again in another tab, then go on."), _("Log in again"), logInAgain);
    else if (left > SOON_MILLISECONDS) hide();
    else if (ends >= latest) show(_("Your session ends at %(time)s. Finish what you are doing, or log in again in another tab.", { time: shortTime(new Date(ends - skew)) }), _("Log in again"), logInAgain);
    else show(_("Nothing was done for long: your session ends at %(time)s.", { time: shortTime(new Date(ends - skew)) }), _("Stay logged in"), () => ask("POST"));
  };
  const keep = () => {
    if (isOver || Date.now() - kept < KEEP_MILLISECONDS) return;
    kept = Date.now();
    ask("POST");
  };
  for (const doing of ["keydown", "pointerdown", "wheel"]) addEventListener(doing, keep, { passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask("GET"); });
  setInterval(() => { if (ends - now() <= SOON_MILLISECONDS && !document.hidden) ask("GET"); look(); }, LOOK_MILLISECONDS);
  look();
}
