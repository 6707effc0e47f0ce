// Starts what the page needs; every page works without it.
import { startCase } from "./case.js";
import { startKeys } from "./keys.js";
import { startRows } from "./rows.js";
import { localTimes } from "./time.js";

localTimes(document);
startKeys();
if (document.querySelector("[data-rows]")) startRows();
if (document.body.classList.contains("case")) startCase();
document.documentElement.classList.add("scripted");
