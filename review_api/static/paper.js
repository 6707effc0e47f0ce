// The paper: zoom, turn, pages; frames the box of the value in focus and leads from a box to its value.
import { onKey } from "./keys.js";

const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6];
const LEAST = STEPS[0];
const MOST = STEPS.at(-1);

export function startPaper() {
  const pane = document.querySelector(".paper");
  if (!pane) return { frame: () => {}, onBox: () => {}, view: null, pages: [] };
  const view = pane.querySelector(".view");
  const sheets = pane.querySelector(".sheets");
  const pages = [...pane.querySelectorAll("[data-sheet]")];
  const thumbs = [...pane.querySelectorAll("[data-thumb]")];
  const now = document.getElementById("page-now");
  let zoom = 1;
  let turns = 0;

  // What lies under the pointer, or else in the middle, stays where it is.
  const setZoom = (wanted, at) => {
    const before = zoom;
    zoom = Math.max(LEAST, Math.min(MOST, wanted));
    const seen = view.getBoundingClientRect();
    const x = at ? at.x - seen.left : view.clientWidth / 2;
    const y = at ? at.y - seen.top : 0;
    const left = (view.scrollLeft + x) * (zoom / before) - x;
    const top = (view.scrollTop + y) * (zoom / before) - y;
    sheets.style.setProperty("--zoom", String(zoom));
    view.scrollTo(left, top);
  };
  const step = (by) => setZoom(by > 0 ? STEPS.find((one) => one > zoom + 0.01) ?? MOST : STEPS.findLast((one) => one < zoom - 0.01) ?? LEAST);
  const fit = () => {
    const page = pages[current()];
    const whole = (view.clientHeight - 24) / (page.getBoundingClientRect().height / zoom);
    setZoom(Math.abs(zoom - 1) < 0.01 ? Math.min(whole, 1) : 1);
    page.scrollIntoView({ block: "start" });
  };
  const turn = () => {
    turns = (turns + 1) % 4;
    sheets.className = turns ? `sheets turned-${turns}` : "sheets";
  };
  const current = () => {
    const middle = view.getBoundingClientRect().top + view.clientHeight / 2;
    const index = pages.findIndex((page) => page.getBoundingClientRect().bottom > middle);
    return index < 0 ? pages.length - 1 : index;
  };
  const goTo = (index) => pages[Math.max(0, Math.min(pages.length - 1, index))]?.scrollIntoView({ block: "start" });
  const tellPage = () => {
    const here = current();
    now.textContent = String(here + 1);
    for (const [index, thumb] of thumbs.entries()) {
      if (index === here) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
    const thumb = thumbs[here];
    if (thumb) thumb.parentElement.scrollTop = thumb.offsetTop - thumb.parentElement.clientHeight / 2;
  };

  for (const page of pages) {
    const { width, height } = page.dataset;
    page.style.setProperty("--turned", `${height} / ${width}`);
    page.style.setProperty("--face", `${(100 * width) / height}%`);
    const image = page.querySelector("img");
    const failed = () => page.classList.add("failed");
    image.addEventListener("error", failed);
    if (image.complete && !image.naturalWidth) failed();
  }
  view.addEventListener("scroll", tellPage, { passive: true });
  tellPage();
  for (const [index, thumb] of thumbs.entries()) {
    thumb.addEventListener("click", (event) => { event.preventDefault(); goTo(index); });
  }
  for (const button of pane.querySelectorAll("[data-zoom]")) {
    const by = Number(button.dataset.zoom);
    button.addEventListener("click", () => (by ? step(by) : fit()));
  }
  for (const button of pane.querySelectorAll("[data-page]")) {
    button.addEventListener("click", () => goTo(current() + Number(button.dataset.page)));
  }
  pane.querySelector("[data-turn]").addEventListener("click", turn);
  startPinch(view, () => zoom, setZoom);
  onKey("+", () => step(1));
  onKey("=", () => step(1));
  onKey("-", () => step(-1));
  onKey("0", fit);
  onKey("r", turn);
  onKey("[", () => goTo(current() - 1));
  onKey("]", () => goTo(current() + 1));

  return {
    view,
    pages,
    frame: (name) => {
      let first = true;
      for (const box of view.querySelectorAll("rect[data-box]:not(.found)")) {
        const isHere = box.dataset.box === name || box.dataset.box.startsWith(`${name}.`);
        box.classList.toggle("at", isHere);
        if (isHere && first) {
          first = false;
          reveal(view, box);
        }
      }
    },
    // A click that chose text, or took a word, is no click on a box.
    onBox: (handler) => {
      view.addEventListener("click", (event) => {
        const link = event.target.closest("a");
        if (link) event.preventDefault();
        if (!document.getSelection().isCollapsed) return;
        const box = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("rect[data-box]:not(.found)"));
        if (box) handler(box.dataset.box);
      });
    },
  };
}

// Ctrl and the wheel, or two fingers, zoom around where they are.
function startPinch(view, zoom, setZoom) {
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    setZoom(zoom() * Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  let start = null;
  const span = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  view.addEventListener("touchstart", (event) => {
    start = event.touches.length === 2 ? { span: span(event.touches), zoom: zoom() } : null;
  }, { passive: true });
  view.addEventListener("touchmove", (event) => {
    if (!start || event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    setZoom((start.zoom * span(event.touches)) / start.span, { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
  }, { passive: false });
}

// Scrolls only when the box is out of sight, and never the whole page.
function reveal(view, box) {
  const seen = view.getBoundingClientRect();
  const place = box.getBoundingClientRect();
  if (place.top < seen.top + 8 || place.bottom > seen.bottom) {
    view.scrollTop += place.top - seen.top - view.clientHeight / 3;
  }
  if (place.left < seen.left || place.right > seen.right) {
    view.scrollLeft += place.left - seen.left - view.clientWidth / 3;
  }
}
