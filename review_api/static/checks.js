// Asks, while somebody types, what the server would take a text for: the rules are the server's, here is none.
import { _ } from "./texts.js";

const PAUSE_MILLISECONDS = 250;

export function startChecks(bar) {
  const strip = document.querySelector(".strip[data-case]");
  const csrf = document.querySelector("meta[name=csrf]")?.content;
  let timer;

  const ask = async (values, printed) => {
    try {
      const answer = await fetch(`/v1/cases/${strip.dataset.case}/check`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify({ values, printed }),
      });
      return answer.ok ? (await answer.json()).values : [];
    } catch {
      return [];
    }
  };
  const tell = (found) => {
    const input = document.querySelector(`#fields input[data-name="${CSS.escape(found.field)}"]`);
    if (!input) return;
    input.classList.toggle("wrong", !found.ok);
    input.setAttribute("aria-invalid", String(!found.ok));
    const told = document.getElementById("told");
    if (!told || document.activeElement !== input) return;
    told.className = `told ${found.ok ? (found.doubts.length ? "doubt" : "") : "bad"}`;
    if (!found.ok) told.textContent = `✕ ${found.message} ${found.remedy}`;
    else if (found.doubts.length) told.textContent = `! ${found.doubts.join(" ")}`;
    else told.textContent = _("is taken as %(value)s", { value: found.shown });
  };
  const clear = (input) => {
    input.classList.remove("wrong");
    input.removeAttribute("aria-invalid");
    const told = document.getElementById("told");
    if (told) told.textContent = "";
  };
  const typed = async (fields) => {
    const values = {};
    for (const input of fields) {
      if (input.value.trim() && input.value.trim() !== (input.dataset.was ?? "")) values[input.dataset.name] = input.value;
      else clear(input);
    }
    if (!Object.keys(values).length) return;
    for (const found of await ask(values, false)) {
      const input = fields.find((one) => one.dataset.name === found.field);
      if (input?.value === values[found.field]) tell(found);
    }
  };
  const waiting = new Set();
  return {
    clear,
    soon: (input) => {
      waiting.add(input);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const fields = [...waiting];
        waiting.clear();
        typed(fields);
      }, PAUSE_MILLISECONDS);
    },
    // A text from the page means what the paper means by it.
    ask: async (name, text) => {
      const [found] = await ask({ [name]: text }, true);
      if (found) tell(found);
      return found;
    },
  };
}
