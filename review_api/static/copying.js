// A text that is there to be sent is copied with one click.
import { toast } from "./keys.js";
import { _ } from "./texts.js";

export function startCopying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy], [data-copy-from]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = button.dataset.copyFrom;
      await navigator.clipboard.writeText(from ? document.getElementById(from).value : button.dataset.copy);
      toast(_("Copied."));
    });
  }
}
