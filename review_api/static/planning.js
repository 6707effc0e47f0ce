// A planner's case: a number chooses a way, Enter takes it; a quantity is held against the rules as it is typed.
import { onKey } from "./keys.js";
import { _ } from "./texts.js";

const PAUSE_MILLISECONDS = 250;

export function startPlanning() {
  for (const row of document.querySelectorAll("[data-way]")) {
    onKey(row.dataset.way, () => row.querySelector("button:not([disabled])")?.focus());
  }
  const form = document.getElementById("change");
  if (!form) return;
  const input = document.getElementById("v-quantity");
  onKey("c", () => { input.select(); });
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => tryOut(form, input), PAUSE_MILLISECONDS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); input.value = input.defaultValue; input.blur(); }
  });
}

async function tryOut(form, input) {
  const place = document.getElementById("tried");
  const wanted = input.value.trim();
  if (!wanted) return tell(place, "", _("the rules judge it at once"));
  try {
    const answer = await fetch(form.dataset.try, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRF-Token": document.querySelector("meta[name=csrf]").content,
      },
      body: JSON.stringify({ changes: { quantity: wanted } }),
    });
    const told = await answer.json();
    if (input.value.trim() !== wanted) return undefined;
    if (!answer.ok) return tell(place, "bad", told.detail);
    const held = told.findings.filter((one) => one.outcome === "hold" || one.outcome === "block");
    if (held.length) return tell(place, "bad", held.map((one) => one.message).join(" "));
    return tell(place, "good", _("the rules let %(quantity)s pass", { quantity: told.quantity }));
  } catch {
    return tell(place, "bad", _("no connection; what you type is kept here"));
  }
}

function tell(place, manner, words) {
  place.className = manner || "quiet";
  place.textContent = words;
}
