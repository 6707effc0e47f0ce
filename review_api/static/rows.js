// Lists: j and k move, Enter opens (the focus stands on the row's link), a click anywhere in a row opens it.
import { onKey } from "./keys.js";

export function startRows() {
  const links = [...document.querySelectorAll("[data-rows] tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
  const memory = `row:${location.pathname}${location.search}`;
  const remembered = sessionStorage.getItem(memory);
  const start = links.find((link) => link.getAttribute("href") === remembered);

  const move = (step) => {
    const now = links.indexOf(document.activeElement);
    const next = links[Math.max(0, Math.min(links.length - 1, now + step))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.closest("tr").scrollIntoView({ block: "nearest" });
  };
  for (const key of ["j", "ArrowDown"]) onKey(key, () => move(1));
  for (const key of ["k", "ArrowUp"]) onKey(key, () => move(-1));
  onKey("Home", () => { links[0]?.focus(); });
  onKey("End", () => { links.at(-1)?.focus(); });

  const tabs = [...document.querySelectorAll(".tabs nav:first-of-type a")];
  tabs.forEach((tab, index) => onKey(String(index + 1), () => tab.click()));

  for (const link of links) {
    link.addEventListener("focus", () => sessionStorage.setItem(memory, link.getAttribute("href")));
    link.closest("tr").addEventListener("click", (event) => {
      if (!event.target.closest("a, button") && !String(getSelection())) link.click();
    });
  }
  if (document.body.classList.contains("queue") || start) (start ?? links[0])?.focus({ preventScroll: !start });
}
