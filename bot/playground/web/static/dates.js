// Times in the zone of the person who reads.

import { make } from "./dom.js";
import { unescape } from "./mrkdwn.js";
import { state } from "./state.js";

const format = (seconds, options) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: state.me?.tz, ...options }).format(new Date(seconds * 1000));

export const clock = (seconds) => format(seconds, { hour: "2-digit", minute: "2-digit" });
export const toTheSecond = (seconds) => format(seconds, { timeStyle: "medium" });
export const full = (seconds) =>
  `${format(seconds, { dateStyle: "full" })}, ${format(seconds, { timeStyle: "long" })}`;
const number = (seconds) => {
  const parts = format(seconds, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/");
  return parts.reverse().join("-");
};

/** "today", "yesterday", "tomorrow" or the day itself. */
export function day(seconds, otherwise = { dateStyle: "medium" }) {
  const gap = (Date.parse(number(seconds)) - Date.parse(number(Date.now() / 1000))) / 86400000;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[gap] ?? format(seconds, otherwise);
}

const SHORT = { day: "numeric", month: "short", year: "numeric" };
const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const PLAIN = { day: "numeric", month: "long", year: "numeric" };
const TOKENS = {
  date_num: number,
  date_slash: (at) => format(at, { dateStyle: "short" }),
  date_long: (at) => format(at, LONG),
  date_long_full: (at) => format(at, LONG),
  date_long_pretty: (at) => day(at, LONG),
  date: (at) => format(at, PLAIN),
  date_pretty: (at) => day(at, PLAIN),
  date_short: (at) => format(at, SHORT),
  date_short_pretty: (at) => day(at, SHORT),
  day_divider_pretty: (at) => day(at, LONG),
  time: clock,
  time_secs: toTheSecond,
  ago,
};

function ago(at) {
  const minutes = Math.round((at - Date.now() / 1000) / 60);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

/** An element whose words say how long ago something is, and go on doing so. */
export function ticking(tag, facts, words) {
  const node = make(tag, facts, words());
  node.words = words;
  node.classList.add("ticks");
  return node;
}

export function tickTimes() {
  for (const node of document.getElementsByClassName("ticks")) {
    const words = node.words();
    if (node.textContent !== words) node.textContent = words;
  }
}

/** `!date^unix^format^link` with its fallback, as a time element. */
export function dateOf(target, fallback) {
  const [, seconds, pattern, address] = target.split("^");
  return timeOf(Number(seconds), pattern, fallback && unescape(fallback), address);
}

/** A time element, or the fallback when the instant cannot be read. */
export function timeOf(seconds, pattern = "", fallback = "", address = "") {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 8e12) return fallback;
  const words = () =>
    unescape(pattern).replace(/\{(\w+)\}/g, (all, name) =>
      Object.hasOwn(TOKENS, name) ? TOKENS[name](seconds) : all,
    );
  const facts = { datetime: new Date(seconds * 1000).toISOString(), title: full(seconds) };
  const time = ticking("time", facts, words);
  if (!/^https?:\/\//i.test(address)) return time;
  return make("a", { href: address, rel: "noreferrer", target: "_blank" }, time);
}
