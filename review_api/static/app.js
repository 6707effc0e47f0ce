// Starts what the page needs; every page works without it.
import { startCase } from "./case.js";
import { startClaim } from "./claim.js";
import { startCopying } from "./copying.js";
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
if (document.body.classList.contains("blind")) startClaim();
else if (document.body.classList.contains("case")) startCase();
startCopying();
if (document.querySelector(".planning")) startPlanning();
if (document.querySelector(".queue, .bulk")) startQueue();
startReaching();
document.documentElement.classList.add("scripted");
