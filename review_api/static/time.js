// Instants are written in UTC by the server; here they become the reader's own time, the exact one on hover.
import { locale } from "./texts.js";

const sameDay = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const otherDay = new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export function shortTime(instant) {
  const isToday = instant.toDateString() === new Date().toDateString();
  return (isToday ? sameDay : otherDay).format(instant);
}

export function localTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const instant = new Date(element.dateTime);
    if (Number.isNaN(instant.getTime())) continue;
    const utc = element.dateTime.slice(0, 19).replace("T", " ") + " UTC";
    if ("local" in element.dataset) element.textContent = shortTime(instant);
    element.title = "local" in element.dataset ? utc : `${exact.format(instant)} · ${utc}`;
  }
}
