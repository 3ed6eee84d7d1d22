// The messages of a channel or of a thread.

import { content } from "./blocks.js";
import { clock, day, full, ticking } from "./dates.js";
import { keep, make } from "./dom.js";
import { oneStop } from "./keyboard.js";
import { menuButton } from "./menu.js";
import { unescape } from "./mrkdwn.js";
import { actOrTell } from "./server.js";
import { messagesOf, nameOf, repliesTo, state } from "./state.js";

const TOGETHER = 300;
const dismissed = new Set();

/** Draws the channel's own messages with broadcast replies, days between them. */
export function drawChannel(place, channel, openThread) {
  const shown = messagesOf(channel).filter((one) => !one.thread || one.broadcast);
  draw(place, shown, { channel, openThread });
}

/** Draws a thread: its parent, then the replies. */
export function drawThread(place, channel, ts) {
  const parent = messagesOf(channel).find((one) => one.ts === ts);
  const replies = repliesTo(channel, ts);
  const gone = parent ? [] : [{ divider: "gone", text: "This message was deleted." }];
  const count = replies.length ? [{ divider: "replies", text: counted(replies.length) }] : [];
  draw(place, [...gone, ...(parent ? [parent] : []), ...count, ...replies], { channel, openThread: null });
}

const counted = (count) => (count === 1 ? "1 reply" : `${count} replies`);

function draw(place, messages, room) {
  const list = place.firstElementChild ?? pinned(place);
  const name = `${state.me.id} ${room.channel}`;
  if (place.room !== name) place.pinned = true;
  place.room = name;
  const items = [...rows(messages.filter((one) => !dismissed.has(one.ts)), room)];
  keep(list, items, (item) => item.key, (item) => (item.message ? oneStop(message(item, room)) : divider(item)));
  if (place.pinned) toLatest(place);
  else if (place.newest !== items.at(-1)?.key) place.jump.textContent = "New messages ↓";
  place.newest = items.at(-1)?.key;
}

/** Scrolls to the newest message, and stays there. */
export function toLatest(place) {
  place.pinned = true;
  place.jump.hidden = true;
  place.scrollTop = place.scrollHeight;
}

/** Gives `place` a list that stays scrolled to its end until the person scrolls up. */
function pinned(place) {
  const list = make("div");
  place.append(list);
  place.jump = make("button", { type: "button", className: "btn jump", hidden: true, onclick: () => toLatest(place) });
  place.after(place.jump);
  place.addEventListener("scroll", () => {
    place.pinned = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
    if (place.pinned || place.jump.hidden) place.jump.textContent = "Jump to latest ↓";
    place.jump.hidden = place.pinned;
  });
  const follow = () => place.pinned && (place.scrollTop = place.scrollHeight);
  const watch = new ResizeObserver(follow);
  watch.observe(place);
  watch.observe(list);
  return list;
}

function* rows(messages, room) {
  let before = null;
  for (const one of messages) {
    if (one.divider) {
      yield { key: one.divider, text: one.text };
      before = null;
      continue;
    }
    const today = day(Number(one.ts), { weekday: "long", day: "numeric", month: "long" });
    if (room.openThread && (!before || day(Number(before.ts)) !== day(Number(one.ts)))) {
      yield { key: `day ${today}`, text: today[0].toUpperCase() + today.slice(1) };
      before = null;
    }
    const replies = room.openThread && !one.thread ? repliesTo(one.channel, one.ts) : [];
    yield {
      key: one.ts,
      message: one,
      zone: state.me.tz,
      // Redrawn when these change, though the message itself is the same.
      page: state.page.url,
      together: isTogether(before, one),
      replies: replies.length,
      last: replies.at(-1)?.ts,
      who: [...new Set(replies.map((reply) => reply.user))].slice(0, 4),
      parent: one.broadcast ? summary(messagesOf(one.channel).find((other) => other.ts === one.thread)) : null,
    };
    before = one;
  }
}

function isTogether(before, one) {
  if (!before || before.user !== one.user || before.private !== one.private || one.broadcast) return false;
  return !one.blocks.length && !before.blocks.length && one.ts - before.ts < TOGETHER;
}

