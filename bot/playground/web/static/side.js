// The list of channels and conversations.

import { keep, make } from "./dom.js";
import { state, unread } from "./state.js";
import { avatar } from "./messages.js";

const place = document.getElementById("side");
const channels = make("ul");
const apps = make("ul");
const people = make("ul");
place.append(
  make("h2", {}, "Channels"),
  channels,
  make("h2", {}, "Apps"),
  apps,
  make("h2", {}, "People here"),
  people,
);

/** Draws the list; `go` opens a channel. */
export function drawSide(go) {
  const item = (one) => ({ ...one, here: one.id === state.room, news: one.id === state.room ? 0 : unread(one.id) });
  const row = (one) => make("li", {}, entry(one, go));
  const listed = state.channels.map(item);
  keep(channels, listed.filter((one) => !one.direct), (one) => one.id, row);
  keep(apps, listed.filter((one) => one.direct), (one) => one.id, row);
  const others = [...state.people.values()].filter((one) => !one.bot);
  keep(people, others, (one) => one.id, (one) =>
    make("li", { className: "person" }, avatar(one, one.id, true), make("span", {}, one.real_name), one.guest ? make("small", {}, "guest") : null),
  );
}

function entry(one, go) {
  const sign = one.private ? "🔒" : "#";
  const name = one.direct ? state.people.get(state.bot)?.real_name : one.name;
  const news = one.news ? make("span", { className: "news", "aria-label": `${one.news} unread` }, String(one.news)) : null;
  return make(
    "button",
    {
      type: "button",
      className: one.news ? "unread" : "",
      "aria-current": one.here ? "page" : null,
      "data-focus": `channel ${one.id}`,
      onclick: () => go(one.id),
    },
    one.direct ? avatar(null, state.bot, true) : make("span", { className: "sign", "aria-hidden": "true" }, sign),
    make("span", {}, name),
    one.archived ? make("small", {}, "archived") : null,
    news,
  );
}
