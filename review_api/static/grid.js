// The lines as a grid: arrows move, Enter edits and goes on below, cells of a spreadsheet are pasted, lines come and go.

export function startGrid(fields) {
  const facts = document.querySelector(".facts");
  facts?.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches(".cells input[data-name]") || event.defaultPrevented) return;
    if (event.ctrlKey && event.key === "Delete") {
      event.preventDefault();
      takeAway(input, fields);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const move = {
      ArrowDown: () => [1, 0],
      ArrowUp: () => [-1, 0],
      ArrowRight: () => (whole || input.selectionStart === input.value.length ? [0, 1] : null),
      ArrowLeft: () => (whole || input.selectionEnd === 0 ? [0, -1] : null),
    }[event.key]?.();
    if (move) {
      event.preventDefault();
      go(input, ...move);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const isChanged = input.value.trim() !== (input.dataset.was ?? "");
      if (input.classList.contains("unsure") && !isChanged) fields.confirmOrSend(input);
      else if (whole && !isChanged && input.value) input.setSelectionRange(input.value.length, input.value.length);
      else go(input, 1, 0);
    } else if (event.key === "F2") {
      event.preventDefault();
      input.setSelectionRange(input.value.length, input.value.length);
    }
  });
  facts?.addEventListener("focusin", (event) => {
    if (event.target.matches(".cells input[data-name]")) event.target.select();
  });
  facts?.addEventListener("input", (event) => {
    if (event.target.matches(".cells tr.new input[data-name]")) grow(event.target);
  });
  facts?.addEventListener("change", (event) => {
    const box = event.target.closest(".cells .take")?.querySelector("input");
    if (box) box.closest("tr").classList.toggle("gone", box.checked);
  });
  facts?.addEventListener("paste", (event) => {
    const input = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input.matches(".cells input[data-name]") || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    paste(input, text);
  });
}

const rowsOf = (input) => [...input.closest("tbody").rows];
const cellsOf = (row) => [...row.querySelectorAll("input[data-name]")];

function go(input, down, right) {
  const rows = rowsOf(input);
  const row = rows[rows.indexOf(input.closest("tr")) + down];
  if (!row) return;
  const next = cellsOf(row)[cellsOf(input.closest("tr")).indexOf(input) + right];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function takeAway(input, fields) {
  const row = input.closest("tr");
  const box = row.querySelector(".take input");
  if (!box) return;
  box.checked = !box.checked;
  row.classList.toggle("gone", box.checked);
  fields.refresh();
}

// The empty row becomes a line, and another empty one follows it.
function grow(input) {
  const row = input.closest("tr");
  const next = row.cloneNode(true);
  const number = Number(row.dataset.row);
  next.dataset.row = String(number + 1);
  for (const cell of cellsOf(next)) {
    const field = cell.dataset.name.split(".").at(-1);
    cell.dataset.name = `lines.${number + 1}.${field}`;
    cell.name = `field.${cell.dataset.name}`;
    cell.value = "";
    cell.classList.remove("changed", "wrong");
  }
  row.classList.remove("new");
  row.cells[0].textContent = String(number);
  row.after(next);
}

// A table as a spreadsheet copies it fills the cells from here on; lines it needs are added.
function paste(start, text) {
  const table = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const column = cellsOf(start.closest("tr")).indexOf(start);
  const body = start.closest("tbody");
  const from = [...body.rows].indexOf(start.closest("tr"));
  for (const [down, values] of table.entries()) {
    const row = body.rows[from + down];
    for (const [right, value] of values.entries()) {
      const cell = row && cellsOf(row)[column + right];
      if (!cell) continue;
      cell.value = value.trim();
      cell.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  start.focus();
}
