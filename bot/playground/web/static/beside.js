// Right of the workspace: the public page, and what went over the wire.

import { full, toTheSecond } from "./dates.js";
import { arrows, keep, make } from "./dom.js";
import { state } from "./state.js";

const page = document.getElementById("panel-page");
const wire = document.getElementById("panel-wire");
const tabs = [...document.querySelectorAll("#right [role=tab]")];

// --- tabs ---

export function selectTab(tabs_, tab) {
  for (const one of tabs_) {
    const is = one === tab;
    one.setAttribute("aria-selected", String(is));
    one.tabIndex = is ? 0 : -1;
    const panel = document.getElementById(one.getAttribute("aria-controls"));
    if (panel) panel.hidden = !is;
  }
}
for (const tab of tabs) tab.addEventListener("click", () => selectTab(tabs, tab));
arrows(document.querySelector("#right [role=tablist]"), "[role=tab]", (tab) => selectTab(tabs, tab));

// --- the public page ---

const address = make("a", { target: "_blank", rel: "noreferrer" });
const front = make("button", { type: "button", className: "plain", onclick: () => load(state.page.frame) }, "Front page");
const frames = make("div", { className: "frames" });
page.append(make("div", { className: "page-bar" }, front, address), frames);
let shown = { front: null, version: 0 };

/** Loads the page anew when it changed; the old one stays on the screen until the new one is there. */
export function drawPage() {
  const { url, frame, path, version } = state.page;
  page.classList.toggle("empty", !url);
  if (!version) return;
  address.href = url + path;
  address.textContent = address.href.replace(/^https?:\/\//, "").replace(/\/$/, "");
  if (shown.front === frame && shown.version === version) return;
  shown = { front: frame, version };
  load(frame + path);
}

function load(url) {
  const fresh = make("iframe", { title: "Public status page", name: "public-page", sandbox: "allow-popups allow-popups-to-escape-sandbox allow-same-origin", className: "coming" });
  fresh.src = url;
  fresh.addEventListener("load", () => {
    fresh.classList.remove("coming");
    while (fresh.previousSibling) fresh.previousSibling.remove();
  });
  for (const old of frames.children) old.name = "";
  frames.append(fresh);
}

// --- the wire ---

const note = make(
  "p",
  { className: "quiet" },
  "What Slack would have sent to the bot (→) and the calls it made (←), with payload and answer; tokens are left out. Slack waits 3 seconds for an ack.",
);
const list = make("ol", { className: "wire", reversed: true });
wire.append(note, list);

export function drawWire() {
  const rows = [...state.wire.values()].sort((one, other) => other.n - one.n).slice(0, 200);
  keep(list, rows, (row) => String(row.n), line);
}

function line(row, known) {
  const details = make("div", { className: "wire-details" });
  const node = make(
    "details",
    { ontoggle: () => node.open && fill(details, row.n) },
    make(
      "summary",
      { "data-focus": `wire ${row.n}` },
      make("time", { title: full(row.at) }, toTheSecond(row.at)),
      make("span", { className: "way", title: row.to_bot ? "to the bot" : "from the bot" }, row.to_bot ? "→" : "←"),
      make("span", { className: "what" }, row.named ? `${row.named}` : row.what),
      make("span", { className: "verdict" }, row.ms === null ? row.verdict : `${row.verdict} ${row.ms} ms`),
    ),
    details,
  );
  node.open = known?.querySelector("details")?.open ?? false;
  return make("li", { className: row.bad ? "bad" : "" }, node);
}

async function fill(place, number) {
  const got = await (await fetch(`/wire/${number}`)).json();
  const block = (name, content) => [
    make("h4", {}, name),
    make("pre", { tabindex: "0", "aria-label": name }, typeof content === "string" ? content : JSON.stringify(content, null, 1)),
  ];
  place.replaceChildren(...block("Sent", got.sent), ...block("Answer", got.answer));
}
