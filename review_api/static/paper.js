// The paper: zoom, turn, pages; frames the box of the field in focus and leads from a box to its field.
import { onKey } from "./keys.js";

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

export function startPaper() {
  const pane = document.querySelector(".paper");
  if (!pane) return { frame: () => {}, onBox: () => {} };
  const sheets = pane.querySelector(".sheets");
  const pages = [...pane.querySelectorAll("[data-sheet]")];
  const now = document.getElementById("page-now");
  let zoom = ZOOMS.indexOf(1);
  let turns = 0;

  const setZoom = (step) => {
    zoom = step === 0 ? ZOOMS.indexOf(1) : Math.max(0, Math.min(ZOOMS.length - 1, zoom + step));
    sheets.style.setProperty("--zoom", String(ZOOMS[zoom]));
  };
  const turn = () => {
    turns = (turns + 1) % 4;
    sheets.className = turns ? `sheets turned-${turns}` : "sheets";
  };
  const current = () => {
    const middle = pane.getBoundingClientRect().top + pane.clientHeight / 2;
    const index = pages.findIndex((page) => page.getBoundingClientRect().bottom > middle);
    return index < 0 ? pages.length - 1 : index;
  };
  const goTo = (step) => {
    const page = pages[Math.max(0, Math.min(pages.length - 1, current() + step))];
    page?.scrollIntoView({ block: "start" });
  };

  pane.addEventListener("scroll", () => { now.textContent = String(current() + 1); }, { passive: true });
  for (const page of pages) {
    const image = page.querySelector("img");
    const failed = () => page.classList.add("failed");
    image.addEventListener("error", failed);
    if (image.complete && !image.naturalWidth) failed();
  }
  for (const button of pane.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => setZoom(Number(button.dataset.zoom)));
  }
  for (const button of pane.querySelectorAll("[data-page]")) {
    button.addEventListener("click", () => goTo(Number(button.dataset.page)));
  }
  pane.querySelector("[data-turn]").addEventListener("click", turn);
  onKey("+", () => setZoom(1));
  onKey("=", () => setZoom(1));
  onKey("-", () => setZoom(-1));
  onKey("0", () => setZoom(0));
  onKey("r", turn);
  onKey("[", () => goTo(-1));
  onKey("]", () => goTo(1));

  return {
    frame: (name) => {
      let first = true;
      for (const box of pane.querySelectorAll("rect[data-box]:not(.found)")) {
        const isHere = box.dataset.box === name;
        box.classList.toggle("at", isHere);
        if (isHere && first) {
          first = false;
          reveal(pane, box);
        }
      }
    },
    onBox: (handler) => {
      pane.addEventListener("click", (event) => {
        const box = event.target.closest("rect[data-box]");
        if (!box) return;
        event.preventDefault();
        handler(box.dataset.box);
      });
    },
  };
}

// Scrolls only when the box is out of sight, and never the whole page.
function reveal(pane, box) {
  const seen = pane.getBoundingClientRect();
  const place = box.getBoundingClientRect();
  const top = seen.top + 48;
  if (place.top < top || place.bottom > seen.bottom) {
    pane.scrollTop += place.top - seen.top - pane.clientHeight / 3;
  }
  if (place.left < seen.left || place.right > seen.right) {
    pane.scrollLeft += place.left - seen.left - pane.clientWidth / 3;
  }
}
