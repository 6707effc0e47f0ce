// Starts what the page needs; every page works without it.
import { startKeys } from "./keys.js";
import { localTimes } from "./time.js";

document.documentElement.classList.add("scripted");
localTimes(document);
startKeys();

if (document.querySelector("[data-rows]")) (await import("./rows.js")).startRows();
if (document.body.classList.contains("case")) (await import("./case.js")).startCase();
