// Starts what the page needs; every page works without it.
import { startAudit } from "./audit.js";
import { startCase } from "./case.js";
import { startKeys } from "./keys.js";
import { startPlanning } from "./planning.js";
import { startQueue } from "./queue.js";
import { startReaching } from "./reaching.js";
import { startRows } from "./rows.js";
import { startSession } from "./session.js";
import { localTimes } from "./time.js";

localTimes(document);
startKeys();
startSession();
if (document.querySelector("[data-rows]")) startRows();
if (document.body.classList.contains("case")) startCase();
if (document.body.classList.contains("audit")) startAudit();
if (document.querySelector(".planning")) startPlanning();
if (document.querySelector(".queue, .bulk")) startQueue();
startReaching();
document.documentElement.classList.add("scripted");
