// One place that hears keys. A page adds its own with `onKey`; nothing is heard while somebody types.

const handlers = new Map();
let waitsForGo = false;

export function onKey(key, handler) {
  handlers.set(key, handler);
}

export function isTyping(target) {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable) return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit"].includes(target.type);
}

export function toast(text) {
  const box = document.getElementById("toast");
  if (!box) return;
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape" && event.target.id === "search") event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (waitsForGo) {
      waitsForGo = false;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const handler = handlers.get(event.key) ?? common[event.key] ?? pressButton(event.key);
    if (handler && handler(event) !== false) event.preventDefault();
  });
}

const common = {
  g: () => {
    waitsForGo = true;
    setTimeout(() => { waitsForGo = false; }, 1200);
  },
  "/": () => document.getElementById("search")?.select(),
  "?": () => document.getElementById("keys")?.showModal(),
};

function pressButton(key) {
  const button = key.length === 1 ? document.querySelector(`:is(button, a)[data-key="${CSS.escape(key)}"]`) : null;
  return button ? () => button.click() : undefined;
}
