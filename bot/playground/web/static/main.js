// Boots the workspace: takes the news from the server and draws what it changes.

import { drawPage, drawWire, selectTab } from "./beside.js";
import { composer } from "./composer.js";
import { tickTimes } from "./dates.js";
import { arrows, make } from "./dom.js";
import { drawFaults } from "./faults.js";
import { dismissHint, showHint } from "./hint.js";
import { typeAnywhere } from "./keyboard.js";
import { drawChannel, drawThread, toLatest } from "./messages.js";
import { drawModal } from "./modal.js";
import { actOrTell, listen, tell } from "./server.js";
import { drawSide } from "./side.js";
import { channelOf, markSeen, nameOf, state } from "./state.js";
import { trouble, ViewForm } from "./views.js";

const byId = (id) => document.getElementById(id);
const [messages, home, threadPane] = ["messages", "home", "thread"].map(byId);

const write = composer(() => ({ channel: state.room, thread: null }), "Message", {
  withShortcuts: true,
  sent: (text) => {
    toLatest(messages);
    if (text.startsWith("/")) dismissHint();
  },
});
write.input.id = "write";
byId("composer").append(write.node);
showHint(() => write.begin("/incident "));

// --- the thread ---

const threadName = make("h2", { id: "thread-name" }, "Thread");
const threadList = make("div", { className: "messages", role: "log", "aria-label": "Thread" });
const reply = composer(() => ({ channel: state.room, thread: state.thread }), "Reply", { sent: () => toLatest(threadList) });
const closeThread = make("button", { type: "button", className: "plain", "aria-label": "Close thread", onclick: () => openThread(null) }, "×");
threadPane.append(make("header", { className: "room-head" }, threadName, closeThread), threadList, reply.node);
threadPane.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) openThread(null);
});

let threadOpener = null;
function openThread(ts) {
  if (ts) threadOpener = document.activeElement;
  state.thread = ts;
  draw();
  if (ts) reply.input.focus();
  else if (threadOpener?.isConnected) threadOpener.focus();
  else write.input.focus();
}

// --- the room ---

const tabs = ["Messages", "Home"].map((name) =>
  make("button", { type: "button", role: "tab", "aria-controls": name.toLowerCase(), onclick: () => openTab(name.toLowerCase()) }, name),
);
byId("room-tabs").append(...tabs);
arrows(byId("room-tabs"), "[role=tab]", (tab) => tab.click());

function openTab(name) {
  state.tab = name;
  if (name === "home") actOrTell({ do: "home" });
  draw();
}

function go(room) {
  state.room = room;
  state.thread = null;
  state.tab = "messages";
  draw();
  if (!matchMedia("(pointer: coarse)").matches) write.input.focus();
}

const homeTrouble = trouble();
const homeBlocks = make("div", { className: "view" });
const homeEmpty = make("p", { className: "quiet" }, "Foghorn has not put anything here yet.");
home.append(homeTrouble, homeBlocks, homeEmpty);
const homeForm = new ViewForm(homeBlocks, {
  submit: () => {},
  trouble: (text) => {
    homeTrouble.textContent = text ?? "";
    homeTrouble.hidden = !text;
  },
});

function drawRoom() {
  const channel = channelOf(state.room);
  const isHome = channel.direct && state.tab === "home";
  byId("room-name").textContent = channel.direct ? nameOf(state.bot) : `# ${channel.name}`;
  byId("room-topic").textContent = channel.topic;
  byId("room-tabs").hidden = !channel.direct;
  selectTab(tabs, tabs[isHome ? 1 : 0]);
  messages.hidden = isHome;
  home.hidden = !isHome;
  byId("composer").hidden = isHome;
  const name = channel.direct ? nameOf(state.bot) : `#${channel.name}`;
  write.follow(channel.archived ? "This channel is archived" : `Message ${name}, or type / for commands`, channel.archived);
  drawChannel(messages, channel.id, openThread);
  homeEmpty.hidden = Boolean(state.home);
  homeBlocks.hidden = !state.home;
  if (isHome && state.home) homeForm.show(state.home);
  markSeen(channel.id);
}

function drawThreadPane() {
  threadPane.hidden = !state.thread;
  if (!state.thread) return;
  reply.follow("Reply…", channelOf(state.room).archived);
  drawThread(threadList, state.room, state.thread);
}

function drawTop() {
  byId("team").textContent = `${state.team} · Foghorn playground`;
  const select = byId("act-as");
  const people = [...state.people.values()].filter((one) => !one.bot);
  const reads = JSON.stringify(people);
  if (select.reads !== reads) {
    select.reads = reads;
    const words = (one) => `${one.real_name}${one.guest ? " (guest)" : one.stranger ? " (other company)" : ""}`;
    select.replaceChildren(
      ...people.map((one) => {
        const option = make("option", {}, words(one));
        option.value = one.id;
        return option;
      }),
    );
  }
  select.value = state.me.id;
}

function draw() {
  if (!state.me) return;
  if (!channelOf(state.room)) state.room = state.channels[0]?.id ?? null;
  drawTop();
  drawSide(go);
  if (state.room) drawRoom();
  drawThreadPane();
  drawModal();
  drawPage();
  drawWire();
  drawFaults();
}

// --- news ---

const TAKE = {
  place(news) {
    Object.assign(state, { me: news.me, team: news.team, bot: news.bot, channels: news.channels });
    Object.assign(state, { commands: news.commands, shortcuts: news.shortcuts });
    state.people = new Map(news.people.map((one) => [one.id, one]));
  },
  messages(news) {
    state.messages.set(news.channel, news.messages);
    // What was there before this browser came is not new.
    if (!state.seen.has(news.channel)) markSeen(news.channel);
    if (!state.seen.has(news.channel)) state.seen.set(news.channel, "0");
  },
  modal: (news) => (state.modal = news),
  home: (news) => (state.home = news.view),
  page: (news) => (state.page = news),
  wire: (news) => state.wire.set(news.n, news),
  faults: (news) => (state.faults = news.switches),
};

let drawing = 0;
function take(name, news) {
  TAKE[name](news);
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(draw);
}

function actAs(person) {
  Object.assign(state, { me: null, messages: new Map(), seen: new Map(), home: null, thread: null });
  state.modal = { depth: 0, view: null };
  listen(person, take);
}

byId("act-as").addEventListener("change", (event) => {
  actAs(event.target.value);
  history.replaceState(null, "", `?as=${encodeURIComponent(event.target.value)}`);
});
byId("show-right").addEventListener("click", (event) => {
  const shown = document.body.classList.toggle("right-hidden");
  event.target.setAttribute("aria-expanded", String(!shown));
});
typeAnywhere((element) => (threadPane.contains(element) ? reply.input : write.input));
setInterval(tickTimes, 5000);
window.addEventListener("error", (event) => tell(`The playground stumbled: ${event.message}`));
actAs(new URLSearchParams(location.search).get("as"));
