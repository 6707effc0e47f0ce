// Keeps on the server what is typed and not sent, so that nothing is lost to a closed lid or a dead network.
import { inputs, isChanged } from "./fields.js";
import { _ } from "./texts.js";
import { shortTime } from "./time.js";

const PAUSE_MILLISECONDS = 700;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

export function startDrafts(claim) {
  const strip = document.querySelector(".strip[data-case]");
  const place = document.getElementById("saved");
  const csrf = document.querySelector("meta[name=csrf]")?.content;
  const nothing = { forget: () => {}, say: () => {}, typed: () => "" };
  if (!strip || strip.dataset.open !== "yes" || !place) return nothing;

  let kept = JSON.stringify(collect());
  let timer;
  let wait = FIRST_WAIT;
  let isSaving = false;

  const say = (text, isBad = false) => {
    place.textContent = text ? `· ${text}` : "";
    place.classList.toggle("over", isBad);
  };
  const save = async (more = {}) => {
    clearTimeout(timer);
    const typed = JSON.stringify(collect());
    if (typed === kept || isSaving || claim.isLost()) return;
    await claim.settled;
    isSaving = true;
    try {
      const answer = await fetch(`/v1/cases/${strip.dataset.case}/draft`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify({ typed: JSON.parse(typed), claim_token: claim.token() }),
        ...more,
      });
      if (answer.ok) {
        kept = typed;
        wait = FIRST_WAIT;
        say(typed === "{}" ? "" : _("saved %(time)s", { time: shortTime(new Date()) }));
      } else {
        const problem = await answer.json();
        if (["CASE-CLAIM-LOST", "CASE-RESOLVED"].includes(problem.code)) claim.lose(problem);
        else say(problem.detail, true);
      }
    } catch {
      say(_("not saved, trying again"), true);
      timer = setTimeout(save, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    } finally {
      isSaving = false;
    }
    if (JSON.stringify(collect()) !== typed) soon();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MILLISECONDS);
  };
  document.addEventListener("typed", soon);
  document.addEventListener("input", (event) => { if (event.target.matches(".act textarea")) soon(); });
  window.addEventListener("online", () => save());
  window.addEventListener("pagehide", () => save({ keepalive: true }));
  if (place.dataset.kept === "yes") say(_("what you had typed is here again"));

  return {
    say,
    // What was sent is kept no longer; the server has forgotten it by then.
    forget: () => {
      clearTimeout(timer);
      kept = JSON.stringify(collect());
      say("");
    },
    typed: () => Object.entries(collect()).map(([name, text]) => `${name.replace(/^field\./, "")}\t${text}`).join("\n"),
  };
}

function collect() {
  const typed = {};
  for (const input of inputs()) {
    if (!isChanged(input)) continue;
    typed[`field.${input.dataset.name}`] = input.value;
    const place = document.querySelector(`#fields input[name="${CSS.escape(`place.${input.dataset.name}`)}"]`);
    if (place?.value) typed[`place.${input.dataset.name}`] = place.value;
  }
  for (const box of document.querySelectorAll(".cells .take input:checked")) typed[box.name] = "yes";
  for (const text of document.querySelectorAll(".act textarea")) {
    const action = text.closest(".act").id.replace("act-", "");
    if (text.value.trim()) typed[`comment.${action}`] = text.value;
  }
  return typed;
}
