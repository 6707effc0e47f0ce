// The audit page: a hash is copied with one click.
import { toast } from "./keys.js";
import { _ } from "./texts.js";

export function startAudit() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast(_("Copied."));
    });
  }
}
