// Where one writes: messages, slash commands with completion, mentions.

import { make, newId } from "./dom.js";
import { menuButton } from "./menu.js";
import { actOrTell } from "./server.js";
import { state } from "./state.js";

/** A composer; `where()` gives {channel, thread}, `label` names the field. */
export function composer(where, label, { withShortcuts = false, sent = () => {} } = {}) {
  const listId = newId("complete");
  const drafts = new Map();
  let found = [];
  let active = 0;

  const list = make("div", { id: listId, className: "list", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const input = make("textarea", {
    rows: 1,
    disabled: true, // until there is a room to write in
    "aria-label": label,
    "aria-autocomplete": "list",
    "aria-controls": listId,
    "aria-expanded": "false",
    role: "combobox",
    oninput: suggest,
    onkeydown: keyed,
    onblur: () => hide(),
  });
  const sendButton = make("button", { type: "submit", className: "btn primary send", "aria-label": "Send" }, "➤");
  const shortcuts = withShortcuts ? make("span") : null;
  const node = make(
    "form",
    { className: "composer", onsubmit: submitted },
    list,
    input,
    make("div", { className: "composer-foot" }, shortcuts, make("span", { className: "quiet" }, ""), sendButton),
  );

  const key = () => `${state.me?.id} ${where().channel} ${where().thread ?? ""}`;
  let current = null;

  function submitted(event) {
    event.preventDefault();
    send();
  }

  async function send() {
    const text = input.value;
    if (!text.trim() || !state.me) return;
    put("");
    sent(text);
    const answer = await actOrTell({ do: "say", text, ...where() });
    if (answer.refused && !input.value) put(text);
  }

  function put(text) {
    input.value = text;
    hide();
    grow();
  }

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
  }

  function suggest() {
    grow();
    found = suggestions(input);
    active = 0;
    list.replaceChildren(...found.map((one, index) => option(one, index)));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  }

  function option(one, index) {
    return make(
      "div",
      { id: `${listId}-${index}`, role: "option", onmousedown: (event) => event.preventDefault(), onclick: () => take(one) },
      make("b", {}, one.text),
      one.hint ? make("code", {}, one.hint) : null,
      one.about ? make("small", {}, one.about) : null,
    );
  }

  function mark() {
    [...list.children].forEach((child, index) => {
      child.classList.toggle("active", index === active);
      child.setAttribute("aria-selected", String(index === active));
    });
    if (list.hidden) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${listId}-${active}`);
  }

  function take(one) {
    const caret = input.selectionStart;
    input.setRangeText(`${one.text} `, caret - one.typed.length, caret, "end");
    hide();
    grow();
    input.focus();
  }

  function hide() {
    found = [];
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark();
  }

  function keyed(event) {
    if (event.isComposing) return;
    const open = !list.hidden;
    const chosen = found[active];
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
      mark();
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(chosen);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      hide();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      // A command typed in full is sent; one typed in part is completed first.
      if (open && chosen.text !== input.value.trim()) take(chosen);
      else send();
    }
  }

  /** Follows the room: its draft, its name, and whether anybody may write. */
  function follow(placeholder, closed) {
    if (current !== key()) {
      if (current) drafts.set(current, input.value);
      current = key();
      put(drafts.get(current) ?? "");
    }
    input.placeholder = placeholder;
    input.disabled = closed;
    const listed = state.shortcuts.filter((one) => !one.on_messages);
    const reads = JSON.stringify(listed);
    if (shortcuts && shortcuts.reads !== reads) {
      shortcuts.reads = reads;
      shortcuts.replaceChildren(menuButton("⚡", "Shortcuts", listed.map(entry), { className: "plain" }));
    }
  }

  /** Writes the beginning of what the person may finish. */
  function begin(text) {
    put(text);
    input.focus();
    suggest();
  }

  return { node, input, follow, begin };
}

const entry = (shortcut) => ({
  text: shortcut.name,
  act: () => actOrTell({ do: "shortcut", callback_id: shortcut.callback_id }),
});

function suggestions(input) {
  const before = input.value.slice(0, input.selectionStart);
  if (/^\/\S*$/.test(before)) {
    return state.commands
      .filter((one) => one.name.startsWith(before))
      .map((one) => ({ text: one.name, hint: one.hint, about: one.description, typed: before }));
  }
  const [, typed] = /(?:^|\s)(@[\p{L}\p{N} ]{0,20})$/u.exec(before) ?? [];
  if (!typed) return [];
  return [...state.people.values()]
    .filter((one) => one.id !== "USLACKBOT")
    .filter((one) => `@${one.real_name}`.toLowerCase().startsWith(typed.toLowerCase()))
    .slice(0, 6)
    .map((one) => ({ text: `@${one.real_name}`, about: one.bot ? "app" : one.tz, typed }));
}
