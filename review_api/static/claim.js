// A case that is opened is claimed, kept while the page is looked at, and given back when it is left.
import { toast } from "./keys.js";
import { _ } from "./texts.js";
import { shortTime } from "./time.js";

const BEAT_MILLISECONDS = 60_000;

export function startClaim(whatWasTyped) {
  const strip = document.querySelector(".strip[data-case]");
  const nothing = {
    settled: Promise.resolve(), isSettled: () => true, isLost: () => false, token: () => null,
    adopt: () => {}, lose: () => {}, rest: () => {}, release: async () => {},
  };
  if (!strip || strip.dataset.open !== "yes" || strip.dataset.claimed === "other") return nothing;

  const place = document.getElementById("claim");
  let version = Number(strip.dataset.version);
  let token = null;
  let isMine = strip.dataset.claimed === "mine";
  let isSettled = false;
  let isLost = false;
  let isResting = false;
  let timer;

  const ask = async (what) => {
    const answer = await fetch(`/v1/cases/${strip.dataset.case}/${what}`, {
      method: "POST",
      keepalive: true,
      headers: { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content, ...(what === "heartbeat" ? {} : { "If-Match": `"${version}"` }) },
    });
    const told = await answer.json();
    if (!answer.ok) throw told;
    return told;
  };
  const tellVersion = () => {
    for (const input of document.querySelectorAll(`form[action^="/cases/${strip.dataset.case}/"] input[name=version]`)) input.value = String(version);
  };
  const take = (told) => {
    version = told.version;
    token = told.claim_token;
    isMine = told.claimed_by !== null;
    tellVersion();
    place.textContent = isMine ? _("claimed until %(time)s", { time: shortTime(new Date(told.claimed_until)) }) : "";
    if (isMine) place.title = told.claimed_until;
  };
  // Somebody else has it, or it has ended: said at once, nothing can be sent, what was typed stays and can be copied.
  const lose = (problem) => {
    if (isLost) return;
    isLost = true;
    isMine = false;
    clearInterval(timer);
    place.classList.add("over");
    place.textContent = problem.detail;
    document.body.classList.add("lost");
    for (const button of document.querySelectorAll(".act button.primary, #save, .is-right")) button.disabled = true;
    strip.after(lostNotice(problem, whatWasTyped()));
  };
  const beat = async () => {
    if (document.hidden || isResting || isLost) return;
    try {
      take(await ask("heartbeat"));
      place.classList.remove("over");
    } catch (problem) {
      place.classList.add("over");
      if (problem.code) lose(problem);
      else place.textContent = _("no connection; what you type is kept here");
    }
  };
  const settled = ask(isMine ? "heartbeat" : "claim")
    .then((told) => {
      take(told);
      timer = setInterval(beat, BEAT_MILLISECONDS);
      document.addEventListener("visibilitychange", beat);
      window.addEventListener("online", beat);
    })
    .catch((problem) => {
      place.textContent = problem.detail ?? _("no connection");
      place.classList.add("over");
      if (problem.code === "CASE-CHANGED") toast(`${problem.detail} ${problem.remedy}`);
    })
    .finally(() => { isSettled = true; });

  return {
    settled,
    isSettled: () => isSettled,
    isLost: () => isLost,
    token: () => token,
    // A page that was shown in the place of this one says another version.
    adopt: (newer) => { version = newer; tellVersion(); },
    lose,
    // While a correction is on its way the claim is not touched: it would be of another version.
    rest: (isOn) => { isResting = isOn; },
    release: async () => {
      await settled;
      clearInterval(timer);
      if (!isMine) return;
      isMine = false;
      try { await ask("release"); } catch { /* it runs out by itself */ }
    },
  };
}

function lostNotice(problem, typed) {
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  const said = document.createElement("p");
  const what = document.createElement("strong");
  what.textContent = problem.detail;
  const again = document.createElement("a");
  again.href = location.pathname;
  again.textContent = _("Load again");
  said.append(what, ` ${problem.remedy ?? ""} `, again);
  if (typed) {
    const copy = document.createElement("button");
    copy.type = "button";
    copy.textContent = _("Copy what I typed");
    copy.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(typed);
      toast(_("copied"));
    });
    const text = document.createElement("textarea");
    text.readOnly = true;
    text.rows = 3;
    text.value = typed;
    text.setAttribute("aria-label", _("what I typed"));
    said.append(" ", copy);
    notice.append(said, text);
  } else notice.append(said);
  return notice;
}
