// The words of the pages over their images: to be selected and copied, and taken as the value of the field in focus.

const SMALLEST_DRAG = 4;
const canvas = document.createElement("canvas").getContext("2d");

// `armed` names the field that a click gives its value to, or nothing; `take(name, text, place)` gives it.
export function startWords(paper, armed, take) {
  if (!paper.view) return;
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      load(target);
    }
  }, { root: paper.view, rootMargin: "200px" });
  for (const page of paper.pages) seen.observe(page);
  startTaking(paper.view, armed, take);
}

async function load(sheet) {
  try {
    const answer = await fetch(sheet.dataset.words);
    if (answer.ok) lay(sheet, await answer.json());
  } catch { /* the page can be looked at without them */ }
}

function lay(sheet, told) {
  const layer = document.createElement("div");
  layer.className = "words";
  let row = null;
  let last = null;
  canvas.font = "100px sans-serif";
  for (const word of told.words) {
    const [x0, top, x1, bottom] = word.box;
    const isNewRow = !last || Math.abs((top + bottom) / 2 - last.middle) > (bottom - top) / 2 || x0 < last.x1 - 2;
    if (isNewRow) {
      row = document.createElement("div");
      layer.append(row);
    }
    const span = document.createElement("span");
    const size = bottom - top;
    const natural = (canvas.measureText(word.text).width / 100) * size;
    span.textContent = `${word.text} `;
    span.dataset.box = word.box.join(" ");
    span.style.left = `${(100 * x0) / told.width}%`;
    span.style.top = `${(100 * top) / told.height}%`;
    span.style.fontSize = `${(100 * size) / told.width}cqw`;
    span.style.transform = `scaleX(${natural ? (x1 - x0) / natural : 1})`;
    row.append(span);
    last = { middle: (top + bottom) / 2, x1 };
  }
  sheet.querySelector(".face").append(layer);
  sheet.dataset.page = String(told.page);
}

function startTaking(view, armed, take) {
  let drag = null;
  const band = document.createElement("div");
  band.className = "band";
  const end = () => {
    drag = null;
    band.remove();
    for (const word of view.querySelectorAll(".words .taken")) word.classList.remove("taken");
  };
  // Without this the field in focus would lose it.
  view.addEventListener("mousedown", (event) => { if (event.button === 0 && armed()) event.preventDefault(); });
  view.addEventListener("pointerdown", (event) => {
    const sheet = event.target.closest("[data-sheet]");
    const name = armed();
    if (event.button !== 0 || !sheet || !name) return;
    drag = { name, sheet, x: event.clientX, y: event.clientY };
  });
  view.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerType === "touch") return;
    const from = { left: Math.min(drag.x, event.clientX), top: Math.min(drag.y, event.clientY), right: Math.max(drag.x, event.clientX), bottom: Math.max(drag.y, event.clientY) };
    if (from.right - from.left < SMALLEST_DRAG && from.bottom - from.top < SMALLEST_DRAG) return;
    drag.area = from;
    const seen = drag.sheet.getBoundingClientRect();
    if (!band.isConnected) drag.sheet.append(band);
    band.style.left = `${from.left - seen.left}px`;
    band.style.top = `${from.top - seen.top}px`;
    band.style.width = `${from.right - from.left}px`;
    band.style.height = `${from.bottom - from.top}px`;
    for (const word of drag.sheet.querySelectorAll(".words span")) word.classList.toggle("taken", meets(word, from));
  });
  view.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { name, sheet, area, x, y } = drag;
    const under = area ?? { left: x, right: x, top: y, bottom: y };
    const words = [...sheet.querySelectorAll(".words span")].filter((word) => meets(word, under));
    end();
    if (words.length && !(event.pointerType === "touch" && area)) take(name, textOf(words), placeOf(sheet, words));
  });
  view.addEventListener("pointercancel", end);
  view.addEventListener("click", (event) => {
    if (!armed()) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}

function meets(word, area) {
  const box = word.getBoundingClientRect();
  return box.left <= area.right && box.right >= area.left && box.top <= area.bottom && box.bottom >= area.top;
}

function textOf(words) {
  return words.map((word) => word.textContent.trim()).join(" ").slice(0, 1000);
}

function placeOf(sheet, words) {
  const boxes = words.map((word) => word.dataset.box.split(" ").map(Number));
  const edge = (index, pick) => pick(...boxes.map((box) => box[index]));
  return [sheet.dataset.page, edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)].join(" ");
}
