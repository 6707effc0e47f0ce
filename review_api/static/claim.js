// A case that is opened is claimed, kept while the page is looked at, and given back when it is left.
import { toast } from "./keys.js";
import { shortTime } from "./time.js";

const BEAT_MILLISECONDS = 60_000;

export function startClaim() {
  const strip = document.querySelector(".strip[data-case]");
  const nothing = { settled: Promise.resolve(), isSettled: () => true, release: async () => {} };
  if (!strip || strip.dataset.open !== "yes" || strip.dataset.claimed === "other") return nothing;

  const place = document.getElementById("claim");
  let version = Number(strip.dataset.version);
  let isMine = strip.dataset.claimed === "mine";
  let isSettled = false;
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
  const take = (told) => {
    version = told.version;
    isMine = told.claimed_by !== null;
    for (const input of document.querySelectorAll(`form[action^="/cases/${strip.dataset.case}/"] input[name=version]`)) input.value = String(version);
    place.textContent = isMine ? `claimed until ${shortTime(new Date(told.claimed_until))}` : "";
    if (isMine) place.title = told.claimed_until;
  };
  const beat = async () => {
    if (document.hidden) return;
    try {
      take(await ask("heartbeat"));
      place.classList.remove("over");
    } catch (problem) {
      place.classList.add("over");
      if (problem.code) {
        clearInterval(timer);
        isMine = false;
        place.textContent = problem.detail;
        toast(`${problem.detail} ${problem.remedy}`);
      } else {
        place.textContent = "no connection; what you type is kept here";
      }
    }
  };
  const settled = ask(isMine ? "heartbeat" : "claim")
    .then((told) => {
      take(told);
      timer = setInterval(beat, BEAT_MILLISECONDS);
      document.addEventListener("visibilitychange", beat);
    })
    .catch((problem) => {
      place.textContent = problem.detail ?? "no connection";
      place.classList.add("over");
      if (problem.code === "CASE-CHANGED") toast(`${problem.detail} ${problem.remedy}`);
    })
    .finally(() => { isSettled = true; });

  return {
    settled,
    isSettled: () => isSettled,
    release: async () => {
      await settled;
      clearInterval(timer);
      if (!isMine) return;
      isMine = false;
      try { await ask("release"); } catch { /* it runs out by itself */ }
    },
  };
}