const summary = (message) => (message ? unescape(message.text).slice(0, 60) : "a deleted message");
const divider = (item) => make("div", { className: "divider", role: "separator" }, make("span", {}, item.text));

function message(item, room) {
  const one = item.message;
  const click = (block, element, value) =>
    actOrTell({
      do: "click",
      channel: one.channel,
      ts: one.ts,
      block: block.block_id,
      action: element.action_id,
      value: value ?? null,
    });
  const author = state.people.get(one.user);
  const inThread = !room.openThread;
  return make(
    "article",
    {
      className: `message ${item.together ? "together" : ""} ${one.private ? "private" : ""}`,
      "aria-label": `${nameOf(one.user)}, ${clock(Number(one.ts))}`,
      "data-focus": `message ${one.ts}`,
    },
    item.together ? make("span", { className: "when" }, clock(Number(one.ts))) : avatar(author, one.user),
    make(
      "div",
      { className: "said" },
      item.together ? null : head(one, author),
      one.broadcast ? broadcast(item, room) : null,
      content(one, { click }),
      one.edited ? make("span", { className: "edited", title: full(Number(one.edited)) }, "(edited)") : null,
      one.private ? onlyYou(one) : null,
      item.replies ? threadLink(item, room) : null,
    ),
    one.private ? null : tools(one, room, inThread),
  );
}

function head(one, author) {
  const time = make("time", { title: full(Number(one.ts)) }, clock(Number(one.ts)));
  const badge = author?.bot ? make("span", { className: "badge" }, "APP") : null;
  const guest = author?.guest ? make("span", { className: "badge" }, "GUEST") : null;
  return make("header", {}, make("strong", {}, nameOf(one.user)), badge, guest, time);
}

export function avatar(person, id, small = false) {
  const name = person?.real_name ?? id;
  const letters = name.split(/\s+/).map((word) => word[0]).join("").slice(0, 2);
  const shade = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 8;
  const facts = { className: `avatar shade-${person?.bot ? "bot" : shade} ${small ? "small" : ""}`, "aria-hidden": "true" };
  if (id === state.bot) return make("span", facts, make("img", { src: "/static/icon.svg", alt: "" }));
  return make("span", facts, letters);
}

function broadcast(item, room) {
  const words = `replied to a thread: ${item.parent}`;
  if (!room.openThread) return make("p", { className: "quiet" }, "Also sent to the channel");
  const open = () => room.openThread(item.message.thread);
  return make("p", {}, make("button", { type: "button", className: "link", onclick: open }, words));
}

function onlyYou(one) {
  const dismiss = (event) => {
    dismissed.add(one.ts);
    event.target.closest("article").remove();
  };
  return make(
    "p",
    { className: "only-you" },
    "Only visible to you · ",
    make("button", { type: "button", className: "link", onclick: dismiss }, "Dismiss"),
  );
}

function threadLink(item, room) {
  const last = Number(item.last);
  return make(
    "button",
    {
      type: "button",
      className: "replies",
      "data-focus": `thread ${item.key}`,
      onclick: () => room.openThread(item.key),
    },
    make("span", { className: "faces" }, item.who.map((id) => avatar(state.people.get(id), id, true))),
    make("b", {}, counted(item.replies)),
    ticking("span", { className: "quiet" }, () => `Last reply ${day(last)} at ${clock(last)}`),
  );
}

function tools(one, room, inThread) {
  const reply = make(
    "button",
    {
      type: "button",
      "aria-label": "Reply in thread",
      title: "Reply in thread",
      "data-focus": `reply ${one.ts}`,
      onclick: () => room.openThread(one.thread ?? one.ts),
    },
    "Reply",
  );
  const items = state.shortcuts
    .filter((shortcut) => shortcut.on_messages)
    .map((shortcut) => ({
      text: shortcut.name,
      about: nameOf(state.bot),
      act: () =>
        actOrTell({ do: "message_shortcut", callback_id: shortcut.callback_id, channel: one.channel, ts: one.ts }),
    }));
  const more = items.length ? menuButton("⋮", "More actions", items, { "data-focus": `more ${one.ts}` }) : null;
  if (inThread && !more) return null;
  return make("div", { className: "tools" }, inThread ? null : reply, more);
}
