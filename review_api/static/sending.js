// Sends corrections and shows what the paper is judged to be now, in its place: what went, what came, nothing jumps.
import { toast } from "./keys.js";
import { _ } from "./texts.js";
import { localTimes } from "./time.js";

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

export function startSending(claim, saved) {
  let isBusy = false;
  const listeners = [];
  return {
    onShown: (listener) => listeners.push(listener),
    // Gives back what was shown: nothing where another page is on its way, or nothing could be sent.
    send: async (form) => {
      await claim.settled;
      if (isBusy || !form || claim.isLost()) return null;
      isBusy = true;
      claim.rest(true);
      document.body.setAttribute("aria-busy", "true");
      saved.say(_("is decided again …"));
      try {
        const answer = await post(form, saved, claim);
        if (!answer) return null;
        if (new URL(answer.url).pathname !== location.pathname && answer.redirected) {
          saved.forget();
          location.assign(answer.url);
          return null;
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!page.querySelector(".facts")) { location.reload(); return null; }
        show(page, claim);
        if (answer.ok) saved.forget();
        else saved.say("");
        for (const listener of listeners) listener();
        return { error: !answer.ok };
      } finally {
        isBusy = false;
        claim.rest(false);
        document.body.removeAttribute("aria-busy");
      }
    },
  };
}

async function post(form, saved, claim) {
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await fetch(form.action, { method: "POST", body: changesIn(form) });
    } catch {
      saved.say(_("not sent, trying again"), true);
      await new Promise((done) => { setTimeout(done, wait); });
      if (claim.isLost()) return null;
    }
  }
}

// Only what differs, and what is confirmed: a paper of many lines has many fields.
function changesIn(form) {
  const body = new URLSearchParams();
  const confirmed = form.querySelector("#confirm")?.value;
  for (const [name, value] of new FormData(form)) {
    const input = name.startsWith("field.") ? form.querySelector(`input[name="${CSS.escape(name)}"]`) : null;
    if (input && input.dataset.name !== confirmed && value.trim() === (input.dataset.was ?? "")) continue;
    if (name.startsWith("place.") && !value) continue;
    body.append(name, value);
  }
  return body;
}

function show(page, claim) {
  const facts = document.querySelector(".facts");
  const top = facts.scrollTop;
  const before = findingsOf(document);
  const after = findingsOf(page);
  const isGridOpen = document.getElementById("grid")?.open;
  facts.replaceChildren(...page.querySelector(".facts").childNodes);
  if (isGridOpen) document.getElementById("grid")?.setAttribute("open", "");
  for (const sheet of document.querySelectorAll("[data-sheet]")) {
    const boxes = page.querySelector(`#${sheet.id} svg`);
    if (boxes) sheet.querySelector("svg").replaceWith(boxes);
  }
  const strip = document.querySelector(".strip");
  const newStrip = page.querySelector(".strip");
  strip.querySelector("h1").replaceWith(newStrip.querySelector("h1"));
  claim.adopt(Number(newStrip.dataset.version));
  document.querySelector(".actions").replaceChildren(...page.querySelector(".actions").childNodes);
  for (const notice of document.querySelectorAll("main > .notice")) notice.remove();
  strip.after(...page.querySelectorAll("main > .notice"));
  tellDifference(before, after);
  localTimes(facts);
  facts.scrollTop = top;
}

function findingsOf(root) {
  return new Map([...root.querySelectorAll("[data-finding]")].map((one) => [one.dataset.finding, one]));
}

function tellDifference(before, after) {
  const gone = [...before].filter(([name]) => !after.has(name)).map(([, finding]) => finding);
  const come = [...after].filter(([name]) => !before.has(name)).map(([, finding]) => finding);
  if (!gone.length && !come.length) return;
  for (const finding of come) {
    finding.classList.add("appeared");
    const mark = document.createElement("strong");
    mark.className = "mark";
    mark.textContent = _("new");
    finding.querySelector("h2").append(" ", mark);
  }
  const place = document.getElementById("findings");
  for (const finding of gone) {
    const line = document.createElement("p");
    line.className = "vanished";
    const mark = document.createElement("strong");
    mark.append("✓ ", _("gone"), " ");
    const said = document.createElement("s");
    said.textContent = finding.querySelector("h2 a, h2")?.textContent.trim() ?? "";
    line.append(mark, said);
    place.append(line);
  }
  toast(_("%(gone)s gone, %(come)s new", { gone: gone.length, come: come.length }));
}
