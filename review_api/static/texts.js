// What scripts say, in the page's language: English is the name of a text, the page carries what it is in another.

const island = document.getElementById("texts");
const known = island ? JSON.parse(island.textContent) : {};

export const locale = document.documentElement.dataset.locale || undefined;

// `_("claimed until %(time)s", { time })`; a text without facts needs none.
export function _(text, facts = {}) {
  return (known[text] ?? text).replace(/%\((\w+)\)s/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}
