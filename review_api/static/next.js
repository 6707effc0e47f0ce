// Has the next case ready: its page warms the server, its first images and words are kept by the browser.

const SOON_MILLISECONDS = 800;

export function startNext() {
  const next = document.querySelector("[data-next]");
  if (!next || navigator.connection?.saveData) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(next.href, { priority: "low" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const sheet of [...page.querySelectorAll("[data-sheet]")].slice(0, 2)) {
        new Image().src = sheet.querySelector("img").getAttribute("src");
        fetch(sheet.dataset.words, { priority: "low" }).catch(() => {});
      }
    } catch { /* it is loaded when it is wanted */ }
  }, SOON_MILLISECONDS);
}
